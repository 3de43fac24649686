"""This room makes two records of one person into one, and takes them apart again; two clerks decide it."""
