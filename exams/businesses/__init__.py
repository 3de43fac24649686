"""Importing this package registers the businesses of exams."""

from . import first_issue  # noqa: F401
