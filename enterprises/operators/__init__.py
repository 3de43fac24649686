"""This room lets an enterprise say what each of its operators may do."""
