"""Watching begins: in a service of its own, or in a process that Prefect started for a flow run."""

from pipeline.observe import logs, tracing
from pipeline.settings import Settings


def in_service(settings: Settings, service: str) -> None:
    """Send spans of this process where the settings say; its log has been begun by its door."""
    tracing.begin(settings.tracing.endpoint, f"zishen-{service}")


def in_flow(settings: Settings) -> None:
    """Begin the log and the spans, unless the door that runs the flow has done so."""
    if not logs.is_begun():
        logs.begin(settings.log, settings.data_dir / "logs")
        tracing.begin(settings.tracing.endpoint, "zishen-flow")
