"""This room declares menus and their counts and selects what a reader sees of them on a page."""
