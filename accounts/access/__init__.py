"""Who may open which page, sessions, and the audit of both."""
