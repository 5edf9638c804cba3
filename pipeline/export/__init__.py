"""Records as files that other people's tools open: a workbook, flat rows, lines of JSON."""

from pipeline.export.files import FORMATS, Format, export

__all__ = ["FORMATS", "Format", "export"]
