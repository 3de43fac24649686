"""Holds the settings: `base` is shared; `development`, `test` and `production` say only what differs.

Every value that an operator may set comes from the environment and is described in `.env.example`.
"""
