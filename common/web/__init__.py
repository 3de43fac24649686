"""Every page shares this: middleware, errors, paging, health checks and the base of the registries."""
