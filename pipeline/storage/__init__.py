"""Originals and readings, in a folder or in an S3 bucket."""
