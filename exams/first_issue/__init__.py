"""The first issue of a certificate after a passed exam."""
