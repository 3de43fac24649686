"""我能办吗: anybody answers a few questions, without a login, and is told what would be missing. Nothing is stored."""
