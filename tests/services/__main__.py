"""`python -m tests.services start|stop|env|browser`."""

from __future__ import annotations

import argparse
import shlex
import sys

from tests.services import browser
from tests.services.process import Unavailable
from tests.services.session import Session


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "env", "browser", "keep"])
    parser.add_argument("--name", default="test", help="which set; “full” keeps its data")
    parser.add_argument("--owner", type=int, default=0, help="end the services when this process is gone")
    parser.add_argument("--needed", action="store_true", help="fail when one of the services cannot be had")
    given = parser.parse_args()
    session = Session(given.name)
    try:
        if given.command == "start":
            print_env(session.start(owner=given.owner, needed=given.needed))
        elif given.command == "stop":
            session.stop()
        elif given.command == "keep":
            session.keep(owner=given.owner)
        elif given.command == "browser":
            print(browser.chromium())
        else:
            told = session.running()
            if told is None:
                print("The services do not run.", file=sys.stderr)
                return 1
            print_env(told)
    except Unavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def print_env(told: dict) -> None:
    """Lines for `eval`: the addresses, and why an address is missing."""
    for name, url in told["urls"].items():
        print(f"export {name}={shlex.quote(url)}")
    for name, why in told["missing"].items():
        print(f"{name.removesuffix('_URL')}: {why}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
