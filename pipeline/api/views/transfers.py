"""Uploads to the object store, as the API says them."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict
from pydantic import Field as Default

from pipeline.api.views.base import View
from pipeline.cases.transfers import Offer
from schemas.base import Model

_EXAMPLE = "eyJhcHBsaWNhdGlvbl9pZCI6Ii4uLiJ9.x0Yl2mO1c8"


class OfferView(View):
    """Where to PUT a file, and the token to complete the upload with."""

    method: str = Default(default="PUT", examples=["PUT"])
    url: str = Default(examples=[f"/v1/uploads/{_EXAMPLE}"])
    """Good for one file and an hour, without a key: a path here, or a URL of the object store."""
    token: str = Default(examples=[_EXAMPLE])
    until: AwareDatetime

    @classmethod
    def of(cls, offer: Offer) -> "OfferView":
        """Say an offer."""
        url = offer.url or f"/v1/uploads/{offer.token}"
        return cls(url=url, token=offer.token, until=offer.until)


class Completed(Model):
    """An upload that has been sent."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"examples": [{"token": _EXAMPLE}]}
    )

    token: Annotated[str, Default(min_length=1, max_length=4096)]
    """As it was offered."""
