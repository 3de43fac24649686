"""In this room enterprises sign their employees up, and learn whether each may enter."""
