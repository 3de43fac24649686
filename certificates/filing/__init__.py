"""Forms that applicants fill in, one module for each kind whose form is its own."""
