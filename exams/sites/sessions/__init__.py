"""In this room a batch gets its sessions, with the rooms that each uses."""
