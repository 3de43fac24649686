"""In this room a registry clerk restores the employments of an enterprise that was dissolved by mistake."""
