"""The only place for the audit log: how events are written, proved and told."""
