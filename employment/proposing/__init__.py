"""聘用关系发起: an enterprise proposes employment to a person."""
