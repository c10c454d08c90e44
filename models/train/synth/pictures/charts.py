# SPDX-License-Identifier: GPL-3.0-or-later
"""Bar, line, pie and scatter charts with their data."""
import json
import math

import numpy as np

from .. import fonts
from . import canvas, plot, words
from .canvas import BLACK, WHITE, mix
from ..sample import Sample, Task

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def count(value):
    return COUNTS[value] if value < len(COUNTS) else str(value)


def titled(title):
    return f" titled '{title}'" if title else ""


def chart_task(title, x_name, y_name, series):
    """`series`: (name, [(label, value)])."""
    data = {"title": title, "x_axis": x_name, "y_axis": y_name,
            "series": [{"name": name, "points": [{"label": label, "value": value} for label, value in points]}
                       for name, points in series]}
    return Task("chart", json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def values(rng, size, negative=False):
    """Values as they come in charts, rounded to two to four digits; with their decimals."""
    top = 10 ** rng.uniform(.3, 4.2)
    shape = rng.random()
    if shape < .4:
        made = rng.uniform(.1, 1, size)
    elif shape < .6:
        made = np.linspace(rng.uniform(.2, .5), 1, size[-1]) * rng.uniform(.75, 1.1, size)
    elif shape < .75:
        made = np.linspace(1, rng.uniform(.05, .5), size[-1]) * rng.uniform(.85, 1.1, size)
    elif shape < .9:
        made = rng.uniform(.6, 1, size)
    else:
        made = rng.exponential(.3, size) + .02
    if negative:
        made = made - rng.uniform(.2, .7)
    decimals = max(0, int(2 - math.floor(math.log10(top))) - int(rng.integers(0, 2)))
    made = np.round(made * top, decimals)
    if not negative:
        made = np.maximum(made, 10.0 ** -decimals)
    return made, decimals


def categories(rng, most=12, least=2):
    if rng.random() < .25:
        length = int(rng.integers(max(3, least), most + 1))
        step = int(rng.choice((1, 1, 1, 2, 5, 10)))
        first = int(rng.integers(words.YEARS[0] - 30, max(words.YEARS[1] + 12 - step * length, words.YEARS[0])))
        return [str(first + step * at) for at in range(length)]
    names = words.pick(rng, words.CATEGORIES)
    length = min(len(names), int(rng.integers(least, most + 1)))
    first = int(rng.integers(0, len(names) - length + 1))
    return list(names[first:first + length])


def series_names(rng, length):
    names = words.pick(rng, [names for names in words.SERIES if len(names) >= length])
    return list(names[:length])


def names(rng, numeric=False):
    """Title, x name, y name; each may be missing."""
    title = words.pick(rng, words.TITLES) if rng.random() < .68 else ""
    x_name = words.pick(rng, words.NUMERIC_AXES if numeric else words.X_AXES) if rng.random() < (.75 if numeric else .4) else ""
    y_name = words.pick(rng, words.Y_AXES) if rng.random() < (.75 if numeric else .55) else ""
    return title, x_name, y_name


def hatch(draw, x0, y0, x1, y1, way, ink=BLACK):
    """Lines across a bar: print charts without colours."""
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    gap = 5
    if way == 0:
        for y in np.arange(y0 + gap, y1, gap):
            draw.line(((x0, y), (x1, y)), ink, .7)
        return
    slope = 1 if way == 1 else -1
    for start in np.arange(x0 - (y1 - y0), x1, gap):
        ax, bx = start, start + (y1 - y0)
        lo, hi = max(ax, x0), min(bx, x1)
        if hi > lo:
            ya, yb = y0 + (lo - ax), y0 + (hi - ax)
            draw.line(((lo, ya if slope > 0 else y0 + y1 - ya), (hi, yb if slope > 0 else y0 + y1 - yb)), ink, .7)


def bar_key(made):
    def draw_key(at, x, y, size, draw):
        draw.rect(x + size * .3, y - size * .38, x + size * 1.1, y + size * .38, made.colours[at % len(made.colours)], made.outline, .6)
        if made.hatch and at % 4:
            hatch(draw, x + size * .3, y - size * .38, x + size * 1.1, y + size * .38, at % 4 - 1)
    return draw_key


def bar_chart(rng):
    if rng.random() < .08:
        return histogram(rng)
    made = plot.style(rng)
    sideways = rng.random() < .3
    number = int(rng.choice((1, 2, 3, 4), p=(.55, .25, .14, .06)))
    stacked = number > 1 and rng.random() < .4
    labels = categories(rng, most=12 if number == 1 else 7)
    number = 1 if len(labels) < 2 else number
    negative = not stacked and rng.random() < .08
    data, decimals = values(rng, (number, len(labels)), negative)
    title, x_name, y_name = names(rng)
    series = series_names(rng, number) if number > 1 or rng.random() < .12 else []
    ratios = (.8, 2) if not sideways else (.6, 1.7)
    width, height = canvas.dimensions(rng, 190, 560, ratios)
    frame = plot.Frame(rng, made, width, height, title, y_name if sideways else x_name, x_name if sideways else y_name, series,
                       {"key": bar_key(made)})
    top = float(data.sum(axis=0).max() if stacked else max(0, data.max()))
    shown = rng.random() < .3 and len(labels) * (1 if stacked else number) <= 14 and not stacked
    ticks, tick_decimals = plot.steps(min(0.0, float(data.min())), top * (1.08 if shown else 1.0), int(rng.integers(3, 9)))
    drop_ticks = shown and rng.random() < .35
    tick_names = [] if drop_ticks else [plot.number(value, tick_decimals, frame.manner) for value in ticks]
    turn = 0
    if not sideways and max(frame.measure(text) for text in labels) * len(labels) > width * .75:
        turn = int(rng.choice((45, 90)))
    frame.lay_out(labels if sideways else tick_names, tick_names if sideways else labels, turn)
    x0, y0, x1, y1 = frame.box
    span = ticks[-1] - ticks[0]
    if sideways:
        def to_pixel(value): return x0 + (value - ticks[0]) / span * (x1 - x0)
        edges = np.linspace(y0, y1, len(labels) + 1)
    else:
        def to_pixel(value): return y1 - (value - ticks[0]) / span * (y1 - y0)
        edges = np.linspace(x0, x1, len(labels) + 1)
    frame.value_axis(ticks, tick_decimals, to_pixel, sideways, not drop_ticks)
    _bars(frame, data, edges, to_pixel, sideways, stacked, shown, decimals)
    if ticks[0] < 0:
        zero = to_pixel(0)
        frame.canvas.line(((zero, y0), (zero, y1)) if sideways else ((x0, zero), (x1, zero)), made.ink, .8)
    frame.category_axis(labels, (edges[1:] + edges[:-1]) / 2, sideways, turn)
    frame.spines()
    frame.names()
    return _bar_sample(frame.canvas, data, labels, series, title, x_name, y_name, sideways, stacked, shown, frame.words + labels)


def _bars(frame, data, edges, to_pixel, sideways, stacked, shown, decimals):
    rng, made, draw = frame.rng, frame.style, frame.canvas
    number = len(data)
    one_colour = rng.random() < .75
    errors = not stacked and rng.random() < .12
    room = edges[1] - edges[0]
    wide = room * (1 - made.gap) / (1 if stacked else number)
    base = np.zeros(data.shape[1])
    for row in range(number):
        for column, value in enumerate(data[row]):
            colour = made.colours[(row if number > 1 or one_colour else column) % len(made.colours)]
            start = edges[column] + room * made.gap / 2 + (0 if stacked else wide * row)
            low, high = to_pixel(base[column]), to_pixel(base[column] + value)
            rect = (low, start, high, start + wide) if sideways else (start, low, start + wide, high)
            draw.rect(*rect, colour, made.outline, .7)
            if made.hatch and row % 4:
                hatch(draw, *rect, row % 4 - 1)
            middle = start + wide / 2
            if errors:
                spread = abs(high - low) * .12 + 2
                a, b = ((high - spread, middle), (high + spread, middle)) if sideways else ((middle, high - spread), (middle, high + spread))
                draw.line((a, b), BLACK, .8)
            if shown:
                text, small = plot.number(value, decimals, frame.manner if frame.manner != "kilo" else "plain"), made.size * .85
                if sideways:
                    frame.text(high + 2, middle, text, anchor="lm", size=small)
                else:
                    frame.text(middle, high - made.size * .65, text, anchor="mm", size=small)
            if stacked:
                base[column] += value


def _bar_sample(draw, data, labels, series, title, x_name, y_name, sideways, stacked, shown, seen):
    number = len(data)
    way = "horizontal" if sideways else "vertical"
    if number == 1:
        best = labels[int(np.argmax(data[0]))]
        text = f"A {way} bar chart{titled(title)} with {count(len(labels))} bars; the highest is {best}."
    else:
        kind = "stacked" if stacked else "grouped"
        text = f"A {way} {kind} bar chart{titled(title)} comparing {', '.join(series)} over {count(len(labels))} categories."
    tasks = [Task("picture", text)]
    if number <= 3 and number * len(labels) <= 16:
        rows = [(series[row] if series else "", [(label, _plain(value)) for label, value in zip(labels, made)])
                for row, made in enumerate(data if shown else legible(data))]
        tasks.append(chart_task(title, x_name, y_name, rows))
    return Sample(draw.pixels(), "picture", "bar_chart", " ".join(seen), tasks, draw.segments())


def legible(data):
    """Values as an eye can tell them from the axis: to about a hundredth of the largest."""
    step = 10.0 ** math.floor(math.log10(max(float(np.abs(data).max()), 1e-9) / 100))
    return np.round(data / step) * step


def _plain(value):
    value = round(float(value), 6)
    return int(value) if value == int(value) else value


def histogram(rng):
    made = plot.style(rng)
    bins = int(rng.integers(8, 40))
    centre, spread = rng.uniform(-1, 1), rng.uniform(.15, .5)
    places = np.linspace(-1, 1, bins)
    data = np.exp(-.5 * ((places - centre * .5) / spread) ** 2) * rng.uniform(20, 400) * rng.uniform(.8, 1.2, bins)
    title, x_name, y_name = names(rng, True)
    width, height = canvas.dimensions(rng, 190, 520, (.9, 1.9))
    frame = plot.Frame(rng, made, width, height, title, x_name, y_name)
    ticks, decimals = plot.steps(0, float(data.max()), int(rng.integers(3, 8)))
    along, along_decimals = plot.steps(0, 10 ** rng.uniform(0, 3), 6)
    frame.lay_out([plot.number(value, decimals, frame.manner) for value in ticks], ["0"])
    x0, y0, x1, y1 = frame.box
    def to_pixel(value): return y1 - value / ticks[-1] * (y1 - y0)
    frame.value_axis(ticks, decimals, to_pixel)
    edges = np.linspace(x0, x1, bins + 1)
    outline = made.outline or (WHITE if rng.random() < .3 else (BLACK if rng.random() < .4 else None))
    for at, value in enumerate(data):
        frame.canvas.rect(edges[at], to_pixel(value), edges[at + 1], y1, made.colours[0], outline, .6)
    if rng.random() < .25:
        smooth = [(x, to_pixel(value)) for x, value in zip((edges[1:] + edges[:-1]) / 2, np.convolve(data, (.25, .5, .25), "same"))]
        frame.canvas.line(smooth, made.colours[1 % len(made.colours)], 1.5)
    frame.category_axis([plot.number(value, along_decimals) for value in along],
                        [x0 + (x1 - x0) * value / along[-1] for value in along])
    frame.spines()
    frame.names()
    return Sample(frame.pixels(), "picture", "bar_chart", " ".join(frame.words),
                  [Task("picture", f"A histogram{titled(title)} with {bins} bins{' of ' + x_name if x_name else ''}.")])


MARKERS = ("disc", "square", "triangle", "cross", "plus", "ring", "diamond", "dot")


def marker(draw, kind, x, y, radius, colour):
    if kind == "disc":
        draw.disc(x, y, radius, colour)
    elif kind == "dot":
        draw.disc(x, y, radius * .5, colour)
    elif kind == "ring":
        draw.disc(x, y, radius, None, colour, max(.7, radius * .3))
    elif kind == "square":
        draw.rect(x - radius * .85, y - radius * .85, x + radius * .85, y + radius * .85, colour)
    elif kind == "triangle":
        draw.polygon([(x, y - radius), (x - radius, y + radius * .8), (x + radius, y + radius * .8)], colour)
    elif kind == "diamond":
        draw.polygon([(x, y - radius), (x - radius, y), (x, y + radius), (x + radius, y)], colour)
    elif kind == "cross":
        draw.line(((x - radius, y - radius), (x + radius, y + radius)), colour, max(.7, radius * .35))
        draw.line(((x - radius, y + radius), (x + radius, y - radius)), colour, max(.7, radius * .35))
    else:
        draw.line(((x - radius, y), (x + radius, y)), colour, max(.7, radius * .35))
        draw.line(((x, y - radius), (x, y + radius)), colour, max(.7, radius * .35))


def _curve(rng, length):
    """One line's values, about 0..1."""
    x = np.linspace(0, 1, length)
    kind = int(rng.integers(9))
    a, b = rng.uniform(.3, 1), rng.uniform(0, 1)
    if kind == 0:
        y = np.cumsum(rng.standard_normal(length))
    elif kind == 1:
        y = a * x + b + rng.standard_normal(length) * rng.uniform(0, .15)
    elif kind == 2:
        y = np.sin(x * rng.uniform(3, 25) + b * 6) * a
    elif kind == 3:
        y = np.exp(-x * rng.uniform(2, 9)) + rng.standard_normal(length) * rng.uniform(0, .04)
    elif kind == 4:
        y = 1 / (1 + np.exp(-(x - .5) * rng.uniform(5, 18)))
    elif kind == 5:
        y = np.exp(-((x - b) / rng.uniform(.05, .3)) ** 2) + .1 * a
    elif kind == 6:
        y = x ** rng.uniform(.3, 3)
    elif kind == 7:
        y = rng.random(length)
    else:
        y = np.sin(x * 6.28 * rng.integers(1, 5)) * .4 + x * a + rng.standard_normal(length) * .06
    low, high = y.min(), y.max()
    low_at = rng.uniform(0, .5)
    return low_at + (y - low) / max(high - low, 1e-9) * rng.uniform(.3, 1 - low_at)


def line_chart(rng):
    made = plot.style(rng)
    few = rng.random() < .45
    number = int(rng.choice((1, 2, 3, 4, 5), p=(.4, .28, .17, .1, .05)))
    labels = categories(rng, 12, 4) if few else []
    if few and len(labels) < 3:
        labels = [str(1990 + at) for at in range(8)]
    length = len(labels) if few else int(rng.choice((12, 20, 40, 80, 200)))
    top = 10 ** rng.uniform(-.5, 4)
    decimals = max(0, int(2 - math.floor(math.log10(top))))
    data = np.stack([_curve(rng, length) for _ in range(number)])
    logarithmic = not few and rng.random() < .12
    if logarithmic:
        data = 10 ** (data * rng.uniform(1.5, 5))
    else:
        data = np.round(data * top, decimals)
    title, x_name, y_name = names(rng, not few)
    series = series_names(rng, min(4, number)) if number > 1 and number < 5 and rng.random() < .85 else []
    kinds = [MARKERS[int(index)] for index in rng.permutation(len(MARKERS))[:number]]
    with_marks = rng.random() < (.55 if length <= 20 else .08)
    if with_marks and rng.random() < .5:
        kinds = [kinds[0]] * number
    pattern = [None if rng.random() < .75 else ((5, 3), (2, 2), (6, 2, 1, 2))[int(rng.integers(3))] for _ in range(number)]
    thickness = made.line

    def key(at, x, y, size, draw):
        draw.line(((x, y), (x + size * 1.4, y)), made.colours[at % len(made.colours)], thickness, pattern[at])
        if with_marks:
            marker(draw, kinds[at], x + size * .7, y, size * .28, made.colours[at % len(made.colours)])
    width, height = canvas.dimensions(rng, 190, 560, (.9, 2.3))
    frame = plot.Frame(rng, made, width, height, title, x_name, y_name, series, {"key": key})
    ticks, tick_decimals, to_unit, tick_names = _value_scale(rng, frame, data, logarithmic)
    along, along_names = _along(rng, frame, few, labels)
    turn = int(rng.choice((0, 0, 45, 90))) if few and len(labels) > 5 else 0
    frame.lay_out(tick_names, along_names, turn)
    x0, y0, x1, y1 = frame.box
    def to_pixel(value): return y1 - to_unit(value) * (y1 - y0)
    frame.value_axis(ticks, tick_decimals, to_pixel, names=tick_names)
    margin = (x1 - x0) * (rng.choice((0, .045)) if not few else rng.choice((0, .045, .5 / length)))
    places = np.linspace(x0 + margin, x1 - margin, length)
    shown = places if few else [x0 + margin + (x1 - x0 - 2 * margin) * at for at in along]
    frame.category_axis(along_names, shown, False, turn, True)
    area = rng.random() < .1
    order = np.argsort(-data.mean(axis=1)) if area else range(number)
    for row in order:
        colour = made.colours[row % len(made.colours)]
        points = [(x, to_pixel(value)) for x, value in zip(places, data[row])]
        if area:
            frame.canvas.polygon(points + [(points[-1][0], y1), (points[0][0], y1)], mix(colour, made.inside, rng.uniform(.1, .6)))
        elif rng.random() < .05:
            band = (y1 - y0) * rng.uniform(.02, .07)
            frame.canvas.polygon([(x, y - band) for x, y in points] + [(x, y + band) for x, y in reversed(points)], mix(colour, made.inside, .7))
        frame.canvas.line(points, colour, thickness, pattern[row])
        if with_marks:
            for x, y in points:
                marker(frame.canvas, kinds[row], x, y, made.size * .3, colour)
    frame.spines()
    frame.names()
    return _line_sample(frame, data, labels, series, title, x_name, y_name, few, logarithmic, area)


def _value_scale(rng, frame, data, logarithmic):
    if logarithmic:
        low, high = math.floor(math.log10(data.min())), math.ceil(math.log10(data.max()) + .01)
        ticks = [10.0 ** power for power in range(low, high + 1)]
        return ticks, 0, lambda value: (math.log10(value) - low) / (high - low), [
            ("10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(power)) if power >= 0 else f"1e{power}") for power in range(low, high + 1)]
    low, high = float(data.min()), float(data.max())
    low = 0.0 if rng.random() < .5 and low > 0 else low
    ticks, decimals = plot.steps(low, high + (high - low) * .02, int(rng.integers(3, 9)))
    span = ticks[-1] - ticks[0]
    return ticks, decimals, lambda value: (value - ticks[0]) / span, [plot.number(value, decimals, frame.manner) for value in ticks]


def _along(rng, frame, few, labels):
    """Places (0..1) and names of the ticks along the bottom."""
    if few:
        return None, labels
    if rng.random() < .3:
        names_ = list(words.CATEGORIES[int(rng.integers(4))])
        return np.linspace(0, 1, len(names_)), names_
    if rng.random() < .25:
        first = int(rng.integers(1900, 2005))
        names_ = [str(first + 5 * at) for at in range(int(rng.integers(4, 8)))]
        return np.linspace(0, 1, len(names_)), names_
    ticks, decimals = plot.steps(0, 10 ** rng.uniform(0, 3.5), int(rng.integers(4, 9)))
    return np.linspace(0, 1, len(ticks)), [plot.number(value, decimals) for value in ticks]


def _line_sample(frame, data, labels, series, title, x_name, y_name, few, logarithmic, area):
    number = len(data)
    kind = "n area chart" if area else " line chart"
    if number == 1:
        change = data[0][-1] - data[0][0]
        swing = data[0].max() - data[0].min()
        trend = ("ends higher than it starts" if change > .15 * swing else
                 "ends lower than it starts" if change < -.15 * swing else "ends about where it starts")
        text = f"A{kind}{titled(title)} with one line that {trend}."
    else:
        who = ": " + ", ".join(series) if series else ""
        text = f"A{kind}{titled(title)} with {count(number)} lines{who}."
    if logarithmic:
        text = text[:-1] + ", on a logarithmic axis."
    tasks = [Task("picture", text)]
    if few and number <= 3 and number * len(labels) <= 16 and (number == 1 or series):
        rows = [(series[row] if series else "", [(label, _plain(value)) for label, value in zip(labels, made)])
                for row, made in enumerate(legible(data))]
        tasks.append(chart_task(title, x_name, y_name, rows))
    return Sample(frame.pixels(), "picture", "line_chart", " ".join(frame.words + labels), tasks, frame.canvas.segments())


def pie_chart(rng):
    made = plot.style(rng)
    labels = categories(rng, 8, 2)
    share = rng.dirichlet(np.full(len(labels), rng.uniform(1.2, 6)))
    percent = np.maximum(1, np.round(share * 100)).astype(int)
    percent[int(np.argmax(percent))] += 100 - int(percent.sum())
    title = words.pick(rng, words.TITLES) if rng.random() < .65 else ""
    width, height = canvas.dimensions(rng, 170, 480, (.8, 1.8))
    draw = canvas.Canvas(width, height, made.paper)
    size = max(7, min(height / rng.uniform(14, 24), width / 22))
    legend = rng.random() < .5
    top = size * 2.2 if title else size * .6
    if title:
        big = min(size * 1.35, size * 1.35 * width / max(1, draw.text_size(title, made.face, size * 1.35)[0] * 1.05))
        draw.text(width / 2 if made.title_at == "centre" else size, size * .4, title, fonts.bold(made.face) if made.title_bold else made.face,
                  big, made.ink, "mt" if made.title_at == "centre" else "lt")
    longest = max(draw.text_size(text, made.face, size)[0] for text in labels)
    right = longest + size * 2.6 if legend else 0
    outside = not legend or rng.random() < .3
    around = longest + size * .8 if outside and not legend else size * (2.2 if outside else .6)
    radius = max(22, min((width - right) / 2 - around, (height - top - size) / 2 - (size * 1.2 if outside else 0)))
    cx, cy = (width - right) / 2, top + (height - top - size * .5) / 2
    colours = [made.colours[at % len(made.colours)] for at in range(len(labels))]
    if len(labels) > len(made.colours):
        colours = [mix(colour, WHITE, .45) if at >= len(made.colours) else colour for at, colour in enumerate(colours)]
    start = float(rng.choice((-90, 0, rng.uniform(0, 360))))
    hole = rng.uniform(.4, .72) if rng.random() < .3 else 0
    explode = int(rng.integers(len(labels))) if rng.random() < .18 else -1
    edge = WHITE if rng.random() < .5 else (made.outline or (BLACK if rng.random() < .3 else None))
    squash = rng.uniform(.5, .75) if not hole and rng.random() < .12 else 1
    clockwise = rng.random() < .6
    angles = _slices(draw, rng, (cx, cy, radius), percent, colours, start, explode, edge, squash, clockwise)
    if hole:
        draw.disc(cx, cy, radius * hole, made.paper)
        if rng.random() < .3:
            draw.text(cx, cy, f"{percent.max()}%", fonts.bold(made.face), radius * hole * .5, made.ink, "mm")
    inside = rng.random() < .6 and not made.hatch
    for at, angle in enumerate(angles):
        ux, uy = math.cos(math.radians(angle)), math.sin(math.radians(angle)) * squash
        if inside and percent[at] >= 4:
            where = (1 + hole) / 2 if hole else .68
            dark = sum(colours[at]) < 380
            draw.text(cx + ux * radius * where, cy + uy * radius * where, f"{percent[at]}%", made.face, size * .95, WHITE if dark else BLACK, "mm")
        if outside:
            text = labels[at] if not legend else f"{percent[at]}%"
            if not legend and not inside and rng.random() < .5:
                text += f" {percent[at]}%"
            anchor = "lm" if ux > .2 else "rm" if ux < -.2 else "mm"
            draw.text(cx + ux * (radius + size * .6), cy + uy * (radius + size * .9), text, made.face, size, made.ink, anchor)
    if legend:
        x, y = width - right + size * .4, max(top, cy - size * .75 * len(labels))
        for at, text in enumerate(labels):
            draw.rect(x, y + at * size * 1.5 + size * .2, x + size * .9, y + at * size * 1.5 + size * 1.1, colours[at], made.outline, .6)
            draw.text(x + size * 1.4, y + at * size * 1.5 + size * .65, text, made.face, size, made.ink, "lm")
    kind = "donut chart" if hole else "pie chart"
    best = int(np.argmax(percent))
    known = inside or outside
    tasks = [Task("picture", f"A {kind}{titled(title)} with {count(len(labels))} slices; the largest is {labels[best]}"
                             f"{f' with {percent[best]}%' if known else ''}.")]
    if known:
        tasks.append(chart_task(title, "", "", [("", [(label, int(value)) for label, value in zip(labels, percent)])]))
    return Sample(draw.pixels(), "picture", "pie_chart", " ".join([title, *labels]).strip(), tasks, draw.segments())


def _slices(draw, rng, circle, percent, colours, start, explode, edge, squash, clockwise):
    """Draws the slices; their middle angles in degrees come back."""
    cx, cy, radius = circle
    angles, at = [], start
    if squash < 1:
        _solid(draw, circle, percent, colours, start, squash, clockwise)
    for index, value in enumerate(percent):
        sweep = 3.6 * float(value) * (1 if clockwise else -1)
        middle = at + sweep / 2
        angles.append(middle)
        dx = dy = 0.0
        if index == explode and squash == 1:
            dx, dy = math.cos(math.radians(middle)) * radius * .1, math.sin(math.radians(middle)) * radius * .1
        if squash == 1:
            draw.slice(cx + dx, cy + dy, radius, min(at, at + sweep), max(at, at + sweep), colours[index], edge, 1)
        at += sweep
    return angles


def _solid(draw, circle, percent, colours, start, squash, clockwise):
    """A pie seen from aside with a rim, as office programs draw it."""
    cx, cy, radius = circle
    depth = radius * .18
    for darker, shift in ((.35, depth), (0, 0)):
        at = start
        for index, value in enumerate(percent):
            sweep = 3.6 * float(value) * (1 if clockwise else -1)
            around = np.radians(np.linspace(at, at + sweep, max(3, int(abs(sweep) / 5))))
            rim = [(cx + math.cos(a) * radius, cy + shift + math.sin(a) * radius * squash) for a in around]
            colour = mix(colours[index], BLACK, darker)
            draw.polygon([(cx, cy + shift)] + rim, colour)
            if darker:
                draw.polygon(rim + [(x, y - shift) for x, y in reversed(rim)], colour)
            at += sweep


def scatter_chart(rng):
    made = plot.style(rng)
    number = int(rng.choice((1, 2, 3, 4), p=(.5, .22, .2, .08)))
    title, x_name, y_name = names(rng, True)
    series = series_names(rng, number) if number > 1 and rng.random() < .75 else []
    kinds = [MARKERS[int(index)] for index in rng.integers(0, len(MARKERS), number)]
    if rng.random() < .5:
        kinds = ["disc"] * number
    radius = rng.uniform(.14, .5)
    faint = rng.uniform(0, .5) if rng.random() < .4 else 0

    def key(at, x, y, size, draw):
        marker(draw, kinds[at], x + size * .7, y, size * .32, made.colours[at % len(made.colours)])
    width, height = canvas.dimensions(rng, 190, 540, (.75, 1.9))
    frame = plot.Frame(rng, made, width, height, title, x_name, y_name, series, {"key": key})
    low_x, span_x, low_y, span_y = (float(value) for value in (rng.choice((0, rng.uniform(-50, 50))), 10 ** rng.uniform(-.3, 3.5),
                                                             rng.choice((0, rng.uniform(-50, 50))), 10 ** rng.uniform(-.3, 3.5)))
    ticks_x, decimals_x = plot.steps(low_x, low_x + span_x, int(rng.integers(3, 8)))
    ticks_y, decimals_y = plot.steps(low_y, low_y + span_y, int(rng.integers(3, 8)))
    names_x = [plot.number(value, decimals_x) for value in ticks_x]
    frame.lay_out([plot.number(value, decimals_y, frame.manner) for value in ticks_y], names_x)
    x0, y0, x1, y1 = frame.box
    frame.value_axis(ticks_y, decimals_y, lambda value: y1 - (value - ticks_y[0]) / (ticks_y[-1] - ticks_y[0]) * (y1 - y0))
    frame.category_axis(names_x, np.linspace(x0, x1, len(ticks_x)), grid=True)
    total, slope = 0, 0.0
    single = rng.random() < .5
    for row in range(number):
        cloud, slope = _cloud(rng, single and number == 1)
        total += len(cloud)
        size = made.size * radius * (1.0 if len(cloud) < 120 else .7)
        bubbles = rng.uniform(.4, 2.6, len(cloud)) if rng.random() < .1 else np.ones(len(cloud))
        colour = mix(made.colours[row % len(made.colours)], made.inside, faint)
        for (x, y), bubble in zip(cloud, bubbles):
            marker(frame.canvas, kinds[row], x0 + x * (x1 - x0), y1 - y * (y1 - y0), max(1.1, size * bubble), colour)
    if number == 1 and single and rng.random() < .4:
        frame.canvas.line(((x0, y1 - (.5 - slope / 2) * (y1 - y0)), (x1, y1 - (.5 + slope / 2) * (y1 - y0))),
                          made.colours[3 % len(made.colours)], 1.3, (4, 3) if rng.random() < .4 else None)
    frame.spines()
    frame.names()
    what = f" of {y_name} against {x_name}" if x_name and y_name else ""
    if number == 1:
        trend = "" if not single else "; the points rise to the right" if slope > .15 else "; the points fall to the right" if slope < -.15 else "; no clear trend"
        text = f"A scatter chart{titled(title)}{what}{trend}."
    else:
        text = f"A scatter chart{titled(title)} with {count(number)} groups of points{': ' + ', '.join(series) if series else ''}."
    return Sample(frame.pixels(), "picture", "scatter_chart", " ".join(frame.words), [Task("picture", text)])


def _cloud(rng, line):
    """Points within 0..1 and the slope of their trend (over the whole width)."""
    size = int(np.exp(rng.uniform(np.log(12), np.log(260))))
    if line:
        slope = rng.uniform(-.9, .9)
        x = rng.uniform(.03, .97, size)
        y = .5 + slope * (x - .5) + rng.standard_normal(size) * rng.uniform(.02, .12)
    else:
        slope = 0.0
        kind = rng.random()
        if kind < .7:
            x = rng.uniform(.2, .8) + rng.standard_normal(size) * rng.uniform(.03, .16)
            y = rng.uniform(.2, .8) + rng.standard_normal(size) * rng.uniform(.03, .16)
        elif kind < .85:
            x, y = rng.random(size), rng.random(size)
        else:
            x = rng.random(size)
            y = .5 + .35 * np.sin(x * rng.uniform(3, 9)) + rng.standard_normal(size) * .05
    points = np.stack((x, y), axis=1)
    inside = points[((points > .015) & (points < .985)).all(axis=1)]
    return inside, slope
