"""A Stack Exchange site's data dump: questions with their answers, comments, votes and edits."""

from config.archive.foreign.stackexchange.dump import StackExchange

__all__ = ["StackExchange"]
