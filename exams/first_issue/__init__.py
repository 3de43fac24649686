"""This room issues the first certificate after a passed exam."""
