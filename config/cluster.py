"""What the environment says of the Elasticsearch cluster: nodes, who we are, whom we trust. Read once, at the start."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from config import env

MOST_NODES: Final = 50
_URL, _USER, _PASSWORD = "ELASTICSEARCH_URL", "ELASTICSEARCH_USER", "ELASTICSEARCH_PASSWORD"
_KEY, _CA, _VERIFY = "ELASTICSEARCH_API_KEY", "ELASTICSEARCH_CA", "ELASTICSEARCH_VERIFY"


def nodes() -> str:
    """The nodes' addresses, by comma; empty where the database searches.

    Ends the process for one that has no scheme, host or port, and for a list of both http and https.
    """
    found = env.names(_URL)
    for value in found:
        try:
            parts = urlsplit(value)
            whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port
        except ValueError:
            whole = False
        if not whole:
            raise env.EnvironmentProblem(
                _URL, f"must be http(s)://host:port, several of them by comma, not “{without_password(value)}”."
            )
    if len({urlsplit(value).scheme for value in found}) > 1 or len(found) > MOST_NODES:
        raise env.EnvironmentProblem(_URL, f"must name at most {MOST_NODES} nodes, all by http or all by https.")
    return ",".join(found)


def without_password(url: str) -> str:
    """An address that may be shown."""
    return re.sub(r"//[^/@]*@", "//…@", url)


def account() -> dict[str, Any]:
    """Who we are to the cluster, as the client's arguments: a user with a password, an API key, or nobody.

    Both at once, a half of either, and a key that is none end the process with a line.
    """
    user, password, key = env.text(_USER, ""), env.text(_PASSWORD, ""), env.text(_KEY, "")
    if bool(user) != bool(password):
        raise env.EnvironmentProblem(_PASSWORD if user else _USER, "is missing: a user and a password go together.")
    in_address = any(urlsplit(value).username for value in env.names(_URL))
    if sum((bool(user), bool(key), in_address)) > 1:
        raise env.EnvironmentProblem(
            _KEY if key else _USER, "must stand alone: give an API key, or a user and password, once."
        )
    if user:
        return {"basic_auth": (user, password)}
    if not key:
        return {}
    if re.fullmatch(r"[A-Za-z0-9_-]+:[A-Za-z0-9_-]+", key):
        name, _, secret = key.partition(":")
        return {"api_key": (name, secret)}
    if not re.fullmatch(r"[A-Za-z0-9+/_-]{20,}={0,2}", key):
        raise env.EnvironmentProblem(_KEY, "must be the key's “encoded” form, or id:api_key.")
    return {"api_key": key}


def trust() -> dict[str, Any]:
    """Whom we trust, as the client's arguments: the certificates of a file, those of the system, or anybody.

    A file that is not there or holds no certificate, and both without https, end the process with a line.
    """
    path, verify = env.text(_CA, ""), env.flag(_VERIFY, True)
    if not path and verify:
        return {}
    if not env.text(_URL, "").startswith("https://"):
        raise env.EnvironmentProblem(_CA if path else _VERIFY, "needs nodes by https:// in ELASTICSEARCH_URL.")
    if path and not verify:
        raise env.EnvironmentProblem(_VERIFY, "must be on where ELASTICSEARCH_CA says whom to trust.")
    if not path:
        return {"verify_certs": False, "ssl_show_warn": False}
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        why = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise env.EnvironmentProblem(_CA, f"must be a file of certificates (PEM); {path}: {why}.") from error
    return {"ca_certs": str(Path(path).resolve())}


def prefix() -> str:
    """How the names of indexes begin: what Elasticsearch takes as a name."""
    value = env.text("SEARCH_INDEX_PREFIX", "threadwell")
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", value):
        raise env.EnvironmentProblem(
            "SEARCH_INDEX_PREFIX", f"must be lower-case letters, digits, “.”, “_” and “-”, not “{value[:100]}”."
        )
    return value
