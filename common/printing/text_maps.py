"""Makes the map by which readers of a PDF turn glyph codes back into text."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCK = 100


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """The format asks for UTF-16BE, and for at most 100 entries a block."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{font_name}-UTF16 def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    # Code 0 is .notdef and never used in text; PDF/A forbids mapping it to U+0000.
    entries = [(index, code) for index, code in enumerate(subset) if code]
    for start in range(0, len(entries), _BLOCK):
        block = entries[start : start + _BLOCK]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{index:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for index, code in block]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)
