"""Leaves out the second index that Django makes on every indexed or unique text column.

Its operator class serves LIKE under collations other than C. The portal's database is made with C.UTF-8 (README.md), where
the first index serves LIKE 'x%' as well, and the second costs room and time at every write.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as DjangoWrapper
from django.db.backends.postgresql.schema import DatabaseSchemaEditor


class SchemaEditor(DatabaseSchemaEditor):
    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        """Is asked for the statement that makes such an index; there is none."""


class DatabaseWrapper(DjangoWrapper):
    SchemaEditorClass = SchemaEditor
