"""HTTP and WebSocket entrance; uvicorn runs this."""

import logging
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

import django

django.setup(set_prefix=False)  # before anything that imports models

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from config.checks import ALONE, ALONE_HINT, HALF_RESTORED, HALF_RESTORED_HINT, is_one_of_many  # noqa: E402
from config.env import EnvironmentProblem  # noqa: E402
from config.handler import OneHopHandler  # noqa: E402
from config.logs import Access  # noqa: E402
from config.operation import process  # noqa: E402
from config.operation.backup.place import unfinished  # noqa: E402
from config.routing import websocket_urlpatterns  # noqa: E402

if is_one_of_many() and not settings.REDIS_URL:
    raise EnvironmentProblem("REDIS_URL", f"{ALONE} {ALONE_HINT}")

if archive := unfinished():
    raise EnvironmentProblem("restore", f"{HALF_RESTORED % archive} {HALF_RESTORED_HINT}")
logging.getLogger("uvicorn.access").addFilter(Access())
process.start()
application = ProtocolTypeRouter(
    {
        "http": OneHopHandler(),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
process.settle()
