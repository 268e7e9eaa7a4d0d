"""Speed, measured: a seeded community on its own PostgreSQL, a light load client, and what each page costs."""
