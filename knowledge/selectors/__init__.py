"""What the pages read: each function is a constant number of queries."""
