"""This room loads what is known about the certificates of people, in sets."""
