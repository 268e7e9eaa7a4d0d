"""The social rooms: spaces, forums, ideas, cases, moderation, notifications, reputation, insights."""
