"""What every model here has in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A value: frozen, and refusing keys that it does not know.

    Errors do not repeat the input: it may be personal data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
