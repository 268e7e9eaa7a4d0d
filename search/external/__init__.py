"""What other sites hold: documentation and records that search finds beside the community's own."""
