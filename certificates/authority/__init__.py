"""In this room the authority decides without an application: it suspends, restores, revokes, withdraws and overturns."""
