"""Menus: declared entries, the numbers beside them, and what a reader sees of them on a page."""
