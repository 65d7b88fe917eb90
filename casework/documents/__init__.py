"""Documents: how the figures of a report are laid out, whatever they are printed as."""
