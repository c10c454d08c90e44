# SPDX-License-Identifier: GPL-3.0-or-later
"""A canvas with smooth edges on Pillow: drawn at twice the size, then reduced. Coordinates are final pixels."""
import colorsys
import math

import numpy as np
from PIL import Image, ImageDraw

from .. import fonts
from ..sample import join, place

BLACK = (0, 0, 0)
WHITE = (255, 255, 255)

PALETTES = (
    ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"),
    ("#4472c4", "#ed7d31", "#a5a5a5", "#ffc000", "#5b9bd5", "#70ad47", "#264478", "#9e480e"),
    ("#4f81bd", "#c0504d", "#9bbb59", "#8064a2", "#4bacc6", "#f79646"),
    ("#9400d3", "#009e73", "#56b4e9", "#e69f00", "#f0e442", "#0072b2", "#e51e10", "#000000"),
    ("#f8766d", "#00ba38", "#619cff", "#c77cff", "#00bfc4", "#b79f00"),
    ("#004586", "#ff420e", "#ffd320", "#579d1c", "#7e0021", "#83caff", "#314004", "#aecf00"),
    ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860"),
    ("#3366cc", "#dc3912", "#ff9900", "#109618", "#990099", "#0099c6"),
    ("#636efa", "#ef553b", "#00cc96", "#ab63fa", "#ffa15a", "#19d3f3"),
    ("#66c2a5", "#fc8d62", "#8da0cb", "#e78ac3", "#a6d854", "#ffd92f"),
    ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725", "#31688e"),
    ("#000000", "#777777", "#bbbbbb", "#444444", "#dddddd", "#999999"),
    ("#222222", "#888888", "#cccccc", "#555555", "#eeeeee"),
    ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#4292c6", "#9ecae1"),
    ("#0000ff", "#ff0000", "#008000", "#ff00ff", "#00aaaa", "#aa5500"),
)


def rgb(code):
    return tuple(int(code[at:at + 2], 16) for at in (1, 3, 5))


def palette(rng):
    """A list of at least five colours."""
    if rng.random() < .2:
        hue, step = rng.random(), rng.uniform(.07, .3)
        light, full = rng.uniform(.35, .65), rng.uniform(.3, 1)
        return [tuple(int(255 * part) for part in colorsys.hls_to_rgb((hue + step * at) % 1, light, full))
                for at in range(8)]
    if rng.random() < .1:
        base = np.array(colour(rng))
        return [tuple(int(value) for value in base + (255 - base) * share) for share in (0, .3, .6, .15, .45, .75)]
    colours = [rgb(code) for code in PALETTES[int(rng.integers(len(PALETTES)))]]
    if rng.random() < .4:
        first = int(rng.integers(len(colours)))
        colours = colours[first:] + colours[:first]
    return colours


def colour(rng, light=(.2, .6), full=(.2, 1)):
    return tuple(int(255 * part) for part in colorsys.hls_to_rgb(rng.random(), rng.uniform(*light), rng.uniform(*full)))


def mix(first, second, share):
    return tuple(int(a + (b - a) * share) for a, b in zip(first, second))


class Canvas:
    """Width and height in final pixels; `scale` 2 makes edges smooth, 1 leaves them hard."""

    def __init__(self, width, height, background=WHITE, scale=2):
        self.width, self.height, self.scale = int(width), int(height), scale
        self.image = Image.new("RGB", (self.width * scale, self.height * scale), background)
        self.draw = ImageDraw.Draw(self.image)
        self.runs = []      # (text, box) of what was written

    def _flat(self, points):
        scale = self.scale
        return [(x * scale, y * scale) for x, y in points]

    def _width(self, width):
        return max(1, int(width * self.scale + .5))

    def line(self, points, fill=BLACK, width=1, dash=None):
        if dash:
            for part in dashes(points, dash):
                self.draw.line(self._flat(part), fill, self._width(width))
        else:
            self.draw.line(self._flat(points), fill, self._width(width), joint="curve" if width > 2 else None)

    def rect(self, x0, y0, x1, y1, fill=None, outline=None, width=1, radius=0):
        s = self.scale
        box = (min(x0, x1) * s, min(y0, y1) * s, max(x0, x1) * s, max(y0, y1) * s)
        width = self._width(width) if outline is not None else 0
        if radius and box[2] - box[0] > 2 * radius * s and box[3] - box[1] > 2 * radius * s:
            self.draw.rounded_rectangle(box, radius * s, fill, outline, width)
        else:
            self.draw.rectangle(box, fill, outline, width)

    def oval(self, x0, y0, x1, y1, fill=None, outline=None, width=1):
        s = self.scale
        if x1 < x0 or y1 < y0:
            return
        self.draw.ellipse((x0 * s, y0 * s, x1 * s, y1 * s), fill, outline,
                          self._width(width) if outline is not None else 0)

    def disc(self, x, y, radius, fill=None, outline=None, width=1):
        self.oval(x - radius, y - radius, x + radius, y + radius, fill, outline, width)

    def slice(self, x, y, radius, start, end, fill, outline=None, width=1):
        s = self.scale
        self.draw.pieslice(((x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s), start, end, fill,
                           outline, self._width(width))

    def arc(self, x0, y0, x1, y1, start, end, fill=BLACK, width=1):
        s = self.scale
        self.draw.arc((x0 * s, y0 * s, x1 * s, y1 * s), start, end, fill, self._width(width))

    def polygon(self, points, fill=None, outline=None, width=1):
        self.draw.polygon(self._flat(points), fill)
        if outline is not None:
            self.line(list(points) + [points[0]], outline, width)

    def text(self, x, y, text, name, size, fill=BLACK, anchor="lt"):
        """`anchor` as Pillow's: l m r, then t (top of the line) m s (base line)."""
        wide, high = self.text_size(text, name, size)
        left = x - wide * {"l": 0, "m": .5, "r": 1}[anchor[0]]
        top = y - high * {"t": 0, "m": .5, "s": .8}[anchor[1]]
        self.runs.append((text, (left, top, left + wide, top + high)))
        anchor = anchor.replace("t", "a")
        self.draw.text((x * self.scale, y * self.scale), text, fill, fonts.font(name, size * self.scale), anchor=anchor)

    def text_size(self, text, name, size):
        face = fonts.font(name, size * self.scale)
        return face.getlength(text) / self.scale, sum(face.getmetrics()) / self.scale

    def turned(self, x, y, text, name, size, fill=BLACK, angle=90, anchor="mm"):
        """Text turned by `angle` degrees counter-clockwise about its anchor (mm, or rm: its right end)."""
        face = fonts.font(name, size * self.scale)
        width, height = int(face.getlength(text)) + 4, sum(face.getmetrics()) + 2
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).text((2, 0), text, 255, face)
        mask = mask.rotate(angle, Image.BILINEAR, expand=True)
        x, y = x * self.scale, y * self.scale
        if anchor == "rm":
            radians = math.radians(angle)
            x, y = x - math.cos(radians) * width / 2, y + math.sin(radians) * width / 2
        self.image.paste(fill, (int(x - mask.width / 2), int(y - mask.height / 2)), mask)
        x0, y0 = (x - mask.width / 2) / self.scale, (y - mask.height / 2) / self.scale
        self.runs.append((text, (x0, y0, x0 + mask.width / self.scale, y0 + mask.height / self.scale)))

    def arrow(self, start, end, fill=BLACK, width=1, head=6, filled=True, dash=None):
        self.line((start, end), fill, width, dash)
        self.tip(start, end, fill, width, head, filled)

    def tip(self, start, end, fill=BLACK, width=1, head=6, filled=True):
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        sides = [(end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn)) for turn in (.42, -.42)]
        if filled:
            self.polygon([end, sides[0], sides[1]], fill)
        else:
            self.line((sides[0], end, sides[1]), fill, width)

    def segments(self):
        """What was written, row by row, with its places (Sample.segments)."""
        runs = sorted(self.runs, key=lambda run: (round((run[1][1] + run[1][3]) / 8), run[1][0]))
        return [(text, *place(box, (self.width, self.height))) for text, box in join(runs)]

    def pixels(self):
        image = self.image if self.scale == 1 else self.image.reduce(self.scale)
        return np.array(image)


def dashes(points, pattern):
    """Cuts a polyline into the drawn pieces of the pattern (on, off, on, ...)."""
    pieces, at, left = [], 0, pattern[0]
    for (x0, y0), (x1, y1) in zip(points[:-1], points[1:]):
        length = math.hypot(x1 - x0, y1 - y0)
        done = 0.0
        while length - done > 1e-6:
            step = min(left, length - done)
            if at % 2 == 0:
                a, b = done / length, (done + step) / length
                pieces.append(((x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)))
            done += step
            left -= step
            if left <= 1e-6:
                at += 1
                left = pattern[at % len(pattern)]
    return pieces


def dimensions(rng, low=180, high=520, ratios=(.6, 2.1)):
    """A random width and height: the longer side between `low` and `high`, width over height within `ratios`."""
    longest = math.exp(rng.uniform(math.log(low), math.log(high)))
    ratio = math.exp(rng.uniform(math.log(ratios[0]), math.log(ratios[1])))
    return (int(longest), max(24, int(longest / ratio))) if ratio >= 1 else (max(24, int(longest * ratio)), int(longest))
