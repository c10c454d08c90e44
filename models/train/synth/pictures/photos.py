# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs: continuous-tone scenes made of noise, light and overlapping things, as a lens would show them.

What a classifier must learn is not what is in the picture but how photographs look: no paper-white ground, no flat
colours, texture at every scale, soft light, edges that are never quite sharp.
"""
import pathlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from . import canvas
from ..sample import Sample, Task


def surface(rng, width, height, cells=3, octaves=5, fall=.55):
    """Fractal noise [height, width] float32 between 0 and 1."""
    total, weight = np.zeros((height, width), np.float32), 1.0
    for _ in range(octaves):
        across, down = max(2, int(cells * width / max(width, height)) + 2), max(2, int(cells * height / max(width, height)) + 2)
        if across > width or down > height:
            break
        small = Image.fromarray((rng.random((down, across)) * 255).astype(np.uint8))
        total += weight * np.asarray(small.resize((width, height), Image.BICUBIC), np.float32)
        weight *= fall
        cells *= 2
    total -= total.min()
    return total / max(1e-6, total.max())


def ramp(field, colours):
    """Maps 0..1 to colours [n, 3] by interpolation: uint8 [height, width, 3]."""
    colours = np.asarray(colours, np.float32)
    places = np.linspace(0, 255, len(colours))
    table = np.stack([np.interp(np.arange(256), places, colours[:, channel]) for channel in range(3)], axis=1)
    return table.astype(np.uint8)[np.clip(field * 255, 0, 255).astype(np.uint8)]


def earthy(rng):
    """A colour as things have: seldom full."""
    kind = rng.random()
    if kind < .36:
        return np.array(canvas.colour(rng, (.1, .75), (.03, .3)), np.float32)
    if kind < .5:
        return np.array((rng.uniform(60, 190), rng.uniform(45, 150), rng.uniform(20, 110)), np.float32)
    if kind < .65:
        return np.array((rng.uniform(20, 110), rng.uniform(60, 150), rng.uniform(10, 80)), np.float32)
    if kind < .88:
        return np.repeat(np.float32(rng.uniform(15, 230)), 3)
    return np.array(canvas.colour(rng, (.15, .7), (.25, .75)), np.float32)


SKIES = (((60, 110, 190), (150, 190, 230), (225, 235, 245)), ((120, 130, 145), (180, 185, 195), (215, 215, 215)),
         ((40, 40, 90), (200, 110, 90), (250, 200, 120)), ((150, 180, 210), (230, 235, 240), (250, 245, 235)),
         ((5, 8, 25), (20, 25, 60), (60, 60, 90)), ((90, 140, 200), (190, 215, 240), (240, 225, 200)))


def sky(rng, width, height):
    colours = np.asarray(SKIES[int(rng.integers(len(SKIES)))], np.float32) * rng.uniform(.8, 1.05)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None] * np.ones((1, width), np.float32)
    image = ramp(down, colours).astype(np.float32)
    if rng.random() < .75:
        clouds = surface(rng, width, height, rng.uniform(2, 5))
        thick = np.clip((clouds - rng.uniform(.35, .6)) * rng.uniform(1.5, 5), 0, 1)[:, :, None]
        image = image * (1 - thick) + thick * (rng.uniform(170, 255) - 60 * surface(rng, width, height, 6, 3)[:, :, None])
    return image


def landscape(rng, width, height):
    """Sky, ridges one behind the other, ground."""
    image = sky(rng, width, height)
    rows = np.arange(height, dtype=np.float32)[:, None]
    horizon = height * rng.uniform(.25, .7)
    haze = image[int(min(horizon, height - 1))].mean(axis=0)
    near = earthy(rng) * .8
    layers = int(rng.integers(1, 5))
    for layer in range(layers):
        share = (layer + 1) / layers
        line = surface(rng, width, 8, rng.uniform(2, 7), 6, rng.uniform(.4, .6))[4]
        top = horizon + (height - horizon) * (share - 1 / layers) * .6 - line * height * rng.uniform(.04, .32) * (1.2 - share * .6)
        mask = np.clip((rows - top[None, :]) * rng.uniform(.4, 1.2), 0, 1)[:, :, None]
        rough = surface(rng, width, height, rng.uniform(5, 18), 6, .7)[:, :, None]
        colour = haze * (1 - share) + near * share
        image = image * (1 - mask) + mask * colour * (.45 + 1.1 * rough * share + .55 * (1 - share))
    kind = rng.random()
    if kind < .35:
        image = _water(rng, image, horizon)
    elif kind < .7:
        image = _trees(rng, image, horizon)
    return image


def _water(rng, image, horizon):
    height, width = image.shape[:2]
    top = int(min(height - 6, horizon + (height - horizon) * rng.uniform(0, .5)))
    if height - top < 8 or top < 4:
        return image
    mirror = image[max(0, 2 * top - height):top][::-1]
    mirror = np.asarray(Image.fromarray(np.clip(mirror, 0, 255).astype(np.uint8)).resize((width, height - top)), np.float32)
    ripple = np.asarray(Image.fromarray((rng.random(((height - top) // 2 + 2, max(2, width // 12))) * 255).astype(np.uint8)).resize(
        (width, height - top), Image.BICUBIC), np.float32)[:, :, None] / 255
    image[top:] = mirror * rng.uniform(.5, .8) + (ripple - .4) * 90 * rng.random() + np.array((5, 20, 35)) * rng.random()
    return image


def _trees(rng, image, horizon):
    height, width = image.shape[:2]
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(1, 14))):
        x, base = rng.uniform(0, width), horizon + rng.uniform(.05, .5) * (height - horizon)
        size = height * rng.uniform(.06, .3)
        shade = earthy(rng) * rng.uniform(.2, .6)
        draw.rectangle((x - size * .05, base - size * .5, x + size * .05, base), tuple(int(v) for v in shade * .6))
        for _ in range(int(rng.integers(14, 50))):
            dx, dy = rng.standard_normal(2) * size * .2
            radius = size * rng.uniform(.04, .14)
            light = rng.uniform(.6, 1.5)
            draw.ellipse((x + dx - radius, base - size * .8 + dy - radius, x + dx + radius, base - size * .8 + dy + radius),
                         tuple(int(min(255, v * light)) for v in shade))
    return np.asarray(picture, np.float32)


def texture(rng, width, height):
    """A wall, a lawn, cloth, skin under the microscope: one stuff all over."""
    field = surface(rng, width, height, rng.uniform(2, 30), 6, rng.uniform(.4, .95))
    if rng.random() < .5:
        other = surface(rng, width, height, rng.uniform(2, 12), 4)
        field = np.abs(np.sin(field * rng.uniform(2, 14) + other * rng.uniform(0, 6)))
    first, second = earthy(rng), earthy(rng)
    image = ramp(field, (first * .5, first, second)).astype(np.float32)
    if rng.random() < .3:       # laid in courses: bricks, tiles, planks
        y, x = np.mgrid[:height, :width].astype(np.float32)
        turn, wide, high = rng.uniform(-.2, .2), min(width, height) * rng.uniform(.1, .5), min(width, height) * rng.uniform(.05, .15)
        x, y = (x + turn * y, y - turn * x) if rng.random() < .5 else (y - turn * x, x + turn * y)
        course = np.floor(y / high)
        joint = np.minimum((x / wide + course * .5) % 1 * wide, y / high % 1 * high) < rng.uniform(1, 3)
        stone = np.sin(np.floor(x / wide + course * .5) * 12.9 + course * 78.2) * .2 + 1
        image = image * stone[:, :, None] * np.where(joint, rng.uniform(.3, 1.6), 1)[:, :, None]
    if rng.random() < .4:
        image *= surface(rng, width, height, 2, 2)[:, :, None] * .7 + .5
    return image


def leaves(rng, width, height):
    """Things that hide each other at all sizes, each with its own shade and texture: natural statistics."""
    picture = Image.fromarray(np.clip(texture(rng, width, height), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    hues = [earthy(rng) for _ in range(int(rng.integers(2, 8)))]
    largest, shape = min(width, height) * rng.uniform(.08, .35), rng.random()
    for at in range(int(rng.integers(60, 320))):
        radius = max(1.5, largest * (1 - rng.random() ** 2 * .95))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        colour = tuple(int(np.clip(v, 0, 255)) for v in hues[int(rng.integers(len(hues)))] * rng.uniform(.35, 1.4))
        if shape < .5:
            flat = rng.uniform(.4, 1)
            draw.ellipse((x - radius, y - radius * flat, x + radius, y + radius * flat), colour)
            draw.arc((x - radius, y - radius * flat, x + radius, y + radius * flat), 180, 300, tuple(min(255, v + 40) for v in colour), 1)
        else:
            corners = int(rng.integers(3, 8))
            angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
            draw.polygon([(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles], colour)
    image = np.asarray(picture, np.float32)
    grain = surface(rng, width, height, 14, 4, .8)[:, :, None]
    light = surface(rng, width, height, 2, 2)[:, :, None]
    return image * (.6 + .7 * grain) * (.6 + .6 * light)


def bokeh(rng, width, height):
    """Discs of light out of focus, maybe something sharp before them."""
    back = Image.fromarray(np.clip(ramp(surface(rng, width, height, 2, 3), [earthy(rng) * .6 for _ in range(3)]), 0, 255))
    layer = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(layer)
    for _ in range(int(rng.integers(5, 40))):
        radius = min(width, height) * rng.uniform(.015, .1)
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), tuple(int(v * .6) for v in canvas.colour(rng, (.4, .8), (.2, 1))))
    layer = layer.filter(ImageFilter.BoxBlur(rng.uniform(.5, 3)))
    image = np.asarray(back, np.float32) + np.asarray(layer, np.float32)
    if rng.random() < .6:
        image = _thing(rng, image)
    return image


def _lit(rng, size):
    """A lit ball [size, size]: brightness and mask."""
    axis = np.linspace(-1, 1, size, dtype=np.float32)
    x, y = axis[None, :], axis[:, None]
    inside = 1 - x * x - y * y
    z = np.sqrt(np.maximum(inside, 0))
    light = np.array((rng.uniform(-.7, .7), rng.uniform(-.9, -.2), .7))
    light /= np.linalg.norm(light)
    shade = np.maximum(0, x * light[0] + y * light[1] + z * light[2])
    return shade * .8 + .2 + shade ** 24 * rng.uniform(0, .9), np.clip(inside * size * .25, 0, 1)


def _thing(rng, image):
    """Puts a shaded, textured body on the image, with its shadow."""
    height, width = image.shape[:2]
    w, h = int(min(width, height) * rng.uniform(.2, .75)), int(min(width, height) * rng.uniform(.2, .75))
    x, y = int(rng.uniform(0, max(1, width - w))), int(rng.uniform(0, max(1, height - h)))
    shade, mask = _lit(rng, 96)
    if rng.random() < .35:
        shade = np.repeat(shade[48:49], 96, axis=0)
        mask = np.ones((96, 96), np.float32)
    def sized(field): return np.asarray(Image.fromarray(field.astype(np.float32)).resize((w, h), Image.BILINEAR))[:, :, None]
    stuff = ramp(surface(rng, w, h, rng.uniform(2, 14), 4, .6), [earthy(rng), earthy(rng)]).astype(np.float32)
    if rng.random() < .5:
        stuff = stuff * .25 + earthy(rng) * .75
    down = min(height, y + h + h // 6)
    image[y + h // 2:down, x:x + w] *= .75
    patch, cover = image[y:y + h, x:x + w], sized(mask)
    image[y:y + h, x:x + w] = patch * (1 - cover) + cover * np.minimum(255, stuff * sized(shade) * 1.2)
    return image


def things(rng, width, height):
    """Objects on a table or on the ground of a studio."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None] * np.ones((1, width), np.float32)
    first, second = (np.repeat(rng.uniform(120, 245, 2)[at], 3) for at in (0, 1)) if rng.random() < .4 else (earthy(rng), earthy(rng))
    image = ramp(down * .8 + .2 * surface(rng, width, height, 2, 3), (first, second)).astype(np.float32)
    if rng.random() < .7:
        line = int(height * rng.uniform(.4, .8))
        image[line:] = image[line:] * .4 + .6 * ramp(surface(rng, width, height - line, 8, 5, .7), (earthy(rng), earthy(rng)))
    for _ in range(int(rng.integers(1, 6))):
        image = _thing(rng, image)
    return image


def portrait(rng, width, height):
    """Head and shoulders before a soft background; sometimes several people."""
    studio = rng.random() < .45      # an even ground, even light
    image = ramp(surface(rng, width, height, 3, 3), [earthy(rng) for _ in range(3)]).astype(np.float32)
    if studio:
        ground = np.repeat(rng.uniform(60, 252), 3) if rng.random() < .7 else earthy(rng)
        image = image * .05 + ground * .95 * np.linspace(rng.uniform(.85, 1), 1, height, dtype=np.float32)[:, None, None]
    people = 1 if rng.random() < .6 else int(rng.integers(2, 6))
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(rng.uniform(0, 6)))
    draw = ImageDraw.Draw(picture)
    for at in range(people):
        size = (height * rng.uniform(.16, .32)) if people == 1 else min(height * .2, width / people * .3)
        x = width * (.5 + rng.uniform(-.12, .12)) if people == 1 else width * (at + .5) / people
        y = height * rng.uniform(.32, .48)
        _person(rng, draw, x, y, size, height)
    image = np.asarray(picture.filter(ImageFilter.BoxBlur(rng.uniform(.4, 2.2))), np.float32)
    light = surface(rng, width, height, rng.uniform(2, 4), 2)[:, :, None] * (.35 if studio else 1) + (.5 if studio else 0)
    across = np.linspace(rng.uniform(.6, 1), rng.uniform(.6, 1.1), width, dtype=np.float32)[None, :, None]
    return image * (.65 + .5 * light) * across * (.9 + .2 * surface(rng, width, height, 30, 3, .8)[:, :, None])


def _person(rng, draw, x, y, size, height):
    skin = np.array((rng.uniform(90, 235), 0, 0))
    skin[1], skin[2] = skin[0] * rng.uniform(.66, .82), skin[0] * rng.uniform(.48, .68)
    def tone(colour, light=1.0): return tuple(int(np.clip(v * light, 0, 255)) for v in colour)
    hair, cloth = earthy(rng) * rng.uniform(.2, .9), earthy(rng)
    draw.ellipse((x - size * 1.9, y + size * 1.05, x + size * 1.9, y + size * 4.5), tone(cloth))
    draw.rectangle((x - size * 1.75, y + size * 2.6, x + size * 1.75, height + size * 5), tone(cloth, .9))
    if rng.random() < .5:        # a jacket over a shirt, a tie
        cloth = earthy(rng) * rng.uniform(.1, .5)
        draw.ellipse((x - size * 1.9, y + size * 1.05, x + size * 1.9, y + size * 4.5), tone(cloth))
        draw.rectangle((x - size * 1.85, y + size * 2.6, x + size * 1.85, height + size * 5), tone(cloth))
        deep = y + size * rng.uniform(2.2, 4)
        draw.polygon([(x - size * .65, y + size), (x + size * .65, y + size), (x, deep)], tone(np.repeat(rng.uniform(170, 250), 3)))
        if rng.random() < .6:
            draw.polygon([(x - size * .14, y + size * 1.3), (x + size * .14, y + size * 1.3), (x + size * .2, deep), (x - size * .2, deep)], tone(earthy(rng)))
    else:
        draw.polygon([(x - size * .5, y + size * 1.2), (x + size * .5, y + size * 1.2), (x, y + size * 2)], tone(cloth, 1.4))
    draw.ellipse((x - size * .9, y - size * 1.3, x + size * .9, y + size * rng.uniform(.4, 1.6)), tone(hair))
    draw.rectangle((x - size * .35, y + size * .5, x + size * .35, y + size * 1.35), tone(skin, .8))
    draw.ellipse((x - size * .74, y - size * .95, x + size * .74, y + size * 1.05), tone(skin))
    for share in np.linspace(.95, .25, 8):       # lit from one side
        draw.ellipse((x - size * .74 * share - size * .1 * (1 - share), y - size * .95 * share, x + size * .74 * share - size * .3 * (1 - share), y + size * share),
                     tone(skin, 1 + .28 * (1 - share)))
    draw.chord((x - size * .8, y - size * 1.2, x + size * .8, y + size * .4), 190, 350, tone(hair, 1.1))
    for side in (-1, 1):
        ex = x + side * size * .3
        draw.ellipse((ex - size * .13, y - size * .06, ex + size * .13, y + size * .08), (225, 220, 215))
        draw.ellipse((ex - size * .06, y - size * .06, ex + size * .06, y + size * .07), (40, 30, 25))
        draw.line((ex - size * .18, y - size * .2, ex + size * .18, y - size * .22), tone(hair, .8), max(1, int(size * .06)))
    draw.line((x, y + size * .05, x + size * .08, y + size * .38, x - size * .06, y + size * .4), tone(skin, .75), max(1, int(size * .05)))
    draw.arc((x - size * .3, y + size * .38, x + size * .3, y + size * .72), 20, 160, tone(np.array((170, 70, 70))), max(1, int(size * .08)))


def facade(rng, width, height):
    """Buildings with windows before a sky; by day or by night."""
    night = rng.random() < .3
    image = sky(rng, width, height) * (.15 if night else 1)
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    x = -width * .1
    while x < width:
        wide, top = width * rng.uniform(.1, .6), height * rng.uniform(.05, .6)
        wall = earthy(rng) * (.2 if night else rng.uniform(.6, 1.1)) + 15
        draw.rectangle((x, top, x + wide, height), tuple(int(min(255, v)) for v in wall))
        cell = max(6, height * rng.uniform(.03, .14))
        for row in np.arange(top + cell * .5, height, cell * 1.5):
            for column in np.arange(x + cell * .4, x + wide - cell * .8, cell * 1.2):
                lit = rng.random() < (.4 if night else .06)
                pane = np.array((240, 200, 120)) if lit else wall * rng.uniform(.25, .6) + (0 if night else 20)
                draw.rectangle((column, row, column + cell * .7, row + cell), tuple(int(min(255, v)) for v in pane))
        x += wide + width * rng.uniform(-.05, .1)
    ground = earthy(rng) * (.3 if night else .8)
    draw.rectangle((0, height * rng.uniform(.82, .97), width, height), tuple(int(v) for v in ground))
    moved = rng.uniform(0, .16, 8) * min(width, height)
    picture = picture.transform((width, height), Image.QUAD, (moved[0], moved[1], moved[2], height - moved[3], width - moved[4],
                                height - moved[5], width - moved[6], moved[7]), Image.BILINEAR)
    image = np.asarray(picture, np.float32)
    return image * (.75 + .5 * surface(rng, width, height, 10, 5, .8)[:, :, None]) * (.7 + .5 * surface(rng, width, height, 2, 2)[:, :, None])


def room(rng, width, height):
    """An inside in perspective: walls, floor, furniture, a window's light."""
    base = earthy(rng) * .4 + 110
    picture = Image.new("RGB", (width, height), tuple(int(v) for v in base))
    draw = ImageDraw.Draw(picture)
    x0, y0, x1, y1 = width * rng.uniform(.1, .4), height * rng.uniform(.1, .35), width * rng.uniform(.6, .9), height * rng.uniform(.55, .8)
    def tone(colour, light): return tuple(int(np.clip(v * light, 0, 255)) for v in colour)
    floor = earthy(rng)
    draw.polygon([(0, 0), (x0, y0), (x0, y1), (0, height)], tone(base, rng.uniform(.6, .95)))
    draw.polygon([(width, 0), (x1, y0), (x1, y1), (width, height)], tone(base, rng.uniform(.6, .95)))
    draw.polygon([(0, 0), (width, 0), (x1, y0), (x0, y0)], tone(base, rng.uniform(.9, 1.25)))
    draw.polygon([(0, height), (x0, y1), (x1, y1), (width, height)], tone(floor, 1))
    for _ in range(int(rng.integers(2, 12))):
        w, h = width * rng.uniform(.05, .35), height * rng.uniform(.05, .35)
        x, y = rng.uniform(0, width - w), rng.uniform(height * .25, height - h)
        colour = earthy(rng)
        draw.rectangle((x, y, x + w, y + h), tone(colour, .8))
        draw.polygon([(x, y), (x + w * .15, y - h * .2), (x + w * 1.15, y - h * .2), (x + w, y)], tone(colour, 1.2))
        draw.polygon([(x + w, y), (x + w * 1.15, y - h * .2), (x + w * 1.15, y + h * .8), (x + w, y + h)], tone(colour, .55))
    if rng.random() < .6:
        w = width * rng.uniform(.08, .25)
        x = rng.uniform(x0, max(x0 + 1, x1 - w))
        draw.rectangle((x, y0 + height * .05, x + w, y0 + height * .3), (250, 250, 240))
    image = np.asarray(picture.filter(ImageFilter.BoxBlur(rng.uniform(.4, 2))), np.float32)
    return image * (.55 + .65 * surface(rng, width, height, 3, 3)[:, :, None]) * (.85 + .3 * surface(rng, width, height, 20, 4, .8)[:, :, None])


def night(rng, width, height):
    """Stars, street lamps, fireworks, space."""
    image = surface(rng, width, height, 3, 5)[:, :, None] ** 2 * (earthy(rng) * rng.uniform(.1, .6))
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(20, 200))):
        x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.exponential(1.1)
        value = canvas.colour(rng, (.6, .95), (.1, 1))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), value)
        if rng.random() < .1:
            draw.line((x, y, x + rng.uniform(-40, 40), y + rng.uniform(0, 60)), value, 1)
    image = np.asarray(picture, np.float32)
    glow = np.asarray(picture.filter(ImageFilter.BoxBlur(6)), np.float32)
    return image + glow * rng.uniform(.5, 3)


def relit(rng, field, colours, depth):
    """A surface of the given heights under light from one side, with shine: cloth, skin, water, clay."""
    down, across = np.gradient(field)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (across * np.cos(angle) + down * np.sin(angle)) * depth
    light = np.clip(.62 + slope, .05, 1.5)
    shine = np.clip(slope - rng.uniform(.25, .6), 0, 1) ** 2 * rng.uniform(0, 500)
    return ramp(np.clip(field * .6 + .4 * light, 0, 1), colours) * light[:, :, None] + shine[:, :, None]


def forms(rng, width, height):
    """Soft bodies close up, out of focus here and there."""
    field = surface(rng, width, height, rng.uniform(1.2, 5), int(rng.integers(2, 6)), rng.uniform(.3, .5))
    if rng.random() < .4:
        field = .5 + .5 * np.sin(field * rng.uniform(4, 16))
    image = relit(rng, field, [earthy(rng) for _ in range(3)], min(width, height) * rng.uniform(.05, .3))
    fine = surface(rng, width, height, rng.uniform(20, 60), 3, .8)[:, :, None]
    return image * (.85 + .3 * fine)


def _petals(rng, draw, x, y, radius):
    """A flower: rings of petals, darker inside."""
    hue = np.array(canvas.colour(rng, (.35, .7), (.3, .9)), np.float32)
    rings, number = int(rng.integers(1, 7)), int(rng.integers(5, 16))
    for ring in np.linspace(1, .25, rings):
        for at in range(number):
            angle = 2 * np.pi * (at + rng.uniform(-.2, .2)) / number + ring * 3
            tip = radius * ring * rng.uniform(.85, 1.1)
            wide = tip * np.pi / number * rng.uniform(.6, 1.1)
            c, s = np.cos(angle), np.sin(angle)
            side = [(t * tip, wide * np.sin(np.pi * t) ** .7) for t in np.linspace(0, 1, 7)]
            outline = [(x + c * u - s * v, y + s * u + c * v) for u, v in side + [(u, -v) for u, v in reversed(side)]]
            light = (.55 + .5 * ring) * rng.uniform(.8, 1.15) * (1 + .2 * s)
            draw.polygon(outline, tuple(int(np.clip(v * light, 0, 255)) for v in hue))
            draw.line((x, y, x + c * tip * .8, y + s * tip * .8), tuple(int(np.clip(v * light * .85, 0, 255)) for v in hue), 1)
    if rng.random() < .6:
        middle = radius * rng.uniform(.1, .3)
        draw.ellipse((x - middle, y - middle, x + middle, y + middle), tuple(int(v) for v in earthy(rng)))


def _strands(rng, draw, width, height):
    """Grass, fur, hair: many thin curves of one growth."""
    hue, lean, base = np.array(earthy(rng)) * 1.2, rng.uniform(-.6, .6), rng.uniform(.6, 1.2)
    long = height * rng.uniform(.15, .8)
    for _ in range(int(rng.integers(80, 400))):
        x, y = rng.uniform(-.1, 1.1) * width, height * base * rng.uniform(.75, 1.1)
        bend, rise = (lean + rng.normal(0, .25)) * long, long * rng.uniform(.4, 1)
        points = [(x + bend * t * t, y - rise * t) for t in (0, .3, .6, .85, 1)]
        shade = rng.uniform(.4, 1.4) * rng.uniform(.9, 1.1, 3)
        draw.line(points, tuple(int(np.clip(v, 0, 255)) for v in hue * shade), int(rng.integers(1, 4)))


def focus(rng, width, height):
    """Something sharp and rich in colour before a ground that is out of focus."""
    behind = (landscape, leaves, forms, things, facade, room)[int(rng.integers(6))](rng, width, height)
    blur = min(width, height) * rng.uniform(.02, .12)
    picture = Image.fromarray(np.clip(behind, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
    draw, kind = ImageDraw.Draw(picture), rng.random()
    if kind < .4:
        for _ in range(1 if rng.random() < .6 else int(rng.integers(2, 6))):
            x, y, radius = rng.uniform(.2, .8) * width, rng.uniform(.2, .8) * height, min(width, height) * rng.uniform(.12, .48)
            draw.line((x, y, x + rng.uniform(-.2, .2) * width, height), (60, 110, 50), max(2, int(radius * .08)))
            _petals(rng, draw, x, y, radius)
    elif kind < .65:
        _strands(rng, draw, width, height)
    image = np.asarray(picture.filter(ImageFilter.BoxBlur(rng.uniform(0, 1))), np.float32)
    for _ in range(0 if kind < .65 else int(rng.integers(1, 4))):
        image = _thing(rng, np.array(image))
    return image * (.7 + .5 * surface(rng, width, height, rng.uniform(2, 12), 4, .6)[:, :, None])


def clutter(rng, width, height):
    """Many lit bodies and pipes, large ones behind small ones: workshops, kitchens, machines, shelves."""
    image = np.array((room if rng.random() < .5 else things)(rng, width, height), np.float32)
    for _ in range(int(rng.integers(6, 22))):
        w, h = (max(6, int(side * rng.uniform(.04, .4))) for side in (width, height))
        x, y = int(rng.uniform(-.2, 1) * width), int(rng.uniform(-.1, 1) * height)
        shade, mask = _lit(rng, 32)
        if rng.random() < .6:
            shade, mask = np.repeat(shade[16:17], 32, axis=0), np.ones((32, 32), np.float32)
            shade, mask = (shade.T, mask) if rng.random() < .4 else (shade, mask)
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
        if x1 - x0 < 3 or y1 - y0 < 3:
            continue
        cut = [np.asarray(Image.fromarray(field.astype(np.float32)).resize((w, h), Image.BILINEAR))[y0 - y:y1 - y, x0 - x:x1 - x, None]
               for field in (shade, mask)]
        image[y0:y1, x0:x1] = image[y0:y1, x0:x1] * (1 - cut[1]) + cut[1] * np.minimum(255, earthy(rng) * cut[0] * 1.3)
    return image * (.75 + .4 * surface(rng, width, height, 12, 5, .7)[:, :, None])


SCENES = (
    (forms, 1.6, "bodies", ("A close-up photograph of soft shapes.",)),
    (focus, 3.2, "a thing in focus", ("A photograph of something before a blurred background.",)),
    (clutter, 1.6, "clutter", ("A photograph full of overlapping objects.", "A photograph of a dense, detailed scene.")),
    (landscape, 3, "landscape", ("A photograph of a landscape under the sky.", "An outdoor photograph of hills and sky.")),
    (texture, 1.6, "surface", ("A close-up photograph of a textured surface.",)),
    (leaves, 2.4, "many things", ("A photograph full of overlapping objects.", "A photograph of a dense, detailed scene.")),
    (bokeh, 1, "lights", ("A photograph with lights out of focus.",)),
    (things, 2.6, "objects", ("A photograph of objects on a plain ground.", "A still-life photograph of some objects.")),
    (portrait, 2.2, "people", ()),
    (facade, 1.6, "buildings", ("A photograph of buildings with rows of windows.",)),
    (room, 1.4, "room", ("A photograph of the inside of a room.",)),
    (night, .8, "night", ("A photograph of lights in the dark.",)),
)


def develop(rng, image):
    """Lens, sensor and lab: vignette, tone, colour cast, grain; grey or sepia at times."""
    height, width = image.shape[:2]
    if rng.random() < .45:
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        image = image * (1 - rng.uniform(.1, .55) * np.minimum(1, (x * x + y * y) * .6))[:, :, None]
    if rng.random() < .5:
        image = image * rng.uniform(.85, 1.15, 3).astype(np.float32)
    if rng.random() < .4:       # rich colours
        grey = image.mean(axis=2, keepdims=True)
        image = grey + (image - grey) * rng.uniform(1.1, 2.2)
    low, high = np.percentile(image[::7, ::7], (1, 99))
    if rng.random() < .7:
        image = (image - low) * (rng.uniform(205, 262) / max(20, high - low)) + rng.uniform(-5, 30)
    grain = rng.standard_normal((128, 128, 3 if rng.random() < .5 else 1), dtype=np.float32) * (rng.uniform(1, 11) if rng.random() < .4 else 1)
    image = image + np.tile(grain, (height // 128 + 1, width // 128 + 1, 1))[:height, :width]
    image = np.clip(image, 0, 255)
    monochrome = rng.random() < .27
    if monochrome:
        value = image @ np.array((.299, .587, .114), np.float32)
        tone = np.array((1, 1, 1) if rng.random() < .75 else (1.05, .93, .74), np.float32)
        image = np.clip(value[:, :, None] * tone, 0, 255)
    return image.astype(np.uint8), monochrome


_TAKEN = []     # photographs that may be used beside the drawn ones
_TAKEN_PART = .6


def use(folder):
    """Photographs of a folder (files that Pillow reads; a cut-out has an alpha channel) are mixed in from now on."""
    _TAKEN[:] = [Image.open(path).copy() for path in sorted(pathlib.Path(folder).iterdir())]


def taken(rng, width, height):
    """A part of a taken photograph; a cut-out before a surface."""
    image = _TAKEN[int(rng.integers(len(_TAKEN)))]
    if image.mode == "RGBA":
        ground = (surface(rng, width, height)[..., None] * rng.uniform(40, 255, 3)).astype(np.uint8) if rng.random() < .6 else np.full(
            (height, width, 3), rng.integers(0, 256, 3), np.uint8)
        ground, side = Image.fromarray(ground), int(min(width, height) * rng.uniform(.6, 1.2))
        thing = image.resize((max(8, side * image.width // max(image.size)), max(8, side * image.height // max(image.size))), Image.LANCZOS)
        ground.paste(thing, (int((width - thing.width) * rng.random()), int((height - thing.height) * rng.random())), thing)
        image = ground
    else:
        share = rng.uniform(.35, 1)
        w = min(image.width, int(image.height * width / height)) * share
        h = w * height / width
        x, y = (image.width - w) * rng.random(), (image.height - h) * rng.random()
        image = image.convert("RGB").resize((width, height), Image.LANCZOS, (x, y, x + w, y + h))
    if rng.random() < .5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    monochrome = rng.random() < .3
    return np.asarray(image.convert("L").convert("RGB") if monochrome else image), monochrome


def _framed(rng, pixels):
    if rng.random() < .08:
        edge = int(rng.integers(2, 14))
        pixels = np.pad(pixels, ((edge, edge), (edge, edge), (0, 0)), constant_values=int(rng.choice((0, 255, 245))))
    return np.array(pixels)


def photograph(rng):
    width, height = canvas.dimensions(rng, 130, 420, (.6, 1.9))
    if _TAKEN and rng.random() < _TAKEN_PART:
        pixels, monochrome = taken(rng, width, height)
        return Sample(_framed(rng, pixels), "picture", "photograph", "",
                      [Task("picture", "A black-and-white photograph." if monochrome else "A photograph.")])
    large = rng.random() < .6       # taken larger and scaled down: sharp, without grain
    if large:
        width, height = int(width * 1.6), int(height * 1.6)
    weights = np.array([scene[1] for scene in SCENES])
    make, _, _, sentences = SCENES[int(rng.choice(len(SCENES), p=weights / weights.sum()))]
    image = make(rng, width, height)
    if make is not portrait and rng.random() < .08:
        image = _thing(rng, np.array(image, np.float32))
    pixels, monochrome = develop(rng, image)
    if large:
        pixels = np.asarray(Image.fromarray(pixels).resize((int(width / 1.6), int(height / 1.6)), Image.LANCZOS))
    elif rng.random() < .6:
        pixels = np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(rng.uniform(.2, 1))))
    pixels = _framed(rng, pixels)
    text = sentences[int(rng.integers(len(sentences)))] if sentences else "A photograph of a person or a group of people."
    if monochrome:
        text = text.replace("A photograph", "A black-and-white photograph", 1)
    return Sample(pixels, "picture", "photograph", "", [Task("picture", text)])
