"""What the API answers. Keys are only ever added within /v1."""
