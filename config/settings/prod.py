"""Production: every secret and address from the environment, no default that is unsafe."""

from config.settings.base import *  # noqa: F403
from config.settings.base import SITE_URL, env

SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")  # what was signed with an earlier key is still good
env.text("SITE_URL")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
env.off("DEBUG")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", True) else None
SECURE_SSL_REDIRECT = SITE_URL.startswith("https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE_URL.startswith("https")
if SESSION_COOKIE_SECURE:  # no other host of the domain, and nobody on the way, can set or overwrite these
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# Wagtail shows previews in a frame of the same site; frame-ancestors 'self' keeps all others out.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
