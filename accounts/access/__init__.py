"""This room decides who may open which page, keeps sessions, and audits both."""
