"""This room reissues an enterprise's certificates after its name has changed."""
