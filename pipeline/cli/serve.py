"""`zishen serve`: the REST API for portals, and the review page for people of the bank."""

from contextlib import closing
from typing import Annotated, Final

import typer

from pipeline import wiring
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.guards import refuse_unsafe

_APP: Final = "pipeline.server:create"
"""By name, as uvicorn takes it: the doors do not import each other."""

_STOP_SECONDS: Final = 5
"""For what is under way when the server is stopped; event streams have no other end."""
_NO_KEYS: Final = {
    "zh": "还没有API密钥：请运行 zishen keys add 名称",
    "en": "there is no API key yet: run `zishen keys add NAME`",
}
_NOBODY: Final = {
    "zh": "还没有审核人员账号：请运行 zishen people add 用户名 --role reviewer",
    "en": "nobody can sign in yet: run `zishen people add LOGIN --role reviewer`",
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
    """Serve the REST API (接口服务) and the review page (审核页面); review what is submitted."""
    import uvicorn  # noqa: PLC0415  no other command needs it

    session = begin(lang)
    refuse_unsafe(session.settings, host)
    with closing(wiring.services()) as services:
        if all(key.revoked_at for key in wiring.api_keys(services.database).listed()):
            session.note(_NO_KEYS[session.lang])
        known = wiring.front_door(services.database, services.settings).people.listed()
        if session.settings.oidc.issuer is None and not known:
            session.note(_NOBODY[session.lang])
        session.note(f"http://{host}:{port}/v1/openapi.json")
        session.note(f"http://{host}:{port}/review/")
        uvicorn.run(
            _APP,
            factory=True,
            host=host,
            port=port,
            access_log=False,  # who did what is in the audit trail
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
