import contextlib
import math
import resource
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms

from common.files import images
from common.files.images import MAX_PIXELS, clean_image, clean_portrait, crop_to_aspect, id_photo_master
from common.files.picture_headers import check_header
from tests.attack import bombs
from tests.pace import pace


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def picture(size: tuple[int, int] = (590, 826), mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue, so that turning and swapping show."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (size[0] // 2, 0, *size))
    return image.convert(mode)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def codes(error: ValidationError) -> list[str | None]:
    return [problem.code for problem in error.error_list]


def assert_plain_jpeg(data: bytes) -> None:
    image = opened(data)
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert not image.info.get("progressive")
    assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(image.info)
    assert b"\xff\xc0" in data
    assert b"\xff\xc2" not in data


def is_near(pixel: Any, expected: tuple[int, int, int], distance: int = 16) -> bool:
    return all(abs(a - b) <= distance for a, b in zip(pixel, expected, strict=True))


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "1"])
def test_jpeg_and_bilevel_modes_become_plain_jpeg(mode: str) -> None:
    source = picture(mode=mode)
    assert_plain_jpeg(clean_image(encoded(source, "PNG" if mode == "1" else "JPEG")))


def test_cmyk_keeps_its_colours() -> None:
    cleaned = opened(clean_image(encoded(picture(mode="CMYK"), quality=95)))
    assert is_near(cleaned.getpixel((10, 10)), (200, 30, 30))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(mode: str) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (20, 0, 40, 40))
    data = encoded(image.quantize(8) if mode == "P" else image.convert(mode), "PNG")
    cleaned = opened(clean_image(data))
    assert_plain_jpeg(clean_image(data))
    assert is_near(cleaned.getpixel((5, 20)), (255, 255, 255))
    assert is_near(cleaned.getpixel((35, 20)), (0, 0, 0))


def test_sixteen_bits_are_refused_with_what_to_do() -> None:
    grey = Image.fromarray(np.full((30, 30), 128 * 256, np.uint16))
    with pytest.raises(ValidationError, match="另存为普通的 JPG") as caught:
        clean_image(encoded(grey, "PNG"))
    assert codes(caught.value) == ["image-depth"]


def test_orientation_is_applied_and_metadata_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn 90° clockwise to see it upright
    exif[0x010F] = "camera"
    exif[0x8825] = {1: "N", 2: (28.0, 40.0, 0.0)}
    data = encoded(picture((400, 200)), exif=exif, comment=b"where it was taken", progressive=True)
    cleaned = clean_image(data)
    assert_plain_jpeg(cleaned)
    assert b"camera" not in cleaned
    assert b"taken" not in cleaned
    image = opened(cleaned)
    assert image.size == (200, 400)
    assert is_near(image.getpixel((100, 20)), (200, 30, 30), 30)
    assert is_near(image.getpixel((100, 380)), (30, 30, 200), 30)


def test_colour_profile_is_applied_and_a_broken_one_ignored() -> None:
    good = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (good, b"not a profile" * 20):
        cleaned = clean_image(encoded(picture(), icc_profile=profile))
        assert_plain_jpeg(cleaned)
        assert is_near(opened(cleaned).getpixel((10, 10)), (200, 30, 30))


def test_long_side_is_limited_on_request() -> None:
    assert opened(clean_image(encoded(picture((400, 200))), max_side=100)).size == (100, 50)


@pytest.mark.parametrize("size", [(10_000, 5_000), (20_000, 20_000), (60_000, 60_000)])
def test_too_many_pixels_are_refused_before_decoding(size: tuple[int, int]) -> None:
    with pytest.raises(ValidationError, match="最多 1260 万像素") as caught:
        clean_image(png_header(*size))
    assert codes(caught.value) == ["image-too-large"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image-unreadable"),
        (b"hello", "image-unreadable"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "image-unreadable"),
        (encoded(picture(), "TIFF"), "image-unreadable"),
        (encoded(picture())[:2000], "image-damaged"),
        (png_header(100, 100), "image-damaged"),
    ],
    ids=["empty", "text", "jpeg-head", "tiff", "truncated", "short-png"],
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_image(data)
    assert codes(caught.value) == [code]


@pytest.mark.parametrize("size", [(295, 413), (413, 579), (590, 826), (2000, 2800)])
def test_id_photo_gives_a_master_and_a_small_form(size: tuple[int, int]) -> None:
    photo = id_photo_master(encoded(picture(size)))
    assert_plain_jpeg(photo.master)
    assert_plain_jpeg(photo.small)
    assert opened(photo.master).size == (photo.width, photo.height)
    assert photo.width >= 295
    assert 413 <= photo.height <= 1400
    assert abs(photo.width / photo.height - 25 / 35) < 0.002
    assert opened(photo.small).size == (110, 140)
    assert len(photo.small) <= 50_000


def test_small_form_keeps_the_head() -> None:
    image = Image.new("RGB", (590, 826), "white")
    image.paste("black", (0, 0, 590, 60))
    small = opened(id_photo_master(encoded(image)).small)
    assert is_near(small.getpixel((55, 2)), (0, 0, 0), 40)


def test_busy_photo_still_fits_the_small_form() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (826, 590, 3), np.uint8))
    assert len(id_photo_master(encoded(noise, "PNG")).small) <= 50_000


def test_small_square_photo_is_told_both_reasons() -> None:
    with pytest.raises(ValidationError) as caught:
        id_photo_master(encoded(picture((200, 200))))
    assert codes(caught.value) == ["image-too-small", "image-aspect"]
    text = "".join(caught.value.messages)
    assert "295×413" in text
    assert "200×200" in text


def test_shape_alone_is_told_alone() -> None:
    with pytest.raises(ValidationError, match="太宽") as caught:
        id_photo_master(encoded(picture((1000, 1000))))
    assert codes(caught.value) == ["image-aspect"]
    with pytest.raises(ValidationError, match="太高"):
        id_photo_master(encoded(picture((600, 1000))))


def test_crop_makes_an_id_photo_of_any_large_picture() -> None:
    for size in ((1000, 1000), (600, 1000), (1600, 900)):
        cropped = crop_to_aspect(encoded(picture(size)))
        assert id_photo_master(cropped).width >= 295
    chosen = crop_to_aspect(encoded(picture((1000, 1000))), (500, 0, 1000, 700))
    assert is_near(opened(chosen).getpixel((5, 5)), (30, 30, 200), 30)
    assert opened(chosen).size == (500, 700)


@pytest.mark.parametrize("box", [(-1, 0, 500, 700), (0, 0, 1001, 700), (500, 0, 500, 700), (0, 700, 500, 0)])
def test_crop_outside_the_picture_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValidationError) as caught:
        crop_to_aspect(encoded(picture((1000, 1000))), box)
    assert codes(caught.value) == ["crop-outside"]


@pytest.mark.parametrize("box", [None, (0, 0, 100, 140)])
def test_crop_that_leaves_too_little_is_refused(box: tuple[int, int, int, int] | None) -> None:
    with pytest.raises(ValidationError, match="295×413") as caught:
        crop_to_aspect(encoded(picture((400, 300))), box)
    assert codes(caught.value) == ["image-too-small"]


def test_portrait_may_have_any_shape_but_not_any_size() -> None:
    assert_plain_jpeg(clean_portrait(encoded(picture((102, 126)))))
    assert opened(clean_portrait(encoded(picture((3200, 2400))))).size == (1600, 1200)
    with pytest.raises(ValidationError, match="102×126"):
        clean_portrait(encoded(picture((90, 126))))


def test_what_a_telephone_calls_twelve_million_pixels_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a third of its limit on a calm machine, so that on a slow one the limit grows with the pace."""
    limits = replace(images.PICTURES.limits, cpu_seconds=math.ceil(images.PICTURES.limits.cpu_seconds * pace()))
    monkeypatch.setattr(images, "PICTURES", replace(images.PICTURES, limits=limits))
    for size in ((4032, 3024), (3072, 4096)):
        assert opened(clean_image(encoded(picture(size)), max_side=2000)).width in (2000, 1500)


@pytest.mark.parametrize("name", bombs.PICTURES)
def test_a_bomb_costs_this_process_nothing(name: str) -> None:
    """Most are refused by their headers; the rest is left to a child, or does no harm (EXIF in many pieces)."""
    bomb = bombs.picture_bombs()[name]
    before = resource.getrusage(resource.RUSAGE_SELF)
    with contextlib.suppress(ValidationError):
        cleaned = clean_image(bomb)
        assert name == "jpeg exif"
        assert opened(cleaned).size == (600, 840)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 0.5
    assert after.ru_maxrss - before.ru_maxrss < 40_000


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("png 16 bits", "image-depth"),
        ("png many chunks", "image-overlong"),
        ("png many data chunks", "image-overlong"),
        ("png many texts", "image-overlong"),
        ("png exif", "image-overlong"),
        ("png many frames", "image-animated"),
        ("png claimed size", "image-too-large"),
        ("jpeg many scans", "image-overlong"),
        ("jpeg many segments", "image-overlong"),
    ],
)
def test_the_header_alone_tells(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_header(bombs.picture_bombs()[name], MAX_PIXELS)
    assert codes(caught.value) == [code]


def test_scans_hidden_behind_a_false_end_are_counted() -> None:
    """A comment that spells the end of the picture ends nothing."""
    bomb = bombs.picture_bombs()["jpeg many scans"]
    second = bomb.index(b"\xff\xda", bomb.index(b"\xff\xda") + 2)
    hidden = bomb[:second] + bombs.jpeg_segment(0xFE, b"\xff\xd9") + bomb[second:]
    with pytest.raises(ValidationError) as caught:
        check_header(hidden, MAX_PIXELS)
    assert codes(caught.value) == ["image-overlong"]


def test_a_progressive_photo_and_one_with_a_second_picture_behind_it_are_taken() -> None:
    progressive = encoded(picture((800, 600)), progressive=True)
    assert opened(clean_image(progressive)).size == (800, 600)
    assert opened(clean_image(progressive + encoded(picture((400, 300))))).size == (800, 600)
