"""This room keeps policy parameters: declared in code, valued by dated rows, read through one book."""
