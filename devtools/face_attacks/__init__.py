"""Pictures that attack the recognition of faces, made at run time, and how many of them it takes for a living head."""
