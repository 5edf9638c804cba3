"""Notices that a registration authority gives of a change that it has registered or approved."""

from datetime import date
from typing import Literal

from pydantic import Field as Default

from schemas.base import Model
from schemas.documents import DocumentKind
from schemas.fields import Field


class ChangeNotice(Model):
    """What a notice of change (准予变更登记通知书, 名称变更核准通知书) says of a name.

    The names are absent where the notice is of another change. `issued_on` is the day printed on
    the notice, after which papers bear the present name.
    """

    kind: Literal[DocumentKind.CHANGE_NOTICE] = DocumentKind.CHANGE_NOTICE
    pages: tuple[int, ...]
    former_name: Field[str] = Default(default_factory=Field[str].absent)
    name: Field[str] = Default(default_factory=Field[str].absent)
    issued_on: Field[date] = Default(default_factory=Field[date].absent)
    authority: Field[str] = Default(default_factory=Field[str].absent)
