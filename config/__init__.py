"""Settings, addresses and the base templates: the room that wires all others together."""
