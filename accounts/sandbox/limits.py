"""What the child gives up before it works on hostile bytes. Nothing here needs a privilege.

With no descriptor left to open, there is no file, no socket and no pipe to another process: RLIMIT_NOFILE is the wall
that holds everywhere. Another user, no new programs' rights and an empty network namespace come on top where the kernel
lets us; where it does not, the first wall stands.
"""

from __future__ import annotations

import ctypes
import os
import resource

NOBODY = 65_534
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x1000_0000, 0x4000_0000, 0x0800_0000


def give_up_rights(*, cpu: int, memory: int) -> None:
    """From here on: `cpu` seconds, `memory` bytes of address space, no file, no socket, no child process.

    Raises OSError or ValueError where one of the limits cannot be set; the job is then not begun.
    """
    _become_nobody()
    _leave_the_network()
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 3),  # stdin, stdout, stderr are open; nothing else ever will be
    ):
        resource.setrlimit(limit, (value, value))


def _become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _leave_the_network() -> None:
    """Linux only, and best effort: containers often forbid new namespaces."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC)
    except (OSError, AttributeError):
        return
