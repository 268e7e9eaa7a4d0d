"""The demo community: `content/` holds its texts, the modules here load them through the services of the rooms."""
