# SPDX-License-Identifier: GPL-3.0-or-later
"""What people and firms put on paper: logos, signatures, stamps."""
import math

import numpy as np
from PIL import Image

from .. import fonts
from . import canvas, words
from .canvas import BLACK, WHITE, Canvas, mix
from .photos import surface
from ..sample import Sample, Task


# Logos ---------------------------------------------------------------------------------------------------------------

def _emblem(rng, draw, x, y, radius, colours, paper):
    """A firm's sign within the circle (x, y, radius)."""
    first, second = colours[0], colours[1]
    if rng.random() < .45:
        return _figure(rng, draw, x, y, radius, colours, paper)
    kind = int(rng.integers(14))
    if kind == 0:      # letter in a shape
        letter = words.pick(rng, words.COMPANY)[0]
        face = fonts.pick(rng, "display", text=letter)
        (draw.disc if rng.random() < .5 else lambda x_, y_, r, c: draw.rect(x_ - r, y_ - r, x_ + r, y_ + r, c, radius=r * .3))(
            x, y, radius, first)
        draw.text(x, y, letter, face, radius * 1.3, WHITE if sum(first) < 480 else BLACK, "mm")
    elif kind == 1:    # rings
        for at in range(int(rng.integers(2, 5))):
            draw.disc(x, y, radius * (1 - at * .24), None, colours[at % len(colours)], radius * .12)
    elif kind == 2:    # overlapping discs
        for at in range(int(rng.integers(2, 4))):
            angle = at * 2.1
            draw.disc(x + math.cos(angle) * radius * .4, y + math.sin(angle) * radius * .4, radius * .58, mix(colours[at % len(colours)], WHITE, .1))
    elif kind == 3:    # petals
        petals = int(rng.integers(3, 9))
        for at in range(petals):
            angle = 2 * math.pi * at / petals
            draw.disc(x + math.cos(angle) * radius * .6, y + math.sin(angle) * radius * .6, radius * rng.uniform(.28, .4), colours[at % 2])
        draw.disc(x, y, radius * .3, paper)
    elif kind == 4:    # mountain
        draw.polygon([(x - radius, y + radius * .7), (x - radius * .2, y - radius * .8), (x + radius * .5, y + radius * .7)], first)
        draw.polygon([(x - radius * .1, y + radius * .7), (x + radius * .45, y - radius * .2), (x + radius, y + radius * .7)], second)
    elif kind == 5:    # swoosh
        draw.disc(x, y, radius, first)
        draw.disc(x + radius * rng.uniform(.2, .5), y - radius * .2, radius * rng.uniform(.6, .85), paper)
    elif kind == 6:    # star or gear
        points = int(rng.integers(5, 13))
        inner = rng.uniform(.4, .8)
        draw.polygon([(x + math.sin(math.pi * at / points) * radius * (1 if at % 2 else inner),
                       y - math.cos(math.pi * at / points) * radius * (1 if at % 2 else inner)) for at in range(2 * points)], first)
        if rng.random() < .6:
            draw.disc(x, y, radius * inner * .5, paper)
    elif kind == 7:    # shield
        draw.polygon([(x - radius * .8, y - radius * .9), (x + radius * .8, y - radius * .9), (x + radius * .75, y + radius * .1),
                      (x, y + radius), (x - radius * .75, y + radius * .1)], first, second, radius * .1)
        draw.polygon([(x, y - radius * .9), (x + radius * .8, y - radius * .9), (x + radius * .75, y + radius * .1), (x, y + radius)], second)
    elif kind == 8:    # squares
        for at, (dx, dy) in enumerate(((-1, -1), (0, -1), (-1, 0), (0, 0))):
            draw.rect(x + dx * radius + 1, y + dy * radius + 1, x + (dx + 1) * radius - 1, y + (dy + 1) * radius - 1, colours[at % len(colours)])
    elif kind == 9:    # leaf or drop
        a = np.linspace(0, math.pi, 20)
        side = [(x + math.sin(t) * radius * .6, y - math.cos(t) * radius) for t in a]
        draw.polygon(side + [(2 * x - px, py) for px, py in reversed(side)], first)
        draw.line(((x, y - radius * .7), (x, y + radius)), paper, radius * .08)
    elif kind == 10:   # stripes
        for at in range(4):
            draw.rect(x - radius + at * radius * .5, y + radius - (at + 1) * radius * .5, x - radius * .62 + at * radius * .5, y + radius, colours[at % 2])
    elif kind == 11:   # waves
        for at in range(3):
            draw.line([(x + t * radius, y + (at - 1) * radius * .5 + math.sin(t * 4) * radius * .2) for t in np.linspace(-1, 1, 24)],
                      colours[at % 2], radius * .18)
    elif kind == 12:   # polygon in polygon
        sides = int(rng.integers(3, 9))
        for share, fill in ((1, first), (.62, paper), (.36, second)):
            draw.polygon([(x + math.cos(2 * math.pi * at / sides + .5) * radius * share, y + math.sin(2 * math.pi * at / sides + .5) * radius * share)
                          for at in range(sides)], fill)
    else:              # chevrons
        for at in range(int(rng.integers(1, 4))):
            shift = at * radius * .5
            draw.line(((x - radius + shift, y - radius * .8), (x - radius * .2 + shift, y), (x - radius + shift, y + radius * .8)), colours[at % 2], radius * .26)


def _closed(rng, x, y, radius, corners, rough):
    """A smooth closed outline around (x, y)."""
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False) + rng.uniform(0, 6)
    reach = radius * (1 - rng.random(corners) * rough)
    ring = np.stack((x + np.cos(angles) * reach, y + np.sin(angles) * reach), axis=1)
    return [tuple(point) for point in smooth(np.concatenate((ring, ring[:2])), 7)][4:-3]


def _creature(rng, draw, x, y, radius, colours):
    """An animal or a face of round parts, as mascots are: flat, mostly with an outline."""
    skin, edge = colours[0], BLACK if rng.random() < .6 else mix(colours[0], BLACK, .5)
    line = radius * rng.uniform(.02, .07)
    head = radius * rng.uniform(.4, .6)
    hx, hy = x + radius * rng.uniform(-.4, .4), y - radius * rng.uniform(.1, .5)
    if rng.random() < .75:      # body, legs, tail
        draw.line([tuple(p) for p in smooth([(x - radius * .6, y + radius * .4), (x - radius * .9, y), (x - radius, y - radius * .4)])], skin, line * 3)
        for leg in np.linspace(-.5, .5, int(rng.integers(2, 5))):
            draw.rect(x + leg * radius - radius * .1, y + radius * .4, x + leg * radius + radius * .1, y + radius, skin, edge, line)
        draw.polygon(_closed(rng, x, y + radius * .3, radius * .75, 7, .3), skin, edge, line)
    ear = rng.uniform(.25, 1.1)
    for side in (-1, 1):
        draw.polygon([(hx + side * head * .75, hy - head * .5), (hx + side * head * .7, hy - head * (.8 + ear)), (hx + side * head * .15, hy - head * .85)], skin, edge, line)
    draw.polygon(_closed(rng, hx, hy, head, 8, .15), skin, edge, line)
    for side in (-1, 1):
        draw.disc(hx + side * head * .35, hy - head * .1, head * .16, WHITE, edge, line * .6)
        draw.disc(hx + side * head * .35, hy - head * .1, head * .07, BLACK)
    draw.disc(hx, hy + head * .3, head * .1, colours[1])


def _figure(rng, draw, x, y, radius, colours, paper):
    """A freer sign: silhouettes, folded ribbons, turned copies of a shape, facets, with or without a ramp of colour."""
    kind = int(rng.integers(9))
    light = mix(colours[0], WHITE, .35)
    if kind == 6:
        _creature(rng, draw, x, y, radius, colours)
    elif kind == 7:    # a ball or plate with light on it
        for share in np.linspace(1, .1, 12):
            draw.disc(x - radius * .3 * (1 - share), y - radius * .3 * (1 - share), radius * share, mix(colours[0], WHITE, (1 - share) * .75))
        if rng.random() < .7:
            sign = _closed(rng, x, y, radius * rng.uniform(.4, .7), int(rng.integers(3, 8)), .6)
            draw.polygon(sign, WHITE if rng.random() < .6 else colours[1])
    elif kind == 8:    # thick letters crossed by stripes
        word = words.pick(rng, words.COMPANY)[:int(rng.integers(1, 4))].upper()
        draw.text(x, y, word, words.pick(rng, ("serif-bold", "sans-bold")), radius * 2 / len(word) ** .8, colours[0], "mm")
        if rng.random() < .6:
            for at in np.linspace(-1, 1, int(rng.integers(6, 11))):
                draw.rect(x - radius * 1.4, y + at * radius, x + radius * 1.4, y + (at + .1) * radius, paper)
    elif kind == 0:    # silhouettes over each other, as animals and plants come out
        for at in range(int(rng.integers(2, 6))):
            dx, dy = rng.uniform(-.4, .4, 2) * radius
            draw.polygon(_closed(rng, x + dx, y + dy, radius * rng.uniform(.35, .75), int(rng.integers(4, 10)), .55), (colours[0], colours[1], light, paper)[at % 4])
    elif kind == 1:    # one shape turned about the middle
        copies = int(rng.integers(3, 8))
        shape = np.array([(.08, -.1), (.5, -rng.uniform(.2, .5)), (1, rng.uniform(-.3, .3)), (.45, rng.uniform(.05, .4))]) * radius
        for at in range(copies):
            c, s = math.cos(2 * math.pi * at / copies), math.sin(2 * math.pi * at / copies)
            draw.polygon([(x + c * px - s * py, y + s * px + c * py) for px, py in shape], mix(colours[0], colours[1], at / copies))
    elif kind == 2:    # facets
        points = rng.uniform(-1, 1, (int(rng.integers(5, 11)), 2)) * radius + (x, y)
        for at in range(len(points) - 2):
            draw.polygon([tuple(point) for point in points[at:at + 3]], mix(colours[at % 2], WHITE, rng.uniform(0, .5)))
    elif kind == 3:    # thick strokes: knots, letters, waves
        for at in range(int(rng.integers(1, 4))):
            path = smooth(rng.uniform(-.85, .85, (int(rng.integers(3, 6)), 2)) * radius + (x, y))
            draw.line([tuple(point) for point in path], colours[at % 3], radius * rng.uniform(.12, .3))
    elif kind == 4:    # a plate with a sign cut out of it
        plate = _closed(rng, x, y, radius, 12, .12) if rng.random() < .5 else [(x - radius, y - radius), (x + radius, y - radius), (x + radius, y + radius), (x - radius, y + radius)]
        draw.polygon(plate, colours[0])
        for _ in range(int(rng.integers(1, 4))):
            dx, dy = rng.uniform(-.35, .35, 2) * radius
            draw.polygon(_closed(rng, x + dx, y + dy, radius * rng.uniform(.2, .5), int(rng.integers(3, 8)), .6), WHITE if rng.random() < .7 else colours[1])
    else:              # points and links, cubes
        cells = [(at, row) for at in range(3) for row in range(3) if rng.random() < .7]
        places = [(x + (at - 1) * radius * .75, y + (row - 1) * radius * .75) for at, row in cells]
        for a, b in zip(places, places[1:]):
            draw.line((a, b), colours[1], radius * .08)
        for at, (px, py) in enumerate(places):
            draw.disc(px, py, radius * rng.uniform(.14, .3), mix(colours[at % 2], WHITE, rng.uniform(0, .4)))


def logo(rng):
    name = words.company(rng)
    parts = name.split(" ", 1)
    colours = canvas.palette(rng)
    if rng.random() < .5:
        colours = [canvas.colour(rng, (.2, .55), (.4, 1)), canvas.colour(rng, (.3, .65), (.3, 1)), canvas.colour(rng)]
    if rng.random() < .15:
        colours = [BLACK, (110, 110, 110), BLACK]
    paper = WHITE if rng.random() < .78 else (canvas.colour(rng, (.1, .5)) if rng.random() < .6 else mix(WHITE, canvas.colour(rng), .2))
    dark = sum(paper) < 380
    if dark:
        colours = [WHITE, mix(WHITE, paper, .4), WHITE] if rng.random() < .6 else [mix(colour, WHITE, .5) for colour in colours]
    ink = WHITE if dark else colours[0] if rng.random() < .5 else (BLACK if rng.random() < .6 else (70, 70, 75))
    layout = ("mark", "beside", "above", "word", "badge", "boxed")[int(rng.choice(6, p=(.36, .23, .15, .12, .08, .06)))]
    text = name if rng.random() < .6 else parts[0]
    text = text.upper() if rng.random() < .35 else text.lower() if rng.random() < .15 else text
    face = fonts.pick(rng, *(("display",) if rng.random() < .6 else ("sans", "serif", "script", "condensed")), text=text)
    size = rng.uniform(22, 70)
    probe = Canvas(8, 8)
    wide, high = probe.text_size(text, face, size)
    pad = size * rng.uniform(.1, 1)
    radius = size * rng.uniform(.5, .95)
    slogan = words.sentence(rng, int(rng.integers(2, 5))) if rng.random() < .25 else ""
    if layout == "mark":
        radius = rng.uniform(30, 130)
        draw = Canvas(2 * (radius + pad), 2 * (radius + pad), paper)
        _emblem(rng, draw, radius + pad, radius + pad, radius, colours, paper)
        text = ""
    elif layout == "beside":
        draw = Canvas(wide + 2 * radius + 3 * pad, max(high, 2 * radius) + 2 * pad, paper)
        middle = draw.height / 2
        _emblem(rng, draw, pad + radius, middle, radius, colours, paper)
        draw.text(pad * 2 + 2 * radius, middle - (size * .15 if slogan else 0), text, face, size, ink, "lm")
        if slogan:
            draw.text(pad * 2 + 2 * radius, middle + size * .55, slogan, fonts.pick(rng, "sans"), size * .25, ink, "lm")
    elif layout == "above":
        radius *= 1.5
        draw = Canvas(max(wide, 2 * radius) + 2 * pad, high + 2 * radius + 2.5 * pad, paper)
        _emblem(rng, draw, draw.width / 2, pad + radius, radius, colours, paper)
        draw.text(draw.width / 2, pad * 1.4 + 2 * radius + high / 2, text, face, size, ink, "mm")
    elif layout == "word":
        draw = Canvas(wide + 2 * pad, high + 2 * pad, paper)
        draw.text(pad, draw.height / 2, text, face, size, ink, "lm")
        if rng.random() < .4:
            draw.line(((pad, draw.height - pad * .6), (pad + wide, draw.height - pad * .6)), colours[1], size * .08)
    elif layout == "badge":
        radius = max(50, wide * .62)
        draw = Canvas(2 * radius + 2 * pad, 2 * radius + 2 * pad, paper)
        centre = radius + pad
        draw.disc(centre, centre, radius, colours[0])
        draw.disc(centre, centre, radius * .9, paper if rng.random() < .5 else None, WHITE, radius * .03)
        filled = rng.random() < .5
        _emblem(rng, draw, centre, centre - radius * .38, radius * .3, colours[1:] + colours[:1], colours[0])
        draw.rect(pad * .6, centre + radius * .05, 2 * centre - pad * .6, centre + radius * .05 + high, colours[1] if filled else paper)
        draw.text(centre, centre + radius * .05 + high / 2, text, face, size, BLACK if sum(colours[1] if filled else paper) > 400 else WHITE, "mm")
    else:
        draw = Canvas(wide + 4 * pad, high + 3 * pad, paper)
        draw.rect(pad, pad * .75, draw.width - pad, draw.height - pad * .75, colours[0], radius=size * rng.choice((0, .2, .5)))
        draw.text(draw.width / 2, draw.height / 2, text, face, size, WHITE if sum(colours[0]) < 480 else BLACK, "mm")
    if layout == "mark":
        sentence = "A logo: an emblem without a name."
    else:
        sentence = f"A logo with the name '{text}'."
    return Sample(draw.pixels(), "picture", "logo", text, [Task("picture", sentence)])


# Signatures ----------------------------------------------------------------------------------------------------------

INKS = ((20, 30, 110), (10, 10, 20), (25, 25, 25), (30, 50, 150), (0, 0, 0), (60, 60, 80), (15, 60, 110))


def stroke(draw, points, width, ink, rng):
    """A pen's line of changing width through the points [n, 2]."""
    speed = np.hypot(*np.diff(points, axis=0).T)
    speed = np.convolve(speed, np.ones(5) / 5, "same") / max(1e-6, speed.mean())
    wide = width * np.clip(1.35 - .4 * speed, .45, 1.7)
    for (x0, y0), (x1, y1), w in zip(points[:-1], points[1:], wide):
        draw.line(((x0, y0), (x1, y1)), ink, w)
        if w > 1.4:
            draw.disc(x1, y1, w / 2, ink)


def smooth(points, steps=9):
    """Catmull-Rom curve through the points."""
    points = np.asarray(points, float)
    padded = np.concatenate((points[:1] * 2 - points[1:2], points, points[-1:] * 2 - points[-2:-1]))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:]):
        pieces.append(.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t ** 2 + (3 * p1 - p0 - 3 * p2 + p3) * t ** 3))
    return np.concatenate(pieces + [points[-1:]])


def scribble(rng, x, y, wide, high):
    """The strokes of a signature drawn at a stretch: big first loops, then waves that die away, maybe a flourish."""
    strokes = []
    points, at = [], x
    letters = int(rng.integers(4, 13))
    step = wide / (letters + 2)
    slant = rng.uniform(-.1, .6)
    for letter in range(letters):
        big = letter == 0 or rng.random() < .2
        tall = high * (rng.uniform(.7, 1.1) if big else rng.uniform(.1, .4) * (1 - .5 * letter / letters))
        deep = high * rng.uniform(.2, .55) if rng.random() < .16 else 0
        width_ = step * (1.5 if big else rng.uniform(.6, 1.2))
        points += [(at, y), (at + width_ * .5 + tall * slant, y - tall), (at + width_ * .15 + tall * slant * .5, y - tall * .8),
                   (at + width_ * .45, y + deep)]
        if rng.random() < .4:
            points.append((at + width_ * .9, y - tall * .3))
        at += width_
        if rng.random() < .12 and len(points) > 6:
            strokes.append(points)
            points = [(at, y)]
    points += [(at, y - high * .05), (at + step * rng.uniform(.5, 2), y - high * rng.uniform(-.1, .3))]
    strokes.append(points)
    if rng.random() < .4:
        down = y + high * rng.uniform(.05, .35)
        strokes.append([(at, down - high * .1), (x + wide * .4, down), (x, down + high * .1), (x + wide * .5, down + high * .05), (x + wide, down - high * .1)])
    jitter = high * .03
    return [np.asarray(part) + rng.standard_normal((len(part), 2)) * jitter for part in strokes]


def signature(rng):
    width, height = canvas.dimensions(rng, 150, 420, (1.3, 4.2))
    paper = WHITE if rng.random() < .75 else mix(WHITE, canvas.colour(rng), rng.uniform(.03, .15))
    draw = Canvas(width, height, paper)
    ink = INKS[int(rng.integers(len(INKS)))] if rng.random() < .85 else canvas.colour(rng, (.15, .4))
    person, printed = words.person(rng), ""
    lined = rng.random() < .35
    base = height * rng.uniform(.55, .72)
    if rng.random() < .58:
        wide, high = width * rng.uniform(.55, .9), height * rng.uniform(.35, .6)
        x = (width - wide) / 2
        for part in scribble(rng, x, base, wide, high):
            if len(part) > 2:
                stroke(draw, smooth(part), height * rng.uniform(.012, .025) + .5, ink, rng)
    else:
        _written(rng, draw, person, width, height, ink, base)
    if lined:
        y = min(height - 3, base + height * rng.uniform(.03, .12))
        grey = int(rng.integers(0, 150))
        draw.line(((width * .04, y), (width * .96, y)), (grey,) * 3, .8, None if rng.random() < .7 else (2, 2))
        if rng.random() < .6:
            printed = words.pick(rng, (person, "Signature", "Unterschrift", "Signature du client", "Firma", "Date, signature", "Authorized signature"))
            size = max(7, min(height * .11, 13))
            draw.text(width * .05, min(height - size * 1.4, y + 2), printed, fonts.pick(rng, "sans", "serif", text=printed), size, (40, 40, 40))
    if rng.random() < .06:
        cross = height * .07
        draw.text(width * .03, base, "X", "sans", cross * 2, BLACK, "ls")
    text = f"A handwritten signature{' above a line' if lined else ''}" + (f" with the printed words '{printed}'." if printed else ".")
    return Sample(draw.pixels(), "picture", "signature", printed, [Task("picture", text)])


def _written(rng, draw, person, width, height, ink, base):
    """A name in a script face, bent and slanted so that it is not type any more."""
    style = rng.random()
    first, last = person.split(" ", 1)
    text = person if style < .5 else f"{first[0]}. {last}" if style < .8 else last
    face = ("kristi", "dancing", "dkg", "rufscript", "kristi", "dkg")[int(rng.integers(6))]
    if not fonts.covers(face, text):
        face = "kristi" if fonts.covers("kristi", text) else "dancing"
    size = min(height * .8, 1.0 * width / max(1, draw.text_size(text, face, 100)[0]) * 86)
    mask = Canvas(width, height, BLACK)
    mask.text(width / 2, base, text, face, size, WHITE, "ms")
    if rng.random() < .5:
        mask.line([tuple(point) for point in smooth([(width * .2, base + height * .1), (width * .5, base + height * .06), (width * .85, base + height * .02)])],
                  WHITE, height * .012 + .4)
    layer = mask.image.convert("L")
    slant = rng.uniform(-.1, .35)
    w, h = layer.size
    layer = layer.transform((w, h), Image.AFFINE, (1, slant, -slant * h * .6, rng.uniform(-.12, .06), 1, 0), Image.BILINEAR)
    mesh, bend = [], rng.uniform(-.05, .05, 7) * h
    for at in range(6):
        x0, x1 = int(w * at / 6), int(w * (at + 1) / 6)
        mesh.append(((x0, 0, x1, h), (x0, bend[at], x0, h + bend[at] * .4, x1, h + bend[at + 1] * .4, x1, bend[at + 1])))
    layer = layer.transform((w, h), Image.MESH, mesh, Image.BILINEAR)
    draw.image.paste(ink, (0, 0), layer)


# Stamps --------------------------------------------------------------------------------------------------------------

def _around(draw, text, x, y, radius, face, size, ink, middle, down=False):
    """Letters along a circle; `middle` is the angle in degrees of the text's middle."""
    widths = [draw.text_size(letter, face, size)[0] + size * .08 for letter in text]
    total = sum(widths)
    turn = -1 if down else 1
    angle = math.radians(middle) - turn * total / radius / 2
    for letter, width in zip(text, widths):
        here = angle + turn * width / radius / 2
        degrees = -math.degrees(here) - 90 if not down else -math.degrees(here) + 90
        if letter != " ":
            draw.turned(x + math.cos(here) * radius, y + math.sin(here) * radius, letter, face, size, ink, degrees)
        angle += turn * width / radius


def stamp(rng):
    ink = ((170, 30, 40), (30, 50, 150), (60, 40, 130), (20, 20, 30), (20, 100, 60), (200, 30, 30), (40, 80, 170))[int(rng.integers(7))]
    text = words.pick(rng, words.STAMPS)
    firm, day, place = words.company(rng).upper(), words.date(rng), words.pick(rng, words.PLACES).upper()
    shape = ("round", "box", "date", "oval", "plain", "seal", "postmark")[int(rng.choice(7, p=(.24, .25, .17, .1, .1, .08, .06)))]
    size = rng.uniform(60, 130)
    face = fonts.pick(rng, *(("sans", "condensed", "serif", "mono")[int(rng.integers(4))],), text=text + firm + place)
    face = fonts.bold(face) if rng.random() < .6 else face
    draw, seen = _stamp_shape(rng, shape, size, face, text, firm, day, place)
    mask = np.asarray(draw.image.convert("L"), np.float32) / 255
    layer = Image.fromarray((mask * 255).astype(np.uint8))
    angle = rng.uniform(-28, 28) if rng.random() < .7 else 0
    layer = layer.rotate(angle, Image.BICUBIC, expand=True).reduce(2)
    if rng.random() < .5:
        crop = layer.getbbox()
        if crop:
            pad = rng.uniform(0, 12)
            layer = layer.crop((crop[0] - pad, crop[1] - pad, crop[2] + pad, crop[3] + pad))
    width, height = layer.size
    worn = surface(rng, width, height, rng.uniform(8, 40), 4, .9)
    patches = surface(rng, width, height, 3, 2)
    cover = np.asarray(layer, np.float32) / 255 * np.clip((worn - rng.uniform(-.3, .35)) * 4, 0, 1) * (rng.uniform(.6, 1) - rng.uniform(0, .4) * patches)
    paper = np.full((height, width, 3), 255, np.float32)
    if rng.random() < .3:
        paper[:] = mix(WHITE, canvas.colour(rng), rng.uniform(.02, .15))
    if rng.random() < .25:
        paper = _under(rng, width, height, paper)
    image = paper * (1 - cover[:, :, None]) + np.array(ink, np.float32) * cover[:, :, None] * np.where(rng.random() < .5, 1, paper / 255)
    kind = {"round": "round", "box": "rectangular", "date": "date", "oval": "oval", "plain": "text", "seal": "round seal", "postmark": "postmark"}[shape]
    sentence = f"A {kind} stamp" if kind not in ("oval", "postmark") else ("An oval stamp" if kind == "oval" else "A postmark")
    words_ = ", ".join(f"'{part}'" for part in seen[:2])
    return Sample(np.clip(image, 0, 255).astype(np.uint8), "picture", "stamp", " ".join(seen), [Task("picture", f"{sentence} with the words {words_}.")])


def _under(rng, width, height, paper):
    """Some print below the stamp."""
    draw = Canvas(width, height, tuple(int(v) for v in paper[0, 0]), 1)
    size, face = rng.uniform(9, 14), fonts.pick(rng, "serif", "sans")
    for y in np.arange(rng.uniform(0, 20), height, size * rng.uniform(1.5, 3)):
        if rng.random() < .7:
            draw.text(rng.uniform(-30, 20), y, words.sentence(rng, 9), face, size, (90, 90, 90))
    return draw.pixels().astype(np.float32)


def _stamp_shape(rng, shape, size, face, text, firm, day, place):
    thick = size * rng.uniform(.025, .06)

    def fitted(draw, words_, limit, wanted):
        return min(wanted, limit / max(1, draw.text_size(words_, face, 100)[0]) * 100)
    if shape in ("round", "seal", "postmark"):
        draw = Canvas(2.3 * size, 2.3 * size, BLACK)
        c = 1.15 * size
        draw.disc(c, c, size, None, WHITE, thick)
        ring = rng.uniform(.6, .7)
        if rng.random() < .75:
            draw.disc(c, c, size * ring, None, WHITE, thick * .6)
        if rng.random() < .3:
            draw.disc(c, c, size * .94, None, WHITE, thick * .4)
        letters = min(size * .2, size * .2 * 26 / max(10, len(firm) * 2))
        _around(draw, firm, c, c, size * .81, face, letters, WHITE, -90)
        _around(draw, place, c, c, size * .81, face, letters, WHITE, 90, True)
        for angle in (0, math.pi):
            draw.text(c + math.cos(angle) * size * .81, c, "★" if face.startswith("dejavu") else "*", face, size * .18, WHITE, "mm")
        if shape == "seal":
            points = int(rng.integers(5, 12))
            draw.polygon([(c + math.sin(math.pi * at / points) * size * .5 * (1 if at % 2 else .45), c - math.cos(math.pi * at / points) * size * .5 * (1 if at % 2 else .45))
                          for at in range(2 * points)], None if rng.random() < .5 else WHITE, WHITE, thick * .5)
            return draw, [firm, place]
        centre = day if shape == "postmark" or rng.random() < .5 else text
        draw.text(c, c, centre, face, fitted(draw, centre, size * 1.12, size * .4), WHITE, "mm")
        if shape == "postmark":
            wide = Canvas(3.9 * size, 2.3 * size, BLACK)
            wide.image.paste(draw.image, (0, 0))
            for at in range(5):
                y = c + (at - 2) * size * .3
                wide.line([(x, y + math.sin(x * 6 / size) * size * .06) for x in np.linspace(c + size, 3.8 * size, 40)], WHITE, thick)
            draw = wide
        elif rng.random() < .4:
            for dy in (-.25, .25):
                draw.line(((c - size * .55, c + dy * size), (c + size * .55, c + dy * size)), WHITE, thick * .5)
        return draw, [firm, centre]
    if shape == "oval":
        draw = Canvas(2.6 * size, 1.6 * size, BLACK)
        draw.oval(.05 * size, .05 * size, 2.55 * size, 1.55 * size, None, WHITE, thick)
        draw.oval(.15 * size, .15 * size, 2.45 * size, 1.45 * size, None, WHITE, thick * .4)
        draw.text(1.3 * size, .55 * size, firm, face, fitted(draw, firm, 1.9 * size, size * .25), WHITE, "mm")
        draw.text(1.3 * size, .95 * size, text, face, fitted(draw, text, 1.8 * size, size * .35), WHITE, "mm")
        return draw, [firm, text]
    if shape == "date":
        draw = Canvas(2.6 * size, 1.9 * size, BLACK)
        boxed = rng.random() < .7
        if boxed:
            draw.rect(.08 * size, .08 * size, 2.52 * size, 1.82 * size, None, WHITE, thick, size * .1 if rng.random() < .4 else 0)
        draw.text(1.3 * size, .4 * size, text, face, fitted(draw, text, 2 * size, size * .38), WHITE, "mm")
        draw.text(1.3 * size, .95 * size, day, "mono-bold" if rng.random() < .5 else face, size * .34, WHITE, "mm")
        draw.text(1.3 * size, 1.48 * size, firm, face, fitted(draw, firm, 2.1 * size, size * .22), WHITE, "mm")
        if rng.random() < .5:
            for y in (.68, 1.24):
                draw.line(((.2 * size, y * size), (2.4 * size, y * size)), WHITE, thick * .5)
        return draw, [text, day]
    probe = Canvas(8, 8)
    wide = probe.text_size(text, face, size * .6)[0]
    two = rng.random() < .45
    draw = Canvas(wide + size, size * (1.45 if two else 1.1), BLACK)
    if shape == "box":
        round_ = size * .15 if rng.random() < .4 else 0
        draw.rect(thick, thick, draw.width - thick, draw.height - thick, None, WHITE, thick * 1.3, round_)
        if rng.random() < .3:
            draw.rect(thick * 3.5, thick * 3.5, draw.width - thick * 3.5, draw.height - thick * 3.5, None, WHITE, thick * .6, round_ * .7)
    draw.text(draw.width / 2, size * (.5 if two else .55), text, face, size * .6, WHITE, "mm")
    if two:
        draw.text(draw.width / 2, size * 1.08, day, face, size * .28, WHITE, "mm")
    return draw, [text, day] if two else [text]
