"""工商信息数据同步: in this room an enterprise asks the business registry and accepts the answer."""
