"""This room takes lists out of the portal: masked at once, unmasked on a request that the security administrator approves."""
