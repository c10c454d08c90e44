# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps."""
import math

import numpy as np
from PIL import Image

from .. import fonts
from . import canvas, words
from .canvas import BLACK, WHITE, Canvas, mix
from .marks import smooth
from .photos import ramp, surface
from ..sample import Sample, Task


def _scale_bar(rng, draw, face, ink):
    long = draw.width * rng.uniform(.12, .25)
    x, y = (draw.width * .04 if rng.random() < .5 else draw.width * .95 - long), draw.height * .95
    for at in range(4):
        draw.rect(x + at * long / 4, y - 3, x + (at + 1) * long / 4, y, ink if at % 2 == 0 else WHITE, ink, .6)
    size = max(7, draw.width / 40)
    draw.text(x, y - size - 5, "0", face, size, ink, "lt")
    draw.text(x + long, y - size - 5, words.pick(rng, ("1 km", "5 km", "10 km", "100 km", "500 m", "50 mi", "200 km")), face, size, ink, "mt")


def _compass(rng, draw, face, ink):
    x, y, r = draw.width * rng.choice((.08, .92)), draw.height * .12, min(draw.width, draw.height) * .055
    draw.polygon([(x, y - r), (x + r * .4, y + r), (x, y + r * .5)], ink)
    draw.polygon([(x, y - r), (x - r * .4, y + r), (x, y + r * .5)], None, ink, .7)
    draw.text(x, y - r * 1.1, "N", face, max(7, r), ink, "ms")


def _label(rng, draw, text, x, y, face, size, ink, halo):
    """A name on a map, with a halo."""
    if halo:
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            draw.text(x + dx, y + dy, text, face, size, halo, "mm")
    draw.text(x, y, text, face, size, ink, "mm")


def streets(rng, width, height):
    """A town: blocks, big roads, a river, a park, names."""
    look = (((242, 239, 233), WHITE, (252, 214, 164), (170, 211, 223), (200, 225, 180), (190, 185, 175)),
            ((234, 234, 234), WHITE, (255, 235, 140), (160, 200, 245), (195, 230, 190), (200, 200, 200)),
            (WHITE, (120, 120, 120), (40, 40, 40), (220, 220, 220), (235, 235, 235), (150, 150, 150)),
            ((40, 44, 52), (80, 86, 98), (120, 120, 110), (28, 50, 80), (38, 62, 50), (60, 64, 74)),
            ((250, 245, 225), (230, 200, 170), (215, 90, 70), (150, 195, 220), (180, 210, 150), (200, 170, 150)))[int(rng.integers(5))]
    ground, small, large, water, park, edge = look
    draw = Canvas(width, height, ground)
    angle = rng.uniform(-.6, .6)
    centre = np.array((width / 2, height / 2))
    turn = np.array(((math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))))
    reach = math.hypot(width, height) * .55
    def out(x, y): return tuple(turn @ np.array((x, y)) + centre)
    for _ in range(int(rng.integers(0, 4))):
        x, y, w, h = rng.uniform(-reach, reach * .6), rng.uniform(-reach, reach * .6), rng.uniform(.15, .5) * reach, rng.uniform(.15, .5) * reach
        draw.polygon([out(x, y), out(x + w, y + h * .1), out(x + w * .9, y + h), out(x, y + h * .8)], park if rng.random() < .75 else mix(ground, (200, 180, 190), .5))
    if rng.random() < .55:
        river = smooth([out(-reach * 1.2, rng.uniform(-.5, .5) * reach)] + [out(x * reach, rng.uniform(-.6, .6) * reach) for x in (-.5, 0, .5)] + [out(reach * 1.2, rng.uniform(-.5, .5) * reach)])
        draw.line([tuple(point) for point in river], water, rng.uniform(8, 30))
    gap = rng.uniform(22, 60)
    organic = rng.random() < .35
    segments = []
    for axis in (0, 1):
        at = -reach
        while at < reach:
            a, b = (at, -reach * rng.uniform(.3, 1)), (at, reach * rng.uniform(.3, 1))
            bend = [(at + rng.standard_normal() * gap * (.25 if organic else .02), t) for t in np.linspace(a[1], b[1], 5)]
            points = [out(*(p if axis == 0 else p[::-1])) for p in bend]
            segments.append([tuple(point) for point in smooth(points, 4)])
            at += gap * rng.uniform(.6, 1.5)
    wide = rng.uniform(2, 5)
    for points in segments:
        draw.line(points, edge, wide + 1.6)
    for points in segments:
        draw.line(points, small, wide)
    if rng.random() < .5:
        for _ in range(int(rng.integers(20, 120))):
            x, y, w, h = rng.uniform(-reach, reach), rng.uniform(-reach, reach), rng.uniform(4, 12), rng.uniform(4, 12)
            draw.polygon([out(x, y), out(x + w, y), out(x + w, y + h), out(x, y + h)], mix(ground, edge, .5))
    for _ in range(int(rng.integers(1, 4))):
        points = smooth([out(-reach * 1.1, rng.uniform(-.7, .7) * reach), out(rng.uniform(-.4, .4) * reach, rng.uniform(-.5, .5) * reach), out(reach * 1.1, rng.uniform(-.7, .7) * reach)])
        points = [tuple(point) for point in points]
        draw.line(points, edge, wide * 2.2 + 2)
        draw.line(points, large, wide * 2.2)
    dark = sum(ground) < 300
    face, names = fonts.pick(rng, "sans", text="üß"), []
    for _ in range(int(rng.integers(3, 12))):
        points = segments[int(rng.integers(len(segments)))]
        (x0, y0), (x1, y1) = points[len(points) // 2 - 1], points[len(points) // 2]
        names.append(words.pick(rng, words.STREETS))
        draw.turned(x0, y0, names[-1], face, max(7, wide * 2), (210, 210, 210) if dark else (70, 70, 70), -((math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90) % 180 - 90))
    for _ in range(int(rng.integers(0, 5))):
        names.append(words.pick(rng, words.PLACES))
        _label(rng, draw, names[-1], rng.uniform(.1, .9) * width, rng.uniform(.1, .9) * height, face, max(8, width / 30), (230, 230, 230) if dark else (60, 50, 90), ground)
    for _ in range(int(rng.integers(0, 3))):
        x, y, r = rng.uniform(.1, .9) * width, rng.uniform(.1, .9) * height, width * .022
        draw.disc(x, y, r, (220, 40, 40))
        draw.polygon([(x - r * .9, y + r * .4), (x + r * .9, y + r * .4), (x, y + r * 2.4)], (220, 40, 40))
        draw.disc(x, y, r * .4, WHITE)
    return draw, "A street map" + (f" with names such as '{names[0]}'." if names else "."), names, face, WHITE if dark else BLACK


def _coast(rng, width, height):
    """Land as a mask [height, width] of smooth noise above the sea."""
    field = surface(rng, width, height, rng.uniform(1.2, 3.5), 7, rng.uniform(.5, .62))
    y, x = np.mgrid[:height, :width]
    if rng.random() < .6:
        field = field - rng.uniform(.25, .55) * (((x / width - .5) ** 2 + (y / height - .5) ** 2) * 4)
    level = np.quantile(field, rng.uniform(.3, .6))
    return field, field > level


def _cells(rng, width, height, number):
    """Regions [height, width]: nearest of random places, with wavy borders."""
    places = rng.random((number, 2)) * (width, height)
    wave_x, wave_y = surface(rng, width, height, 8, 4, .7), surface(rng, width, height, 8, 4, .7)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    strength = min(width, height) * .12
    x, y = x + (wave_x - .5) * strength, y + (wave_y - .5) * strength
    best, region = np.full((height, width), 1e12, np.float32), np.zeros((height, width), np.int32)
    for at, (px, py) in enumerate(places):
        far = (x - px) ** 2 + (y - py) ** 2
        closer = far < best
        region[closer] = at
        best = np.minimum(best, far)
    return region, places


def _borders(field):
    edge = np.zeros(field.shape, bool)
    edge[:, 1:] |= field[:, 1:] != field[:, :-1]
    edge[1:] |= field[1:] != field[:-1]
    return edge


def countries(rng, width, height):
    """Land and sea, regions in colours: political or choropleth."""
    w, h = int(width), int(height)
    _, land = _coast(rng, w, h)
    number = int(rng.integers(3, 22))
    region, places = _cells(rng, w, h, number)
    shaded = rng.random() < .5
    sea = WHITE if rng.random() < .4 else ((170, 205, 230), (200, 220, 235), (225, 235, 245), (140, 180, 210))[int(rng.integers(4))]
    if shaded:
        base = np.array(canvas.colour(rng, (.2, .4), (.4, 1)), float)
        table = np.stack([255 - (255 - base) * value for value in rng.choice(np.linspace(.12, 1, 5), number)])
    elif rng.random() < .25:
        table = np.repeat(np.array([[235, 235, 225]], float), number, 0)
    else:
        colours = canvas.palette(rng)
        table = np.array([mix(colours[at % len(colours)], WHITE, rng.uniform(.2, .65)) for at in range(number)], float)
    image = np.where(land[:, :, None], table[region], np.array(sea, float))
    edge = _borders(np.where(land, region + 1, 0))
    if rng.random() < .9:
        image[edge] = (255, 255, 255) if shaded and rng.random() < .5 else (90, 90, 90)
    image = image.astype(np.uint8)
    draw = Canvas(w, h)
    draw.image.paste(Image.fromarray(image).resize((2 * w, 2 * h), Image.BILINEAR))
    face, names = fonts.pick(rng, "sans", "serif", text="ü"), []
    if rng.random() < .75:
        for x, y in places:
            ix, iy = min(w - 1, int(x)), min(h - 1, int(y))
            if land[iy, ix] and rng.random() < .7:
                names.append(words.pick(rng, words.PLACES + words.CATEGORIES[8]))
                size = max(7, w / rng.uniform(28, 42))
                _label(rng, draw, names[-1], x, y, face, size, (30, 30, 30), WHITE if rng.random() < .5 else None)
                if rng.random() < .4:
                    draw.disc(x, y + size * .8, 2, (200, 30, 30) if rng.random() < .4 else BLACK)
    if rng.random() < .3:
        for _ in range(int(rng.integers(1, 5))):
            points = smooth([(rng.uniform(0, w), rng.uniform(0, h)) for _ in range(3)])
            draw.line([tuple(point) for point in points], (70, 120, 190) if rng.random() < .6 else (190, 60, 50), 1)
    if rng.random() < .3:
        for share in np.linspace(0, 1, int(rng.integers(4, 8)))[1:-1]:
            draw.line(((share * w, 0), (share * w, h)), (150, 150, 150), .5)
            draw.line(((0, share * h), (w, share * h)), (150, 150, 150), .5)
    if shaded and rng.random() < .7:
        size = max(7, w / 38)
        x, y = (w * .03 if rng.random() < .5 else w * .78), h * .62
        shades = np.unique(table, axis=0)[::-1]
        draw.rect(x - 4, y - 4, x + size * 5.5, y + len(shades) * size * 1.3 + 2, WHITE, (120, 120, 120), .6)
        for at, shade in enumerate(shades):
            draw.rect(x, y + at * size * 1.3, x + size * 1.2, y + at * size * 1.3 + size, tuple(int(v) for v in shade), (80, 80, 80), .5)
            draw.text(x + size * 1.6, y + at * size * 1.3, f"{at * 20}–{at * 20 + 20}", face, size * .9)
    kind = "choropleth map with regions in shades of one colour" if shaded else "map of regions and their coasts"
    return draw, f"A {kind}" + (f", among them '{names[0]}'." if names else "."), names, face, BLACK


def _graticule(draw, x, y, r, number, tilt, turn):
    """Meridians and parallels of a globe that is turned (parts of a step) and tilted (radians) towards us."""
    t = np.linspace(-math.pi, math.pi, 49)

    def draw_seen(lat, lon):
        px, py, pz = np.cos(lat) * np.sin(lon), np.sin(lat), np.cos(lat) * np.cos(lon)
        py, pz = py * math.cos(tilt) - pz * math.sin(tilt), py * math.sin(tilt) + pz * math.cos(tilt)
        for at in range(len(px) - 1):
            if pz[at] > 0 and pz[at + 1] > 0:
                draw.line(((x + r * px[at], y - r * py[at]), (x + r * px[at + 1], y - r * py[at + 1])), (60, 60, 60), .6)
    for at in range(-number, number + 1):
        draw_seen(np.full(49, at * math.pi / 2 / (number + 1)), t)
        draw_seen(t / 2, np.full(49, (at + turn) * math.pi / 2 / number))
        draw_seen(t / 2, np.full(49, (at + turn) * math.pi / 2 / number + math.pi))


def outlines(rng, width, height):
    """Coasts and borders as thin lines alone, with or without the degrees along the frame; or the whole globe."""
    w, h = int(width), int(height)
    globe = rng.random() < .16
    if globe:
        w = h = min(w, h)
    _, land = _coast(rng, 2 * w, 2 * h)
    region, _ = _cells(rng, 2 * w, 2 * h, int(rng.integers(2, 14)))
    edge = _borders(np.where(land, region + 1 if rng.random() < .55 else 1, 0))
    ink = BLACK if rng.random() < .75 else (90, 90, 90)
    sea, ground = (WHITE, WHITE) if rng.random() < .6 else ((173, 216, 230), words.pick(rng, ((210, 180, 140), (144, 238, 144), (238, 238, 221), (245, 222, 179))))
    image = np.where(land[:, :, None], np.array(ground, np.uint8), np.array(sea, np.uint8))
    image[edge] = ink
    if globe:
        y, x = np.mgrid[:2 * h, :2 * w]
        image[(x - w) ** 2 + (y - h) ** 2 > (min(w, h) * .97) ** 2] = WHITE
    size = max(7, w / 34)
    degrees = not globe and rng.random() < .4
    pad = size * 2.4 if degrees else 3
    draw = Canvas(w + 2 * pad, h + 2 * pad)
    draw.image.paste(Image.fromarray(image), (int(2 * pad), int(2 * pad)))
    face, names = fonts.pick(rng, "sans", text="ü"), []
    if globe:
        r = min(w, h) * .485
        draw.disc(pad + w / 2, pad + h / 2, r, None, BLACK, .8)
        if rng.random() < .8:
            _graticule(draw, pad + w / 2, pad + h / 2, r, int(rng.integers(2, 5)), rng.uniform(0, .6), rng.uniform(-.5, .5))
    else:
        draw.rect(pad, pad, pad + w, pad + h, None, BLACK, .8)
    if degrees:
        first, step = int(rng.integers(-12, 10)) * 10, int(rng.choice((5, 10, 20)))
        lines = 5 if rng.random() < .7 else int(rng.integers(8, 19))
        for at in range(1, lines):
            x, y = pad + w * at / lines, pad + h * at / lines
            draw.line(((x, pad), (x, pad + h)), BLACK, .5, (1, 2))
            draw.line(((pad, y), (pad + w, y)), BLACK, .5, (1, 2))
            draw.text(x, pad + h + 2, f"{abs(first + step * at)}°{'E' if first + step * at >= 0 else 'W'}", face, size, BLACK, "mt")
            draw.text(pad - 2, y, f"{60 - step * at // 2}°N", face, size, BLACK, "rm")
    for _ in range(int(rng.integers(0, 7)) if not globe else 0):
        x, y = pad + rng.uniform(.06, .85) * w, pad + rng.uniform(.06, .94) * h
        names.append(words.pick(rng, words.PLACES))
        draw.disc(x, y, 2.2, (220, 20, 20) if rng.random() < .5 else BLACK)
        draw.text(x + 4, y, names[-1], face, size, BLACK, "lm")
    return draw, "An outline map of coasts" + (f" with places such as '{names[0]}'." if names else "."), names, face, BLACK


def _plotted(rng, image, steps):
    """A map of heights as plotting tools make it: axes around it, a key of the colours beside it."""
    h, w = image.shape[:2]
    size, face = max(7, w / 32), fonts.pick(rng, "sans", text="ü")
    left, top, right, under = size * 3.5, size * 2.5, size * (7 if rng.random() < .5 else 2), size * 3.5
    draw = Canvas(left + w + right, top + h + under)
    draw.image.paste(Image.fromarray(image).resize((2 * w, 2 * h), Image.BILINEAR), (int(2 * left), int(2 * top)))
    draw.rect(left, top, left + w, top + h, None, BLACK, .8)
    scale = float(rng.choice((.2, 1, 100)))
    for at in range(6):
        x, y = left + w * at / 5, top + h * (1 - at / 5)
        draw.line(((x, top + h), (x, top + h + size * .5)), BLACK, .8)
        draw.text(x, top + h + size * .8, f"{at * scale:g}", face, size, BLACK, "mt")
        draw.line(((left, y), (left - size * .5, y)), BLACK, .8)
        draw.turned(left - size * 1.4, y, f"{at * scale:g}", face, size, BLACK)
    if right > size * 3:
        inks = image[::7, ::7].reshape(-1, 3)
        inks = inks[np.argsort(inks.sum(1))][::max(1, len(inks) // steps)]
        for at, ink in enumerate(inks):
            y = top + h * at / len(inks)
            draw.rect(left + w + size * 1.5, y, left + w + size * 3, y + h / len(inks), tuple(int(v) for v in ink), BLACK, .4)
            if at % 3 == 0:
                draw.text(left + w + size * 3.5, y, str(100 + 10 * at), face, size, BLACK)
    return draw, "A map of heights with contour lines and axes.", [], face, BLACK


def contours(rng, width, height):
    """A topographic map: lines of equal height, relief colours."""
    w, h = int(width), int(height)
    field = surface(rng, w, h, rng.uniform(1.5, 4), 5, .42)
    steps = int(rng.integers(7, 18))
    edge = _borders((field * steps).astype(np.int32))
    manner = rng.random()
    if manner < .35:
        image = ramp(field, ((90, 150, 90), (170, 200, 120), (235, 220, 150), (190, 140, 90), (245, 245, 245))).astype(np.float32)
        if rng.random() < .6:
            gy, gx = np.gradient(field)
            image *= np.clip(1 + (gx - gy)[:, :, None] * rng.uniform(15, 50), .4, 1.4)
        image = np.clip(image, 0, 255).astype(np.uint8)
    elif manner < .7:
        image = np.full((h, w, 3), words.pick(rng, ((255, 255, 255), (245, 240, 225), (225, 235, 215))), np.uint8)
    else:
        image = np.full((h, w, 3), (215, 230, 200), np.uint8)
        image[field < .35] = (170, 205, 230)
    if rng.random() < .92:
        image[edge] = words.pick(rng, ((150, 100, 60), (120, 120, 120), (60, 60, 60), (180, 120, 80)))
    if rng.random() < .3:
        return _plotted(rng, image, steps)
    draw = Canvas(w, h)
    draw.image.paste(Image.fromarray(image).resize((2 * w, 2 * h), Image.BILINEAR))
    face, names = fonts.pick(rng, "sans", "serif", text="ü"), []
    for _ in range(int(rng.integers(2, 9))):
        x, y = rng.uniform(.08, .92) * w, rng.uniform(.08, .92) * h
        if rng.random() < .5:
            names.append(str(int(rng.integers(10, 320)) * 10))
        else:
            names.append(words.pick(rng, words.PLACES))
        _label(rng, draw, names[-1], x, y, face, max(7, w / 36), (70, 50, 30), WHITE)
        if rng.random() < .4:
            draw.polygon([(x - 4, y + 12), (x + 4, y + 12), (x, y + 5)], BLACK)
    for _ in range(int(rng.integers(0, 3))):
        points = smooth([(rng.uniform(0, w), rng.uniform(0, h)) for _ in range(4)])
        draw.line([tuple(point) for point in points], (200, 40, 40) if rng.random() < .5 else (60, 110, 180), 1.3, None if rng.random() < .6 else (4, 2))
    return draw, "A topographic map with contour lines" + (f" and the label '{names[0]}'." if names else "."), names, face, BLACK


def metro(rng, width, height):
    """A plan of lines and stations."""
    draw = Canvas(width, height, WHITE if rng.random() < .8 else (240, 240, 235))
    face, names = fonts.pick(rng, "sans", "condensed", text="ü"), []
    size = max(7, width / 42)
    for colour in canvas.palette(rng)[:int(rng.integers(2, 6))]:
        x, y = rng.uniform(.05, .3) * width, rng.uniform(.15, .85) * height
        points = [(x, y)]
        while points[-1][0] < width * .9 and len(points) < 7:
            dx = rng.uniform(.08, .25) * width
            dy = float(rng.choice((0, -1, 1))) * dx
            points.append((points[-1][0] + dx, min(height * .93, max(height * .08, points[-1][1] + dy * .7))))
        draw.line(points, colour, max(3, width / 75))
        for px, py in points:
            draw.disc(px, py, max(2.5, width / 110), WHITE, BLACK, 1.2)
            if rng.random() < .6:
                names.append(words.pick(rng, words.PLACES))
                if rng.random() < .5:
                    draw.turned(px + size * 1.6, py - size * 1.6, names[-1], face, size, BLACK, 40)
                else:
                    draw.text(px, py + size * .7, names[-1], face, size, BLACK, "mt")
    return draw, "A transit map of coloured lines" + (f" with stations such as '{names[0]}'." if names else "."), names, face, BLACK


def map_(rng):
    width, height = canvas.dimensions(rng, 170, 440, (.7, 1.7))
    make = (streets, countries, contours, metro, outlines)[int(rng.choice(5, p=(.27, .3, .16, .07, .2)))]
    draw, text, names, face, ink = make(rng, width, height)
    if make not in (metro, outlines):
        if rng.random() < .3:
            _scale_bar(rng, draw, face, ink)
        if rng.random() < .25:
            _compass(rng, draw, face, ink)
    if rng.random() < .3:
        draw.rect(0, 0, draw.width - .5, draw.height - .5, None, BLACK, 1)
    return Sample(draw.pixels(), "picture", "map", " ".join(names), [Task("picture", text)])
