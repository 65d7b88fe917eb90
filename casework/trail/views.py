"""The pages of trail."""
