"""Acts of the authority without an application: suspend, restore, revoke, withdraw, overturn."""
