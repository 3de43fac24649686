"""In this room offices keep the sites where exams are held, with their rooms."""
