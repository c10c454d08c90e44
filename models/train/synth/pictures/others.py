# SPDX-License-Identifier: GPL-3.0-or-later
"""What is none of the other classes: ornaments, icons, patterns, notes by hand, blank paper, music, games."""
import math

import numpy as np

from .. import fonts
from . import canvas, photos, words
from .canvas import BLACK, WHITE, Canvas, mix
from .marks import INKS, smooth, stroke
from ..sample import Sample, Task


def rule(rng, width, height):
    """A line or an ornament between paragraphs."""
    height = max(16, min(height, width * rng.uniform(.05, .25)))
    draw = Canvas(width, height, WHITE)
    ink, y = BLACK if rng.random() < .6 else canvas.colour(rng), height / 2
    kind = int(rng.integers(4))
    if kind == 0:
        draw.line(((width * .05, y), (width * .95, y)), ink, rng.uniform(.6, 4), None if rng.random() < .6 else (5, 4))
    elif kind == 1:
        for side in (-1, 1):
            curve = smooth([(width / 2 + side * width * share, y + height * .3 * math.sin(share * 18)) for share in np.linspace(.03, .45, 8)])
            draw.line([tuple(point) for point in curve], ink, 1.5)
        draw.polygon([(width / 2 - 5, y), (width / 2, y - 5), (width / 2 + 5, y), (width / 2, y + 5)], ink)
    elif kind == 2:
        for x in np.arange(width * .1, width * .9, height * .8):
            draw.disc(x, y, height * .15, ink)
    else:
        for x in np.arange(4, width - 8, height * .5):
            draw.polygon([(x, y - height * .2), (x + height * .25, y), (x, y + height * .2), (x - height * .25, y)], None, ink, 1)
    return draw, "A decorative rule."


def frame(rng, width, height):
    """A border around nothing."""
    draw = Canvas(width, height, WHITE if rng.random() < .7 else mix(WHITE, canvas.colour(rng), .15))
    ink = BLACK if rng.random() < .5 else canvas.colour(rng)
    for at in range(int(rng.integers(1, 4))):
        inset = 3 + at * rng.uniform(4, 9)
        draw.rect(inset, inset, width - inset, height - inset, None, ink, rng.uniform(.7, 4), rng.choice((0, 8)))
    corner = min(width, height) * .12
    if rng.random() < .6:
        for x, y in ((corner, corner), (width - corner, corner), (corner, height - corner), (width - corner, height - corner)):
            for r in (corner * .7, corner * .4):
                draw.disc(x, y, r, None, ink, 1.2)
    return draw, "An ornamental border around an empty area."


def blank(rng, width, height):
    """An empty or nearly empty area, a colour, a ramp."""
    kind = rng.random()
    if kind < .4:
        draw = Canvas(width, height, WHITE if rng.random() < .6 else canvas.colour(rng, (.1, .95)), 1)
    elif kind < .7:
        draw = Canvas(width, height, WHITE, 1)
        a, b = np.array(canvas.colour(rng, (.2, .95)), float), np.array(canvas.colour(rng, (.2, .95)), float)
        share = np.linspace(0, 1, int(width if rng.random() < .5 else height))[:, None]
        line = (a + (b - a) * share).astype(np.uint8)
        full = np.broadcast_to(line[None] if len(line) == int(width) else line[:, None], (int(height), int(width), 3)) if len(line) in (int(width), int(height)) else None
        if full is not None:
            draw.image.paste(canvas.Image.fromarray(np.ascontiguousarray(full)))
    else:
        draw = Canvas(width, height, (248, 246, 240), 1)
        for _ in range(int(rng.integers(1, 5))):
            x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(1, 6)
            draw.disc(x, y, r, (200, 195, 185))
    return draw, "An area without content."


def tiles(rng, width, height):
    """A pattern: checks, stripes, dots, hexagons, a chess board."""
    colours = [canvas.colour(rng, (.2, .95)) for _ in range(3)] if rng.random() < .7 else [BLACK, WHITE, (128, 128, 128)]
    draw = Canvas(width, height, colours[0])
    pitch = min(width, height) / rng.uniform(4, 18)
    kind = int(rng.integers(6))
    if kind == 0:
        for row in range(int(height / pitch) + 1):
            for column in range(int(width / pitch) + 1):
                if (row + column) % 2:
                    draw.rect(column * pitch, row * pitch, (column + 1) * pitch, (row + 1) * pitch, colours[1])
    elif kind == 1:
        slope = rng.uniform(-1, 1)
        for x in np.arange(-height, width + height, pitch):
            draw.line(((x, 0), (x + slope * height, height)), colours[1], pitch * .45)
    elif kind == 2:
        for row, y in enumerate(np.arange(0, height + pitch, pitch)):
            for x in np.arange((row % 2) * pitch / 2, width + pitch, pitch):
                draw.disc(x, y, pitch * .28, colours[1])
    elif kind == 3:
        for row, y in enumerate(np.arange(0, height + pitch, pitch * .87)):
            for x in np.arange((row % 2) * pitch / 2, width + pitch, pitch):
                draw.polygon([(x + math.sin(a) * pitch * .55, y + math.cos(a) * pitch * .55) for a in np.arange(6) * math.pi / 3], colours[1 + int(rng.integers(2))], colours[0], 1)
    elif kind == 4:
        for r in np.arange(max(width, height), 0, -pitch * .7):
            draw.disc(width / 2, height / 2, r, colours[int(r / pitch / .7) % 2])
    else:
        for y in np.arange(0, height + pitch, pitch):
            draw.line([(x, y + math.sin(x / pitch * 3) * pitch * .3) for x in np.arange(0, width + 4, 4)], colours[1], pitch * .25)
    return draw, "A repeating pattern."


def board(rng, width, height):
    """A chess board, a crossword, a sudoku."""
    side = min(width, height)
    draw = Canvas(side, side, WHITE)
    kind = int(rng.integers(3))
    number = 8 if kind == 0 else 9 if kind == 1 else int(rng.integers(7, 14))
    cell = (side - 8) / number
    light, dark = ((240, 217, 181), (181, 136, 99)) if rng.random() < .5 else (WHITE, (150, 150, 150))
    for row in range(number):
        for column in range(number):
            x, y = 4 + column * cell, 4 + row * cell
            if kind == 0:
                draw.rect(x, y, x + cell, y + cell, dark if (row + column) % 2 else light)
                if (row < 2 or row > 5 or rng.random() < .08) and rng.random() < .8:
                    ink, r = (BLACK if row < 4 else WHITE), cell * .3
                    draw.disc(x + cell / 2, y + cell * .38, r * .6, ink, BLACK, .7)
                    draw.polygon([(x + cell / 2 - r, y + cell * .85), (x + cell / 2 + r, y + cell * .85), (x + cell / 2, y + cell * .3)], ink, BLACK, .7)
            elif kind == 1:
                draw.rect(x, y, x + cell, y + cell, None, (120, 120, 120), .7)
                if rng.random() < .35:
                    draw.text(x + cell / 2, y + cell / 2, str(int(rng.integers(1, 10))), "sans", cell * .65, BLACK, "mm")
            else:
                draw.rect(x, y, x + cell, y + cell, BLACK if rng.random() < .25 else WHITE, BLACK, .8)
    if kind == 1:
        for at in range(0, 10, 3):
            draw.line(((4 + at * cell, 4), (4 + at * cell, side - 4)), BLACK, 1.8)
            draw.line(((4, 4 + at * cell), (side - 4, 4 + at * cell)), BLACK, 1.8)
    return draw, ("A chess board.", "A sudoku grid.", "A crossword grid.")[kind]


def note(rng, width, height):
    """Lines written by hand."""
    paper = ((255, 255, 255), (255, 253, 220), (245, 240, 225), (250, 250, 255))[int(rng.integers(4))]
    draw = Canvas(width, height, paper)
    ink = INKS[int(rng.integers(len(INKS)))]
    size = height / rng.uniform(5, 11)
    if rng.random() < .4:
        for y in np.arange(size * 1.5, height, size * 1.5):
            draw.line(((0, y), (width, y)), (170, 190, 220), .7)
    cursive = rng.random() < .4
    face = words.pick(rng, ("dkg", "rufscript", "kristi", "connect", "dancing"))
    y = size * 1.4
    while y < height:
        if cursive:
            x = width * .06
            while x < width * .88:
                letters = int(rng.integers(2, 9))
                points = []
                for _ in range(letters):
                    tall = size * (.75 if rng.random() < .25 else .32)
                    points += [(x, y), (x + size * .2, y - tall), (x + size * .1, y - tall * .7), (x + size * .3, y + (size * .3 if rng.random() < .12 else 0))]
                    x += size * .36
                if x < width * .97:
                    stroke(draw, smooth(np.array(points) + rng.standard_normal((len(points), 2)) * size * .03, 6), size * .06 + .5, ink, rng)
                x += size * .4
        else:
            text = words.sentence(rng, int(rng.integers(2, 8)))
            use = face if fonts.covers(face, text) else "dkg"
            big = size * (1.35 if use == "kristi" else 1)
            while draw.text_size(text, use, big)[0] > width * .92 and len(text) > 3:
                text = text[:int(len(text) * .85)]
            draw.text(width * .05 + rng.uniform(-3, 3), y, text, use, big, ink, "ls")
        y += size * 1.5
    return draw, "A note written by hand."


def music(rng, width, height):
    """Staves with notes."""
    draw = Canvas(width, height, WHITE if rng.random() < .7 else (250, 245, 232))
    gap = max(3, min(width, height) / rng.uniform(35, 60))
    y = gap * 4
    while y + gap * 6 < height:
        for line in range(5):
            draw.line(((6, y + line * gap), (width - 6, y + line * gap)), BLACK, .7)
        draw.line([tuple(point) for point in smooth([(14, y + 5 * gap), (10, y + 4 * gap), (18, y + 2 * gap), (14, y - gap), (12, y + gap), (20, y + 2.5 * gap), (14, y + 3 * gap)])], BLACK, 1.2)
        x = 34
        while x < width - 14:
            place = y + gap * rng.integers(0, 10) / 2
            up = place > y + 2 * gap
            draw.oval(x - gap * .62, place - gap * .45, x + gap * .62, place + gap * .45, BLACK if rng.random() < .75 else None, BLACK, 1)
            stem = x + gap * .55 if up else x - gap * .55
            end = place - gap * 3 if up else place + gap * 3
            draw.line(((stem, place), (stem, end)), BLACK, .9)
            if rng.random() < .3:
                draw.line(((stem, end), (stem + gap, end + gap * (1 if up else -1))), BLACK, 1.4)
            x += gap * rng.uniform(2, 4)
            if rng.random() < .2:
                draw.line(((x, y), (x, y + 4 * gap)), BLACK, .9)
                x += gap * 1.5
        y += gap * rng.uniform(9, 12)
    return draw, "Sheet music: staves with notes."


def drawing(rng, width, height):
    """A line drawing: a house, a plant, a figure, an engraving's hatch."""
    draw = Canvas(width, height, WHITE)
    ink = BLACK if rng.random() < .7 else canvas.colour(rng, (.1, .4))
    kind = int(rng.integers(4))
    line = rng.uniform(.8, 2.2)
    def wobble(points): return [tuple(point + rng.standard_normal(2) * line * .5) for point in smooth(points)]
    if kind == 0:
        x, y, w, h = width * .25, height * .45, width * .5, height * .4
        for part in ([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], [(x - w * .1, y), (x + w / 2, y - h * .8), (x + w * 1.1, y)], [(x + w * .4, y + h), (x + w * .4, y + h * .5), (x + w * .6, y + h * .5), (x + w * .6, y + h)]):
            draw.line(part, ink, line)
        draw.disc(width * .85, height * .15, height * .08, None, ink, line)
    elif kind == 1:
        stem = [(width / 2, height * .97), (width * .48, height * .6), (width * .53, height * .1)]
        draw.line(wobble(stem), ink, line)
        for at in range(int(rng.integers(5, 13))):
            y, side = height * rng.uniform(.15, .85), rng.choice((-1, 1))
            tip = (width / 2 + side * width * rng.uniform(.2, .42), y - height * rng.uniform(0, .15))
            base = (width / 2, y)
            middle = ((tip[0] + base[0]) / 2, (tip[1] + base[1]) / 2)
            draw.polygon([base, (middle[0], middle[1] - height * .05), tip, (middle[0], middle[1] + height * .04)], None, ink, line)
    elif kind == 2:
        x, r = width / 2, min(width, height) * .12
        draw.disc(x, height * .2, r, None, ink, line)
        for part in ([(x, height * .2 + r), (x, height * .62)], [(x, height * .4), (x - r * 2, height * .5)], [(x, height * .4), (x + r * 2, height * rng.uniform(.25, .5))], [(x, height * .62), (x - r * 1.3, height * .93)], [(x, height * .62), (x + r * 1.3, height * .93)]):
            draw.line(wobble(part), ink, line)
    else:
        for _ in range(int(rng.integers(3, 9))):
            cx, cy, r = rng.uniform(.2, .8) * width, rng.uniform(.2, .8) * height, min(width, height) * rng.uniform(.08, .25)
            points = [(cx + math.cos(a) * r * rng.uniform(.8, 1.2), cy + math.sin(a) * r * rng.uniform(.8, 1.2)) for a in np.linspace(0, 6.28, 9)]
            draw.line(wobble(points), ink, line)
            for at in np.arange(-r, r, line * 3):
                half = math.sqrt(max(0, r * r - at * at)) * .8
                draw.line(((cx + at - half * .3, cy - half), (cx + at + half * .3, cy + half)), ink, .6)
    return draw, "A simple line drawing."


def icon(rng, width, height):
    """One pictogram: arrow, check mark, warning sign, telephone, envelope, heart, hand."""
    side = min(width, height, rng.uniform(60, 200))
    draw = Canvas(side, side, WHITE if rng.random() < .8 else mix(WHITE, canvas.colour(rng), .2))
    ink = BLACK if rng.random() < .25 else (46, 52, 54) if rng.random() < .4 else canvas.colour(rng, (.2, .55), (.3, 1))
    c, r, line = side / 2, side * rng.uniform(.36, .48), side * .07
    kind = int(rng.integers(15))
    if kind > 8:
        _tool(rng, draw, kind - 9, c, r, line * rng.uniform(1, 2.6), ink)
    elif kind == 0:
        draw.line(((c - r, c), (c - r * .2, c + r * .7), (c + r, c - r * .8)), ink, line)
    elif kind == 1:
        draw.polygon([(c, c - r), (c + r, c + r * .8), (c - r, c + r * .8)], (250, 200, 40) if rng.random() < .6 else WHITE, ink, line)
        draw.text(c, c + r * .25, "!", "sans-bold", r * 1.1, ink, "mm")
    elif kind == 2:
        draw.rect(c - r, c - r * .7, c + r, c + r * .7, None, ink, line)
        draw.line(((c - r, c - r * .7), (c, c + r * .1), (c + r, c - r * .7)), ink, line)
    elif kind == 3:
        draw.arrow((c - r, c), (c + r, c), ink, line, r * .9)
    elif kind == 4:
        t = np.linspace(0, 2 * np.pi, 40)
        draw.polygon([(c + r * .062 * 16 * math.sin(a) ** 3, c - r * .062 * (13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a))) for a in t], ink)
    elif kind == 5:
        draw.disc(c, c, r, ink)
        draw.text(c, c, words.pick(rng, "i?!1234x+"), "sans-bold", r * 1.3, WHITE, "mm")
    elif kind == 6:
        draw.disc(c, c - r * .45, r * .42, ink)
        draw.slice(c, c + r * .95, r * .85, 180, 360, ink)
    elif kind == 7:
        draw.disc(c, c, r, None, (200, 30, 30), line * 1.3)
        draw.line(((c - r * .7, c - r * .7), (c + r * .7, c + r * .7)), (200, 30, 30), line * 1.3)
    else:
        draw.disc(c - r * .2, c - r * .2, r * .6, None, ink, line)
        draw.line(((c + r * .25, c + r * .25), (c + r * .9, c + r * .9)), ink, line * 1.4)
    return draw, "A pictogram."


def _tool(rng, draw, kind, c, r, line, ink):
    """Signs of buttons: players' arrows, locks, lists, batteries, panels, rings."""
    if kind == 0:
        for shift in (-.5, .4) if rng.random() < .5 else (-.1,):
            side = 1 if rng.random() < .7 else -1
            draw.polygon([(c + r * (shift - .45 * side), c - r * .8), (c + r * (shift + .5 * side), c), (c + r * (shift - .45 * side), c + r * .8)], ink)
    elif kind == 1:
        draw.rect(c - r * .7, c - r * .1, c + r * .7, c + r, ink, radius=r * .15)
        draw.arc(c - r * .45, c - r, c + r * .45, c + r * .3, 180, 360, ink, line)
    elif kind == 2:
        for at in (-.7, 0, .7):
            draw.disc(c - r * .8, c + at * r, line * .8, ink)
            draw.line(((c - r * .4, c + at * r), (c + r, c + at * r)), ink, line)
    elif kind == 3:
        draw.rect(c - r * .5, c - r * .8, c + r * .5, c + r, None, ink, line, r * .15)
        draw.rect(c - r * .2, c - r, c + r * .2, c - r * .8, ink)
        draw.rect(c - r * .4, c + r * rng.uniform(-.6, .7), c + r * .4, c + r * .9, ink if rng.random() < .5 else (50, 190, 90))
    elif kind == 4:
        draw.rect(c - r, c - r * .8, c + r, c + r * .8, None, ink, line, r * .2)
        draw.rect(c - r, c - r * .8, c + r * rng.uniform(-.6, .3), c + r * .8, ink, radius=r * .2)
    else:
        for share in np.arange(.3, 1.05, .23):
            start = rng.uniform(120, 200)
            draw.arc(c - r * share, c - r * share, c + r * share, c + r * share, start, start + rng.uniform(150, 330), ink, line * .7)


def letters(rng, width, height):
    """Words cut out as a picture: headlines, drop capitals, slogans, numbers."""
    face = fonts.pick(rng, "display", "serif", "sans")
    text = words.pick(rng, (words.TEXT[int(rng.integers(40))].upper()[:1], str(int(rng.integers(1, 200))), words.sentence(rng, 2), words.sentence(rng, 5), words.sentence(rng, 12)))
    if not fonts.covers(face, text):
        face = "sans-bold"
    size = float(np.clip(width / max(1, len(text)) * 1.6, 14, 110))
    if len(text) > 26:
        cut = text.find(" ", len(text) // 2)
        lines = [text[:cut], text[cut + 1:]]
    else:
        lines = [text]
    probe = Canvas(4, 4)
    wide = max(probe.text_size(line, face, size)[0] for line in lines)
    paper, ink = (WHITE, BLACK) if rng.random() < .6 else (canvas.colour(rng, (.15, .5)), WHITE)
    draw = Canvas(wide + size, size * (1.3 * len(lines) + .5), paper)
    for at, line in enumerate(lines):
        draw.text(draw.width / 2, size * (.35 + 1.3 * at), line, face, size, ink, "mt")
    return draw, f"Printed text: '{text[:40]}'."


def relief(rng, width, height):
    """A surface over a plane, drawn as a net of lines or of coloured faces, with or without axes."""
    draw = Canvas(width, height, WHITE)
    ink, n = BLACK if rng.random() < .4 else canvas.colour(rng), int(rng.integers(10, 32))
    x, y = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    a, b, c = rng.uniform(-1, 1), rng.uniform(1, 5), rng.uniform(0, 3)
    z = (a * x * x - (1 - abs(a)) * y * y, np.sin(b * x + c) * np.cos(b * y), np.exp(-(x * x + y * y) * b) * 1.4 - .4, np.sin(b * np.hypot(x, y) * 2) / (1 + 2 * np.hypot(x, y)))[int(rng.integers(4))]
    turn, tilt = rng.uniform(.3, 1.2), rng.uniform(.3, .55)
    px = width * (.5 + .33 * (x * math.cos(turn) - y * math.sin(turn)))
    py = height * (.52 + .33 * (tilt * (x * math.sin(turn) + y * math.cos(turn)) - .6 * z))
    filled = rng.random() < .5
    low, high = canvas.colour(rng, (.2, .5)), canvas.colour(rng, (.5, .8))
    for i in range(n - 1):
        for j in range(n - 1):
            corners = [(px[k], py[k]) for k in ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))]
            draw.polygon(corners, mix(low, high, float(np.clip(z[i, j] * .5 + .5, 0, 1))) if filled else WHITE if rng.random() < .9 else None, ink, .6)
    if rng.random() < .7:
        floor = [(width * .5 + width * .36 * (u * math.cos(turn) - v * math.sin(turn)), height * (.72 + .36 * tilt * (u * math.sin(turn) + v * math.cos(turn)))) for u, v in ((-1, 1), (1, 1), (1, -1))]
        draw.line(floor, BLACK, .8)
        draw.line((floor[0], (floor[0][0], floor[0][1] - height * .45)), BLACK, .8)
        for share in np.linspace(.1, .9, 5):
            for start, end in zip(floor, floor[1:]):
                draw.text(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share + 2, f"{share * 10 - 5:.0f}", "sans", max(6, width / 45), BLACK, "mt")
    return draw, "A surface drawn in perspective."


KINDS = ((rule, .08), (frame, .05), (blank, .08), (tiles, .1), (board, .1), (note, .14), (music, .07), (drawing, .08), (icon, .19), (letters, .05), (relief, .06))


def other(rng):
    width, height = canvas.dimensions(rng, 120, 420, (.6, 1.9))
    make = KINDS[int(rng.choice(len(KINDS), p=[weight for _, weight in KINDS]))][0]
    draw, text = make(rng, width, height)
    return Sample(draw.pixels(), "picture", "other", "", [Task("picture", text)])
