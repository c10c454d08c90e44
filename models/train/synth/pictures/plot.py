# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of a chart in the manner of some tool: fonts, spines, ticks, grid, title, axis names, legend."""
import math
from dataclasses import dataclass, field

from .. import fonts
from . import canvas, words
from .canvas import BLACK, WHITE, Canvas, mix


@dataclass
class Style:
    """How a tool draws."""
    face: str = "dejavu"
    paper: tuple = WHITE
    inside: tuple = WHITE
    ink: tuple = BLACK
    colours: list = field(default_factory=list)
    spines: str = "box"        # box, corner (left and bottom), bottom, none
    ticks: str = "out"         # out, in, mirrored, none
    grid: str = "none"         # none, y, both
    grid_colour: tuple = (200, 200, 200)
    grid_dash: tuple | None = None
    line: float = 1.0
    title_at: str = "centre"   # centre, left
    title_bold: bool = False
    legend: str = "inside"     # inside, right, bottom, top
    legend_box: bool = True
    gap: float = .25           # between bars
    outline: tuple | None = None
    hatch: bool = False
    size: float = 9            # font size in pixels
    right_axis: bool = False


def style(rng):
    """A style like that of a common tool, with chances thrown in."""
    tool = ("matplotlib", "excel", "gnuplot", "ggplot", "seaborn", "office", "print", "hand", "web", "any")[
        int(rng.choice(10, p=(.2, .15, .09, .09, .08, .1, .09, .04, .1, .06)))]
    colours = canvas.palette(rng)
    known = [canvas.rgb(code) for code in canvas.PALETTES[
        {"matplotlib": 0, "excel": 1, "gnuplot": 3, "ggplot": 4, "seaborn": 6, "office": 5, "web": 8}.get(tool, 0)]]
    if tool in ("matplotlib", "excel", "gnuplot", "ggplot", "seaborn", "office") and rng.random() < .65:
        colours = known
    made = Style(face=fonts.pick(rng, "sans"), colours=colours, line=float(rng.uniform(.7, 2.2)),
                 gap=float(rng.choice((.08, .2, .2, .3, .45, .6))))
    if tool == "matplotlib":
        made.face = "dejavu" if rng.random() < .8 else fonts.pick(rng, "serif", "sans")
        made.grid = str(rng.choice(("none", "none", "y", "both")))
        made.legend_box = True
        made.grid_colour = (176, 176, 176) if rng.random() < .6 else (220, 220, 220)
    elif tool == "excel":
        made.face = "carlito" if rng.random() < .8 else "sans"
        made.ink = (89, 89, 89) if rng.random() < .7 else BLACK
        made.spines, made.ticks, made.grid = str(rng.choice(("bottom", "none", "corner"))), "none", "y"
        made.grid_colour, made.legend, made.legend_box = (217, 217, 217), str(rng.choice(("bottom", "right", "top"))), False
        made.gap = float(rng.uniform(.35, .65))
        made.line = float(rng.uniform(1.4, 2.6))
    elif tool == "gnuplot":
        made.face = str(rng.choice(("sans", "serif", "dejavu")))
        made.ticks, made.legend_box = "mirrored", rng.random() < .2
        made.grid = str(rng.choice(("none", "none", "both")))
        made.grid_dash = (1, 2)
    elif tool == "ggplot":
        made.face = "sans"
        made.inside, made.spines, made.grid = (235, 235, 235), "none", "both"
        made.grid_colour, made.legend, made.legend_box = WHITE, "right", False
        made.title_at = "left"
        if rng.random() < .3:
            made.inside, made.grid_colour, made.spines = WHITE, (235, 235, 235), "box"
    elif tool == "seaborn":
        made.face = str(rng.choice(("dejavu", "sans")))
        if rng.random() < .6:
            made.inside, made.spines, made.ticks, made.grid, made.grid_colour = (234, 234, 242), "none", "none", "both", WHITE
        else:
            made.spines = "corner"
    elif tool == "office":
        made.face = str(rng.choice(("sans", "dejavu", "carlito")))
        made.spines, made.grid, made.grid_colour = "corner", "y", (179, 179, 179)
        made.legend, made.legend_box = "right", False
    elif tool == "print":
        made.face = fonts.pick(rng, "serif")
        shades = [0, 120, 200, 60, 160, 235]
        made.colours = [(shade,) * 3 for shade in shades]
        made.outline, made.hatch = BLACK, rng.random() < .6
        made.spines = str(rng.choice(("box", "corner")))
        made.ticks = str(rng.choice(("in", "out", "mirrored")))
    elif tool == "hand":
        made.face = str(rng.choice(("humor", "comic", "dkg")))
        made.spines = "corner"
        made.legend_box = False
        made.line = 2.0
    elif tool == "web":
        made.face = str(rng.choice(("lato", "roboto", "carlito", "sans")))
        made.ink = canvas.rgb(str(rng.choice(("#444444", "#2a3f5f", "#666666", "#333333"))))
        made.spines, made.ticks, made.grid = str(rng.choice(("bottom", "none"))), "none", str(rng.choice(("y", "y", "both", "none")))
        made.grid_colour, made.legend_box = (225, 228, 235), False
        made.legend = str(rng.choice(("top", "right", "bottom")))
        made.title_at = str(rng.choice(("left", "centre")))
        if rng.random() < .25:
            made.inside = (229, 236, 246)
            made.grid_colour = WHITE
        if rng.random() < .2:
            made.paper = made.inside = canvas.rgb(str(rng.choice(("#1e1e2e", "#111111", "#20273a", "#f7f7f2", "#fff8e7"))))
            if sum(made.paper) < 300:
                made.ink, made.grid_colour = (220, 220, 225), (70, 74, 90)
    else:
        made.paper = mix(WHITE, canvas.colour(rng), .12)
        made.inside = made.paper if rng.random() < .5 else WHITE
        made.spines = str(rng.choice(("box", "corner", "bottom", "none")))
        made.ticks = str(rng.choice(("out", "in", "none")))
        made.grid = str(rng.choice(("none", "y", "both")))
        made.grid_dash = (3, 3) if rng.random() < .4 else None
        made.legend = str(rng.choice(("inside", "right", "bottom", "top")))
    made.title_bold = rng.random() < .35
    if made.outline is None and rng.random() < .2:
        made.outline = BLACK if rng.random() < .7 else WHITE
    return made


def steps(low, high, most):
    """Round numbers that cover low..high with at most `most` steps: a list of values and their decimals."""
    span = max(high - low, 1e-9)
    raw = span / max(most, 1)
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * .999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if abs(step / power - 2.5) < .01 else 0))
    return [at * step for at in range(first, last + 1)], decimals


def number(value, decimals, manner="plain"):
    """A tick's or a bar's label."""
    text = f"{value:,.{decimals}f}" if manner in ("comma", "dot") else f"{value:.{decimals}f}"
    if manner == "dot":
        text = text.replace(",", "_").replace(".", ",").replace("_", ".")
    elif manner == "percent":
        text += "%"
    elif manner == "euro":
        text += " €"
    elif manner == "dollar":
        text = "$" + text
    elif manner == "kilo" and abs(value) >= 1000:
        text = f"{value / 1000:g}k"
    return text.replace("-0", "0") if text in ("-0", "-0%") else text


class Frame:
    """The plot's rectangle and the maps from values to pixels; draws all that stands around the data.

    The category axis runs along x (or along y where `sideways`), the value axis along the other one.
    """

    def __init__(self, rng, made, width, height, title="", x_name="", y_name="", series=(), markers=None):
        self.rng, self.style = rng, made
        self.canvas = Canvas(width, height, made.paper)
        made.size = float(max(7, min(height / rng.uniform(17, 30), width / rng.uniform(24, 34))))
        self.title, self.x_name, self.y_name = title, x_name, y_name
        self.series, self.markers = list(series), markers or {}
        self.words = [text for text in (title, x_name, y_name, *series) if text]
        self.manner = words.pick(rng, ("plain",) * 6 + ("comma", "comma", "dot", "kilo"))
        self.box = [0, 0, 0, 0]
        self.outer = (width, height)

    def text(self, *where, **how):
        self.canvas.text(*where, self.style.face, how.pop("size", self.style.size), how.pop("fill", self.style.ink), **how)

    def measure(self, text, size=None):
        return self.canvas.text_size(text, self.style.face, size or self.style.size)[0]

    def lay_out(self, left_labels, bottom_labels, turn_bottom=False):
        """Reserves the margins for labels, names, title and legend, and fills the inside."""
        rng, made, (width, height) = self.rng, self.style, self.outer
        size, pad = made.size, made.size * rng.uniform(.3, 1.1)
        left = pad + (max((self.measure(text) for text in left_labels), default=0) + size * .6 if left_labels else 0)
        bottom = pad + (size * 1.5 if bottom_labels else 0)
        if turn_bottom and bottom_labels:
            bottom += max(self.measure(text) for text in bottom_labels) * (.75 if turn_bottom == 45 else 1) - size * .4
        right = pad + size * rng.uniform(.3, 1.5)
        top = pad + size * .3
        if self.y_name:
            left += size * 1.5
        if self.x_name:
            bottom += size * 1.5
        if self.title:
            self.title_size = size * rng.uniform(1.1, 1.5)
            top += self.title_size * 1.5
        self.legend_rect = None
        if self.series:
            longest = max(self.measure(text) for text in self.series)
            if made.legend == "right":
                right += longest + size * 2.6
            elif made.legend == "bottom":
                bottom += size * 1.7
            elif made.legend == "top":
                top += size * 1.7
        self.bottom_margin = bottom
        self.box = [left, top, max(left + 30, width - right), max(top + 30, height - bottom)]
        x0, y0, x1, y1 = self.box
        if made.inside != made.paper:
            self.canvas.rect(x0, y0, x1, y1, made.inside)

    def value_axis(self, ticks, decimals, to_pixel, sideways=False, labels=True, names=None):
        """Grid, ticks and numbers of the value axis (at the left, or at the bottom where `sideways`)."""
        made, draw = self.style, self.canvas
        x0, y0, x1, y1 = self.box
        thin = max(.5, made.size / 16)
        for at, value in enumerate(ticks):
            place = to_pixel(value)
            if made.grid != "none":
                ends = ((place, y0), (place, y1)) if sideways else ((x0, place), (x1, place))
                draw.line(ends, made.grid_colour, thin, made.grid_dash)
            self._tick(place, sideways, thin)
            if labels:
                text = names[at] if names else number(value, decimals, self.manner)
                if sideways:
                    self.text(place, y1 + made.size * .45, text, anchor="mt")
                else:
                    self.text(x0 - made.size * .45, place, text, anchor="rm")

    def _tick(self, place, bottom, thin):
        made, draw = self.style, self.canvas
        x0, y0, x1, y1 = self.box
        length = made.size * .35
        if made.ticks == "none":
            return
        inward = made.ticks in ("in", "mirrored")
        sign = -1 if inward else 1
        if bottom:
            draw.line(((place, y1), (place, y1 + sign * length)), made.ink, thin)
            if made.ticks == "mirrored":
                draw.line(((place, y0), (place, y0 + length)), made.ink, thin)
        else:
            draw.line(((x0, place), (x0 - sign * length, place)), made.ink, thin)
            if made.ticks == "mirrored":
                draw.line(((x1, place), (x1 - length, place)), made.ink, thin)

    def category_axis(self, labels, places, sideways=False, turn=0, grid=False):
        """Names along the bottom, or at the left where `sideways`."""
        made = self.style
        x0, y0, x1, y1 = self.box
        room = (x1 - x0) / max(1, len(labels))
        every = 1
        if not sideways and not turn:
            widest = max((self.measure(text) for text in labels), default=0) + made.size * .4
            every = max(1, math.ceil(widest / room))
        for at, (text, place) in enumerate(zip(labels, places)):
            if grid and made.grid == "both":
                self.canvas.line(((place, y0), (place, y1)), made.grid_colour, max(.5, made.size / 16), made.grid_dash)
            if at % every:
                continue
            self._tick(place, not sideways, max(.5, made.size / 16))
            if sideways:
                self.text(x0 - made.size * .45, place, text, anchor="rm")
            elif turn:
                self.canvas.turned(place, y1 + made.size * (.9 if turn == 45 else .6), text, made.face, made.size, made.ink,
                                   turn, "rm")
            else:
                self.text(place, y1 + made.size * .45, text, anchor="mt")

    def spines(self):
        made, draw = self.style, self.canvas
        x0, y0, x1, y1 = self.box
        thin = max(.6, made.size / 12)
        if made.spines == "box":
            draw.rect(x0, y0, x1, y1, None, made.ink, thin)
        if made.spines == "corner":
            draw.line(((x0, y0), (x0, y1), (x1, y1)), made.ink, thin)
        if made.spines == "bottom":
            draw.line(((x0, y1), (x1, y1)), made.ink, thin)

    def names(self):
        """Title, axis names and legend."""
        made, draw = self.style, self.canvas
        width, height = self.outer
        x0, y0, x1, y1 = self.box
        if self.title:
            face = fonts.bold(made.face) if made.title_bold else made.face
            x, anchor = ((x0 + x1) / 2, "mt") if made.title_at == "centre" else (x0, "lt")
            size = min(self.title_size, self.title_size * width / max(1, self.measure(self.title, self.title_size) * 1.1))
            draw.text(x, made.size * .45, self.title, face, size, made.ink, anchor)
        if self.x_name:
            below = height - made.size * (1.6 + (1.5 if self.series and made.legend == "bottom" else 0))
            self.text((x0 + x1) / 2, below, self.x_name, anchor="mt")
        if self.y_name:
            draw.turned(made.size * .95, (y0 + y1) / 2, self.y_name, made.face, made.size, made.ink)
        if self.series:
            self._legend()

    def _legend(self):
        made, draw, size = self.style, self.canvas, self.style.size
        width, height = self.outer
        x0, y0, x1, y1 = self.box
        widths = [self.measure(text) + size * 2.4 for text in self.series]
        if made.legend in ("bottom", "top"):
            x = max(2, (width - sum(widths)) / 2)
            y = height - size * .9 if made.legend == "bottom" else y0 - size
            for at, text in enumerate(self.series):
                self._key(at, x, y)
                self.text(x + size * 1.5, y, text, anchor="lm")
                x += widths[at]
            return
        wide, high = max(widths), size * 1.35 * len(self.series) + size * .3
        if made.legend == "right":
            x, y = x1 + size * .5, y0 + (0 if self.rng.random() < .5 else max(0, (y1 - y0 - high) / 2))
        else:
            right, top = self.rng.random() < .7, self.rng.random() < .85
            x = x1 - wide - size * .4 if right else x0 + size * .4
            y = y0 + size * .4 if top else y1 - high - size * .4
        if made.legend_box:
            draw.rect(x, y, x + wide, y + high, made.inside, mix(made.ink, made.inside, .6), .7, size * .25)
        for at, text in enumerate(self.series):
            line = y + size * (.85 + 1.35 * at)
            self._key(at, x + size * .3, line)
            self.text(x + size * 1.9, line, text, anchor="lm")

    def _key(self, at, x, y):
        size, draw = self.style.size, self.canvas
        self.markers.get("key", lambda *_: None)(at, x, y, size, draw)

    def pixels(self):
        return self.canvas.pixels()
