"""What every model here has in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A value: frozen, and refusing keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
