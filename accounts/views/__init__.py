"""The pages of people: profiles, one's own settings, and what only DEBUG shows."""
