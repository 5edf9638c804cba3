"""What all tables share."""

import json
import re
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, Dialect, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class Json(TypeDecorator[Any]):
    """JSON, binary on PostgreSQL, without the character that PostgreSQL cannot keep."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of a database."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what is kept of a value."""
        return storable(value)


def storable(value: Any) -> Any:
    r"""Return JSON with U+FFFD for each NUL, which papers of broken fonts may have in their text.

    >>> storable({"a": "x\x00"})
    {'a': 'x�'}
    """
    text = json.dumps(value)
    return json.loads(_NUL.sub(r"\1\\ufffd", text)) if _NUL.search(text) else value


class Base(DeclarativeBase):
    """All tables, with names for constraints so that later versions can speak of them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        }
    )
