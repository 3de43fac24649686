"""This room shows and changes policy parameters: values, dates and their documents."""
