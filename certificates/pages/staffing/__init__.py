"""人员与证书: in this room an enterprise sees who holds what, what ends, what is wrong, and has a cure beside each row."""
