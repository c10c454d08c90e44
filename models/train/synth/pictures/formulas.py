# SPDX-License-Identifier: GPL-3.0-or-later
"""Typeset formulas: boxes of glyphs put together as TeX does, with fractions, roots, sums, matrices and scripts.

A piece is (width, height above the base line, depth below it, draw(canvas, x, y)).
"""
import numpy as np

from .. import fonts
from . import canvas, words
from .canvas import BLACK, WHITE, Canvas, mix
from ..sample import Sample, Task

GREEK = "αβγδεθλμπρσφψωΓΔΘΛΣΦΩ"
LETTERS = "abcdefghknmpqrstuvwxyzABCEFGHKLMNPQRSTVX"
BINARY = ("+", "−", "·", "×", "⊗", "±", "∪", "∩", "⊕", "∘")
RELATION = ("=", "=", "=", "=", "≤", "≥", "<", ">", "≈", "≡", "→", "∈", "⊂", "∝", "≠", "∼", "⇒", "⇔")
FUNCTIONS = ("sin", "cos", "log", "exp", "ln", "tan", "max", "min", "lim", "det", "arg", "Pr", "Var")


class Setter:
    """Sets one formula in one family of faces."""

    def __init__(self, rng):
        self.rng = rng
        self.italic, self.upright = (("roman-italic", "roman"), ("roman-italic", "roman"), ("serif-italic", "serif"), ("serif-italic", "math"),
                                     ("sans-italic", "sans"))[int(rng.integers(5))]
        self.probe = Canvas(4, 4)
        self.seen = []
        self.ink = BLACK
        self.parts = set()

    def face(self, text, upright):
        for name in ((self.upright,) if upright else (self.italic, self.upright)) + ("math", "dejavu"):
            if fonts.covers(name, text):
                return name
        return "dejavu"

    def glyph(self, text, size, upright=False):
        name = self.face(text, upright)
        face = fonts.font(name, size * 2)
        width = face.getlength(text) / 2
        box = face.getbbox(text, anchor="ls")
        self.seen.append(text)
        return (width, max(0, -box[1] / 2), max(0, box[3] / 2),
                lambda draw, x, y: draw.text(x, y, text, name, size, self.ink, "ls"))

    @staticmethod
    def row(pieces, gap=0.0):
        width = sum(piece[0] for piece in pieces) + gap * (len(pieces) - 1)

        def draw_row(draw, x, y):
            for piece in pieces:
                piece[3](draw, x, y)
                x += piece[0] + gap
        return width, max(piece[1] for piece in pieces), max(piece[2] for piece in pieces), draw_row

    def scripts(self, base, size, upper=None, lower=None):
        width = max(piece[0] for piece in (upper, lower) if piece)
        up, down = max(size * .38, base[1] - size * .25), max(size * .2, base[2] + size * .08)

        def draw_scripts(draw, x, y):
            base[3](draw, x, y)
            if upper:
                upper[3](draw, x + base[0] + size * .04, y - up)
            if lower:
                lower[3](draw, x + base[0] + size * .02, y + down)
        return (base[0] + width + size * .08, max(base[1], up + upper[1] if upper else 0), max(base[2], down + lower[2] if lower else 0), draw_scripts)

    def fraction(self, over, under, size):
        self.parts.add("a fraction")
        width, axis, thick = max(over[0], under[0]) + size * .3, size * .27, max(.8, size * .05)

        def draw_fraction(draw, x, y):
            draw.line(((x + size * .05, y - axis), (x + width - size * .05, y - axis)), self.ink, thick)
            over[3](draw, x + (width - over[0]) / 2, y - axis - size * .18 - over[2])
            under[3](draw, x + (width - under[0]) / 2, y - axis + size * .18 + under[1])
        return width, axis + size * .18 + over[1] + over[2], under[1] + under[2] + size * .18 - axis, draw_fraction

    def root(self, inner, size):
        self.parts.add("a root")
        hook, thick = size * .55, max(.8, size * .05)
        top = inner[1] + size * .14

        def draw_root(draw, x, y):
            bottom = y + inner[2]
            draw.line(((x, y - size * .2), (x + hook * .3, y - size * .28), (x + hook * .6, bottom), (x + hook, y - top), (x + hook + inner[0] + size * .1, y - top)), self.ink, thick)
            inner[3](draw, x + hook + size * .04, y)
        return hook + inner[0] + size * .15, top + size * .05, inner[2], draw_root

    def large(self, size, sign=None, lower=None, upper=None):
        sign = sign or words.pick(self.rng, "∑∑∑∏∫∫∮⋃⋂")
        self.parts.add("a sum" if sign == "∑" else "an integral" if sign in "∫∮" else "a product" if sign == "∏" else "a large operator")
        big = self.glyph(sign, size * 1.65, True)
        shift = size * .28
        if sign in "∫∮":
            body = (big[0], big[1] - shift, big[2] + shift, lambda draw, x, y: big[3](draw, x, y + shift))
            return self.scripts(body, size * 1.1, upper, lower) if upper and lower else body
        pieces = [piece for piece in (upper, lower) if piece]
        width = max([big[0]] + [piece[0] for piece in pieces])
        up, down = big[1] - shift + size * .12, big[2] + shift + size * .12

        def draw_large(draw, x, y):
            big[3](draw, x + (width - big[0]) / 2, y + shift)
            if upper:
                upper[3](draw, x + (width - upper[0]) / 2, y - up - upper[2])
            if lower:
                lower[3](draw, x + (width - lower[0]) / 2, y + down + lower[1])
        return width + size * .12, up + (upper[1] + upper[2] if upper else 0), down + (lower[1] + lower[2] if lower else 0), draw_large

    def fence(self, inner, size, kinds=None):
        left, right = kinds or words.pick(self.rng, (("(", ")"), ("(", ")"), ("[", "]"), ("{", "}"), ("|", "|")))
        high, low = max(inner[1], size * .7) + size * .06, max(inner[2], size * .2) + size * .06
        width, thick = size * (.3 if high + low < 2 * size else .42), max(.8, size * .055)

        def side(draw, x, y, kind, mirrored):
            top, bottom, middle = y - high, y + low, y - (high - low) / 2
            a, b = (x + width * .8, x + width * .25) if not mirrored else (x + width * .2, x + width * .75)
            if kind in "()":
                t = np.linspace(-1, 1, 15)
                draw.line([(a + (b - a) * (1 - s * s), middle + s * (high + low) / 2) for s in t], self.ink, thick * 1.3)
            elif kind in "[]":
                draw.line(((a, top), (b, top), (b, bottom), (a, bottom)), self.ink, thick)
            elif kind in "{}":
                q = (a + b) / 2
                draw.line(((a, top), (q, top + width * .4), (q, middle - width * .4), (b, middle), (q, middle + width * .4), (q, bottom - width * .4), (a, bottom)), self.ink, thick)
            elif kind == "|":
                draw.line(((q := x + width / 2, top), (q, bottom)), self.ink, thick)

        def draw_fence(draw, x, y):
            side(draw, x, y, left, False)
            inner[3](draw, x + width, y)
            side(draw, x + width + inner[0], y, right, True)
        return inner[0] + 2 * width, high, low, draw_fence

    def grid(self, rows, size, align=None):
        """Rows of pieces in columns: matrices and systems."""
        columns = len(rows[0])
        widths = [max(row[at][0] for row in rows) for at in range(columns)]
        gap = size * .7
        highs = [max(max(piece[1] for piece in row), size * .6) for row in rows]
        lows = [max(max(piece[2] for piece in row), size * .2) for row in rows]
        tall = sum(highs) + sum(lows) + size * .35 * (len(rows) - 1)
        top = tall / 2 + size * .27

        def draw_grid(draw, x, y):
            line = y - top
            for row, high, low in zip(rows, highs, lows):
                line += high
                at = x
                for piece, width in zip(row, widths):
                    piece[3](draw, at + (0 if align == "left" else (width - piece[0]) / 2), line)
                    at += width + gap
                line += low + size * .35
        return sum(widths) + gap * (columns - 1), top, tall - top, draw_grid

    # Random content ---------------------------------------------------------------------------------------------------

    def letter(self, size):
        return self.glyph(words.pick(self.rng, LETTERS if self.rng.random() < .72 else GREEK), size)

    def figure(self, size):
        value = str(int(self.rng.integers(0, 10) if self.rng.random() < .8 else self.rng.integers(10, 200)))
        return self.glyph(value, size, True)

    def small(self, size):
        """What stands in a script."""
        chance = self.rng.random()
        if chance < .4:
            return self.figure(size * .68)
        if chance < .8:
            return self.letter(size * .68)
        return self.row([self.letter(size * .68), self.glyph(words.pick(self.rng, "+−,="), size * .68, True), self.figure(size * .68)])

    def atom(self, size):
        chance = self.rng.random()
        base = self.letter(size) if chance < .8 else self.figure(size)
        if self.rng.random() < .45:
            which = self.rng.random()
            base = self.scripts(base, size, self.small(size) if which < .65 else None, self.small(size) if which > .45 or which >= .65 else None)
        return base

    def term(self, size, depth):
        chance = self.rng.random()
        if depth <= 0 or size < 7 or chance < .42:
            return self.atom(size)
        if chance < .58:
            return self.fraction(self.sum(size * .9, depth - 1, 2), self.sum(size * .9, depth - 1, 2), size)
        if chance < .66:
            return self.root(self.sum(size, depth - 1, 2), size)
        if chance < .78:
            lower = self.row([self.letter(size * .68), self.glyph("=", size * .68, True), self.figure(size * .68)])
            body = self.large(size, None, lower, words.pick(self.rng, (self.small(size), self.glyph("∞", size * .68, True))))
            return self.row([body, self.term(size, depth - 1)], size * .12)
        if chance < .88:
            inner = self.fence(self.sum(size, depth - 1, 2), size)
            return self.scripts(inner, size, self.small(size)) if self.rng.random() < .4 else inner
        name = self.glyph(words.pick(self.rng, FUNCTIONS), size, True)
        return self.row([name, self.fence(self.sum(size, depth - 1, 2), size, ("(", ")")) if self.rng.random() < .7 else self.atom(size)], size * .12)

    def sum(self, size, depth, most):
        pieces = [self.term(size, depth)]
        for _ in range(int(self.rng.integers(0, most))):
            pieces += [self.glyph(words.pick(self.rng, BINARY[:2] if self.rng.random() < .75 else BINARY), size, True), self.term(size, depth)]
        return self.row(pieces, size * .18)

    def equation(self, size, depth=2):
        pieces = [self.atom(size) if self.rng.random() < .6 else self.sum(size, 1, 2)]
        if self.rng.random() < .25:
            pieces[0] = self.row([pieces[0], self.fence(self.atom(size), size, ("(", ")"))])
        for _ in range(1 if self.rng.random() < .8 else 2):
            pieces += [self.glyph(words.pick(self.rng, RELATION), size, True), self.sum(size, depth, 4)]
        return self.row(pieces, size * .26)

    def matrix(self, size):
        self.parts.add("a matrix")
        rows, columns = int(self.rng.integers(2, 4)), int(self.rng.integers(1, 5))
        cells = [[self.atom(size) if self.rng.random() < .75 else self.glyph(words.pick(self.rng, ("0", "1", "⋯", "−1")), size, True) for _ in range(columns)] for _ in range(rows)]
        inner = self.fence(self.grid(cells, size), size, words.pick(self.rng, (("(", ")"), ("[", "]"), ("|", "|"))))
        return self.row([self.letter(size), self.glyph("=", size, True), inner], size * .26)

    def cases(self, size):
        self.parts.add("cases")
        rows = [[self.sum(size, 1, 2), self.row([self.glyph("if ", size, True), self.atom(size), self.glyph(words.pick(self.rng, RELATION), size, True), self.figure(size)], size * .2)]
                for _ in range(int(self.rng.integers(2, 4)))]
        return self.row([self.letter(size), self.glyph("=", size, True), self.fence(self.grid(rows, size, "left"), size, ("{", " "))], size * .26)

    def short(self, size):
        """What stands in running text and in manuals: a product, a bound, a range, one symbol."""
        rng = self.rng
        chance = rng.random()
        if chance < .15:
            return self.atom(size)
        if chance < .4:
            pieces = [self.figure(size) if rng.random() < .6 else self.atom(size)]
            for _ in range(int(rng.integers(1, 3))):
                pieces += [self.glyph(words.pick(rng, "<≤=≥>→"), size, True), self.atom(size)]
            return self.row(pieces, size * .26)
        if chance < .65:
            letters = [self.scripts(letter, size, self.glyph(words.pick(rng, ("T", "H", "−1", "2", "∗")), size * .68)) if rng.random() < .5 else letter
                       for letter in (self.letter(size) for _ in range(int(rng.integers(2, 5))))]
            return self.row([letters[0], self.glyph("=", size, True), self.row(letters[1:], size * .03)], size * .26)
        if chance < .8:
            name = self.glyph("".join(words.pick(rng, LETTERS[:12]) for _ in range(int(rng.integers(2, 7)))), size)
            return self.row([self.letter(size), self.glyph(words.pick(rng, "=+·"), size, True), name], size * .26)
        return self.row([self.atom(size), self.fence(self.row([self.atom(size), self.glyph(",", size, True), self.atom(size)], size * .1), size, ("(", ")")),
                         self.glyph("=", size, True), self.sum(size, 0, 3)], size * .2)

    def system(self, size):
        self.parts.add("several lines")
        return self.grid([[self.equation(size, 1)] for _ in range(int(self.rng.integers(2, 5)))], size, "left")


def formula(rng):
    setter = Setter(rng)
    size = float(np.exp(rng.uniform(np.log(9), np.log(36))))
    chance = rng.random()
    if rng.random() < .12:
        setter.ink = canvas.colour(rng, (.1, .35))
    for _ in range(5):
        setter.seen, setter.parts = [], set()
        piece = (setter.matrix if chance < .12 else setter.cases if chance < .19 else setter.system if chance < .29 else setter.short if chance < .55 else setter.equation)(size)
        if piece[0] < size * 22:
            break
    scale = min(1, 620 / max(piece[0], 1))
    pad = size * (rng.uniform(.02, .3) if rng.random() < .5 else rng.uniform(.15, 1.3))
    numbered = rng.random() < .2
    extra = size * rng.uniform(2.5, 6) if numbered else 0
    wide = pad * 2 + piece[0] + extra
    paper = WHITE if rng.random() < .88 else mix(WHITE, canvas.colour(rng), rng.uniform(.03, .14))
    draw = Canvas(wide, piece[1] + piece[2] + 2 * pad, paper)
    if rng.random() < .04:
        setter.ink = WHITE
        draw = Canvas(wide, piece[1] + piece[2] + 2 * pad, (25, 30, 40))
    piece[3](draw, pad, pad + piece[1])
    if numbered:
        draw.text(wide - pad, pad + piece[1], f"({int(rng.integers(1, 40))})" if rng.random() < .6 else f"({int(rng.integers(1, 9))}.{int(rng.integers(1, 30))})", setter.upright, size, setter.ink, "rs")
    image = draw.image
    if scale < 1:
        image = image.resize((int(image.width * scale), int(image.height * scale)))
    pixels = np.array(image.reduce(2)) if image.height > 8 else np.array(image)
    parts = sorted(setter.parts)[:2]
    text = "A mathematical formula" + (f" with {' and '.join(parts)}." if parts else " in one line.")
    return Sample(pixels, "picture", "formula", " ".join(setter.seen), [Task("picture", text)])
