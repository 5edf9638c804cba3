"""Names of files as senders give them: hostile until shown otherwise.

They may hold names of people too, so they are never logged.
"""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_LONGEST: Final = 180
"""Bytes: file systems take 255, and intake may put the name of an archive before it."""
_SEPARATORS: Final = re.compile(r"[/\\]+")


def base_name(given: str | None) -> str:
    r"""Return what can be the name of a file here, whatever was given.

    >>> base_name("../../etc/passwd"), base_name(r"C:\\资料\\执照.jpg"), base_name("..")
    ('passwd', '执照.jpg', 'file')
    """
    name = _SEPARATORS.split(legible(given or ""))[-1].strip(" .") or "file"
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= 10 else ""
    stem = name.removesuffix(suffix).encode()[: _LONGEST - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def legible(name: str) -> str:
    r"""Return a name without what cannot be seen or turns the writing around.

    >>> legible("licence\u202egpj.exe\x00\n")
    'licencegpj.exe'
    """
    return "".join(
        character
        for character in unicodedata.normalize("NFC", name)
        if not unicodedata.category(character).startswith("C")
    )[:1000]
