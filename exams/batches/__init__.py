"""In this room the offices announce, change and call off exam batches."""
