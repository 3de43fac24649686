"""This room shows nightly jobs and lets a user run one now."""
