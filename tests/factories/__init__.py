"""Makers of test content. They call the product's services, so no test sees a state that it could not reach."""
