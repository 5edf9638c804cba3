"""The service itself, as the API says it."""

from typing import Literal

from pydantic import Field as Default

from pipeline.api.views.base import View


class Products(View):
    """The loan products that there are."""

    items: tuple[str, ...] = Default(examples=[["sme_small", "wc_loan"]])


class Health(View):
    """How the server is."""

    status: Literal["ok"] = Default(examples=["ok"])
