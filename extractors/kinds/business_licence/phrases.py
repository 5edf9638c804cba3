"""Closed phrases of the scope: where they are printed, they rank what the recogniser thought.

A character is only exchanged for one that was among its runners-up, so that nothing is said that
the pixels do not offer. It keeps the probability that it had there, which is not one to accept.
"""

from dataclasses import replace

from rapidfuzz import fuzz

from extractors.kinds.business_licence.claims import Claim, plain
from extractors.kinds.business_licence.runs import Glyph, Run

_PHRASES = (
    "依法须经批准的项目,经相关部门批准后方可开展经营活动",
    "法律、法规、国务院决定规定禁止的不得经营",
    "应在取得有关部门的许可后方可经营",
    "许可经营项目:",
    "一般经营项目:",
)
_ALIKE = 70.0
"""How alike, of 100, a part of the scope has to be to a phrase."""
_MEANT = 75.0
"""From here on a part of a text can only be meant to be the phrase."""
_LONG = (_PHRASES[0], _PHRASES[1])
"""Phrases that nothing else is like."""


def is_garbled(text: str) -> bool:
    """Return whether a closed phrase stands in a text, but with characters lost or exchanged.

    >>> is_garbled("零售。(依法须经批准的项目,经相批准后方可开展经营活动)")
    True
    >>> is_garbled("零售。(依法须经批准的项目，经相关部门批准后方可开展经营活动)")
    False
    """
    said = plain(text)
    likeness = [fuzz.partial_ratio(plain(phrase), said) for phrase in _LONG]
    return any(_MEANT <= alike < 100 for alike in likeness)


def ranked(claim: Claim) -> Claim:
    """Return a claim in which the closed phrases decide between likely characters."""
    glyphs = list(claim.glyphs)
    for phrase in _PHRASES:
        _rank(glyphs, phrase)
    runs, at = [], 0
    for run in claim.runs:
        runs.append(Run(tuple(glyphs[at : at + len(run.glyphs)]), run.box))
        at += len(run.glyphs)
    return replace(claim, runs=tuple(runs))


def _rank(glyphs: list[Glyph], phrase: str) -> None:
    text = "".join(glyph.folded for glyph in glyphs)
    place = fuzz.partial_ratio_alignment(phrase, text, score_cutoff=_ALIKE)
    if place is None or place.dest_end - place.dest_start != len(phrase):
        return
    for index, wanted in enumerate(phrase, place.dest_start):
        glyphs[index] = _chosen(glyphs[index], wanted)


def _chosen(glyph: Glyph, wanted: str) -> Glyph:
    """Return a glyph as the phrase has it, if the recogniser thought that possible."""
    offered = glyph.offered(wanted)
    if glyph.folded == wanted or offered is None:
        return glyph
    return replace(glyph, text=offered.text, probability=offered.probability, others=())
