"""名单发起聘用: in this room an enterprise gives a list of people, reads what would become of each row, and proposes to all."""
