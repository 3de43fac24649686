"""Reads the templates so that a long Chinese sentence may extend over several lines."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

CHINESE = "\u3000-\u303f\u3400-\u9fff\uff01-\uff60“”‘’…—·"
BROKEN_LINE = re.compile(rf"(?<=[{CHINESE}])[ \t]*\n\s*(?=[{CHINESE}])")


class Loader(filesystem.Loader):
    """Joins lines that end and go on with a Chinese character, because browsers would show the line break as a blank."""

    def get_contents(self, origin: Origin) -> str:
        return BROKEN_LINE.sub("", super().get_contents(origin))
