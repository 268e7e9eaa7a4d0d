"""A phpBB forum's SQL dump: forums, topics and posts with their BBCode."""

from config.archive.foreign.phpbb.dump import PhpBB

__all__ = ["PhpBB"]
