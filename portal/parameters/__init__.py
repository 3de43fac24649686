"""Policy parameters: values, dates and their documents."""
