# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that is drawn and remembers what it says.

Lengths are points (1/72 inch) of the page, origin top left; the pixels of one point are `scale`. Every text
drawn is kept with its box in reading order, so text and answers come from the drawing itself. Words are rendered
once for each face and laid down as bitmaps at whole pixels; running text repeats its words, so this is cheap.
"""
import numpy as np
from PIL import Image, ImageDraw

from .pagefonts import family, font

PAPERS = {"a4": (595, 842), "letter": (612, 792), "legal": (612, 1008), "a5": (420, 595), "b5": (499, 709)}
_WORDS = {}  # face: {word: (advance in pixels, bitmap, its offset)}; the faces stay alive with their bitmaps
_WORDS_MOST = 60000
_held = 0


def _word(face, word):
    """Advance of a word in pixels, its bitmap and the bitmap's offset from the word's place."""
    global _held
    cache = _WORDS.get(face)
    if cache is None:
        cache = _WORDS[face] = {}
    found = cache.get(word)
    if found is None:
        if _held > _WORDS_MOST:
            _WORDS.clear()
            _held, cache = 0, _WORDS.setdefault(face, {})
        _held += 1
        mask, offset = face.getmask2(word, "L", anchor="la") if word else (None, (0, 0))
        found = cache[word] = (face.getlength(word) if word else 0.0, mask, offset)
    return found


def _space(face):
    return _word(face, " ")[0]


def _length(face, text):
    """Width of a line in pixels."""
    words = text.split(" ")
    return sum(_word(face, word)[0] for word in words) + _space(face) * (len(words) - 1)


class Page:
    def __init__(self, words, size=None, longest=None, paper=None, kind="any"):
        self.words, self.rng = words, words.rng
        self.w, self.h = size or PAPERS[words.pick(("a4", "a4", "a4", "letter", "letter"))]
        longest = longest or int(self.rng.integers(820, 1025))
        self.scale = longest / max(self.w, self.h)
        self.paper = paper or (255, 255, 255)
        self.image = Image.new("RGB", (round(self.w * self.scale), round(self.h * self.scale)), self.paper)
        self.draw = ImageDraw.Draw(self.image)
        self.ink = words.pick(((0, 0, 0), (0, 0, 0), (20, 20, 20), (45, 45, 50), (30, 30, 60)))
        self.family = family(self.rng, kind)
        self.accent = tuple(int(c) for c in self.rng.integers(0, 190, 3))
        if words.chance(0.3):
            self.accent = self.ink
        self.runs = []  # (text, pixel box)
        self.fields = {}  # name: (answer, pixel box)
        self.labelled = []  # (label, value, pixel box of the value): what stands on the page as "label: value"
        self.unsure = set()  # fields that must not be asked, because the page might be read to state them

    @staticmethod
    def blank(size, paper):
        """An empty image and the pen for it."""
        image = Image.new("RGB", size, paper)
        return image, ImageDraw.Draw(image)

    # Text

    def font(self, size, bold=False, italic=False, fam=None):
        return font(fam or self.family, max(6.0, round(size * self.scale * 2) / 2), bold, italic)

    def width(self, text, size=10, bold=False, italic=False, fam=None):
        return _length(self.font(size, bold, italic, fam), text) / self.scale

    def text(self, x, y, text, size=10, bold=False, italic=False, fill=None, align="l", fam=None, field=None, silent=False,
             answer=None):
        """Draw one line with its top at y; returns its right end. field: the text answers that question."""
        text = str(text)
        if not text:
            return x
        face = self.font(size, bold, italic, fam)
        length = _length(face, text)
        px = x * self.scale - (length if align == "r" else length / 2 if align == "c" else 0)
        py = y * self.scale
        self._put(px, py, text.split(" "), _space(face), face, fill)
        ascent, descent = face.getmetrics()
        box = (px, py + 0.15 * ascent, px + length, py + ascent + 0.6 * descent)
        if not silent:
            self.runs.append((text, box))
        if field:
            left, top, right, bottom = face.getbbox(text)
            self.fields[field] = (answer or text, (px + left, py + top, px + right, py + bottom))
        return (px + length) / self.scale

    def _put(self, px, py, words, space, face, fill):
        """Lay words down from a pixel place on, with so much space between them."""
        ink, pen = self._ink(fill or self.ink), self.draw.draw
        for word in words:
            advance, mask, offset = _word(face, word)
            if mask is not None and mask.size[0]:
                pen.draw_bitmap((int(px + offset[0]), int(py + offset[1])), mask, ink)
            px += advance + space

    def _ink(self, fill):
        """The colour as the pen takes it."""
        return self.draw._getink(fill)[0]

    def fit(self, x, y, text, width, size=10, **style):
        """Text that is made smaller until it fits the width."""
        extent = self.width(text, size, style.get("bold", False), style.get("italic", False), style.get("fam"))
        if extent > width:
            size = max(3.0, size * width / extent)
        return self.text(x, y, text, size, **style)

    def pair(self, x, y, label, value, size=10, gap=None, field=None, bold_label=False, bold=False, align="l", fill=None):
        """A label and its value: behind it, in a column gap points away, or right-aligned there."""
        end = self.text(x, y, label, size, bold_label)
        at = end + size * 0.4 if gap is None else max(x + gap, end + size * 0.4 if align == "l" else 0)
        right = self.text(at, y, value, size, bold, align=align, field=field, fill=fill)
        self.name(label, value)
        return right

    def name(self, label, value):
        """Keep the last text drawn as the value of a label."""
        if value and self.runs and self.runs[-1][0] == str(value):
            self.labelled.append((str(label), str(value), self.runs[-1][1]))

    def wrap(self, text, width, size=10, bold=False, italic=False, fam=None):
        face = self.font(size, bold, italic, fam)
        limit, space = width * self.scale, _space(face)
        lines, line, used = [], [], 0.0
        for word in text.split():
            length = _word(face, word)[0]
            if line and used + space + length > limit:
                lines.append(line)
                line, used = [], 0.0
            used += length + (space if line else 0)
            line.append(word)
        return lines + [line] if line else lines

    def block(self, x, y, text, width, size=10, leading=1.25, bold=False, italic=False, fill=None, align="l", fam=None,
              bottom=None, indent=0, field=None):
        """A paragraph; align "j" justifies. Stops at bottom. Returns the y below it."""
        face = self.font(size, bold, italic, fam)
        lines = self.wrap(text, width, size, bold, italic, fam)
        step, start = size * leading, len(self.runs)
        for number, line in enumerate(lines):
            if bottom is not None and y + step > bottom:
                break
            shift = indent if number == 0 else 0
            if align == "j" and number < len(lines) - 1 and len(line) > 2:
                self._justified(x + shift, y, line, width - shift, face, fill)
            else:
                at = x + (width if align == "r" else width / 2 if align == "c" else shift)
                self.text(at, y, " ".join(line), size, bold, italic, fill, align if align in "rc" else "l", fam)
            y += step
        if field and len(self.runs) > start:
            drawn = self.runs[start:]
            boxes = np.array([box for _, box in drawn])
            self.fields[field] = (" ".join(t for t, _ in drawn), (*boxes[:, :2].min(0).tolist(),
                                                                  *boxes[:, 2:].max(0).tolist()))
        return y

    def _justified(self, x, y, line, width, face, fill):
        """Draw a line whose gaps fill the width."""
        px, py, limit = x * self.scale, y * self.scale, width * self.scale
        gap = (limit - sum(_word(face, word)[0] for word in line)) / (len(line) - 1)
        if gap > 4 * _space(face):
            gap = _space(face)
        self._put(px, py, line, gap, face, fill)
        ascent, descent = face.getmetrics()
        self.runs.append((" ".join(line), (px, py + 0.15 * ascent, px + limit, py + ascent + 0.6 * descent)))

    # Lines and shapes, all in points

    def box(self, x0, y0, x1, y1, fill=None, outline=None, width=1, radius=0):
        s = self.scale
        corners = (x0 * s, y0 * s, max(x1, x0) * s, max(y1, y0) * s)
        if radius:
            self.draw.rounded_rectangle(corners, radius * s, fill, outline, width)
        else:
            self.draw.rectangle(corners, fill, outline, width)

    def rule(self, x0, y0, x1, y1, fill=None, width=1, dash=0):
        s = self.scale
        if dash:
            steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) / dash))
            for i in range(0, steps, 2):
                a, b = i / steps, min(1, (i + 1) / steps)
                self.draw.line(((x0 + (x1 - x0) * a) * s, (y0 + (y1 - y0) * a) * s, (x0 + (x1 - x0) * b) * s,
                                (y0 + (y1 - y0) * b) * s), fill or self.ink, width)
            return
        self.draw.line((x0 * s, y0 * s, x1 * s, y1 * s), fill or self.ink, width)

    def ellipse(self, x0, y0, x1, y1, fill=None, outline=None, width=1):
        s = self.scale
        self.draw.ellipse((x0 * s, y0 * s, x1 * s, y1 * s), fill, outline, width)

    def polygon(self, points, fill=None, outline=None):
        self.draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill, outline)

    def curve(self, points, fill=None, width=1):
        self.draw.line([(x * self.scale, y * self.scale) for x, y in points], fill or self.ink, width)

    def paste(self, picture, x0, y0, x1, y1):
        """Scale a picture (Image or uint8 array) into the box."""
        s = self.scale
        if not isinstance(picture, Image.Image):
            picture = Image.fromarray(picture)
        width, height = max(1, round((x1 - x0) * s)), max(1, round((y1 - y0) * s))
        self.image.paste(
            picture.convert("RGB").resize((width, height), Image.BILINEAR, reducing_gap=2.0),
            (round(x0 * s), round(y0 * s)))

    # A table

    def table(self, x, y, columns, rows, size=9, row=None, style=None, header=True, bottom=None, head_fill=None,
              fields=None, bold_last=False):
        """Draw rows of strings. columns: (title, width, align). fields: {(row, column): field}. Returns the y below.

        style is one of plain, lines, grid, frame, zebra, booktabs, dotted."""
        style = style or self.words.pick(("plain", "lines", "grid", "frame", "zebra", "booktabs"))
        height, width = row or size * 1.6, sum(c[1] for c in columns)
        pad = 3 if style in ("grid", "frame", "zebra") or self.words.chance(0.5) else 0
        top, soft = y, self.words.pick(((150, 150, 150), (200, 200, 200), self.ink))
        if header:
            light = head_fill is not None and sum(head_fill) < 380
            if head_fill:
                self.box(x, y, x + width, y + height, head_fill)
            if style in ("booktabs", "lines") and self.words.chance(0.7):
                self.rule(x, y, x + width, y, width=2 if style == "booktabs" else 1)
            self._cells(x, y + (height - size * 1.2) / 2, [c[0] for c in columns], columns, size, pad, True,
                        (255, 255, 255) if light else None)
            y += height
            if style != "plain" or self.words.chance(0.6):
                self.rule(x, y, x + width, y)
        edges = [top, y]
        tint = tuple(int(c) for c in self.rng.integers(225, 250, 3))
        for number, cells in enumerate(rows):
            if bottom is not None and y + height > bottom:
                break
            if style == "zebra" and number % 2:
                self.box(x, y, x + width, y + height, tint)
            self._cells(x, y + (height - size * 1.2) / 2, cells, columns, size, pad, bold_last and number == len(rows) - 1,
                        None, {c: f
                               for (r, c), f in (fields or {}).items() if r == number})
            y += height
            edges.append(y)
            if style in ("lines", "grid"):
                self.rule(x, y, x + width, y, soft if style == "lines" else None)
            elif style == "dotted":
                self.rule(x, y, x + width, y, soft, dash=3)
        if style in ("booktabs", "frame", "lines"):
            self.rule(x, y, x + width, y, width=2 if style == "booktabs" else 1)
        if style in ("grid", "frame"):
            self.box(x, top, x + width, y, outline=self.ink)
            at = x
            for column in columns[:-1]:
                at += column[1]
                self.rule(at, top, at, y)
        return y

    def _cells(self, x, y, cells, columns, size, pad, bold, fill, fields=None):
        for number, (cell, (_, width, align)) in enumerate(zip(cells, columns)):
            at = x + (width - pad if align == "r" else width / 2 if align == "c" else pad)
            name = (fields or {}).get(number)
            if cell:
                self.fit(at, y, cell, width - pad - 1, size, bold=bold, fill=fill, align=align, field=name)
            x += width

    def crop_bottom(self, y):
        """Let the page end at y."""
        self.h = min(self.h, y)
        self.image = self.image.crop((0, 0, self.image.width, min(self.image.height, max(8, round(y * self.scale)))))
        self.draw = ImageDraw.Draw(self.image)
