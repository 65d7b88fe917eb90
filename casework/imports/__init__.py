"""The register import: reviews that were kept elsewhere come in, all of them or none."""
