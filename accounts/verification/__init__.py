"""This room verifies that a person is the one of the portrait. Providers answer with a `Verdict`; the server decides.

`configured.verifier()` is the provider that the settings choose: embedded models, another service that gets the
frames, or another service's own page. docs/face-verification.md says how to run each of them.
"""
