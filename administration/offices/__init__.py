"""The offices of a province and the regions that each answers for."""
