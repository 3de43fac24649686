"""In this room the papers of an exam are drawn as PDF: admit cards, lists for the doors, and sign-in sheets."""
