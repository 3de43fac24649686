"""Results of an exam, typed or imported, and the bars that they cause."""
