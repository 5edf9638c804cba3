"""Bytes to schemas: intake, readers, OCR, tables, kinds of documents. Nothing here judges."""
