"""What an installation judges by: a bank's own policy file, or the table of zishen."""

import functools
from pathlib import Path

from pipeline.settings import Settings
from schemas.errors import PolicyError
from schemas.messages import Language
from schemas.policy import PolicyTable, parse_policies
from validators.policy import built_in, load_policy
from validators.policy_faults import faults


def policies(settings: Settings) -> PolicyTable:
    """Return the table in force. A file is read once in a process and looked through as a whole.

    Raises:
        PolicyError: the file cannot be read, or something is wrong with it; every fault is told.
    """
    file = settings.policy_file
    return built_in() if file is None else _of_file(file)


def checked(file: Path) -> PolicyTable:
    """Return the table of a file that is without fault.

    Raises:
        PolicyError: it cannot be read, or something is wrong with it; one line for each fault.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file} is no UTF-8 text") from error
    table = parse_policies(text)
    found = tuple(faults(table))
    if found:
        raise PolicyError("\n".join(found))
    return table


_of_file = functools.cache(checked)


def product_name(product: str, table: PolicyTable, lang: Language) -> str:
    """Return what a product is called; its id where the table no longer has it."""
    try:
        policy = load_policy(product, table)
    except PolicyError:
        return product
    return policy.name_zh if lang == "zh" else policy.name_en
