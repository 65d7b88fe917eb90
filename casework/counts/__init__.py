"""Counts: `milestones` projects the log, `measures` say what a figure is, `report` puts them together."""
