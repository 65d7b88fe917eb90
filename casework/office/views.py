"""The pages of office."""
