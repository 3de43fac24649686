"""Works on the pixels of a picture in a child with limits; only `images` calls it.

Nothing here may import Django or open a file, because the child serves for one picture only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps

from .kinds import Picture, picture_of

_SRGB = ImageCms.createProfile("sRGB")

MASTER_SIZE = (295, 413)
"""The unit is pixels; the smallest accepted ID photo has one inch at 300 dpi."""
MASTER_MAX_HEIGHT = 1400
ASPECT = 25 / 35
ASPECT_TOLERANCE = 0.02
SMALL_SIZE = (110, 140)
SMALL_MAX_BYTES = 50_000
PORTRAIT_MIN_SIZE = (102, 126)
"""The unit is pixels; the portrait in the chip of an ID card has so many."""
PORTRAIT_MAX_SIDE = 1600

ORIENTATION = 0x0112
LYING = (5, 6, 7, 8)

_FOREIGN = bytes(range(7, 247, 3)) * 4

Box = tuple[int, int, int, int]
"""The unit is pixels of the upright picture, in the order left, top, right, bottom."""
Answer = tuple[dict[str, Any], list[bytes]]


class Unfit(Exception):
    """Carries sentences for people, each with its code."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


class Source:
    """Holds a picture whose header was read and whose pixels were not; `picture_headers` has accepted it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._kind = picture_of(data)
        try:
            self._opened = Image.open(BytesIO(data), formats=(self._kind,) if self._kind else ())
            # A PNG gives its orientation after its pixels, if at all; only JPEGs are decoded at a part of their size.
            self._lies = self._kind is not Picture.PNG and self._opened.getexif().get(ORIENTATION) in LYING
        except MemoryError:
            raise
        except Exception as error:  # a decoder fed with hostile bytes may raise anything; all of it means one thing
            raise Unfit(("image-unreadable", "无法识别这张图片，请上传 JPG 或 PNG 格式的图片。")) from error
        width, height = self._opened.size
        self.width, self.height = (height, width) if self._lies else (width, height)
        """The unit is pixels of the upright picture."""

    def decode(self, *, least: tuple[int, int] | None = None) -> Image.Image:
        """Answers an upright RGB picture without metadata.

        A JPEG that is twice as large as `least` both ways or more is decoded at a half, a quarter or an eighth.
        """
        try:
            image = self._upright(self._opened, least)
        except MemoryError:
            raise
        except Exception as error:  # as above: truncated or damaged data
            whole = self._decode_without_end(least)
            if whole is None:
                raise Unfit(("image-damaged", "图片已损坏或不完整，请重新保存后再上传。")) from error
            image = whole
        image.info = {}  # a JPEG comment would be written again
        return image

    def _upright(self, opened: Image.Image, least: tuple[int, int] | None) -> Image.Image:
        if least is not None:
            opened.draft(None, least[::-1] if self._lies else least)
        opened.load()
        return _to_rgb(ImageOps.exif_transpose(opened))

    def _decode_without_end(self, least: tuple[int, int] | None) -> Image.Image | None:
        """Decodes a JPEG that has all its pixels and lacks only the closing mark of two bytes, or one of the two.

        Where pixels are missing too, foreign bytes in their place change the picture; where none is, nothing reads them.
        """
        if self._kind is not Picture.JPEG:
            return None
        pixels = self._data.removesuffix(b"\xff")
        try:
            image, other = (
                self._upright(Image.open(BytesIO(pixels + more + b"\xff\xd9"), formats=("JPEG",)), least)
                for more in (b"", _FOREIGN)
            )
        except MemoryError:
            raise
        except Exception:  # as above
            return None
        return image if image.tobytes() == other.tobytes() else None


def work(arguments: dict[str, Any], pieces: list[bytes]) -> Answer:
    """Does one operation on one picture and answers pictures, or the problems that a person can solve."""
    options = dict(arguments)
    operation: Callable[..., Answer] = OPERATIONS[options.pop("operation")]
    try:
        return operation(Source(pieces[0]), **options)
    except Unfit as unfit:
        return {"problems": list(unfit.problems)}, []


def clean(source: Source, *, max_side: int | None, quality: int) -> Answer:
    image = source.decode(least=(max_side, max_side) if max_side is not None else None)
    if max_side is not None:
        image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return {}, [_encode(image, quality)]


def portrait(source: Source) -> Answer:
    width, height = PORTRAIT_MIN_SIZE
    if source.width < width or source.height < height:
        raise Unfit(
            (
                "image-too-small",
                f"照片太小，看不清人像：至少要 {width}×{height} 像素，这张只有 {source.width}×{source.height} 像素。"
                "请重新读取身份证，或者用摄像头直接拍一张，不要用截屏或聊天软件里压缩过的图片。",
            )
        )
    image = source.decode(least=(PORTRAIT_MAX_SIDE, PORTRAIT_MAX_SIDE))
    image.thumbnail((PORTRAIT_MAX_SIDE, PORTRAIT_MAX_SIDE), Image.Resampling.LANCZOS)
    return {}, [_encode(image, 92)]


def id_photo(source: Source) -> Answer:
    """Answers the master and its small form."""
    problems = tuple(_master_problems(source.width, source.height))
    if problems:
        raise Unfit(*problems)
    image = source.decode(least=(round(MASTER_MAX_HEIGHT * ASPECT), MASTER_MAX_HEIGHT))
    image = image.crop(_largest_box(image.size, ASPECT))
    if image.height > MASTER_MAX_HEIGHT:
        image = image.resize((round(MASTER_MAX_HEIGHT * ASPECT), MASTER_MAX_HEIGHT), Image.Resampling.LANCZOS)
    return {"width": image.width, "height": image.height}, [_encode(image, 95), _small_version(image)]


def crop(source: Source, *, box: list[int] | None) -> Answer:
    image = source.decode()
    if box is not None:
        left, top, right, bottom = box
        if not (0 <= left < right <= image.width and 0 <= top < bottom <= image.height):
            raise Unfit(("crop-outside", "裁剪框超出了照片范围，请重新选择。"))
        image = image.crop((left, top, right, bottom))
    image = image.crop(_largest_box(image.size, ASPECT))
    width, height = MASTER_SIZE
    if image.width < width or image.height < height:
        raise Unfit(
            (
                "image-too-small",
                f"裁剪后只有 {image.width}×{image.height} 像素，至少需要 {width}×{height} 像素："
                "请选择更大的范围，或换一张更清晰的照片。",
            )
        )
    return {}, [_encode(image, 95)]


def prepare() -> None:
    """Loads whatever decoders load at their first picture, because a child can open no file."""
    import pillow_heif  # noqa: PLC0415  child process

    # Threads would count against the limit of memory, and need not be quicker on a machine that serves others.
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    for mode, form in _FIRST_PICTURES:
        stream = BytesIO()
        profile = ImageCms.ImageCmsProfile(_SRGB).tobytes()
        Image.new(mode, (600, 826)).save(stream, form, exif=exif, icc_profile=profile, comment=b"c")
        for operation in ("portrait", "id_photo"):
            work({"operation": operation}, [stream.getvalue()])


_FIRST_PICTURES = (
    ("RGB", "JPEG"),
    ("CMYK", "JPEG"),
    ("P", "PNG"),
    ("RGBA", "PNG"),
    ("RGBA", "WEBP"),
    ("RGB", "AVIF"),
    ("RGB", "BMP"),
    ("P", "GIF"),
)
OPERATIONS: dict[str, Callable[..., Answer]] = {
    "clean": clean,
    "portrait": portrait,
    "id_photo": id_photo,
    "crop": crop,
}


def _master_problems(width: int, height: int) -> Iterable[tuple[str, str]]:
    least_width, least_height = MASTER_SIZE
    found = f"您的照片是 {width}×{height} 像素"
    if width < least_width or height < least_height:
        yield (
            "image-too-small",
            f"照片太小：至少需要 {least_width}×{least_height} 像素，{found}。请使用原始照片，不要使用缩略图或截图。",
        )
    if abs(width / height / ASPECT - 1) > ASPECT_TOLERANCE:
        shape = "太宽" if width / height > ASPECT else "太高"
        yield (
            "image-aspect",
            f"照片比例不对：宽高比应为 25∶35（例如 {least_width}×{least_height} 像素），{found}，{shape}，请先裁剪。",
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
    raise Unfit(("image-too-complex", f"照片无法压缩到 {max_bytes // 1000} KB 以内，请换一张背景干净的照片。"))


def _largest_box(size: tuple[int, int], aspect: float) -> Box:
    """Answers the largest box of that aspect (width : height) around the middle."""
    width, height = size
    box_width = min(width, round(height * aspect))
    box_height = min(height, round(width / aspect))
    left, top = (width - box_width) // 2, (height - box_height) // 2
    return left, top, left + box_width, top + box_height


def _encode(image: Image.Image, quality: int) -> bytes:
    """Writes baseline JPEG, so that the stream can be embedded in a PDF as it is; small pictures keep colours at full
    resolution.
    """
    stream = BytesIO()
    # `optimize` is not used: it needs the whole stream in one buffer, and a noisy picture outgrows the one that Pillow
    # provides.
    image.save(stream, "JPEG", quality=quality, progressive=False, subsampling=0 if quality > 90 else 2)
    return stream.getvalue()


def _to_rgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK"):
        return _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Converts the colours: phones write Display P3 and print shops CMYK, and without the profile a face would get
    other colours.
    """
    try:
        converted = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), _SRGB, outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the pixels are still good
        return image.convert("RGB")
    return converted if converted is not None else image.convert("RGB")
