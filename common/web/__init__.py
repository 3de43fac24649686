"""Holds what every page shares: middleware, errors, paging, health checks and the base of the registries."""
