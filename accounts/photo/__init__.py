"""证件照: checks, framing, crop and storage of the ID photo."""
