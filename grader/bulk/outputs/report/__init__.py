"""A report on a class as pages that need no server: an overview for who graded, and a page for each student alone."""

from grader.bulk.outputs.report.pages import MADE_FOR, write_report

__all__ = ["MADE_FOR", "write_report"]
