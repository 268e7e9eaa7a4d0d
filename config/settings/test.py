"""The test run: the same code on whichever database DATABASE_URL names; fast hashing, nothing leaves the machine."""

import os
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("DATA_DIR", os.path.join(tempfile.gettempdir(), f"threadwell-test-{os.getuid()}"))

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, DATA_DIR, DATABASES, REDIS_URL

DEBUG = False
SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SEARCH_INDEX_PREFIX = os.environ.get("SEARCH_INDEX_PREFIX", f"twtest{os.getpid()}")
if REDIS_URL and "PYTEST_XDIST_WORKER" in os.environ:
    # Each test process empties its own cache, so each has a Redis database of its own.
    REDIS_URL = urlsplit(REDIS_URL)._replace(path=f"/{int(os.environ['PYTEST_XDIST_WORKER'][2:]) + 1}").geturl()
    CACHES["default"]["LOCATION"] = REDIS_URL
HEARTBEAT_SECONDS = 0  # no thread of a web process writes beside a test; those that test it turn it on
KEPT_PAGE_SECONDS = 0  # tests write to tables by hand; those that ask what is kept, and the leak walk, turn it on
API_CALLS_PER_MINUTE = 0  # tests of the limit set their own
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a connection that is kept would keep the test database from going
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not :memory:, because the live server and the worker thread open connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / f"{os.environ.get('TEST_DB_NAME', 'test')}.sqlite3")}
elif os.environ.get("TEST_DB_NAME"):
    DATABASES["default"]["TEST"] = {"NAME": os.environ["TEST_DB_NAME"]}
