"""Fields, constraints and raw SQL that models and migrations of every app use."""
