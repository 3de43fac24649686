"""This room logs operators in by CA key: challenge, signature, chain and revocation are checked."""
