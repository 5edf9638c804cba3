"""`zishen deploy`: what stands on a Prefect server."""

from pipeline import dispatch
from pipeline.cli.options import Lang
from pipeline.cli.session import begin


def deploy(lang: Lang = None) -> None:
    """Set work pool, deployments, limits and crash automation on the Prefect server (部署).

    The server is that of ZISHEN_PREFECT__API_URL. It may be run again at any time, and is to be
    after an upgrade.
    """
    session = begin(lang)
    for name in dispatch.deploy(session.settings):
        session.out.print(name)
