"""Makers of test content. They call the same services as the product, so a test never sees a state that it could not reach."""
