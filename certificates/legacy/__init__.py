"""历史数据库: old records as offices hand them over, read, checked and loaded in sets."""
