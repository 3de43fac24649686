"""This room shows an enterprise what each of its operators did, and when."""
