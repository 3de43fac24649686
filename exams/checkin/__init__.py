"""In this room candidates are checked in at the door, on a phone that may have no network, and the exam day is watched."""
