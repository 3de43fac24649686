"""Makes the font subsets of what is printed (e-certificate, receipts), their manifest and the list of printable characters.

These sources are unpacked by hand before (none is downloaded here):
- Noto Serif SC Regular and Bold: npm package `@expo-google-fonts/noto-serif-sc` 0.4.3 (SIL OFL 1.1)
- Noto Sans SC Bold: npm package `@expo-google-fonts/noto-sans-sc` 0.4.3 (SIL OFL 1.1)
- HanaMinA, HanaMinB: Debian package `fonts-hanazono` (Hanazono Font License or SIL OFL 1.1)

    python devtools/make_fonts.py --noto-serif DIR --noto-sans DIR --hanazono DIR

It needs fontTools only. The same sources give the same bytes. Fonts are renamed, as the OFL asks of modified versions;
every subset has its own PostScript name and 1000 units per em, both of which ReportLab relies upon.
"""

from __future__ import annotations

import argparse
import json
import lzma
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "jxcloud" / "base" / "printing" / "assets" / "fonts"
PRINTABLE = ROOT / "jxcloud" / "base" / "printable_ranges.txt"
UNITS_PER_EM = 1000
# Line 1 of the face is the only text in sans, and it comes from three fixed sentences.
SANS_TEXT = "建筑施工企业主要负责人项目机械类土建综合专职安全生产管理员"
RARE_GLYPHS_PER_FILE = 12_500
"""A rare name loads one such file, about 0.4 s and 10 MB instead of 2 s and 60 MB for all 60,000 glyphs."""


@dataclass(frozen=True)
class Job:
    name: str
    source: Path
    characters: frozenset[int]
    style: str
    compressed: bool = False


def gb2312() -> set[int]:
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # an unassigned cell of the table
    return found


def is_drawable(code: int) -> bool:
    """Excludes controls, private use, blanks other than the usual two, combining and variation marks."""
    category = unicodedata.category(chr(code))
    return code in (0x20, 0x3000) or category[0] not in "CZM"


def cmap(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return {code for code in font.getBestCmap() if is_drawable(code)}


def jobs(noto_serif: Path, noto_sans: Path, hanazono: Path) -> list[Job]:
    regular, bold = noto_serif / "NotoSerifSC_400Regular.ttf", noto_serif / "NotoSerifSC_700Bold.ttf"
    noto = cmap(regular)
    # What Noto has beyond the BMP is exactly the rarer part of the 通用规范汉字表, so it counts as common.
    common = {code for code in noto if code in gb2312() or code < 0x2E80 or 0xFF00 <= code < 0xFFF0 or code > 0xFFFF}
    rare_b = sorted(cmap(hanazono / "HanaMinB.ttf") - noto)
    rare_b = [code for code in rare_b if 0x20000 <= code < 0x2EBF0]
    compatibility = {c for c in cmap(hanazono / "HanaMinA.ttf") if 0xF900 <= c < 0xFB00 or 0x2F800 <= c < 0x2FA20}
    found = [
        Job("JxcloudSerif-Regular", regular, frozenset(common), "regular"),
        Job("JxcloudSerif-Bold", bold, frozenset(common), "bold"),
        Job("JxcloudSans-Bold", noto_sans / "NotoSansSC_700Bold.ttf", frozenset(map(ord, SANS_TEXT)), "sans"),
        Job("JxcloudSerifExtension-Regular", regular, frozenset(noto - common), "regular", compressed=True),
    ]
    for start in range(0, len(rare_b), RARE_GLYPHS_PER_FILE):
        part = frozenset(rare_b[start : start + RARE_GLYPHS_PER_FILE])
        name = f"JxcloudRare{start // RARE_GLYPHS_PER_FILE + 1}-Regular"
        found.append(Job(name, hanazono / "HanaMinB.ttf", part, "regular", compressed=True))
    rest = frozenset(compatibility - noto - set(rare_b))
    found.append(Job("JxcloudRareCompatibility-Regular", hanazono / "HanaMinA.ttf", rest, "regular", compressed=True))
    return found


def make(job: Job) -> str:
    """Writes the subset and answers its file name."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += [
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "vhea",
        "vmtx",
        "VORG",
        "DSIG",
        "gasp",
        "meta",
        "STAT",
        "FFTM",
    ]
    font = subset.load_font(job.source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=job.characters)
    subsetter.subset(font)
    if font["head"].unitsPerEm != UNITS_PER_EM:
        scale_upem(font, UNITS_PER_EM)
    rename(font, job.name)
    target = FONTS / f"{job.name}.ttf"
    font.save(target)
    if not job.compressed:
        return target.name
    packed = target.with_suffix(".ttf.xz")
    packed.write_bytes(lzma.compress(target.read_bytes(), preset=9))
    target.unlink()
    return packed.name


def rename(font: TTFont, postscript_name: str) -> None:
    family, weight = postscript_name.split("-")
    table = font["name"]
    table.names = [record for record in table.names if record.platformID == 3 and record.langID == 0x409]
    names = {1: family, 2: weight, 3: f"{postscript_name};subset", 4: f"{family} {weight}", 6: postscript_name}
    for name_id, value in names.items():
        table.setName(value, name_id, 3, 1, 0x409)


def as_ranges(codes: Iterable[int]) -> list[str]:
    """Answers sorted hexadecimal ranges: ["20-7E", "B7", …]."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return [f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in ranges]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--noto-serif", "--noto-sans", "--hanazono"):
        parser.add_argument(name, type=Path, required=True)
    arguments = parser.parse_args()
    FONTS.mkdir(parents=True, exist_ok=True)
    manifest = []
    printable: set[int] = set()
    for job in jobs(arguments.noto_serif, arguments.noto_sans, arguments.hanazono):
        manifest.append(
            {"name": job.name, "file": make(job), "style": job.style, "ranges": " ".join(as_ranges(job.characters))}
        )
        if job.style == "regular":
            printable |= job.characters
        print(job.name, len(job.characters))
    (FONTS / "fonts.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    PRINTABLE.write_text("\n".join(as_ranges(printable)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
