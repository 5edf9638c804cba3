"""The worked examples that the expert table of licences carries with it."""

from typing import Any, cast

from schemas.tables import read_table

EXAMPLES = cast(
    "dict[str, list[dict[str, Any]]]", read_table("licence_fields.yaml")["worked_examples"]
)  # type: ignore[index]
