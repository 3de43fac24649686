"""Pictures that people upload: decoded within limits, turned upright, stripped and written anew as plain JPEG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageOps

MAX_PIXELS = 40_000_000
MASTER_SIZE = (295, 413)
"""Smallest accepted ID photo, one inch at 300 dpi."""
MASTER_MAX_HEIGHT = 1400
ASPECT = 25 / 35
ASPECT_TOLERANCE = 0.02
SMALL_SIZE = (110, 140)
SMALL_MAX_BYTES = 50_000
PORTRAIT_MIN_SIZE = (102, 126)
"""What the chip of an ID card holds."""
PORTRAIT_MAX_SIDE = 1600

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of the upright picture"""


@dataclass(frozen=True)
class IdPhoto:
    master: bytes
    small: bytes
    """110×140 px, at most 50 KB."""
    width: int
    height: int
    """Pixels of the master."""


def clean_image(data: bytes, *, max_pixels: int = MAX_PIXELS, max_side: int | None = None, quality: int = 90) -> bytes:
    """A baseline RGB JPEG without metadata; transparency becomes white. Raises ValidationError."""
    image = _decode(data, max_pixels)
    if max_side is not None:
        image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _encode(image, quality)


def clean_portrait(data: bytes) -> bytes:
    """The face for comparison, from the kiosk or a clerk's camera: any shape, but not smaller than an ID card's."""
    image = _decode(data, MAX_PIXELS)
    width, height = PORTRAIT_MIN_SIZE
    if image.width < width or image.height < height:
        raise ValidationError(
            f"人像太小：至少需要 {width}×{height} 像素，收到的是 {image.width}×{image.height} 像素。",
            code="image-too-small",
        )
    image.thumbnail((PORTRAIT_MAX_SIDE, PORTRAIT_MAX_SIDE), Image.Resampling.LANCZOS)
    return _encode(image, 92)


def id_photo_master(data: bytes) -> IdPhoto:
    """Raises ValidationError naming everything that is wrong with size and shape."""
    image = _decode(data, MAX_PIXELS)
    problems = list(_master_problems(image.width, image.height))
    if problems:
        raise ValidationError(problems)
    image = image.crop(_largest_box(image.size, ASPECT))
    if image.height > MASTER_MAX_HEIGHT:
        image = image.resize((round(MASTER_MAX_HEIGHT * ASPECT), MASTER_MAX_HEIGHT), Image.Resampling.LANCZOS)
    return IdPhoto(_encode(image, 95), _small_version(image), image.width, image.height)


def crop_to_aspect(data: bytes, box: Box | None = None) -> bytes:
    """The picture cut to 25:35, around the middle of `box` or of the picture itself. Raises ValidationError."""
    image = _decode(data, MAX_PIXELS)
    if box is not None:
        left, top, right, bottom = box
        if not (0 <= left < right <= image.width and 0 <= top < bottom <= image.height):
            raise ValidationError("裁剪框超出了照片范围，请重新选择。", code="crop-outside")
        image = image.crop(box)
    image = image.crop(_largest_box(image.size, ASPECT))
    width, height = MASTER_SIZE
    if image.width < width or image.height < height:
        raise ValidationError(
            f"裁剪后只有 {image.width}×{image.height} 像素，至少需要 {width}×{height} 像素："
            "请选择更大的范围，或换一张更清晰的照片。",
            code="image-too-small",
        )
    return _encode(image, 95)


def _master_problems(width: int, height: int) -> Iterable[ValidationError]:
    least_width, least_height = MASTER_SIZE
    found = f"您的照片是 {width}×{height} 像素"
    if width < least_width or height < least_height:
        yield ValidationError(
            f"照片太小：至少需要 {least_width}×{least_height} 像素，{found}。请使用原始照片，不要使用缩略图或截图。",
            code="image-too-small",
        )
    if abs(width / height / ASPECT - 1) > ASPECT_TOLERANCE:
        shape = "太宽" if width / height > ASPECT else "太高"
        yield ValidationError(
            f"照片比例不对：宽高比应为 25∶35（例如 {least_width}×{least_height} 像素），{found}，{shape}，请先裁剪。",
            code="image-aspect",
        )


def _small_version(master: Image.Image) -> bytes:
    width, height = SMALL_SIZE
    # The small form is a little wider. What is too high is cut below, at the shoulders: the head must stay whole.
    upper = master.crop((0, 0, master.width, round(master.width * height / width)))
    return _encode_within(upper.resize(SMALL_SIZE, Image.Resampling.LANCZOS), SMALL_MAX_BYTES)


def _encode_within(image: Image.Image, max_bytes: int) -> bytes:
    for quality in (95, 90, 85, 80, 70, 60, 50, 40, 30):
        encoded = _encode(image, quality)
        if len(encoded) <= max_bytes:
            return encoded
    raise ValidationError(
        f"照片无法压缩到 {max_bytes // 1000} KB 以内，请换一张背景干净的照片。", code="image-too-complex"
    )


def _largest_box(size: tuple[int, int], aspect: float) -> Box:
    """The largest box of that aspect (width : height) around the middle."""
    width, height = size
    box_width = min(width, round(height * aspect))
    box_height = min(height, round(width / aspect))
    left, top = (width - box_width) // 2, (height - box_height) // 2
    return left, top, left + box_width, top + box_height


def _encode(image: Image.Image, quality: int) -> bytes:
    """Baseline, so that the stream can be embedded in a PDF as it is; colours at full resolution where it is small."""
    stream = BytesIO()
    # Not `optimize`: it needs the whole stream in one buffer, and a noisy picture outgrows the one Pillow sets aside.
    image.save(stream, "JPEG", quality=quality, progressive=False, subsampling=0 if quality > 90 else 2)
    return stream.getvalue()


def _decode(data: bytes, max_pixels: int) -> Image.Image:
    """An upright RGB picture that carries nothing but its pixels."""
    try:
        opened = Image.open(BytesIO(data), formats=("JPEG", "PNG"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(f"图片太大：最多 {max_pixels // 10_000} 万像素。", code="image-too-large") from error
    except Exception as error:  # a decoder fed with hostile bytes may raise anything; all of it means one thing
        raise ValidationError("无法识别这张图片，请上传 JPG 或 PNG 格式的图片。", code="image-unreadable") from error
    # Before decoding: the header alone is cheap, the pixels are not.
    if opened.width * opened.height > max_pixels:
        raise ValidationError(
            f"图片太大：最多 {max_pixels // 10_000} 万像素，收到的是 {opened.width}×{opened.height}"
            f"（约 {opened.width * opened.height // 10_000} 万像素）。请缩小后再上传。",
            code="image-too-large",
        )
    try:
        opened.load()
        image = _to_rgb(ImageOps.exif_transpose(opened))
    except Exception as error:  # as above: truncated or damaged data
        raise ValidationError("图片已损坏或不完整，请重新保存后再上传。", code="image-damaged") from error
    image.info = {}  # a JPEG comment would be written again
    return image


def _to_rgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits a pixel: converting would clip instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK"):
        return _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Phones write Display P3 and print shops CMYK: dropping the profile alone would shift the colours of a face."""
    try:
        converted = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the pixels are still good
        return image.convert("RGB")
    return converted if converted is not None else image.convert("RGB")
