"""This room lets administrators create and change logins of staff and administrators."""
