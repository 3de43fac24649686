"""This room shows the audit trail to the audit administrator."""
