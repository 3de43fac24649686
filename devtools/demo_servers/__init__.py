"""This room runs substitutes, in processes of their own, for servers that a department runs elsewhere."""
