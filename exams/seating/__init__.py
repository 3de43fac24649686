"""In this room the organiser gives admitted candidates their numbers and seats."""
