"""Employment relations themselves: started, shown and ended."""
