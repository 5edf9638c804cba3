"""Packages and records in SQLite or PostgreSQL."""
