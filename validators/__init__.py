"""Schemas to findings: identifiers, rules, completeness and the decision. Nothing here reads."""
