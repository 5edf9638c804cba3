"""Takes what is said of people out of the database and leaves proof that it was there."""

from collections.abc import Collection
from typing import Protocol

from pipeline.ports.access import Access


class Eraser(Protocol):
    """Erases contents; ids, hashes, times, seals and the proof stay."""

    def erase(self, application_id: str, package_ids: Collection[str], proof: Access) -> int:
        """Erase the names of files, the records and the tables made of them, in one transaction.

        An entry like `proof` is added for each package. Returns how many records were erased.
        """
        ...
