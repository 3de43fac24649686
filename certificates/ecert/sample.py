"""Draws the upper part of a face with somebody's photo, to judge the photo by; it cannot be taken for a certificate."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw

from certificates.ecert import layout, preview
from certificates.ecert.face import Face
from common.dates import term_end
from common.printing.fonts import Style, image_font, outside_fonts, runs
from enterprises.enums import Post

_TOP, _BOTTOM = 740, 385
"""The unit is points from below. The part reaches from the title to the post: it has no issuer, seal and QR code."""
_MARK = "样张 不作证明"
_MARK_SIZE = 64
_MARK_COLOUR = (160, 30, 30, 70)


def sample_png(
    *, name: str, sex: str, birth_date: date, photo_jpeg: bytes, today: date, category: str = "C2", post: str = ""
) -> bytes:
    """Takes about 0.1 s. A name with characters that no font has is left out: the photo can be judged without it."""
    face = Face(
        category=category,
        number="（样张）",
        name="（用字待补充）" if outside_fonts(name) else name,
        sex=sex,
        birth_date=birth_date,
        enterprise_name="（证书所在单位名称）",
        post=post or Post.SAFETY_OFFICER.label,
        first_issued_on=today,
        valid_from=today,
        valid_to=term_end(today),
        issuer_name="（发证机关）",
        issued_on=today,
        photo_jpeg=photo_jpeg,
        qr_url="-",
        identifier="-",
        version_no=1,
    )
    image = preview.without_seal(face)
    scale = preview.SCALE
    part = image.crop(
        (
            0,
            round((layout.PAGE_HEIGHT - _TOP) * scale),
            image.width,
            round((layout.PAGE_HEIGHT - _BOTTOM) * scale),
        )
    )
    target = BytesIO()
    _marked(part).quantize(256, Image.Quantize.MEDIANCUT).save(target, "PNG")
    return target.getvalue()


def _marked(image: Image.Image) -> Image.Image:
    """The words cover everything but the middle of the photo, so that they cannot be cut away."""
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    [(font_name, _)] = runs(_MARK, Style.SANS)
    font = image_font(font_name, _MARK_SIZE)
    for row, y in enumerate(range(150, image.height, 260)):
        for x in range(60 + row % 2 * 180, image.width, 620):
            draw.text((x, y), _MARK, fill=_MARK_COLOUR, font=font, anchor="ls")
    turned = layer.rotate(12, resample=Image.Resampling.BICUBIC)
    return Image.alpha_composite(image.convert("RGBA"), turned).convert("RGB")
