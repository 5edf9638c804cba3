"""The manifest of models, as data."""
