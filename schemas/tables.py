"""Reads the tables of schemas/data, which are YAML kept by experts rather than code."""

import re
from importlib import resources
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import PolicyError

M = TypeVar("M", bound=BaseModel)


class Prose(BaseModel):
    """An entry with explanations beside its data; what is only prose is not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads booleans as YAML 1.2 does: only true and false, so that NO stays a label."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$", re.IGNORECASE), list("tTfF")
)


def read_table(name: str) -> object:
    """Return a file of schemas/data as plain values.

    Raises:
        PolicyError: it is missing or is no YAML.
    """
    try:
        text = (resources.files("schemas") / "data" / name).read_text(encoding="utf-8")
        table: object = yaml.load(text, Loader=_Loader)  # noqa: S506  it is a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyError(f"schemas/data/{name} cannot be read") from error
    return table


def read_model(name: str, model: type[M]) -> M:
    """Return a file of schemas/data as a model.

    Raises:
        PolicyError: it is missing, is no YAML or does not fit the model.
    """
    try:
        return model.model_validate(read_table(name))
    except ValidationError as error:
        raise PolicyError(f"schemas/data/{name}: {error}") from error
