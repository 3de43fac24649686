"""Is this the person whose portrait we keep? Providers answer with a `Verdict`; only the server decides.

`configured.verifier()` is the one that the settings choose: embedded models, another service that gets the frames, or
another service's own page. docs/face-verification.md says how to run each of them.
"""
