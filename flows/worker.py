"""The Prefect worker of a machine: `python -m flows.worker` deploys, then starts runs.

Deploying first means that a worker never runs older deployments than its own code.
"""

import os
import sys
from typing import Final

from flows.deploy import POOL, deploy
from pipeline.settings import load_settings

_PROGRAM: Final = (sys.executable, "-m", "prefect", "worker", "start")


def main() -> None:
    """Become the worker."""
    settings = load_settings()
    deploy(settings)
    limit = str(settings.prefect.runs)
    os.execv(  # noqa: S606  Prefect's own program, in place of this one
        sys.executable, (*_PROGRAM, "--pool", POOL, "--type", "process", "--limit", limit)
    )


if __name__ == "__main__":
    main()
