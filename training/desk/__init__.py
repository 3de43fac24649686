"""继续教育记录: in this room an institution looks through its records, adds single ones, corrects and withdraws them."""
