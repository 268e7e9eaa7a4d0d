"""A web process before its first request."""

from __future__ import annotations

import gc

from config.operation import process


def test_what_never_goes_is_kept_out_of_full_collections():
    try:
        process.settle()
        assert gc.get_freeze_count() > 50_000, "all that Django and the rooms loaded"
        assert len(gc.get_objects()) < gc.get_freeze_count() / 10, "what comes later is collected as ever"
    finally:
        gc.unfreeze()
