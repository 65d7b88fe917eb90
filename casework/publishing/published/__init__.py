"""Published reports, read: by whoever is signed in, and by anybody."""
