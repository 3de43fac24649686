"""This room reads tables that offices upload (csv and xlsx)."""

from .cells import Cell, as_text, day, number, text
from .column import REASON_TITLE, WHOLE_ROW, Column
from .errors import TableError
from .problem_file import neutralised, write_problem_file
from .row import Problem, Row
from .table import Table, read_table
from .yes_no import yes_no

__all__ = [
    "REASON_TITLE",
    "WHOLE_ROW",
    "Cell",
    "Column",
    "Problem",
    "Row",
    "Table",
    "TableError",
    "as_text",
    "day",
    "neutralised",
    "number",
    "read_table",
    "text",
    "write_problem_file",
    "yes_no",
]
