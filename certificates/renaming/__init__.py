"""Reissue of an enterprise's certificates after its name has changed."""
