# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on a page beside its text: logos, signatures, stamps, bar codes, photographs, charts, rules of a form.

All drawn with few calls on a Page; lengths in points.
"""
import math

import numpy as np
from PIL import Image, ImageDraw

from .pagefonts import family, font


def colour(rng, dark=True):
    return tuple(int(c) for c in (rng.integers(0, 150, 3) if dark else rng.integers(150, 256, 3)))


def photo(rng, tall=48, wide=64):
    """A soft picture with some structure, for a photograph's place: [tall, wide, 3]."""
    base = rng.integers(0, 256, (int(rng.integers(2, 5)), int(rng.integers(2, 5)), 3), dtype=np.uint8)
    image = Image.fromarray(base).resize((wide, tall), Image.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(2, 7))):
        x, y, w, h = (int(v)
                      for v in (rng.integers(0, wide), rng.integers(0, tall), rng.integers(4, wide), rng.integers(4, tall)))
        (draw.ellipse if rng.random() < 0.6 else draw.rectangle)((x - w // 2, y - h // 2, x + w // 2, y + h // 2),
                                                                 tuple(int(c) for c in rng.integers(0, 256, 3)))
    noisy = np.asarray(image, np.int16) + rng.integers(-14, 15, (tall, wide, 1), dtype=np.int16)
    if rng.random() < 0.3:
        noisy = np.repeat(noisy.mean(2, keepdims=True).astype(np.int16), 3, 2)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def portrait(rng, tall=96, wide=74):
    """A head and shoulders before a plain ground: [tall, wide, 3]."""
    ground = tuple(int(c) for c in rng.integers(150, 245, 3))
    image = Image.new("RGB", (wide, tall), ground)
    draw = ImageDraw.Draw(image)
    skin = (int(rng.integers(120, 240)), int(rng.integers(90, 190)), int(rng.integers(70, 160)))
    hair, cloth = colour(rng), colour(rng)
    cx = wide / 2 + rng.integers(-3, 4)
    draw.ellipse((cx - wide * .45, tall * .72, cx + wide * .45, tall * 1.5), cloth)
    draw.rectangle((cx - wide * .1, tall * .55, cx + wide * .1, tall * .78), skin)
    if rng.random() < 0.5:
        draw.ellipse((cx - wide * .30, tall * .12, cx + wide * .30, tall * .78), hair)
    draw.ellipse((cx - wide * .25, tall * .12, cx + wide * .25, tall * .5), hair)
    draw.ellipse((cx - wide * .21, tall * .2, cx + wide * .21, tall * .65), skin)
    for side in (-1, 1):
        draw.ellipse((cx + side * wide * .09 - 2, tall * .39, cx + side * wide * .09 + 2, tall * .42), (30, 25, 25))
    draw.line((cx - wide * .06, tall * .55, cx + wide * .06, tall * .55), (120, 50, 50), 2)
    pixels = np.asarray(image, np.int16) + rng.integers(-8, 9, (tall, wide, 1), dtype=np.int16)
    if rng.random() < 0.4:
        pixels = np.repeat(pixels.mean(2, keepdims=True).astype(np.int16), 3, 2)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def logo(page, x, y, size, name=""):
    """A mark of simple shapes, with the name's initials or none. Returns its width."""
    rng, c = page.rng, page.accent if page.words.chance(0.7) else colour(page.rng)
    kind = int(rng.integers(0, 8))
    if kind == 0:
        page.ellipse(x, y, x + size, y + size, c)
        page.ellipse(x + size * .3, y + size * .3, x + size * .7, y + size * .7, page.paper)
    elif kind == 1:
        page.box(x, y, x + size, y + size, c, radius=size * .2)
        page.text(x + size / 2, y + size * .15, (name or "X")[0], size * .55, True, fill=(255, 255, 255), align="c",
                  silent=True)
    elif kind == 2:
        page.polygon([(x, y + size), (x + size / 2, y), (x + size, y + size)], c)
    elif kind == 3:
        for i in range(3):
            page.box(x + i * size * .36, y + size * (.6 - .3 * i), x + i * size * .36 + size * .26, y + size,
                     c if i % 2 == 0 else colour(rng, False))
    elif kind == 4:
        page.draw.arc([v * page.scale for v in (x, y, x + size, y + size)], 30, 330, c,
                      max(2, int(size * .18 * page.scale)))
    elif kind == 5:
        points = [(x + size / 2 + size / 2 * math.cos(a), y + size / 2 + size / 2 * math.sin(a))
                  for a in np.linspace(0, 2 * math.pi, int(rng.integers(4, 9)))[:-1]]
        page.polygon(points, c)
    elif kind == 6:
        page.box(x, y, x + size * 1.6, y + size, c)
        page.text(x + size * .8, y + size * .2, "".join(w[0] for w in name.split()[:3]).upper() or "AB", size * .5, True,
                  fill=(255, 255, 255), align="c", silent=True, fam=family(rng, "display"))
        return size * 1.6
    else:
        page.ellipse(x, y, x + size * .65, y + size * .65, c)
        page.ellipse(x + size * .35, y + size * .35, x + size, y + size, colour(rng, False))
    return size


def signature(page, x, y, width, height, ink=None):
    """A quick pen stroke, or a name in a script face."""
    rng = page.rng
    ink = ink or ((20, 20, 90) if rng.random() < 0.5 else (20, 20, 20))
    if rng.random() < 0.35:
        page.text(x, y, page.words.person(), height * .6, fam=family(rng, "script"), fill=ink, silent=True)
        return
    count = int(rng.integers(10, 22))
    xs = np.linspace(0, 1, count) + rng.normal(0, .05, count)
    ys = .5 + rng.normal(0, .28, count) * np.linspace(1.2, .5, count)
    t = np.linspace(0, count - 1, count * 5)
    xs, ys = np.interp(t, np.arange(count), xs), np.interp(t, np.arange(count), ys)
    kernel = np.ones(5) / 5
    xs, ys = np.convolve(xs, kernel, "valid"), np.convolve(ys, kernel, "valid")
    page.curve(list(zip(x + xs * width, y + ys * height)), ink, int(rng.integers(1, 3)))


def stamp(page, x, y, size, text=None):
    """An ink stamp, round or square, turned a little; laid over what is there."""
    rng, s = page.rng, page.scale
    ink = page.words.pick(((170, 20, 30), (30, 40, 140), (20, 110, 60), (90, 30, 120), (40, 40, 40)))
    px = max(20, int(size * s))
    mask = Image.new("L", (px, px), 0)
    draw = ImageDraw.Draw(mask)
    text = text or page.words.pick(
        ("PAID", "RECEIVED", "COPY", "APPROVED", "BEZAHLT", "EINGANG", "PAYÉ", "PAGADO", "ORIGINAL", "CONFIRMED"))
    if rng.random() < 0.4:
        draw.ellipse((2, 2, px - 3, px - 3), outline=255, width=2)
        draw.ellipse((px * .2, px * .2, px * .8, px * .8), outline=255, width=1)
        face = font(("sans-bold", ) * 4, max(6, px * .14))
        draw.text((px / 2, px / 2), text[:10], 255, face, "mm")
        for i in range(14):
            a = i / 14 * 2 * math.pi
            draw.text((px / 2 + px * .4 * math.cos(a), px / 2 + px * .4 * math.sin(a)), "ABCDEFGHIKLMNO"[i], 255,
                      font(("sans", ) * 4, max(6, px * .09)), "mm")
    else:
        face = font(("sans-bold", ) * 4, max(6, px * .7 / max(3, len(text)) * 1.4))
        half = face.getlength(text) / 2 + 5
        draw.rectangle((max(0, px / 2 - half), px * .34, min(px - 1, px / 2 + half), px * .66), outline=255, width=2)
        draw.text((px / 2, px / 2), text, 255, face, "mm")
    mask = mask.rotate(float(rng.uniform(-30, 30)), Image.BILINEAR)
    mask = mask.point(lambda v, k=float(rng.uniform(.45, .9)): int(v * k))
    page.image.paste(ink, (round(x * s), round(y * s)), mask)


def barcode(page, x, y, width, height, number=None):
    rng = page.rng
    modules = int(min(160, max(30, width * page.scale / 1.6)))
    bars = np.repeat((np.arange(modules) % 2 == 0), rng.integers(1, 4, modules))[:modules * 2]
    row = np.where(bars, 0, 255).astype(np.uint8)
    page.paste(Image.fromarray(np.repeat(row[None, :], 4, 0)), x, y, x + width, y + height)
    if number:
        page.text(x + width / 2, y + height + 1, number, 7, align="c")


def matrix_code(page, x, y, size):
    """The look of a QR code."""
    rng, n = page.rng, int(page.rng.integers(21, 38))
    cells = np.where(rng.random((n, n)) < .5, 0, 255).astype(np.uint8)
    for top, left in ((0, 0), (0, n - 7), (n - 7, 0)):
        cells[max(0, top - 1):top + 8, max(0, left - 1):left + 8] = 255
        cells[top:top + 7, left:left + 7] = 0
        cells[top + 1:top + 6, left + 1:left + 6] = 255
        cells[top + 2:top + 5, left + 2:left + 5] = 0
    side = max(n, round(size * page.scale))
    page.image.paste(
        Image.fromarray(cells).convert("RGB").resize((side, side), Image.NEAREST),
        (round(x * page.scale), round(y * page.scale)))


def chart(page, x, y, width, height):
    """A small chart: bars, lines, points or slices, with axes and a few labels."""
    rng, words = page.rng, page.words
    kind, size = int(rng.integers(0, 5)), max(5, min(8, height / 22))
    palette = [page.accent] + [colour(rng, i % 2 == 0) for i in range(4)]
    if words.chance(0.6):
        page.text(x + width / 2, y, words.title(True), size * 1.2, True, align="c")
    left, top, right, bottom = x + width * .1, y + size * 2.4, x + width * .96, y + height - size * 2
    if kind == 4:
        r = min(right - left, bottom - top) / 2
        cx, cy, start = (left + right) / 2, (top + bottom) / 2, 0
        shares = rng.dirichlet(np.ones(int(rng.integers(3, 6))) * 3) * 360
        for i, share in enumerate(shares):
            page.draw.pieslice([v * page.scale for v in (cx - r, cy - r, cx + r, cy + r)], start, start + share,
                               palette[i % 5], page.paper)
            start += share
            page.box(right - size * 6, top + i * size * 1.5, right - size * 5, top + i * size * 1.5 + size, palette[i % 5])
            page.text(right - size * 4.6, top + i * size * 1.5 - 1, words.noun(), size)
        return
    if words.chance(0.6):
        for i in range(1, 5):
            page.rule(left, bottom - (bottom - top) * i / 5, right, bottom - (bottom - top) * i / 5, (215, 215, 215))
    for i in range(0, 6):
        page.text(left - 3, bottom - (bottom - top) * i / 5 - size * .6, str(i * int(rng.integers(1, 3)) * 10), size,
                  align="r")
    page.rule(left, top, left, bottom)
    page.rule(left, bottom, right, bottom)
    n = int(rng.integers(4, 10))
    step = (right - left) / n
    for i in range(n):
        if i % 2 == 0:
            page.text(left + step * (i + .5), bottom + 2, words.pick((str(2000 + i), words.month()[:3], str(i))), size,
                      align="c")
    if kind == 0 or kind == 3:
        groups = int(rng.integers(1, 3))
        values = rng.uniform(.1, .95, (groups, n))
        for g in range(groups):
            for i in range(n):
                x0 = left + step * (i + .15 + .7 * g / groups)
                page.box(x0, bottom - (bottom - top) * values[g, i], x0 + step * .7 / groups, bottom, palette[g])
    elif kind == 1:
        for g in range(int(rng.integers(1, 5))):
            walk = np.clip(np.cumsum(rng.normal(0, .12, n * 4)) + rng.uniform(.3, .7), .05, .95)
            page.curve([(left + (right - left) * i / (len(walk) - 1), bottom - (bottom - top) * v)
                        for i, v in enumerate(walk)], palette[g], 2)
    else:
        for px, py in zip(rng.uniform(left, right, 40), rng.uniform(top, bottom, 40)):
            page.ellipse(px - 1.5, py - 1.5, px + 1.5, py + 1.5, palette[0])


def diagram(page, x, y, width, height):
    """Boxes and arrows."""
    rng, words = page.rng, page.words
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    w, h = width / columns, height / rows
    fill = colour(rng, False) if words.chance(0.6) else None
    for r in range(rows):
        for c in range(columns):
            x0, y0 = x + c * w + w * .12, y + r * h + h * .2
            page.box(x0, y0, x0 + w * .7, y0 + h * .55, fill, page.ink, radius=3 if words.chance(0.3) else 0)
            page.fit(x0 + w * .35, y0 + h * .15, words.noun(), w * .66, min(9, h * .3), align="c")
            if c < columns - 1:
                page.rule(x0 + w * .7, y0 + h * .27, x0 + w, y0 + h * .27)
                page.polygon([(x0 + w, y0 + h * .27), (x0 + w - 4, y0 + h * .27 - 2.5), (x0 + w - 4, y0 + h * .27 + 2.5)],
                             page.ink)
            elif r < rows - 1:
                page.rule(x0 + w * .35, y0 + h * .75, x0 + w * .35, y0 + h)


def picture(page, x, y, width, height):
    """Whatever a figure may be."""
    kind = page.words.pick(("photo", "photo", "chart", "chart", "chart", "diagram"))
    if kind == "photo":
        page.paste(photo(page.rng), x, y, x + width, y + height)
    elif kind == "chart":
        chart(page, x, y, width, height)
    else:
        diagram(page, x, y, width, height)


def checkbox(page, x, y, size, ticked):
    page.box(x, y, x + size, y + size, outline=page.ink)
    if ticked:
        if page.words.chance(0.5):
            page.rule(x, y, x + size, y + size, width=2)
            page.rule(x, y + size, x + size, y, width=2)
        else:
            page.curve([(x + size * .1, y + size * .5), (x + size * .4, y + size * .9), (x + size * 1.1, y - size * .2)],
                       page.ink, 2)
