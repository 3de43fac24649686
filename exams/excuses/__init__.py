"""In this room persons and enterprises prove the cause of an absence, and whoever records the results decides on it."""
