"""Shows a certificate in the hand, for a check at a gate: the code first. It may be kept on the device and shown without a network."""
