"""Shows the first page of the phone: what waits for the person, the own certificates, and the way to everything else."""
