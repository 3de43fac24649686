"""This room keeps the register of enterprises, projects and qualifications, and imports it."""
