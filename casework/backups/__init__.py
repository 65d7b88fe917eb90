"""The whole office as one encrypted file, and an office made again from it."""
