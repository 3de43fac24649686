"""This room says what each operator of an enterprise may do, and changes it."""
