"""Terms, versions and numbers of certificates: how they come into being."""
