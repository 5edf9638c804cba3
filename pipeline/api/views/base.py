"""What all answers share, and the ids of examples."""

from pydantic import ConfigDict

from schemas.base import Model

ID = "3f2b8c1d9e7a4b6c8d0e1f2a3b4c5d6e"
"""Of an application that does not exist."""


class View(Model):
    """Something that the API says; every key is explained."""

    model_config = ConfigDict(use_attribute_docstrings=True)
