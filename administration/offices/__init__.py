"""This room keeps the offices of a province and the regions for which each answers."""
