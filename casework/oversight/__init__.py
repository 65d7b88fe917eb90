"""Oversight: what the Chief Executive looks at each month because it is out of the ordinary."""
