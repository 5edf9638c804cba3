"""Prefect on top: when, where and how often; what happens is in pipeline."""
