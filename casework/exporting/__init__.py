"""The log as a folder of files that a stranger verifies without this software."""
