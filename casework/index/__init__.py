"""Words to be found: what is kept for searching, beside the log and in step with it."""
