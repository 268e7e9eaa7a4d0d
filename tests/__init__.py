"""Tests: one folder a room, makers in `factories/`, real servers in `services/`."""
