"""This room lets persons and operators verify where they are reached, and decline what they do not want there."""
