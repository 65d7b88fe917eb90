"""The verifier that a stranger runs: one file of the standard library, which shares no code with the rest."""
