"""Checks CA keys: `cms` reads the signature, `chain` judges the certificate.

Both know neither models nor the session.
"""
