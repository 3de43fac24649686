"""This room tells an enterprise what has changed among its people and their certificates in the last thirty days."""
