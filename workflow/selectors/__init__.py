"""This room reads what pages show: lists and queues, the content of one application, its progress, counts for menus."""
