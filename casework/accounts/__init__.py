"""Who has an account, by what they sign in, and in which sessions; no pages."""
