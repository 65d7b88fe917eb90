"""The demonstration office: `office` makes it, of `register` and `stories`; all of it is invented."""
