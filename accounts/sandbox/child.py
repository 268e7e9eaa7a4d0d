"""The child: reads one order, gives up its rights, does the work, writes the answer. Run by path, never imported.

The order is one line of JSON and then the bytes to work on; the answer is one line of JSON and then the bytes made.
"""

from __future__ import annotations

import importlib
import json
import sys

JOBS = {
    "markdown": "accounts.sandbox.jobs.markdown",
    "image": "accounts.sandbox.jobs.image",
    "document": "accounts.sandbox.jobs.document",
    "page": "accounts.sandbox.jobs.page",
}


def main() -> None:
    order = json.loads(sys.stdin.buffer.readline())
    payload = sys.stdin.buffer.read()
    sys.path.insert(0, order["root"])
    job = importlib.import_module(JOBS[order["job"]])
    from accounts.sandbox.limits import give_up_rights
    from accounts.sandbox.refusal import Refused

    job.prepare(payload)  # loads all that the work will need: afterwards no file can be opened
    give_up_rights(cpu=order["cpu"], memory=order["memory"])
    try:
        told, made = job.work(payload, **order["options"])
    except Refused as refused:
        told, made = {"refused": str(refused)}, b""
    except (MemoryError, RecursionError):
        told, made = {"refused": "too-large"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
