# SPDX-License-Identifier: GPL-3.0-or-later
"""What scanners, cameras and compressors do to a page.

Every effect takes the generator and a uint8 image [height, width, 3] and returns another of the same kind; its
strength comes from the generator. `scan`, `camera` and `screen` put effects together as they come together in the
world, `degrade` chooses among them, and often leaves the image alone.
"""
import io

import numpy as np
from PIL import Image, ImageFilter

GREY = np.array((.299, .587, .114), np.float32)


def _bytes(values):
    return np.clip(values, 0, 255).astype(np.uint8)


def _pil(image):
    return Image.fromarray(image)


def _coarse(rng, height, width, cells):
    """A smooth random surface [height, width] between 0 and 1, made of about `cells` x `cells` patches."""
    small = (rng.random((cells + 2, cells + 2)) * 255).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.BICUBIC), np.float32) / 255


def grey(rng, image):
    """Takes the colour away."""
    return np.repeat(_bytes(image @ GREY + .5)[:, :, None], 3, axis=2)


def binary(rng, image):
    """One bit a pixel, by one threshold."""
    value = image @ GREY
    level = rng.uniform(105, 190)
    return np.repeat(np.where(value > level, 255, 0).astype(np.uint8)[:, :, None], 3, axis=2)


def halftone(rng, image):
    """One bit a pixel, dithered, as fax machines and cheap prints do."""
    return np.asarray(_pil(image).convert("1").convert("RGB"))


def noise(rng, image):
    """Sensor noise; grey or coloured."""
    height, width = image.shape[:2]
    strength = rng.uniform(1.5, 12)
    channels = 3 if rng.random() < .4 else 1
    # one block of noise laid at a random place, repeated: much cheaper than a number a pixel
    block = (rng.standard_normal((160, 160, channels), dtype=np.float32) * strength)
    grain = np.tile(block, (height // 160 + 1, width // 160 + 1, 1))[:height, :width]
    return _bytes(image + grain)


def blur(rng, image):
    """Out of focus."""
    return np.asarray(_pil(image).filter(ImageFilter.GaussianBlur(rng.uniform(.3, 1.3))))


def motion(rng, image):
    """Moved along one axis by a few pixels."""
    length = int(rng.integers(2, 5))
    axis = int(rng.integers(2))
    total = image.astype(np.uint16)
    for step in range(1, length):
        total += np.roll(image, step, axis)
    return (total // length).astype(np.uint8)


def lower(rng, image):
    """A low resolution blown up again."""
    height, width = image.shape[:2]
    share = rng.uniform(.45, .9)
    small = _pil(image).resize((max(16, int(width * share)), max(16, int(height * share))), Image.BILINEAR)
    return np.asarray(small.resize((width, height), (Image.BILINEAR, Image.BICUBIC, Image.NEAREST)[
        int(rng.choice(3, p=(.45, .45, .1)))]))


def skew(rng, image, most=3.0):
    """Turned by up to `most` degrees; corners filled with the colour of the border."""
    fill = tuple(int(value) for value in np.median(np.concatenate((image[0], image[-1])), axis=0))
    angle = rng.uniform(-most, most)
    return np.asarray(_pil(image).rotate(angle, Image.BILINEAR, fillcolor=fill))


def perspective(rng, image, most=.04):
    """Seen from aside: each corner moves by up to `most` of the side."""
    height, width = image.shape[:2]
    moved = rng.uniform(0, most, (4, 2)) * (width, height)
    quad = (moved[0][0], moved[0][1], moved[1][0], height - moved[1][1], width - moved[2][0], height - moved[2][1],
            width - moved[3][0], moved[3][1])
    return np.asarray(_pil(image).transform((width, height), Image.QUAD, quad, Image.BILINEAR))


def illumination(rng, image):
    """Uneven light: a ramp and soft patches of shadow."""
    height, width = image.shape[:2]
    light = 1 - rng.uniform(.05, .45) * _coarse(rng, height, width, int(rng.integers(1, 3)))
    return _bytes(image * light[:, :, None])


def shadow(rng, image):
    """The shadow of an edge: a hand, the book's fold, the lid."""
    height, width = image.shape[:2]
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    angle = rng.uniform(0, 2 * np.pi)
    line = np.cos(angle) * (across - rng.random()) + np.sin(angle) * (down - rng.random())
    edge = 1 / (1 + np.exp(np.clip(-line / rng.uniform(.01, .2), -30, 30)))
    return _bytes(image * (1 - rng.uniform(.1, .5) * edge)[:, :, None])


def jpeg(rng, image, low=18, high=92):
    """JPEG, there and back."""
    stream = io.BytesIO()
    _pil(image).save(stream, "JPEG", quality=int(rng.integers(low, high)))
    return np.array(Image.open(stream).convert("RGB"))


def tint(rng, image):
    """The colour of the paper or of the light."""
    colour = 1 - rng.uniform(0, .16, 3) * (.2, .5, 1) if rng.random() < .7 else 1 - rng.uniform(0, .12, 3)
    return _bytes(image * colour.astype(np.float32))


def contrast(rng, image):
    """Washed out or too hard."""
    table = np.arange(256, dtype=np.float32) / 255
    table = table ** rng.uniform(.6, 1.6)
    low, high = rng.uniform(-.1, .22), rng.uniform(.78, 1.1)
    return _bytes((low + table * (high - low)) * 255)[image]


def texture(rng, image):
    """The grain of paper."""
    height, width = image.shape[:2]
    cells = int(rng.integers(20, 90))
    grain = _coarse(rng, height, width, cells) - .5
    return _bytes(image + (grain * rng.uniform(6, 26))[:, :, None])


def speckles(rng, image):
    """Dust and pepper."""
    image = image.copy()
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(4, 60))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        side = int(rng.integers(1, 4))
        image[y:y + side, x:x + side] = int(rng.integers(0, 120)) if rng.random() < .7 else 255
    return image


def streaks(rng, image):
    """Lines of a dirty scanner or a worn printer."""
    image = image.copy()
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        x = int(rng.integers(width))
        value = int(rng.choice((0, 90, 190, 255)))
        image[:, x:x + int(rng.integers(1, 3))] = image[:, x:x + 1] // 2 + value // 2
    return image


def _some(rng, image, effects):
    for effect, chance in effects:
        if rng.random() < chance:
            image = effect(rng, image)
    return image


def scan(rng, image, geometry=True):
    """A flat-bed scan, a copy or a fax."""
    if geometry and rng.random() < .4:
        image = skew(rng, image, float(rng.choice((.7, 2.5), p=(.7, .3))))
    image = _some(rng, image, ((tint, .3), (texture, .2), (blur, .35), (contrast, .3), (noise, .35), (lower, .15)))
    kind = rng.random()
    if kind < .3:
        image = grey(rng, image)
    elif kind < .45:
        image = binary(rng, image)
    elif kind < .49:
        image = halftone(rng, image)
    return _some(rng, image, ((speckles, .2), (streaks, .05), (jpeg, .4)))


def camera(rng, image, geometry=True):
    """A photograph of the paper or of a screen."""
    if geometry:
        image = _some(rng, image, ((perspective, .5), (skew, .5)))
    return _some(rng, image, ((tint, .6), (illumination, .7), (shadow, .4), (contrast, .3), (blur, .4), (motion, .1),
                              (noise, .5), (grey, .1), (jpeg, .8)))


def screen(rng, image):
    """What comes by compressing and scaling alone."""
    return _some(rng, image, ((lower, .35), (jpeg, .7), (grey, .12)))


def degrade(rng, image, clean=.4, geometry=True):
    """One of the ways above, or none with the chance `clean`. `geometry` False keeps every pixel's place."""
    way = rng.random()
    if way < clean:
        return image
    way = (way - clean) / (1 - clean)
    if way < .4:
        return scan(rng, image, geometry)
    if way < .6:
        return camera(rng, image, geometry)
    return screen(rng, image)
