"""Hostile input is taken apart in a child process of its own, which is killed when it takes too long.

The child (`child.py`) imports neither Django nor settings, gets no environment and no open file of ours, and gives up
what it could do harm with before it reads the first byte (`limits.py`). Used by `accounts.text` for long texts and by
`accounts.files` for pictures and documents; nothing else decodes what a stranger sent.
"""

from accounts.sandbox.parent import JobFailed, JobRefused, run

__all__ = ["JobFailed", "JobRefused", "run"]
