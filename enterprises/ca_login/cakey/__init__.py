"""What a CA key proves: `cms` reads the signature, `chain` judges the certificate. Pure: no models, no session."""
