"""This room sends messages into mailboxes and to telephones."""
