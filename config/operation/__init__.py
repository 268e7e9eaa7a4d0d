"""What the operator has: the health page, `/metrics`, request ids, backup and restore. See the README here."""
