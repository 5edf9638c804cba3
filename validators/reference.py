"""The page of docs that lists the rules, made from the rulebook."""

from schemas.messages import catalogue, placeholders
from validators.rulebook import RULEBOOK

_HEAD = """# Rules

Made from the rulebook by `validators.reference`; do not edit.

`info` is good to know, `warn` goes to the underwriter, `return` goes back to the applicant,
`error` goes to a person at the bank. The severity is the usual one: what the reading is not sure
of goes to a person rather than back to the applicant.
"""


def rules_page() -> str:
    """Return docs/rules.md: every rule with its severity, its sentence and its messages."""
    return "\n".join([_HEAD, *(_section(code) for code in RULEBOOK)])


def _section(code: str) -> str:
    rule, entry = RULEBOOK[code], catalogue().findings[code]
    params = ", ".join(f"`{name}`" for name in sorted(placeholders(entry.zh + entry.remedy_zh)))
    return "\n".join(
        [
            f"## `{code}`",
            "",
            f"{rule.sentence}",
            "",
            "| | |",
            "|---|---|",
            f"| severity | {rule.severity.value} |",
            f"| who acts | {entry.who} |",
            f"| params | {params or 'none'} |",
            f"| zh | {entry.zh} {entry.remedy_zh} |",
            f"| en | {entry.en} {entry.remedy_en} |",
            "",
        ]
    )
