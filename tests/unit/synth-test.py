#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generator of training pictures: the same seed gives the same sample, every class is made, and what a chart
shows is what its data says."""
import dataclasses
import hashlib
import json
import os
import sys

SOURCE = os.environ.get("G_TEST_SRCDIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, SOURCE)
sys.dont_write_bytecode = True

try:
    import numpy as np
    from PIL import Image  # noqa: F401
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

from models.train.synth import pictures                      # noqa: E402
from models.train.synth.pictures import charts, codes, plot  # noqa: E402
from models.train.synth.sample import PICTURE_CLASSES        # noqa: E402

RED = (200, 30, 40)
count = 0


def check(ok, name, why=""):
    global count
    count += 1
    print("%sok %d %s%s" % ("" if ok else "not ", count, name, "" if ok else f" # {why}"))


def digest(sample):
    rest = json.dumps([sample.kind, sample.label, sample.text, [dataclasses.asdict(task) for task in sample.tasks]])
    return hashlib.sha256(sample.image.tobytes() + rest.encode()).hexdigest()


def fault(sample, label):
    """What is wrong with a sample, or nothing."""
    image = sample.image
    if sample.label != label or sample.kind != "picture":
        return f"labelled {sample.kind} {sample.label}"
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or max(image.shape) > 1024 or min(image.shape[:2]) < 8:
        return f"image {image.dtype} {image.shape}"
    if sample.tasks[0].name != "picture" or not sample.tasks[0].answer.endswith("."):
        return f"described as {sample.tasks[0]}"
    if len(sample.tasks[0].answer.split()) > 30:
        return f"long: {sample.tasks[0].answer}"
    for task in sample.tasks:
        if task.name == "chart":
            json.loads(task.answer)
        if task.box and not (0 <= task.box[0] <= task.box[2] <= 1000 and 0 <= task.box[1] <= task.box[3] <= 1000):
            return f"box {task.box}"
    return ""


def classes():
    for label in PICTURE_CLASSES:
        wrong = ""
        for seed in range(5):
            first = pictures.make(np.random.default_rng((7, seed)), label)
            wrong = wrong or fault(first, label)
            if seed == 0 and digest(first) != digest(pictures.make(np.random.default_rng((7, seed)), label)):
                wrong = "the same seed gives another sample"
        check(not wrong, f"{label}: made, sound and the same again", wrong)
    rng = np.random.default_rng(1)
    labels = [pictures.PICTURE_CLASSES[int(value)] for value in rng.integers(0, len(PICTURE_CLASSES), 5)]
    check(pictures.make(np.random.default_rng(1)).label == labels[0], "the class is chosen evenly")


def plain(**changes):
    """A style in which the data alone is red."""
    return plot.Style(colours=[RED, (0, 120, 200), (20, 160, 60), (240, 180, 20), (120, 60, 160), (90, 200, 200), (140, 90, 40), (255, 120, 180)],
                      gap=.3, legend="right", **changes)


def made(maker, wanted, seeds=range(200)):
    """Samples of `maker` in the plain style of which `wanted` says yes, with their data; three at most."""
    kept, style = [], plot.style
    plot.style = lambda rng: plain()
    try:
        for seed in seeds:
            sample = maker(np.random.default_rng((3, seed)))
            data = [json.loads(task.answer) for task in sample.tasks if task.name == "chart"]
            if data and wanted(sample.tasks[0].answer, data[0]):
                kept.append((sample.image, data[0]))
            if len(kept) == 3:
                break
    finally:
        plot.style = style
    return kept


def runs(flags):
    """Starts and ends of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return list(zip(edges[::2], edges[1::2]))


def bars(sideways):
    way = "horizontal" if sideways else "vertical"
    found = made(charts.bar_chart, lambda text, data: f"A {way} bar chart" in text and len(data["series"]) == 1 and not data["series"][0]["name"]
                 and min(point["value"] for point in data["series"][0]["points"]) > 0)
    worst = 0.0
    for image, data in found:
        mask = np.ptp(image.astype(int), axis=2) > 75
        mask = mask.T if sideways else mask
        values = [point["value"] for point in data["series"][0]["points"]]
        spans = runs(mask.any(axis=0))
        lengths = [mask[:, start:end].sum(axis=0).max() for start, end in spans]
        if len(lengths) != len(values):
            # a bar of less than a pixel may be missing
            values = [value for value in values if value / max(values) * max(lengths) >= 1.5]
        if len(lengths) != len(values):
            return check(False, f"{way} bars", f"{len(values)} values, {len(lengths)} bars")
        scale = max(lengths) / max(values)
        worst = max(worst, max(abs(length - value * scale) for length, value in zip(lengths, values)))
    check(len(found) == 3 and worst < 3, f"{way} bars are as long as their values", f"{len(found)} charts, off by {worst} pixels")


def slices():
    found = made(charts.pie_chart, lambda text, data: text.startswith("A pie"))
    worst = 0.0
    for image, data in found:
        colours = plain().colours
        values = [point["value"] for point in data["series"][0]["points"]]
        areas = [(np.abs(image.astype(int) - colour).sum(axis=2) < 12).sum() for colour in colours[:len(values)]]
        worst = max(worst, *(abs(100 * area / sum(areas) - value) for area, value in zip(areas, values)))
    check(len(found) == 3 and worst < 6, "slices are as large as their values", f"{len(found)} charts, off by {worst} %")


def lines():
    found = made(charts.line_chart, lambda text, data: "with one line" in text and "area" not in text and not data["series"][0]["name"] and len(data["series"][0]["points"]) > 4)
    worst = 1.0
    for image, data in found:
        mask = (image[:, :, 0].astype(int) - image[:, :, 1] > 70) & (image[:, :, 0] > 150)
        across = np.flatnonzero(mask.any(axis=0))
        values = np.array([point["value"] for point in data["series"][0]["points"]], float)
        places = np.linspace(across[0] + 1, across[-1] - 1, len(values)).round().astype(int)
        heights = [np.flatnonzero(mask[:, max(0, at - 1):at + 2].any(axis=1)).mean() for at in places[1:-1]
                   if mask[:, max(0, at - 1):at + 2].any()]
        if len(heights) == len(values) - 2:
            worst = min(worst, -np.corrcoef(heights, values[1:-1])[0, 1])
    check(found and worst > .9, "a line runs as its values do", f"{len(found)} charts, correlation {worst}")


def ean():
    modules = codes.ean13("4006381333931")
    check(len(modules) == 95 and modules[:3] == [1, 0, 1] and modules[-3:] == [1, 0, 1] and modules[45:50] == [0, 1, 0, 1, 0],
          "an EAN-13 has its guards")
    check("".join(map(str, modules[3:10])) == "0001101", "and its digits")
    check(len(codes.code128("AB12")) == 11 * 6 + 13, "a Code 128 has eleven modules a symbol")


def main():
    classes()
    bars(False)
    bars(True)
    slices()
    lines()
    ean()
    print(f"1..{count}")


if __name__ == "__main__":
    main()
