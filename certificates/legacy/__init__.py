"""历史数据库: this room reads, checks and imports old records as offices hand them over, in sets."""
