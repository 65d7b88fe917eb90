"""Signed checkpoints of the log, the key that signs them, and the copies that left the machine."""
