"""The product as it runs for real, for the browser tests: two web processes and a worker on real servers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests import databases
from tests.services.process import answers, free_port
from tests.services.session import ROOT

WEB_PROCESSES = 2
# any number that nobody else locks by
BUILDING = 0x7EAD_E2E


def _test_process() -> int:
    """Which of the test processes this is: each has a site of its own, and their live hints must not meet in Redis."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])


def _exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


class Site:
    """The demo community in a database, Redis number and index prefix of its own."""

    def __init__(self, urls: dict[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="threadwell-e2e-"))
        self._name = f"e2e_{os.getpid()}"
        self._template = f"e2e_of_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
        self._template_folder = self._folder.with_name(f"threadwell-{self._template}")
        self._admin_url = urls["DATABASE_URL"]
        self._processes: list[subprocess.Popen] = []
        self.ports = [free_port() for _ in range(WEB_PROCESSES)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]
        self._env = {
            **{name: value for name, value in os.environ.items() if name not in {"TEST_ROUND", "TEST_DB_NAME"}},
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": urlsplit(urls["DATABASE_URL"])._replace(path=f"/{self._name}").geturl(),
            "REDIS_URL": urlsplit(urls["REDIS_URL"])._replace(path=f"/{15 - _test_process()}").geturl(),
            "ELASTICSEARCH_URL": urls["ELASTICSEARCH_URL"],
            "SEARCH_INDEX_PREFIX": self._name,
            "DATA_DIR": str(self._folder),
            "DEBUG": "on",
        }

    @classmethod
    def running_at(cls, urls: list[str]) -> Site:
        """A site that somebody else started and will end."""
        site = cls.__new__(cls)
        site.urls = urls
        return site

    def start(self) -> None:
        """Make or copy the demo community, build the index, start everything."""
        with self._alone_building() as admin:
            if _exists(admin, self._template):
                admin.execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
                shutil.copytree(self._template_folder, self._folder, dirs_exist_ok=True)
                made_here = False
            else:
                migrated = f' TEMPLATE "{databases.TEMPLATE}"' if databases.TEMPLATE else ""
                admin.execute(f'CREATE DATABASE "{self._name}"{migrated}')
                self.manage("demo", "--migrate")
                self._keep(admin)
                made_here = True
        self.manage(*(["worker", "--once"] if made_here else ["search_rebuild"]))
        self._launch("worker", [sys.executable, "manage.py", "worker"])
        for port, url in zip(self.ports, self.urls, strict=True):
            command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port)]
            self._launch(f"web-{port}", [*command, "--log-level", "warning", "--lifespan", "off"], SITE_URL=url)
        for process, port in zip(self._processes[1:], self.ports, strict=True):
            while not answers(port):
                if process.poll() is not None:
                    raise RuntimeError(f"The web process ended:\n{self.log(f'web-{port}')[-3000:]}")

    def manage(self, *arguments: str) -> str:
        """Run a command on the site's database; its words come with the failure."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def log(self, name: str) -> str:
        """What one of the processes wrote."""
        return (self._folder / f"{name}.log").read_text()

    def tracebacks(self) -> list[str]:
        """Errors that any process logged; nothing is known of a site that somebody else runs."""
        found: list[str] = []
        if not hasattr(self, "_folder"):
            return found
        for path in sorted(self._folder.glob("*.log")):
            text = path.read_text()
            if "Traceback" in text:
                found.append(f"{path.name}: …{text[text.index('Traceback') :][:3000]}")
        return found

    def stop(self) -> None:
        """End the processes and forget database, indices and files."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
            admin.execute(f'DROP DATABASE IF EXISTS "{self._template}"')
        request = urllib.request.Request(f"{self._env['ELASTICSEARCH_URL']}/_cat/indices/{self._name}*?h=index")
        with urllib.request.urlopen(request, timeout=10) as answer:
            names = answer.read().decode().split()
        for name in names:
            urllib.request.urlopen(
                urllib.request.Request(f"{self._env['ELASTICSEARCH_URL']}/{name}", method="DELETE"), timeout=10
            ).close()
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.rmtree(self._template_folder, ignore_errors=True)

    @contextmanager
    def _alone_building(self) -> Iterator[psycopg.Connection]:
        """Only one of the sites of a run builds: two at once would take twice as long on the same cores."""
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
            yield admin

    def _keep(self, admin: psycopg.Connection) -> None:
        """Leave a copy of what was built to the other test processes, if there are any."""
        if "PYTEST_XDIST_TESTRUNUID" not in os.environ:
            return
        shutil.copytree(self._folder, self._template_folder)
        admin.execute(f'CREATE DATABASE "{self._template}" TEMPLATE "{self._name}"')

    def _launch(self, name: str, command: list[str], **env: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(command, cwd=ROOT, env={**self._env, **env}, stdout=log, stderr=log)
            )
