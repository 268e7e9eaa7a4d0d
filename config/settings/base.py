"""What holds everywhere. The environment decides the rest; see `config/env.py` and the README's table."""

import hashlib
import os
import tempfile
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from config import cluster, env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG", False)
SITE_URL = env.url("SITE_URL", ("http", "https"), env.local_address()).rstrip("/")
SITE_NAME = env.text("SITE_NAME", "Northlight Community")
SITE_LOGO = env.text("SITE_LOGO", "")  # the address of a picture, shown in place of the name
REACTIONS = env.names("REACTIONS", "thumbsup,heart,tada,smile,thinking,eyes")  # names of emoji, offered under posts
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")  # where weaknesses are reported
SITE_ACCENT = env.colour("SITE_ACCENT", "")  # the one accent colour, such as #0d6b5b; its dark twin is derived
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Private places that the product may speak to over HTTP all the same, such as crm.internal:8443.
OUTGOING_ALLOWED_HOSTS = env.names("OUTGOING_ALLOWED_HOSTS")
REDIS_URL = env.url("REDIS_URL", ("redis", "rediss", "unix"), "")
ELASTICSEARCH_URL = cluster.nodes()
ELASTICSEARCH_ACCOUNT = cluster.account()
ELASTICSEARCH_TRUST = cluster.trust()
SEARCH_INDEX_PREFIX = cluster.prefix()
SEARCH_BULK_DOCUMENTS = env.number("SEARCH_BULK_DOCUMENTS", 200, least=1)  # read and written at once
SEARCH_BULK_BYTES = env.number("SEARCH_BULK_BYTES", 5_000_000, least=10_000)  # of one bulk call
SEARCH_EMBEDDINGS = env.text("SEARCH_EMBEDDINGS", "")  # local, a folder with a model, or an endpoint's address
SEARCH_EMBEDDINGS_MODEL = env.text("SEARCH_EMBEDDINGS_MODEL", "")  # the model that the endpoint is asked for
SEARCH_EMBEDDINGS_KEY = env.text("SEARCH_EMBEDDINGS_KEY", "")
SEARCH_EMBEDDINGS_DIMENSIONS = env.number("SEARCH_EMBEDDINGS_DIMENSIONS", 0)  # how long the endpoint's vectors are

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    # the rooms, top to bottom (DESIGN section 1)
    "community.insights",
    "community.reputation",
    "community.calendar",
    "community.cases",
    "community.ideas",
    "community.snippets",
    "community.forums",
    "community.direct",
    "community.moderation",
    "community.notifications",
    "community.spaces",
    "knowledge",
    "search",
    "search.external",
    "accounts",
    "accounts.events",
    "accounts.uploads",
    "accounts.drafts",
    "accounts.ignoring",
    "accounts.erasing",
    "accounts.takeout",
    "accounts.factors",
    # what they stand on
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "channels",
    "csp",
    "django_htmx",
    "lucide",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.headers.HeadersMiddleware",
    "config.operation.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.CompressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.PolicyMiddleware",
    "config.middleware.HealthMiddleware",
    "config.middleware.LimitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.factors.middleware.SecondFactorMiddleware",
    "accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.OldAddressMiddleware",
    "config.middleware.PlainErrorsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.nonce",
                "config.context.shell",
            ],
            "builtins": ["accounts.templatetags.threadwell"],
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR)}
# How long a page for those who are not signed in is shown again; 0 keeps none (accounts/kept_pages.py).
KEPT_PAGE_SECONDS = env.number("KEPT_PAGE_SECONDS", 10, least=0)
API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE", 12_000, least=0)  # of one token; 0 counts none
WORKER_NICE = env.number("WORKER_NICE", 10)  # how far the worker process stands back where pages want the processor
# How many days the traces of operation are kept, by class; 0 keeps them for ever (accounts/retention.py).
KEPT_DAYS = {
    "mails": env.number("KEEP_MAILS_DAYS", 14),
    "deliveries": env.number("KEEP_DELIVERIES_DAYS", 30),
    "sessions": env.number("KEEP_SESSIONS_DAYS", 1),  # after they are over
    "tasks": env.number("KEEP_TASKS_DAYS", 30),
    "takeouts": env.number("KEEP_TAKEOUTS_DAYS", 365),  # that there was one; the copy itself stays for hours
}
ERASE_AFTER_DAYS = env.number("ERASE_AFTER_DAYS", 7, least=0)  # in which an erasure can be taken back
WEB_THREADS = env.number("WEB_THREADS", 10, least=1)  # requests that one web process answers at once
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "tw"}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Mails wait in a table and the worker sends them, so a dead mail server stops nobody (accounts/mail.py).
EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
vars().update({key: value for key, value in env.mail("").items() if key != "EMAIL_BACKEND"})
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Northlight Community <community@northlight.example>")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "reauthenticate": "accounts.factors.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_USERNAME_BLACKLIST = ["former-member"]  # stands in texts for who was erased (accounts/erasing/names.py)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"

# Who must have a second factor: none, staff or all (accounts/factors).
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("none", "staff", "all"), "none")
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address is changed, too
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of each change of how somebody signs in
MFA_ADAPTER = "accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a PIN or a finger: so a key is both factors at once
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody is signed in without an address that is verified
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # the code before and the one after: telephones go wrong; each counts once all the same
MFA_FORMS = {
    "activate_totp": "accounts.factors.forms.ActivateForm",
    "authenticate": "accounts.factors.forms.AuthenticateForm",
    "add_webauthn": "accounts.factors.keys.AddKeyForm",
    "edit_webauthn": "accounts.factors.keys.RenameKeyForm",
    "login_webauthn": "accounts.factors.keys.LoginKeyForm",
    "authenticate_webauthn": "accounts.factors.keys.AuthenticateKeyForm",
    "reauthenticate_webauthn": "accounts.factors.keys.ReauthenticateKeyForm",
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
NODE_MODULES = BASE_DIR / "node_modules"
# Browser packages come by `npm ci` and are served from where npm put them (DESIGN section 8).
VENDOR = {
    "vendor/inter": NODE_MODULES / "@fontsource-variable" / "inter" / "files",
    "vendor/markdown-toolbar": NODE_MODULES / "@github" / "markdown-toolbar-element" / "dist",
    "vendor/text-expander": NODE_MODULES / "@github" / "text-expander-element" / "dist",
}
STATICFILES_DIRS = [BASE_DIR / "config" / "static", *[(name, path) for name, path in VENDOR.items() if path.is_dir()]]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# The processes of one machine count into files here; the library looks for the variable when it is imported.
METRICS_DIR = Path(tempfile.gettempdir()) / (
    f"threadwell-metrics-{os.getuid()}-{hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:12]}"
)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)
METRICS_TOKEN = env.text("METRICS_TOKEN", "")  # without one, /metrics answers this machine only
HEARTBEAT_SECONDS = 10  # how often each process says that it works (accounts/events/pulse.py)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Passwords and addresses are allauth's alone; drafts go live by whoever may publish, without an approval workflow.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILEMBEDS_FINDERS: list = []  # bodies are Markdown; what would fetch by itself is off (accounts.outgoing)
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [NONCE, "'strict-dynamic'", SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.ScopePermission"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.rates.TokenThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.problems.problem_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Threadwell API",
    "DESCRIPTION": "Everything that the pages can do. Send a token as `Authorization: Bearer …`; "
    "errors are `application/problem+json`.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["config.openapi.only_our_api"],
}

LOG_FORMAT = env.choice("LOG_FORMAT", ("line", "json"), "line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{request_id}{process}{message}",
            "style": "{",
            "json_ensure_ascii": False,
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
    },
    "filters": {
        "one_line": {"()": "config.logs.OneLine"},
        "plain": {"()": "config.logs.Plain"},
        "request_id": {"()": "config.logs.RequestId"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["plain", "request_id"]},
        "short": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["one_line", "request_id"]},
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.security": {"handlers": ["short"], "propagate": False},
        "django.request": {"level": "ERROR"},
        "threadwell": {"level": env.text("LOG_LEVEL", "INFO")},
    },
}
