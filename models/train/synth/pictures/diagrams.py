# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagrams."""
import math

import numpy as np
from PIL import Image

from .. import fonts
from . import canvas, words
from .canvas import BLACK, WHITE, Canvas, mix
from .charts import count
from .marks import smooth
from ..sample import Sample, Task


class Look:
    """Colours, face and lines of one diagram."""

    def __init__(self, rng):
        colours = canvas.palette(rng)
        self.face = fonts.pick(rng, "sans", "sans", "serif", "hand")
        if not fonts.covers(self.face, "üéó"):
            self.face = "comic"
        self.paper = WHITE if rng.random() < .85 else mix(WHITE, canvas.colour(rng), .1)
        manner = rng.random()
        self.ink = BLACK if rng.random() < .7 else tuple(int(v) for v in rng.integers(30, 110, 3))
        self.fills = ([WHITE] if manner < .38 else [mix(colour, WHITE, rng.uniform(.5, .85)) for colour in colours[:4]] if manner < .75
                      else list(colours[:4]))
        self.outline = self.ink if manner < .75 or rng.random() < .5 else None
        self.line = rng.uniform(.7, 2)
        self.filled = rng.random() < .75
        self.radius = float(rng.choice((0, 0, 4, 8)))
        self.dash = (4, 3) if rng.random() < .12 else None

    def fill(self, at):
        return self.fills[at % len(self.fills)]


def box(draw, look, shape, x, y, w, h, text, at=0, size=None):
    """A node around the centre (x, y) with its text fitted."""
    fill, width = look.fill(at), look.line
    x0, y0, x1, y1 = x - w / 2, y - h / 2, x + w / 2, y + h / 2
    if shape == "diamond":
        draw.polygon([(x, y0), (x1, y), (x, y1), (x0, y)], fill, look.outline, width)
    elif shape == "oval":
        draw.oval(x0, y0, x1, y1, fill, look.outline, width)
    elif shape == "round":
        draw.rect(x0, y0, x1, y1, fill, look.outline, width, h * .45)
    elif shape == "slanted":
        draw.polygon([(x0 + h * .3, y0), (x1, y0), (x1 - h * .3, y1), (x0, y1)], fill, look.outline, width)
    elif shape == "drum":
        lid = h * .22
        draw.rect(x0, y0 + lid / 2, x1, y1 - lid / 2, fill)
        draw.oval(x0, y1 - lid, x1, y1, fill, look.outline, width)
        draw.rect(x0 + width, y0 + lid, x1 - width, y1 - lid * .5, fill)
        draw.oval(x0, y0, x1, y0 + lid, fill, look.outline or look.ink, width)
        if look.outline:
            draw.line(((x0, y0 + lid / 2), (x0, y1 - lid / 2)), look.outline, width)
            draw.line(((x1, y0 + lid / 2), (x1, y1 - lid / 2)), look.outline, width)
    else:
        draw.rect(x0, y0, x1, y1, fill, look.outline, width, look.radius)
    if text:
        room = w * (.6 if shape in ("diamond", "oval") else .86)
        size = min(size or h * .42, room / max(1, draw.text_size(text, look.face, 100)[0]) * 100, h * .5)
        draw.text(x, y, text, look.face, size, WHITE if sum(fill) < 330 else BLACK, "mm")


def link(draw, look, a, b, bent=False, head=True):
    """A connection from a to b; `bent` along the axes."""
    points = [a, b]
    if bent and abs(a[0] - b[0]) > 3 and abs(a[1] - b[1]) > 3:
        middle = (a[1] + b[1]) / 2
        points = [a, (a[0], middle), (b[0], middle), b]
    draw.line(points, look.ink, look.line, look.dash)
    if head:
        draw.tip(points[-2], points[-1], look.ink, look.line, 4 + look.line * 2.4, look.filled)


def nodes(rng, number):
    names = [words.NODES[int(index)] for index in rng.permutation(len(words.NODES))[:number]]
    return names


def flow(rng, look):
    """A flow chart, down or along, maybe with a decision and a way back."""
    down = rng.random() < .6
    number = int(rng.integers(3, 8 if down else 6))
    names = nodes(rng, number + 2)
    w, h = rng.uniform(70, 120), rng.uniform(26, 46)
    gap = rng.uniform(16, 36)
    branch = int(rng.integers(1, number - 1)) if rng.random() < .65 and number > 3 else -1
    pitch = (h if down else w) + gap
    long = number * pitch + gap
    wide = (w * 2.6 if branch >= 0 else w * 1.25) if down else (h * 3.6 if branch >= 0 else h * 2)
    draw = Canvas(wide if down else long, long if down else wide, look.paper)
    axis = w * .7 if down else h * .95
    def at(index): return (axis, gap + h / 2 + index * pitch) if down else (gap / 2 + w / 2 + index * pitch, axis)
    step = ((0, h / 2) if down else (w / 2, 0))
    for index in range(number):
        x, y = at(index)
        if index:
            px, py = at(index - 1)
            link(draw, look, (px + step[0], py + step[1]), (x - step[0], y - step[1]))
        shape = "diamond" if index == branch else ("round" if index in (0, number - 1) else ("box", "box", "slanted")[int(rng.integers(3))])
        box(draw, look, shape, x, y, w, h, names[index], index)
    if branch >= 0:
        x, y = at(branch)
        side = (x + w * 1.35, y) if down else (x, y + h * 2)
        box(draw, look, "box", *side, w, h, names[number], 1)
        link(draw, look, (x + w / 2, y) if down else (x, y + h / 2), (side[0] - w / 2, side[1]) if down else (side[0], side[1] - h / 2))
        yes, no = words.pick(rng, (("yes", "no"), ("ja", "nein"), ("oui", "non"), ("sí", "no"), ("true", "false")))
        draw.text(x + w * .55 if down else x + 4, y - h * .3 if down else y + h * .75, no, look.face, h * .28, look.ink, "lm")
        draw.text(x + 5 if down else x + w * .53, y + h * .62 if down else y - h * .25, yes, look.face, h * .28, look.ink, "lm")
        if rng.random() < .5:
            nx, ny = at(min(number - 1, branch + 1))
            link(draw, look, (side[0], side[1] + h / 2) if down else (side[0] + w / 2, side[1]), (nx + w / 2, ny) if down else (nx, ny + h / 2), True)
        names = names[:number + 1]
    else:
        names = names[:number]
    text = f"A flow chart with {count(len(names))} steps from '{names[0]}' to '{names[number - 1]}'{' and a decision' if branch >= 0 else ''}."
    return draw, text, names


def tree(rng, look):
    """An organisation chart or a decision tree."""
    levels = int(rng.integers(2, 4))
    widths = [1]
    for _ in range(levels - 1):
        widths.append(min(7, widths[-1] * int(rng.integers(2, 4))))
    w, h = rng.uniform(55, 90), rng.uniform(22, 36)
    along = rng.random() < .22
    span, deep = max(widths) * (w * 1.15), len(widths) * h * 2.1
    shape = ("box", "box", "round", "oval")[int(rng.integers(4))]
    if along:
        span, deep = max(widths) * h * 1.5, len(widths) * w * 1.5
    draw = Canvas((deep if along else span) + 16, (span if along else deep) + 10, look.paper)
    names = nodes(rng, sum(widths))
    def place(level, at):
        across = 8 + span * (at + .5) / widths[level]
        depth = 5 + deep * (level + .5) / len(widths)
        return (depth, across) if along else (across, depth)
    at = 0
    bent = rng.random() < .6
    for level, number in enumerate(widths):
        for index in range(number):
            x, y = place(level, index)
            if level:
                px, py = place(level - 1, index * widths[level - 1] // number)
                a, b = ((px + w / 2, py), (x - w / 2, y)) if along else ((px, py + h / 2), (x, y - h / 2))
                link(draw, look, a, b, bent and not along, rng.random() < .3)
            box(draw, look, shape, x, y, w, h, names[at], level)
            at += 1
    return draw, f"A tree diagram with {count(sum(widths))} boxes on {count(levels)} levels below '{names[0]}'.", names


def network(rng, look):
    """Circles joined by lines: graphs, state machines."""
    number = int(rng.integers(4, 11))
    width, height = rng.uniform(200, 380), rng.uniform(150, 300)
    draw = Canvas(width, height, look.paper)
    directed = rng.random() < .5
    radius = rng.uniform(9, 22)
    if rng.random() < .5:
        angles = np.linspace(0, 2 * np.pi, number, endpoint=False) + rng.random()
        places = np.stack((width / 2 + np.cos(angles) * (width / 2 - radius * 1.4), height / 2 + np.sin(angles) * (height / 2 - radius * 1.4)), 1)
    else:
        places = rng.uniform((radius * 1.3, radius * 1.3), (width - radius * 1.3, height - radius * 1.3), (number * 4, 2))
        kept = [places[0]]
        for place in places[1:]:
            if min(math.dist(place, other) for other in kept) > radius * 2.8 and len(kept) < number:
                kept.append(place)
        places = np.array(kept)
        number = len(places)
    named = rng.random() < .75
    labels = [words.pick(rng, ("{}", "v{}", "S{}", "q{}", "N{}")).format(at) if named else "" for at in range(number)]
    if rng.random() < .3:
        labels = list("ABCDEFGHIJKL")[:number]
    joined = {(at, int(rng.integers(at))) for at in range(1, number)} | {
        tuple(int(v) for v in rng.integers(0, number, 2)) for _ in range(int(rng.integers(0, number)))}
    weights = rng.random() < .3
    for a, b in sorted(joined):
        if a == b or number < 2:
            continue
        p, q = places[a], places[b]
        unit = (q - p) / max(1e-6, math.dist(p, q))
        link(draw, look, tuple(p + unit * radius), tuple(q - unit * radius), head=directed)
        if weights:
            middle = (p + q) / 2
            draw.text(middle[0] + 3, middle[1] - 3, str(int(rng.integers(1, 30))), look.face, radius * .7, look.ink, "mm")
    for at, (x, y) in enumerate(places):
        draw.disc(x, y, radius, look.fill(at), look.outline or look.ink, look.line)
        if labels[at]:
            draw.text(x, y, labels[at], look.face, radius * .85, WHITE if sum(look.fill(at)) < 330 else BLACK, "mm")
    kind = "directed" if directed else "undirected"
    return draw, f"A network diagram: an {kind} graph of {count(number)} nodes." if kind == "undirected" else f"A network diagram: a directed graph of {count(number)} nodes.", labels


def layers(rng, look):
    """Blocks in rows within frames: architectures, neural networks."""
    if rng.random() < .3:
        return neurons(rng, look)
    rows = int(rng.integers(2, 6))
    width, high = rng.uniform(220, 380), rng.uniform(34, 60)
    draw = Canvas(width, rows * high + 20, look.paper)
    names, total = [], 0
    before = None
    frames = rng.random() < .4
    for row in range(rows):
        number = int(rng.integers(1, 5))
        y = 10 + high * (row + .5)
        if frames:
            draw.rect(4, y - high * .46, width - 4, y + high * .46, mix(look.fill(row), WHITE, .6), look.ink, .7)
        mine = nodes(rng, number)
        centres = []
        for at in range(number):
            x, w = 12 + (width - 24) * (at + .5) / number, (width - 24) / number * .82
            shape = ("box", "box", "box", "drum", "round")[int(rng.integers(5))]
            box(draw, look, shape, x, y, w, high * .58, mine[at], row)
            centres.append((x, y))
        if before and not frames:
            for index, (x, cy) in enumerate(centres):
                px, py = before[index * len(before) // len(centres)]
                link(draw, look, (px, py + high * .29), (x, cy - high * .29), rng.random() < .5)
        before = centres
        names += mine
        total += number
    return draw, f"A block diagram with {count(total)} blocks in {count(rows)} rows, among them '{names[0]}'.", names


def neurons(rng, look):
    sizes = [int(rng.integers(2, 8)) for _ in range(int(rng.integers(3, 6)))]
    width, height = rng.uniform(200, 360), rng.uniform(130, 260)
    draw = Canvas(width, height, look.paper)
    radius = min(height / (max(sizes) * 2.6), 14)
    def place(layer, at): return (width * (layer + .5) / len(sizes), height * (.5 + (at - (sizes[layer] - 1) / 2) / max(sizes) * .95))
    for layer in range(1, len(sizes)):
        for a in range(sizes[layer - 1]):
            for b in range(sizes[layer]):
                draw.line((place(layer - 1, a), place(layer, b)), mix(look.ink, WHITE, .4), .6)
    for layer, size in enumerate(sizes):
        for at in range(size):
            draw.disc(*place(layer, at), radius, look.fill(layer), look.ink, look.line)
    return draw, f"A diagram of a neural network with {count(len(sizes))} layers.", []


def circuit(rng, look):
    """An electric circuit: resistors, capacitors, sources on a rectangle of wires."""
    width, height = rng.uniform(200, 380), rng.uniform(130, 230)
    draw = Canvas(width + 26, height, WHITE)
    ink, line = look.ink, max(1, look.line)
    xs = np.linspace(30, width - 30, int(rng.integers(2, 5)))
    top, bottom = 34, height - 26
    labels = []

    def part(a, b, kind, at):
        (x0, y0), (x1, y1) = a, b
        length = math.dist(a, b)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        mx, my, r = (x0 + x1) / 2, (y0 + y1) / 2, 13
        p, q = (mx - ux * r, my - uy * r), (mx + ux * r, my + uy * r)
        draw.line((a, p), ink, line)
        draw.line((q, b), ink, line)
        if kind == "R":
            zig = [(p[0] + ux * 2 * r * t + (-uy) * s * 5, p[1] + uy * 2 * r * t + ux * s * 5) for t, s in
                   ((0, 0), (.1, 1), (.26, -1), (.42, 1), (.58, -1), (.74, 1), (.9, -1), (1, 0))]
            draw.line(zig, ink, line) if look.filled else draw.rect(min(p[0], q[0]) - abs(uy) * 5, min(p[1], q[1]) - abs(ux) * 5, max(p[0], q[0]) + abs(uy) * 5, max(p[1], q[1]) + abs(ux) * 5, WHITE, ink, line)
        elif kind == "C":
            for s, e in ((-3, p), (3, q)):
                cx, cy = mx + ux * s, my + uy * s
                draw.line(((cx - uy * 9, cy + ux * 9), (cx + uy * 9, cy - ux * 9)), ink, line * 1.3)
                draw.line((e, (cx, cy)), ink, line)
        elif kind == "V":
            draw.disc(mx, my, r, WHITE, ink, line)
            draw.text(mx, my, words.pick(rng, "~+V"), "sans", 13, ink, "mm")
        elif kind == "L":
            for t in range(4):
                cx, cy = p[0] + ux * r * (.25 + .5 * t), p[1] + uy * r * (.25 + .5 * t)
                draw.arc(cx - r * .26, cy - r * .26, cx + r * .26, cy + r * .26, 180 if abs(ux) > .5 else 270, 360 if abs(ux) > .5 else 450, ink, line)
        else:
            draw.polygon([(p[0] - uy * 8, p[1] + ux * 8), (p[0] + uy * 8, p[1] - ux * 8), q], look.fill(1) if look.filled else WHITE, ink, line)
            draw.line(((q[0] - uy * 8, q[1] + ux * 8), (q[0] + uy * 8, q[1] - ux * 8)), ink, line)
        labels.append(f"{kind}{at}")
        draw.text(mx + (0 if abs(ux) > .5 else r + 4), my - (r + 4 if abs(ux) > .5 else 0), labels[-1], look.face, 11, ink, "mm" if abs(ux) > .5 else "lm")
    at = 1
    part((xs[0], top), (xs[0], bottom), "V", 1)
    for left, right in zip(xs[:-1], xs[1:]):
        part((left, top), (right, top), words.pick(rng, "RRLCD"), at)
        part((right, top), (right, bottom), words.pick(rng, "RCLD"), at + 1)
        draw.disc(right, top, 2.3, ink)
        at += 2
    draw.line(((xs[0], bottom), (xs[-1], bottom)), ink, line)
    if rng.random() < .6:
        for share in (0, 4, 8):
            draw.line(((xs[0] - 9 + share, bottom + 5 + share), (xs[0] + 9 - share, bottom + 5 + share)), ink, line)
        draw.line(((xs[0], bottom), (xs[0], bottom + 5)), ink, line)
    return draw, f"A circuit diagram with {count(len(labels))} parts and a source.", labels


def uml(rng, look):
    """Classes with members, or tables of a database, joined by lines."""
    number = int(rng.integers(2, 6))
    width, height = rng.uniform(240, 400), rng.uniform(180, 300)
    draw = Canvas(width, height, look.paper)
    columns = 2 if number < 5 else 3
    rows = -(-number // columns)
    names, places = nodes(rng, number), []
    size = min(12, width / columns / 9)
    for at in range(number):
        x, y = width * (at % columns + .5) / columns, height * (at // columns + .5) / rows
        members = int(rng.integers(2, 5))
        w, h = width / columns * .68, size * 1.35 * (members + 1.4)
        h = min(h, height / rows * .85)
        places.append((x, y, w, h))
    for at in range(1, number):
        other = at - 1 if rng.random() < .7 or at < columns else at - columns
        (x0, y0, _, h0), (x1, y1, _, h1) = places[other], places[at]
        link(draw, look, (x0, y0), (x1, y1), rng.random() < .5, False)
    for at, (x, y, w, h) in enumerate(places):
        draw.rect(x - w / 2, y - h / 2, x + w / 2, y + h / 2, WHITE, look.ink, look.line)
        draw.rect(x - w / 2, y - h / 2, x + w / 2, y - h / 2 + size * 1.5, look.fill(at), look.ink, look.line)
        fill = look.fill(at)
        draw.text(x, y - h / 2 + size * .75, names[at][:14], fonts.bold(look.face), size, WHITE if sum(fill) < 330 else BLACK, "mm")
        for row in range(int((h - size * 1.6) / (size * 1.3))):
            draw.text(x - w / 2 + 4, y - h / 2 + size * (1.65 + 1.3 * row), words.pick(rng, ("+ id: int", "name: string", "+ run()", "- size", "date DATE", "# key", "total", "getValue()", "PK id", "FK user")), look.face, size * .85, look.ink)
    return draw, f"A class diagram with {count(number)} boxes: {', '.join(names[:3])}.", names


def cycle(rng, look):
    """Steps around a circle, sets that overlap, a pyramid, a time line: slides' diagrams."""
    kind = int(rng.integers(4))
    number = int(rng.integers(3, 7))
    names = nodes(rng, number)
    width = height = rng.uniform(190, 320)
    if kind == 0:
        draw = Canvas(width, height, look.paper)
        places = [(width / 2 + math.cos(a) * width * .34, height / 2 + math.sin(a) * height * .36) for a in np.linspace(-math.pi / 2, 1.5 * math.pi, number, endpoint=False)]
        for a, b in zip(places, places[1:] + places[:1]):
            p = (a[0] + (b[0] - a[0]) * .36, a[1] + (b[1] - a[1]) * .36)
            q = (a[0] + (b[0] - a[0]) * .64, a[1] + (b[1] - a[1]) * .64)
            link(draw, look, p, q)
        for at, (x, y) in enumerate(places):
            box(draw, look, ("oval", "box", "round")[number % 3], x, y, width * .28, height * .15, names[at], at)
        return draw, f"A cycle diagram with {count(number)} steps starting at '{names[0]}'.", names
    if kind == 1:
        number = min(3, number)
        draw = Canvas(width, height * .85, look.paper)
        image = np.full((draw.image.height, draw.image.width, 3), look.paper, np.float32)
        yy, xx = np.mgrid[:image.shape[0], :image.shape[1]]
        colours, centres = canvas.palette(rng), []
        for at in range(number):
            angle = 2 * math.pi * at / number - (math.pi / 2 if number == 3 else 0)
            cx, cy, r = (.5 + math.cos(angle) * .17) * image.shape[1], (.5 + math.sin(angle) * .17) * image.shape[0], image.shape[0] * .3
            inside = (xx - cx) ** 2 + (yy - cy) ** 2 < r * r
            image[inside] = image[inside] * .55 + np.array(colours[at]) * .45
            centres.append((cx / 2, cy / 2, r / 2))
        draw.image.paste(Image.fromarray(image.astype(np.uint8)))
        for at, (cx, cy, r) in enumerate(centres):
            draw.disc(cx, cy, r, None, look.ink, 1)
            draw.text(cx + (cx - width / 2) * .6, cy + (cy - height * .425) * .6, names[at][:10], look.face, 11, BLACK, "mm")
        return draw, f"A Venn diagram of {count(number)} overlapping circles: {', '.join(names[:number])}.", names[:number]
    if kind == 2:
        draw = Canvas(width, height * .8, look.paper)
        for at in range(number):
            a, b = at / number, (at + 1) / number
            h = height * .76
            draw.polygon([(width / 2 - a * width * .46, 4 + a * h), (width / 2 + a * width * .46, 4 + a * h), (width / 2 + b * width * .46, 4 + b * h), (width / 2 - b * width * .46, 4 + b * h)], look.fill(at), look.ink, 1)
            draw.text(width / 2, 4 + (a + b) / 2 * h, names[at], look.face, min(13, h / number * .45), WHITE if sum(look.fill(at)) < 330 else BLACK, "mm")
        return draw, f"A pyramid diagram with {count(number)} levels; '{names[0]}' is at the top.", names
    draw = Canvas(width * 1.5, height * .5, look.paper)
    y = height * .25
    if rng.random() < .5:
        for at in range(number):
            x0, w = 5 + at * (width * 1.5 - 14) / number, (width * 1.5 - 14) / number
            tip = w * .18
            draw.polygon([(x0, y - 24), (x0 + w - tip, y - 24), (x0 + w, y), (x0 + w - tip, y + 24), (x0, y + 24), (x0 + tip, y)], look.fill(at), look.ink, look.line)
            size = min(12, w * .6 / max(1, draw.text_size(names[at], look.face, 100)[0]) * 100)
            draw.text(x0 + w * .52, y, names[at], look.face, size, WHITE if sum(look.fill(at)) < 330 else BLACK, "mm")
        return draw, f"A process diagram of {count(number)} arrows from '{names[0]}' to '{names[-1]}'.", names
    draw.arrow((8, y), (width * 1.5 - 8, y), look.ink, 2, 9)
    first = int(rng.integers(1900, 2015))
    for at in range(number):
        x = 24 + at * (width * 1.5 - 60) / max(1, number - 1)
        draw.disc(x, y, 4, look.fill(at), look.ink, 1)
        up = at % 2 == 0
        draw.line(((x, y), (x, y + (-18 if up else 18))), look.ink, .8)
        draw.text(x, y + (-26 if up else 26), names[at], look.face, 10, look.ink, "mm")
        draw.text(x, y + (12 if up else -12), str(first + at * 3), look.face, 9, look.ink, "mm")
    return draw, f"A time line with {count(number)} events from {first} to {first + 3 * (number - 1)}.", names


def graph(rng, look):
    """Nodes in ranks with curved arrows, as graph drawing programs set them: thin black lines, serif names."""
    if rng.random() < .65:
        look.fills, look.outline, look.ink, look.paper = [WHITE], BLACK, BLACK, WHITE
        look.face, look.line, look.dash = ("serif" if rng.random() < .7 else "sans"), rng.uniform(.5, 1), None
    ranks = [1] + [int(rng.integers(1, 5)) for _ in range(int(rng.integers(1, 5)))]
    along = rng.random() < .35
    w, h = rng.uniform(46, 78), rng.uniform(20, 32)
    across, deep = max(ranks) * (h * 1.7 if along else w * 1.25), len(ranks) * (w * 1.6 if along else h * 2.3)
    draw = Canvas((deep if along else across) + 12, (across if along else deep) + 12, look.paper)
    shape = ("oval", "oval", "box", "diamond")[int(rng.integers(4))]
    names, places, at = nodes(rng, sum(ranks)), [], 0
    if rng.random() < .25:
        names = [letter for letter in "abcdefghijklmnopqrstuvwxyz"[:len(names)]]
    for rank, number in enumerate(ranks):
        for index in range(number):
            a = 6 + across * (index + .5) / number + rng.uniform(-.1, .1) * w
            b = 6 + deep * (rank + .5) / len(ranks)
            places.append(((b, a) if along else (a, b), rank))
    for index in range(1, len(places)):
        (x, y), rank = places[index]
        above = [place for place, other in places if other == rank - 1] or [places[0][0]]
        for px, py in [above[int(rng.integers(len(above)))] for _ in range(1 if rng.random() < .75 else 2)]:
            start, end = ((px + w / 2, py), (x - w / 2, y)) if along else ((px, py + h / 2), (x, y - h / 2))
            middle = ((start[0] + end[0]) / 2 + rng.uniform(-6, 6), (start[1] + end[1]) / 2 + rng.uniform(-4, 4))
            path = [tuple(point) for point in smooth([start, middle, end], 6)]
            draw.line(path, look.ink, look.line, look.dash)
            draw.tip(path[-3], end, look.ink, look.line, 5 + look.line, True)
            if rng.random() < .12:
                draw.text(middle[0] + 4, middle[1], words.pick(rng, words.TEXT), look.face, h * .35, look.ink, "lm")
    for index, ((x, y), _) in enumerate(places):
        box(draw, look, shape, x, y, w, h, names[index], index)
    return draw, f"A diagram of {count(len(places))} nodes joined by arrows, starting at '{names[0]}'.", names


def _relax(rng, number, joined, spread):
    """Places [number, 2] of nodes that push each other away while joined ones pull."""
    places = rng.uniform(-1, 1, (number, 2)) * spread
    for step in np.linspace(.3, .02, 40):
        apart = places[:, None] - places[None]
        far = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), .05)[..., None]
        push = (apart / far ** 3).sum(1)
        for a, b in joined:
            pull = (places[b] - places[a]) * .9
            push[a] += pull
            push[b] -= pull
        places = places + np.clip(push, -1.5, 1.5) * step
    return places - places.min(0)


def springs(rng, look):
    """Named nodes as programs spread them that know no ranks: circles, ovals or drums, at times over each other, one colour."""
    if rng.random() < .8:
        fill = words.pick(rng, (WHITE, WHITE, (211, 211, 211), (173, 216, 230), (255, 215, 0), (144, 238, 144)))
        look.fills, look.outline, look.ink, look.paper = [fill], BLACK, BLACK, WHITE
        look.face, look.line, look.dash = ("serif" if rng.random() < .8 else "sans"), rng.uniform(.5, 1.1), None
    number = int(rng.integers(3, 15))
    joined = [(int(rng.integers(at)), at) for at in range(1, number)] + [tuple(sorted(rng.choice(number, 2, False).tolist())) for _ in range(int(rng.integers(0, 4)))]
    shape = ("oval", "oval", "circle", "box", "drum")[int(rng.integers(5))]
    w, h = rng.uniform(34, 70), rng.uniform(16, 30)
    h = w * rng.uniform(.7, 1) if shape == "circle" else h
    places = _relax(rng, number, joined, 2) * rng.uniform(.55, 1.5) * w + (w / 2 + 3, h / 2 + 3)
    wide, high = places.max(0) + (w / 2 + 3, h / 2 + 3)
    draw, names = Canvas(wide, high, look.paper), nodes(rng, number)
    if rng.random() < .25:
        names = [name.lower() for name in names]
    said, directed = rng.random() < .35, rng.random() < .7
    for a, b in joined:
        p, q = places[a], places[b]
        bow = (p + q) / 2 + (q - p)[::-1] * (1, -1) * (rng.uniform(-.15, .15) if rng.random() < .4 else 0)
        path = [tuple(point) for point in smooth([p, bow, q], 8)]
        inside = [at for at, (x, y) in enumerate(path) if ((x - q[0]) / w * 2) ** 2 + ((y - q[1]) / h * 2) ** 2 > 1.1]
        path = path[:max(inside, default=1) + 1]
        if len(path) < 3:
            continue
        draw.line(path, look.ink, look.line, look.dash)
        if directed:
            draw.tip(path[-3], path[-1], look.ink, look.line, 5 + look.line, look.filled)
        if said and rng.random() < .5:
            draw.text(*bow, words.pick(rng, words.TEXT), look.face, 9, look.ink, "mm")
    for at, (x, y) in enumerate(places):
        box(draw, look, "oval" if shape == "circle" else shape, x, y, w, h, names[at], at, min(h * .45, 11))
    return draw, f"A diagram of {count(number)} nodes joined by {'arrows' if directed else 'lines'}, among them '{names[0]}'.", names


def inheritance(rng, look):
    """Few classes below each other, arrows upwards, cut without a margin, as manuals of program libraries have them."""
    rows = [int(rng.integers(1, 3)), int(rng.integers(1, 4))] + ([int(rng.integers(1, 4))] if rng.random() < .3 else [])
    if rng.random() < .4:
        rows = [1, 1]
    size = rng.uniform(8, 15)
    def part():
        return "".join(words.pick(rng, words.NODES + tuple(words.TEXT)).title().replace(" ", "") for _ in range(int(rng.integers(1, 3))))
    names = [[part() + words.pick(rng, ("", "", "Base", "< T >", "< T1, T2 >", "::Iterator")) for _ in range(number)] for number in rows]
    face = "sans" if rng.random() < .8 else "dejavu"
    wide = max(Canvas(4, 4).text_size(name, face, size)[0] for row in names for name in row) + size * 1.2
    high, gap, between = size * 1.7, size * rng.uniform(2, 3.4), size * rng.uniform(.8, 2)
    draw = Canvas(max(rows) * (wide + between) - between + 1, len(rows) * high + (len(rows) - 1) * gap + 1, WHITE)
    light, dark = ((232, 238, 250), (60, 90, 160)) if rng.random() < .6 else (WHITE, BLACK)
    ink = (25, 25, 112) if rng.random() < .6 else dark
    middle = lambda row, at: draw.width / 2 + (at - (rows[row] - 1) / 2) * (wide + between)
    for row in range(1, len(rows)):
        for at in range(rows[row]):
            x, y = middle(row, at), row * (high + gap)
            up = middle(row - 1, int(rng.integers(rows[row - 1])))
            bend = [(x, y), (x, y - gap * .45), (up, y - gap * .45), (up, y - gap)] if abs(up - x) > 2 else [(x, y), (up, y - gap)]
            draw.line(bend, ink, rng.uniform(.7, 1.3))
            draw.tip(bend[-2], bend[-1], ink, 1, size * .6, rng.random() < .8)
    for row, line in enumerate(names):
        for at, name in enumerate(line):
            x, y = middle(row, at), row * (high + gap)
            last = row == len(rows) - 1 and rng.random() < .6
            draw.rect(x - wide / 2, y, x + wide / 2, y + high, WHITE if last else light, BLACK if last else dark, 1)
            draw.text(x, y + high / 2, name, face, size, BLACK, "mm")
    flat = [name for row in names for name in row]
    return draw, f"A diagram of {count(len(flat))} classes, with '{flat[0]}' at the top.", flat


DIAGRAMS = ((flow, .16), (tree, .11), (network, .1), (layers, .11), (circuit, .08), (uml, .07), (cycle, .07), (graph, .11), (springs, .12), (inheritance, .07))


def diagram(rng):
    look = Look(rng)
    make = DIAGRAMS[int(rng.choice(len(DIAGRAMS), p=[weight for _, weight in DIAGRAMS]))][0]
    draw, text, names = make(rng, look)
    return Sample(draw.pixels(), "picture", "diagram", " ".join(names), [Task("picture", text)])
