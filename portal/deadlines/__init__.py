"""到期日历: in this room an enterprise sees what ends when, by week, each with its cure, and takes it as a calendar file."""
