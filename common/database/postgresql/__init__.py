"""Is the database engine of the settings: Django's for PostgreSQL, without indexes that the portal's collation makes useless."""
