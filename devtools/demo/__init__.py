"""Demo data: a small province in which every state of every thing can be seen. Seeded, so the same on every machine."""
