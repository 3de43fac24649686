"""Messages into mailboxes and onto telephones."""
