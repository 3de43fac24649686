"""This room computes and stores the legal state and the displayed status of a certificate."""
