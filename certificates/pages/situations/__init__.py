"""Says of each certificate of a person what is so today and what comes next: home, list, detail, phone and messages say the same."""
