"""Two hundred packages uploaded by twenty clients at once, to a server that reviews them meanwhile.

    python benchmarks/load.py [PACKAGES] [CLIENTS]

Papers are CSV workbooks of an invented company, so that reviews need no recognition (engine
`replay`) and the server is what is timed. Says whether a package was lost or doubled, the 95th
percentile of upload and of status, and the memory of the server: at its most, and what it grows by
when a file of 50 MiB comes in at the end. Writes benchmarks/results/load.json.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import psutil
from accuracy import keep

from pipeline import access, wiring
from pipeline.settings import Settings

SHEETS = {
    "资产负债表.csv": "资产负债表\n编制单位：晨岩示范有限公司,2025年12月31日,单位：元\n"
    "项目,期末余额,年初余额\n货币资金,{n}.00,100.00\n流动资产合计,{n}.00,100.00\n"
    "资产总计,{n}.00,100.00\n负债合计,0.00,0.00\n所有者权益合计,{n}.00,100.00\n"
    "负债和所有者权益总计,{n}.00,100.00\n",
    "利润表.csv": "利润表\n编制单位：晨岩示范有限公司,2025年度,单位：元\n项目,本期金额,上期金额\n"
    "一、营业收入,{n}.00,90.00\n减：营业成本,10.00,9.00\n四、净利润,{n}.00,81.00\n",
}
PAD = 200 << 10
"""Bytes of empty lines, so that files have the size of real ones."""
LARGE_MIB = 50
UNDER_WAY = ("draft", "submitted", "reviewing", "delayed")


class Client:
    """A portal's client, and what its calls took."""

    def __init__(self, base: str, key: str) -> None:
        """Speak to a server with a key."""
        headers = {"Authorization": f"Bearer {key}"}
        self.http = httpx2.Client(base_url=base, headers=headers, timeout=120)
        self.took: dict[str, list[float]] = {"upload": [], "status": []}

    def call(self, what: str, method: str, path: str, **more: Any) -> Any:
        """Return the answer to a request, having noted what it took."""
        begun = time.perf_counter()
        answer = self.http.request(method, path, **more)
        self.took.setdefault(what, []).append(time.perf_counter() - begun)
        answer.raise_for_status()
        return answer.json()

    def package(self, number: int) -> str:
        """Hand in and submit one package; ask for its state twice on the way."""
        head = {"Idempotency-Key": f"load-{number}"}
        new = {"reference": f"LN-{number}"}
        opened = self.call("open", "POST", "/applications", json=new, headers=head)
        path = f"/applications/{opened['id']}"
        pad = "\n" * PAD
        files = [
            ("files", (name, (sheet.format(n=number + 1000) + pad).encode()))
            for name, sheet in SHEETS.items()
        ]
        self.call("upload", "POST", f"{path}/files", files=files)
        self.call("status", "GET", path)
        self.call("submit", "POST", f"{path}/submit")
        self.call("status", "GET", path)
        return str(opened["id"])


def p95(values: list[float]) -> float:
    """Return what 95 % of values are below, in seconds."""
    return round(statistics.quantiles(values, n=20)[-1], 3)


def served(folder: Path) -> tuple[subprocess.Popen[bytes], str, str]:
    """Start a server on a fresh folder; return it, its address and a key."""
    settings = Settings(data_dir=folder)
    folder.mkdir(parents=True)
    services = wiring.build(settings)
    text, kept = access.issue("load", services.clock.now())
    wiring.api_keys(services.database).add(kept)
    services.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--port", str(port)]
    env = {
        **os.environ,  # noqa: TID251  the server is given settings
        "ZISHEN_DATA_DIR": str(folder),
        "ZISHEN_OCR__ENGINE": "replay",
        "ZISHEN_API__REQUESTS_PER_MINUTE": "1000000",
    }
    server = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)  # noqa: S603
    base = f"http://127.0.0.1:{port}/v1"
    for _ in range(600):
        try:
            httpx2.get(f"{base}/health", timeout=5)
            break
        except httpx2.TransportError:
            time.sleep(0.2)
    return server, base, text


def watch(pid: int, most: list[float], stop: threading.Event) -> None:
    """Keep the most memory that a process had, and what it has now, in MiB."""
    process = psutil.Process(pid)
    while not stop.wait(0.05):
        most[1] = process.memory_info().rss / (1 << 20)
        most[0] = max(most)


def run(packages: int, clients: int) -> dict[str, Any]:
    """Return what a run came to, server and all."""
    with tempfile.TemporaryDirectory(prefix="zishen-load-") as name:
        server, base, key = served(Path(name) / "data")
        stop = threading.Event()
        most = [psutil.Process(server.pid).memory_info().rss / (1 << 20)] * 2
        begins = round(most[0])
        watcher = threading.Thread(target=watch, args=(server.pid, most, stop))
        watcher.start()
        try:
            crowd = measured(base, key, packages, clients, most)
            return {"rss_at_start_mib": begins} | crowd | large(Client(base, key), most)
        finally:
            stop.set()
            watcher.join()
            server.terminate()
            server.wait()


def measured(base: str, key: str, packages: int, clients: int, most: list[float]) -> dict[str, Any]:
    """Return what clients saw: they upload, wait for the reviews, and count."""
    crowd = [Client(base, key) for _ in range(clients)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        jobs = [pool.submit(crowd[n % clients].package, n) for n in range(packages)]
        opened = [job.result() for job in jobs]
    uploaded = time.perf_counter() - begun
    while any(state(crowd[0], one)["state"] in UNDER_WAY for one in opened):
        time.sleep(1)
    reviewed = time.perf_counter() - begun
    listed, after = [], 0
    while after is not None:
        page = crowd[0].call("list", "GET", "/applications", params={"after": after, "limit": 200})
        listed += page["items"]
        after = page["next"]
    events = [state(crowd[0], one)["timeline"] for one in opened]
    decisions = [sum(e["step"] == "decided" for e in timeline) for timeline in events]
    took = {what: [t for c in crowd for t in c.took.get(what, [])] for what in ("upload", "status")}
    return {
        "packages": packages,
        "clients": clients,
        "lost": packages - len({item["id"] for item in listed}),
        "doubled": len(listed) - len({item["reference"] for item in listed}),
        "decided_once": sum(count == 1 for count in decisions),
        "upload_p95_s": p95(took["upload"]),
        "status_p95_s": p95(took["status"]),
        "uploaded_s": round(uploaded, 1),
        "reviewed_s": round(reviewed, 1),
        "rss_peak_mib": round(most[0]),
    }


def large(client: Client, most: list[float]) -> dict[str, Any]:
    """Return what a large file takes, and by how much the memory of the server grows meanwhile."""
    opened = client.call("after", "POST", "/applications", json={"reference": "large"})
    time.sleep(1)
    before = most[0] = most[1]
    head, piece = b"%PDF-1.7\n", bytes(1 << 20)
    body = (head if number == 0 else piece for number in range(LARGE_MIB + 1))
    path = f"/applications/{opened['id']}/files"
    client.call("large", "PUT", path, params={"name": "large.pdf"}, content=body)
    took = client.took["large"][0]
    return {
        "large_mib": LARGE_MIB,
        "large_s": round(took, 1),
        "large_rss_growth_mib": round(most[0] - before),
    }


def state(client: Client, application: str) -> Any:
    """Return an application as it stands."""
    return client.call("after", "GET", f"/applications/{application}")


def main() -> None:
    """Run it, say the result and keep it."""
    packages = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    result = run(packages, clients)
    keep("load", result)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
