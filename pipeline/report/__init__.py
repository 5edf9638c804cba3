"""The underwriter's report: one self-contained page for each package, on screen and on paper."""

from pipeline.report.build import build_report
from pipeline.report.files import write_html
from pipeline.report.page import render
from pipeline.report.printing import print_pdf

__all__ = ["build_report", "print_pdf", "render", "write_html"]
