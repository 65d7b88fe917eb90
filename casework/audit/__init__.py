"""The audit log: written by `record`, read by `events`, told by `timeline`, judged by `verify`."""
