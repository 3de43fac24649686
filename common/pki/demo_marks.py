"""Marks things that the demonstration made for itself, so that production can refuse them."""

from PIL import Image

WORD = "演示"
SEAL_COMMENT = "jxcloud demonstration seal, without legal effect"
DEMO_REGISTRY_KEY = "demo-registry"
CENTRE_PIXELS = 64


def seal_centre(image: Image.Image) -> bytes:
    """Cuts out the centre of a seal without the ring of letters, so that the name on it does not matter."""
    picture = image.convert("RGBA").getchannel("A")
    width, height = picture.size
    box = (round(width * 0.32), round(height * 0.32), round(width * 0.68), round(height * 0.68))
    small = picture.crop(box).resize((CENTRE_PIXELS, CENTRE_PIXELS), Image.Resampling.BOX)
    return small.tobytes()


CENTRE_DIGEST = "8ed4ca8640d03e3a151da8512a75d261d18bfc611e80c2f001b129dd241270af"
