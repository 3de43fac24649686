"""Real-name registration at the counter, with its receipt."""
