"""This room registers people at the counter under their real names and prints the receipt."""
