"""An installation of production in an empty folder, made by the words of README.md and run by the shipped units."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from devtools.ports import free_port
from devtools.postgres import Cluster
from tests.settings.env_file import quoted, read_as_systemd
from tests.settings.environment import draw_seal
from tests.waiting import wait_until

ROOT = Path(settings.ROOT)
HOST = "portal.example"
ROLE_PASSWORD = "change-me"
SHORT_PATH = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def blocks_of_readme(language: str) -> list[str]:
    """The fenced blocks of the section Production, which promises that they are run."""
    section = re.search(r"^## Production$(.*?)^## ", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert section is not None
    return re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)


@dataclass
class Service:
    """What systemd would do with a unit file: environment, folder, command, and a new start whenever it ends."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ends: list[int] = field(default_factory=list)

    def watch(self) -> None:
        if self.process is not None and self.process.poll() is not None:
            self.ends.append(self.process.returncode)
            self.process = None
        if self.process is None:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    self.command,
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def stop(self) -> None:
        """As KillMode=mixed: SIGTERM for the first process, SIGKILL for what is left."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=45)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


class Installation:
    """The folders stand for /etc/jxcloud and /var/lib/jxcloud; this checkout stands for /opt/jxcloud."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.etc, self.var = folder / "etc", folder / "var"
        self.cluster = Cluster(folder / "pg", durable=False)
        self.port, self.public, self.plain, self.entrance = (free_port() for _ in range(4))
        self.env_file = self.etc / "jxcloud.env"
        self.web: Service | None = None
        self.worker: Service | None = None

    def here(self, text: str) -> str:
        text = re.sub(r"(/opt/jxcloud/)?\.venv/bin/python", lambda _: sys.executable, text)
        for there, here in (
            ("/opt/jxcloud", str(ROOT)),
            ("/etc/jxcloud", str(self.etc)),
            ("/var/lib/jxcloud", str(self.var)),
        ):
            text = text.replace(there, here)
        return text

    # --- the steps of README ---

    def make_database(self) -> None:
        """By the superuser; afterwards the portal's role needs its password, also on the socket."""
        self.cluster.ensure_running()
        (statements,) = blocks_of_readme("sql")
        database = "postgres"
        for statement in re.split(r";\n", statements.replace("\\connect jxcloud\n", "\\connect jxcloud;\n")):
            if statement.startswith("\\connect"):
                database = statement.split()[1]
            elif statement.strip():
                with self.cluster.connect(database) as connection:
                    connection.execute(statement)
        (self.cluster.data / "pg_hba.conf").write_text("local all app trust\nlocal all all scram-sha-256\n")
        with self.cluster.connect("postgres") as connection:
            connection.execute("SELECT pg_reload_conf()")

    def run_block(self, number: int, **prefix: str) -> str:
        """What the block printed; `sh` blocks of the section, counted from 0. Later ones go on in the shell of step 4."""
        block = blocks_of_readme("sh")[number]
        if number > 1:
            block = f"cd /opt/jxcloud\nset -a; . /etc/jxcloud/jxcloud.env; set +a\n{block}"
        return self.run(block)

    def run(self, script: str) -> str:
        answer = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(script)],
            cwd=self.folder,
            env=SHORT_PATH,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert answer.returncode == 0, f"{script}\n{answer.stdout}\n{answer.stderr}"
        return answer.stdout + answer.stderr

    def fill_in(self, values: Mapping[str, str]) -> None:
        text = self.env_file.read_text()
        for name, value in values.items():
            text, found = re.subn(f"^{name}='.*'$", lambda _, v=value, n=name: f"{n}={quoted(v)}", text, flags=re.M)
            assert found == 1, name
        self.env_file.write_text(text)

    def settings(self, time_stamps: str) -> dict[str, str]:
        pki = self.etc / "pki"
        draw_seal(pki / "seal.png")
        socket = quote(str(self.cluster.socket_directory))
        return {
            "DATABASE_URL": f"postgres://jxcloud:{ROLE_PASSWORD}@/jxcloud?host={socket}&application_name=jxcloud",
            "JXCLOUD_VAR": str(self.var),
            "ECERT_ISSUER_NAME": "某省 住房和城乡建设厅",
            "ECERT_ISSUER_USCC": "11360000014500000X",
            "ECERT_SIGNER_KEY": str(pki / "ecert-signer.key"),
            "ECERT_SIGNER_CERT": str(pki / "ecert-signer.pem"),
            "ECERT_CHAIN": str(pki / "ecert-ca.pem"),
            "ECERT_ROOT": str(pki / "ecert-root.pem"),
            "ECERT_CRLS": f"{pki / 'ecert-root.crl'},{pki / 'ecert-ca.crl'}",
            "ECERT_SEAL": str(pki / "seal.png"),
            "ECERT_TSA_URL": time_stamps,
            "CAKEY_TRUST_ROOTS": str(pki / "cakey-root.pem"),
            "CAKEY_CRLS": str(pki / "cakey-root.crl"),
            "FACE_PROVIDER_SECRET": "a b\\c\"d'e$f#" + os.urandom(40).hex(),
            "FACE_PROVIDER_CERTIFICATE": "none",
            "REGISTRY_URL": "https://registry.example/api",
            "REGISTRY_KEY": os.urandom(20).hex(),
            "GRANIAN_PORT": str(self.port),
        }

    # --- processes ---

    def service(self, unit: str) -> Service:
        """From the shipped unit file and the file of settings that it names."""
        lines = [line.partition("=") for line in (ROOT / "deploy" / "systemd" / unit).read_text().splitlines()]
        found = {name: self.here(value) for name, _, value in lines if not name.startswith(("#", "["))}
        assert found["Restart"] == "always"
        assert found["WorkingDirectory"] == str(ROOT)
        environment = {**SHORT_PATH, **read_as_systemd(Path(found["EnvironmentFile"]).read_text())}
        if runtime := found.get("RuntimeDirectory"):
            (self.folder / runtime).mkdir(exist_ok=True)
            environment["RUNTIME_DIRECTORY"] = str(self.folder / runtime)
        return Service(shlex.split(found["ExecStart"]), environment, self.folder / f"{unit}.log")

    def start_nginx(self) -> Service:
        """With the shipped file; only ports, folders and the places of the keys are others."""
        for name, source in (("tls/portal.pem", "portal.pem"), ("tls/portal.key", "portal.key")):
            (self.etc / name).parent.mkdir(exist_ok=True)
            shutil.copy(self.etc / "pki" / source, self.etc / name)
        (self.etc / "cakey").mkdir()
        shutil.copy(self.etc / "pki" / "cakey-root.pem", self.etc / "cakey" / "trust.pem")
        shutil.copy(self.etc / "pki" / "cakey-root.crl", self.etc / "cakey" / "crls.pem")
        (self.etc / "cakey" / "secret.conf").write_text('proxy_set_header X-Cakey-Secret "";\n')
        text = self.here((ROOT / "deploy" / "nginx" / "jxcloud.conf").read_text())
        for there, here in (
            ("server 127.0.0.1:8000;", f"server 127.0.0.1:{self.port};"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.public} ssl;"),
            ("listen 8443 ssl;", f"listen 127.0.0.1:{self.entrance} ssl;"),
            ("/var/log/nginx/", f"{self.folder}/"),
        ):
            assert there in text, there
            text = text.replace(there, here)
        (self.folder / "site.conf").write_text(text)
        mime = next(
            Path(path) for path in ("/etc/nginx/mime.types", "/usr/share/nginx/mime.types") if Path(path).exists()
        )
        temporary = " ".join(f"{kind}_temp_path tmp;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Workers of an account that may read the folder of this test.
        who = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"{who} daemon off; pid nginx.pid; error_log error.log warn; worker_processes 1;\n"
            f"events {{ worker_connections 256; }}\nhttp {{ include {mime}; {temporary}\ninclude site.conf; }}\n"
        )
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        command = [program, "-p", str(self.folder), "-e", "error.log", "-c", "nginx.conf"]
        service = Service(command, dict(SHORT_PATH), self.folder / "nginx.log")
        service.watch()
        return service

    def tail(self) -> str:
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_for(condition: Callable[[], object], what: str, installation: Installation) -> None:
    def is_so() -> object:
        for service in (installation.web, installation.worker):
            if service is not None:
                service.watch()
        return condition()

    wait_until(is_so, lambda: f"{what}\n{installation.tail()}")
