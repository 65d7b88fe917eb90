"""Letters that are issued: checked, numbered, opened, sent and replaced."""
