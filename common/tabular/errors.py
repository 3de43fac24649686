"""Defines the exception of files that cannot be read as a table, and the sentence about files of another kind."""


class TableError(Exception):
    """The file as a whole cannot be read. The message is one sentence for the person who uploaded it."""


def not_a_table(kind: str) -> str:
    """Answers what to do instead of uploading a file of this kind."""
    blank = " " if kind[0].isascii() else ""
    return (
        f"您选的是{blank}{kind}，不是表格，这里读不出来。请选 Excel 表格（文件名以 .xlsx 结尾）或 csv 文件；"
        "手上没有的，请向给您文件的人要原来的 Excel 表格。"
    )
