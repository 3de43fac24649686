"""合同到期: in this room an enterprise sees whose contract ends when, and proposes new ends to many at once."""
