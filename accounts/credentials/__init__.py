"""This room checks passwords and one-time passwords and limits how often either may be guessed."""
