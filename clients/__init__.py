"""Small programs that talk to the portal and run without it."""
