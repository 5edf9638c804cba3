"""The service itself, as the API says it."""

from typing import Literal

from pipeline.api.views.base import View


class Products(View):
    """The loan products that there are."""

    items: tuple[str, ...]


class Health(View):
    """How the server is."""

    status: Literal["ok"]
