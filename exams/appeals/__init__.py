"""In this room a person asks the organiser to look at a result again."""
