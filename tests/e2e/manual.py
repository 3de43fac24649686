"""Takes the pictures of the manual while a story runs; without JXCLOUD_MANUAL it only looks whether the step is still true.

A story says `manual.step(page, "1.3.5-03", link)` before it uses the link. The sentence of the step stands in
`portal/home/manual/texts/`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import FloatRect, Locator, Page, expect

from devtools.manual import MARK
from portal.home.manual.chapters import Step, steps
from tests.e2e import story
from workflow.models import Application

FOLDER = os.environ.get("JXCLOUD_MANUAL", "")
"""Folder for the pictures; `manage.py build_manual` sets it."""
LARGEST = 40_000
"""Bytes of a picture."""
DESK_WIDTH, DESK_HEIGHT, TALL = 1100, 620, 1200
PHONE_HEIGHT, PHONE_TALL = 620, 800
ABOVE = 0.7
"""The marked control stands so far down the picture: what is filled in before stands above it."""
TOP_SHOWN = 60
"""Where the control stands so near to the end of the picture of a page's top, this picture is taken."""
QUIET, FAR = 5, 44
"""A row of pixels with so few colours cuts no word; so far above the edge is looked for one."""
PATCH = 32
DRESS = (Path(__file__).parent / "dress.js").read_text(encoding="utf-8")
HALO = (255, 255, 255)


def step(page: Page, code: str, mark: Locator | None = None, *, hide: str = "") -> None:
    """Expects the control and every word of the sentence in “ ” on the page.

    `hide` selects what is blurred on the picture: faces of test pictures are never kept.
    """
    told = steps()[code]
    if mark is not None:
        expect(mark).to_be_visible()
    for words in told.quoted:
        expect(_named(page, words)).to_be_visible()
    if FOLDER:
        _keep(page, told, mark, hide)


def click(page: Page, code: str, control: Locator, *, hide: str = "") -> None:
    """Takes the step: the control is marked on the picture and opens a page, which is waited for."""
    step(page, code, control, hide=hide)
    story.follow(control)


def start(page: Page, number: str, business: str, codes: Sequence[str]) -> None:
    """Chooses the business at the certificate of this number, with the conditions met; `codes` are of both steps."""
    page.goto("/person/certificates/")
    page.get_by_role("link", name=f"业务办理 {number}").click()
    click(page, codes[0], page.locator("#services").get_by_role("link", name=business, exact=True))
    begin(page, codes[1])


def begin(page: Page, code: str) -> None:
    """Goes from the conditions, all of which are met, to the form."""
    expect(page.get_by_text("全部满足", exact=True)).to_be_visible()
    click(page, code, page.get_by_role("button", name="填写申请"))
    page.get_by_label("联系电话").fill("13800000000")


def submit(page: Page, codes: Sequence[str]) -> Application:
    """Submits what is filled in, and shows whose turn it is; `codes` are of both steps."""
    page.get_by_label(re.compile("本人承诺")).check()
    step(page, codes[0], page.get_by_role("button", name="提交申请"))
    application = story.submit(page)
    step(page, codes[1], page.locator("[aria-current=step]"))
    return application


def _named(page: Page, words: str) -> Locator:
    found = page.get_by_text(words).or_(page.get_by_label(words)).or_(page.get_by_role("button", name=words))
    return found.filter(visible=True).first


def _keep(page: Page, told: Step, mark: Locator | None, hide: str) -> None:
    before = page.viewport_size
    page.emulate_media(reduced_motion="reduce")
    width = min(before["width"], DESK_WIDTH) if before else DESK_WIDTH
    # On a phone a bar stands at the foot of the screen.
    page.set_viewport_size({"width": width, "height": TALL if width >= DESK_WIDTH else PHONE_TALL})
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_load_state("networkidle")
    page.evaluate(DRESS)
    place = None
    if mark is None:
        page.evaluate("window.scrollTo(0, 0)")
    else:
        mark.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
        place = mark.bounding_box()
    with Image.open(BytesIO(page.screenshot())) as shot:
        whole = shot.convert("RGB")
        for one in page.locator(hide).all() if hide else []:
            _blur(whole, one.bounding_box())
        picture = _cropped(whole, place)
    page.evaluate(DRESS)
    (Path(FOLDER) / f"{told.code}.webp").write_bytes(_small(picture))
    if before is not None:
        page.set_viewport_size(before)


def _cropped(shot: Image.Image, place: FloatRect | None) -> Image.Image:
    """Without a marked control it is the page from its top."""
    height = DESK_HEIGHT if shot.width >= DESK_WIDTH else PHONE_HEIGHT
    top = 0
    if place is not None:
        _outline(shot, place)
        height = max(height, min(TALL, int(place["height"]) + 120))
        middle = place["y"] + place["height"] / 2
        share = ABOVE if place["height"] < height / 2 else 0.5
        top = max(0, min(int(middle - height * share), shot.height - height))
        top = 0 if place["y"] + place["height"] <= height - TOP_SHOWN else _quiet(shot, top)
    return shot.crop((0, top, shot.width, min(shot.height, top + height)))


def _quiet(shot: Image.Image, top: int) -> int:
    """Answers the next row above that lies between two lines of text."""
    rows = range(top, max(0, top - FAR), -1)
    return next((y for y in rows if shot.crop((0, y, shot.width, y + 1)).getcolors(QUIET)), top)


def _blur(shot: Image.Image, place: FloatRect | None) -> None:
    """Leaves large patches of colour."""
    if place is None:
        return
    left, top = max(0, int(place["x"])), max(0, int(place["y"]))
    right = min(shot.width, int(place["x"] + place["width"]))
    bottom = min(shot.height, int(place["y"] + place["height"]))
    if right > left and bottom > top:
        part = shot.crop((left, top, right, bottom))
        patches = part.resize((max(1, part.width // PATCH), max(1, part.height // PATCH)), Image.Resampling.BOX)
        shot.paste(patches.resize(part.size, Image.Resampling.BICUBIC), (left, top))


def _outline(shot: Image.Image, place: FloatRect) -> None:
    pen = ImageDraw.Draw(shot)
    right, bottom = place["x"] + place["width"], place["y"] + place["height"]
    for room, colour, width in ((8, HALO, 7), (7, MARK, 4)):
        corners = (
            max(1, place["x"] - room),
            max(1, place["y"] - room),
            min(shot.width - 2, right + room),
            min(shot.height - 2, bottom + room),
        )
        pen.rounded_rectangle(corners, radius=8, outline=colour, width=width)


def _small(picture: Image.Image) -> bytes:
    for quality in (65, 50, 35, 20):
        buffer = BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= LARGEST:
            break
    return buffer.getvalue()
