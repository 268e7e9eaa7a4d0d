"""A mailing list's archive: messages that answer each other become threads."""

from config.archive.foreign.mbox.dump import Mbox

__all__ = ["Mbox"]
