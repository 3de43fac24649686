"""Nightly jobs: what ran, and a button that runs one now."""
