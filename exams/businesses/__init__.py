"""The kind of application that follows a passed exam; a new file is found by itself."""
