"""What an extractor has beside the first reading: a second reading, and an unlike opinion."""

from dataclasses import dataclass

from extractors.kinds.business_licence import ground
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.opinion import Opinion
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.second import Second, second_reading
from extractors.ocr.look import Look


@dataclass(frozen=True)
class Views:
    """The further readings of a face; a text layer has none and needs none."""

    second: Second | None
    opinion: Opinion
    look: Look | None = None

    def is_bare(self, claim: Claim) -> bool:
        """Return whether nothing hides how a value goes on."""
        return self.look is None or ground.is_bare(self.look, claim)


def views_of(face: Face, look: Look | None) -> Views:
    """Read a face again, and be ready to ask for the opinion."""
    return Views(second_reading(face, look) if look else None, Opinion(look), look)
