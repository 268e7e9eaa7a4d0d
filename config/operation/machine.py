"""What runs, and where: versions, disk space."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache

import django
import wagtail
from django.conf import settings

from config.operation.thresholds import DISK_BYTES, DISK_SHARE


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the file system that holds DATA_DIR."""

    total: int
    free: int

    @property
    def share_used(self) -> float:
        return 1 - self.free / self.total if self.total else 0.0

    @property
    def is_low(self) -> bool:
        return self.free < DISK_BYTES or self.free < self.total * DISK_SHARE


def disk() -> Disk:
    usage = shutil.disk_usage(settings.DATA_DIR)
    return Disk(usage.total, usage.free)


@cache
def build() -> dict[str, str]:
    """Versions that do not change while a process lives; `commit` is empty where nobody knows it."""
    return {
        "version": product_version(),
        "commit": _commit(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
    }


@cache
def product_version() -> str:
    """The product's version, from pyproject.toml."""
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


def _commit() -> str:
    given = os.environ.get("GIT_COMMIT", "")
    if given:
        return given[:12]
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],  # noqa: S607
            cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=5, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
