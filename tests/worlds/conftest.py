"""Pages are kept, as in production and as in `tests/leaks`."""

from tests.leaks.conftest import _pages_are_kept as _pages_are_kept
