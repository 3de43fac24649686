"""聘用关系发起: in this room an enterprise proposes an employment to a person."""
