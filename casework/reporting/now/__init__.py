"""The office today: what is open, what this month brought, and the last two years as charts."""
