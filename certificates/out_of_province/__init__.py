"""This room handles certificates of other provinces: the imported register and declarations of persons."""
