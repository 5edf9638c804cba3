"""The worked examples and the look-alikes that the expert table of licences carries with it."""

from typing import Any, cast

from schemas.tables import read_table

_TABLE = cast("dict[str, Any]", read_table("licence_fields.yaml"))

EXAMPLES: dict[str, list[dict[str, Any]]] = _TABLE["worked_examples"]

CONFUSABLE = [(str(one), str(other)) for one, other in _TABLE["ocr"]["confusable_pairs"]]
"""Characters that recognition takes for each other."""
