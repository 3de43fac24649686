"""This package holds small programs that talk to the portal and run without it."""
