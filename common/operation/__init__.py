"""What an operator of the server sees: log lines, health, warnings about settings."""
