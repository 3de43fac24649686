"""What is known about the certificates of people, loaded in sets."""
