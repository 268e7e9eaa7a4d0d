"""A copy, made and opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from accounts.models import User
from accounts.takeout import place, services
from accounts.takeout.models import Takeout
from tests.factories.people import viewer

Parts = dict[str, list[dict[str, Any]]]


def asked(user: User, **fields: Any) -> Takeout:
    return services.takeout_ask(viewer=viewer(user), user=user, **fields)


def made(user: User) -> Takeout:
    """Asked for and made, by a worker that does nothing else."""
    takeout = asked(user)
    services.takeouts_make(seconds=None)
    takeout.refresh_from_db()
    assert takeout.state == Takeout.State.READY, takeout.state
    return takeout


def path_of(takeout: Takeout) -> Path:
    return place.copy_of(takeout.key)


def parts_in(path: Path) -> Parts:
    with ZipFile(path) as copy:
        names = [name for name in copy.namelist() if name.startswith("data/")]
        return {
            name.removeprefix("data/").removesuffix(".jsonl"): [
                json.loads(line) for line in copy.read(name).decode().splitlines()
            ]
            for name in names
        }


def files_in(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as copy:
        return {name: copy.read(name) for name in copy.namelist() if name.startswith("files/")}


def text_in(path: Path, name: str) -> str:
    with ZipFile(path) as copy:
        return copy.read(name).decode()
