"""Login by CA key: challenge, signature, chain, revocation, operators."""
