"""What somebody writes who adds a kind of application; the guard copies it into an app of its own."""
