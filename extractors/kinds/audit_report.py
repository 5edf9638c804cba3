"""Audit reports (审计报告): which opinion the auditor gives, by the wording of the standards.

The sentences are those that the standards 1501 to 1503 (中国注册会计师审计准则) prescribe. What a
report says of an auditor's duties (非无保留意见) is no opinion, so that headings alone never count.
"""

import re
from collections.abc import Iterable
from typing import Final

from extractors.labels import clean
from extractors.tables.lines import lines_of
from schemas.documents import AuditOpinion
from schemas.text import Page

_SENTENCES: Final = (
    (AuditOpinion.DISCLAIMER, re.compile(r"不对[^。]{0,80}发表审计意见")),
    (AuditOpinion.ADVERSE, re.compile(r"(没有|未能?)在所有重大方面[^。]{0,120}(编制|公允反映)")),
    (AuditOpinion.QUALIFIED, re.compile(r"除[^。]{0,6}形成保留意见的基础[^。]{0,60}外")),
    (AuditOpinion.CLEAN, re.compile(r"在所有重大方面[^。]{0,80}编制[^。]{0,20}公允反映")),
)
"""The gravest first: a qualified opinion repeats the sentence of a clean one."""

_EMPHASIS: Final = re.compile(
    r"^([一二三四五六七八九十]+、|\(?\d\)?[.、]?)?(强调事项(段)?|与持续经营相关的重大不确定性)$"
)


def opinion(pages: Iterable[Page]) -> AuditOpinion | None:
    """Return the opinion that the pages of a report give, None where no sentence tells."""
    return opinion_of_text([line.text for page in pages for line in lines_of(page)])


def opinion_of_text(lines: Iterable[str]) -> AuditOpinion | None:
    """Return the opinion of the lines of a report.

    >>> opinion_of_text(["在所有重大方面按照企业会计准则的规定", "编制，公允反映了财务状况。"])
    <AuditOpinion.CLEAN: 'clean'>
    """
    plain = [clean(line) for line in lines]
    whole = "".join(plain)
    found = next((kind for kind, sentence in _SENTENCES if sentence.search(whole)), None)
    if found is AuditOpinion.CLEAN and any(_EMPHASIS.match(line) for line in plain):
        return AuditOpinion.EMPHASIS
    return found
