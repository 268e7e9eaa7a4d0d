"""The test settings for processes of their own: connections are kept from request to request, as in production."""

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = 600
