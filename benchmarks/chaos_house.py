"""The processes that `chaos.py` kills: servers, an intake and two reviewers, and their data."""

import functools
import io
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from accuracy import HERE

ROOT = HERE.parent
PAPERS = (
    ROOT / "sample_docs/01-qinghe-machinery/statements-2026-09.pdf",
    ROOT / "sample_docs/05-lanqiao-branch/statements-2026-09.pdf",
)
ACCOUNT = ("chaos", "chaos-secret")
LEASE_SECONDS = 5
CHANCE = random.Random()  # noqa: S311  no secret
LEFT_ALONE = frozenset({"store", "prefect"})
"""What has to run for others to look at what is left."""


@dataclass
class Victim:
    """A process that can be killed and started again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    kills: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Begin, or begin again."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command, env=self.environment, stdout=log, stderr=log, cwd=ROOT
            )

    def kill(self) -> None:
        """End at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def die(self, pause: float) -> None:
        """Be killed, stay away for a moment, and come back."""
        self.kill()
        self.kills += 1
        time.sleep(pause)
        self.start()


@dataclass
class House:
    """The processes of one run and where their data is."""

    folder: Path
    environment: dict[str, str]
    victims: list[Victim] = field(default_factory=list)
    deck: list[Victim] = field(default_factory=list)

    def disturb(self) -> None:
        """Kill the next process of a deck that is shuffled when it is empty."""
        if not self.deck:
            self.deck = CHANCE.sample(self.victims, len(self.victims))
        self.deck.pop().die(CHANCE.uniform(0.1, 0.8))

    def add(self, name: str, command: list[str], **more: str) -> None:
        """Let a process belong to the house."""
        log = self.folder / f"{name}.log"
        self.victims.append(Victim(name, command, self.environment | more, log))

    def prepare(self) -> None:
        """Wait for the servers that there are, and set on them what an operator would."""
        _make_bucket(self)
        _deploy(self)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Have every process running within the block."""
        for victim in self.victims:
            victim.start()
        try:
            yield
        finally:
            for victim in self.victims:
                victim.kill()


def lay(drop: Path, count: int) -> None:
    """Lay packages down; a comment at the end of a PDF makes each file its own."""
    pages = [page for paper in PAPERS for page in _pages(paper)]
    for number in range(count):
        folder = drop / f"{number:04}"
        folder.mkdir(parents=True)
        own = pages[number % len(pages)] + f"\n% {number}\n".encode()
        (folder / "statement.pdf").write_bytes(own)
        (folder / "package.json").write_text('{"applied_on": "2026-10-15"}')
        (folder / ".done").touch()


@functools.cache
def _pages(paper: Path) -> tuple[bytes, ...]:
    """Return each page of a PDF as a PDF of its own, which is another each time it is written."""
    import pypdfium2

    whole, pages = pypdfium2.PdfDocument(paper), []
    for number in range(len(whole)):
        single, written = pypdfium2.PdfDocument.new(), io.BytesIO()
        single.import_pages(whole, [number])
        single.save(written)
        pages.append(written.getvalue())
    return tuple(pages)


def house(folder: Path, count: int, store: str, *, prefect: bool) -> House:
    """Return a house with its processes, none of them started."""
    lay(folder / "drop", count)
    theirs = os.environ.items()  # noqa: TID251  what the processes inherit
    ours = {name: value for name, value in theirs if not name.startswith(("ZISHEN_", "PREFECT_"))}
    made = House(
        folder,
        ours
        | {
            "PYTHONPATH": str(ROOT),
            "ZISHEN_DATA_DIR": str(folder / "data"),
            "ZISHEN_OCR__ENGINE": "replay",
            "ZISHEN_INTAKE__FOLDER": str(folder / "drop"),
            "ZISHEN_CASES__LEASE_SECONDS": str(LEASE_SECONDS),
        },
    )
    if store == "s3":
        _add_store(made)
    if prefect:
        _add_prefect(made)
    for name in ("intake", "reviewer-1", "reviewer-2"):
        role = name.partition("-")[0]
        made.add(name, [sys.executable, str(HERE / "chaos.py"), "--role", role])
    return made


def _add_store(house: House) -> None:
    port, folder = free_port(), house.folder / "weed"
    folder.mkdir()
    accounts = folder / "s3.json"
    credentials = [{"accessKey": ACCOUNT[0], "secretKey": ACCOUNT[1]}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    who = {"name": "chaos", "credentials": credentials, "actions": actions}
    accounts.write_text(json.dumps({"identities": [who]}))
    parts = ("master", "volume", "filer", "admin")
    off = ("webdav", "admin.ui", "master.telemetry", "s3.port.iceberg", "s3.port.lance")
    weed = Path(sys.executable).with_name("weed")
    house.environment |= {
        "ZISHEN_STORAGE__KIND": "minio",
        "ZISHEN_STORAGE__ENDPOINT": f"127.0.0.1:{port}",
        "ZISHEN_STORAGE__ACCESS_KEY": ACCOUNT[0],
        "ZISHEN_STORAGE__SECRET_KEY": ACCOUNT[1],
        "ZISHEN_STORAGE__SECURE": "false",
        "ZISHEN_STORAGE__BUCKET": "papers",
    }
    house.add(
        "store",
        [
            *(str(weed), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *(f"-s3.config={accounts}", f"-s3.port={port}"),
            *(f"-{part}.port={free_port()}" for part in parts),
            *(f"-{name}={'0' if 'port' in name else 'false'}" for name in off),
        ],
    )


def _make_bucket(house: House) -> None:
    """Wait for the store, where there is one, and make the bucket that has to be there."""
    from minio import Minio
    from urllib3.exceptions import HTTPError

    endpoint = house.environment.get("ZISHEN_STORAGE__ENDPOINT")
    while endpoint is not None:
        client = Minio(endpoint, access_key=ACCOUNT[0], secret_key=ACCOUNT[1], secure=False)
        try:
            if not client.bucket_exists("papers"):
                client.make_bucket("papers")
        except HTTPError:
            time.sleep(1)
        else:
            return


def _add_prefect(house: House) -> None:
    port = free_port()
    serve = ["-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    house.environment["ZISHEN_PREFECT__API_URL"] = f"http://127.0.0.1:{port}/api"
    house.add(
        "prefect",
        [sys.executable, *serve, "--host", "127.0.0.1", "--port", str(port)],
        PREFECT_HOME=str(house.folder / "prefect"),
        PREFECT_UI_ENABLED="false",
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_SERVER_LOGGING_LEVEL="ERROR",
    )


def _deploy(house: House) -> None:
    """Wait for the Prefect server, where there is one, and set on it what `zishen deploy` sets."""
    program = str(Path(sys.executable).with_name("zishen"))
    while "ZISHEN_PREFECT__API_URL" in house.environment:
        command = [program, "deploy"]
        made = subprocess.run(  # noqa: S603
            command, env=house.environment, capture_output=True, check=False, cwd=ROOT
        )
        if made.returncode == 0:
            return
        time.sleep(1)


def free_port() -> int:
    """Return a port to which ten thousand can be added, as SeaweedFS does."""
    while True:
        port = CHANCE.randrange(20_000, 30_000)
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        return port
