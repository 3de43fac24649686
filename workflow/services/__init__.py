"""This room holds every write of the workflow, and the engine that moves applications from desk to desk."""
