"""This room makes demo data: a small province with every state of every thing, the same on every machine by a fixed
seed.
"""
