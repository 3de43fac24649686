"""证件照: this room checks, frames, crops and stores the ID photo."""
