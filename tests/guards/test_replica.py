"""The views that may read from the replica are those that docs/adr/0022 names, and none says whether a certificate is valid."""

from __future__ import annotations

import re

from .test_source import ROOT, sources

MAY_READ = {
    "portal/notices/views.py": {"notices", "notice"},
    "portal/notices/feed.py": {"feed"},
    "portal/statistics/views.py": {"open_statistics", "open_file"},
    "workflow/views/dashboard.py": {"dashboard"},
}
BY_NAME = {"portal/audit/views.py"}


def test_only_these_views_read_from_the_replica() -> None:
    found, by_name = {}, set()
    for path in sources():
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        if views := set(re.findall(r"@may_read_replica\ndef (\w+)", text)):
            found[name] = views
        if name not in ("common/web/replica.py", "common/database/replica.py"):
            assert text.count("@may_read_replica") == len(views), f"{name}: it is not the innermost decorator"
            by_name |= {name} if "alias_for" in text else set()
            assert "reading_from_replica" not in text, name
    assert found == MAY_READ
    assert by_name == BY_NAME
    assert not any(name.startswith("certificates/") for name in [*found, *by_name])
