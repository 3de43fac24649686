"""Logins of staff and administrators, created and changed by the administrators."""
