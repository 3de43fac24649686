"""This room corrects ID numbers of registered persons: one clerk asks, another natural person confirms."""
