"""Dumps of other platforms, made here and imported on PostgreSQL: rows a second and memory at the peak."""
