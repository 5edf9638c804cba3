"""Draws the sample packages: papers of invented companies, the same ones on every run."""
