"""Blocks: the parts of a report, one file each. Which reports have which is an edition's to say."""
