"""This room defines the forms that applicants fill in, one module for each kind whose form is its own."""
