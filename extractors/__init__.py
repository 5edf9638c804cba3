"""Bytes to schemas: intake, readers, OCR, tables, kinds of documents. Nothing here judges."""

import os

# ONNX Runtime sends telemetry from the moment it is imported, unless told not to before.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # noqa: TID251  it has no other way
