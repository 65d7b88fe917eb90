"""The only place for the pages of a review: written, decided, its conflicts and who was told."""
