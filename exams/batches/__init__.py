"""Exam batches: announced, changed and called off by the offices."""
