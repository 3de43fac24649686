"""This room shows the home page and the pages about the portal as a whole."""
