"""In this room the illustrated manual (操作手册) is read, shown and printed; browser stories take its pictures."""
