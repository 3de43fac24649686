"""This room holds the checks before and during an application, each answering with findings."""
