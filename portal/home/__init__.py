"""The home page and the pages that concern the portal as a whole."""
