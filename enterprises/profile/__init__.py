"""This room shows 企业基本信息 and the enterprise's home page."""
