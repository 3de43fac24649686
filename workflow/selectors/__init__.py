"""Reads shaped for pages: lists and queues, the content of one application, its progress, counts for menus."""
