"""批量核验: in this room many certificates are verified at once, by a list on a page or by another system with a key."""
