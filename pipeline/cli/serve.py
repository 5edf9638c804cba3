"""`zishen serve`: the REST API, for portals."""

from typing import Annotated, Final

import typer

from pipeline import wiring
from pipeline.cli.options import Lang
from pipeline.cli.session import begin

_APP: Final = "pipeline.server:create"
"""By name, as uvicorn takes it: the doors do not import each other."""

_NO_KEYS: Final = {
    "zh": "还没有API密钥：请运行 zishen keys add 名称",
    "en": "there is no API key yet: run `zishen keys add NAME`",
}


def serve(
    host: Annotated[
        str,
        typer.Option(
            "--host",
            help="Address to listen on; others than this machine's own "
            "want a proxy before them that speaks TLS.",
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8000,
    lang: Lang = None,
) -> None:
    """Serve the REST API (接口服务) and review what is submitted, until it is stopped."""
    import uvicorn  # noqa: PLC0415  no other command needs it

    session = begin(lang)
    if all(key.revoked_at for key in wiring.api_keys(session.settings).listed()):
        session.note(_NO_KEYS[session.lang])
    session.note(f"http://{host}:{port}/v1/openapi.json")
    uvicorn.run(
        _APP,
        factory=True,
        host=host,
        port=port,
        access_log=False,  # who did what is in the audit trail
        log_config=None,
        server_header=False,
    )
