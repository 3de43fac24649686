"""For each kind of business a small world in which it can be filed."""
