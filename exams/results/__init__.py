"""In this room results of an exam are typed or imported, and cause bars."""
