"""The API's own words, from schemas/data/messages.yaml, and the language that a caller speaks."""

from typing import Final

from pipeline.ports import State, Step
from schemas.messages import Language, Term, catalogue

FAULTS: Final = {
    code: fault for code, fault in catalogue().requests.items() if code.startswith("api.")
}
"""What a request did wrong, by the stable code that a problem document carries."""
STATES: Final = {State(name): term for name, term in catalogue().states.items()}
STEPS: Final = {Step(name): term for name, term in catalogue().steps.items()}
PENDING: Final = (
    Term(
        zh="资料的种类、清晰度和完整性在审核完成后告知。",
        en="What each paper is, whether it is legible and what is missing is told afterwards.",
    ),
)


def spoken(accept: str | None, default: Language) -> Language:
    """Return the language that a caller likes best of those that are spoken.

    >>> spoken("en-GB,en;q=0.9,zh;q=0.8", "zh"), spoken("fr", "zh"), spoken(None, "en")
    ('en', 'zh', 'en')
    """
    best: tuple[float, Language] = (0.0, default)
    for part in (accept or "")[:256].split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        quality = float(weight) if weight.replace(".", "", 1).isdecimal() else float(not weight)
        for lang in _SPOKEN:
            if tag.partition("-")[0] == lang and quality > best[0]:
                best = (quality, lang)
    return best[1]


_SPOKEN: Final[tuple[Language, ...]] = ("zh", "en")
