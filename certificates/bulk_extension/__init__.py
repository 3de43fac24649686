"""This room extends all certificates that a policy names, as one reversible batch."""
