"""工商信息数据同步: asking the business registry and accepting what it says."""
