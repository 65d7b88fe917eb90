"""What anybody checks published reports by."""
