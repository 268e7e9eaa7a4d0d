"""The embedded mode of `./run`: DEBUG on unless the environment says otherwise, nothing else needed."""

import os

os.environ.setdefault("DEBUG", "on")

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, env


def _kept_secret() -> str:
    """A key of this installation's own, so that sessions survive a restart and no two installs share one."""
    import secrets

    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text().strip()


SECRET_KEY = env.text("SECRET_KEY", "") or _kept_secret()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
