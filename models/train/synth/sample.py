# SPDX-License-Identifier: GPL-3.0-or-later
"""What a generator makes: one image with its exact truth.

A generator is a function `make(rng: numpy.random.Generator) -> Sample`; the same generator state gives the
same sample, byte for byte.
"""
from dataclasses import dataclass, field

import numpy as np

PICTURE_CLASSES = (
    "photograph", "logo", "bar_chart", "line_chart", "pie_chart", "scatter_chart", "diagram", "map",
    "screenshot", "signature", "stamp", "barcode", "table_image", "formula", "other")

DOCUMENT_TYPES = (
    "invoice", "receipt", "letter", "form", "report", "article", "slide", "table", "identity_document", "other")

NOT_STATED = "not stated"


@dataclass
class Task:
    """One question about the image and its answer."""
    name: str                 # picture, chart, document_type, transcribe, question
    answer: str               # picture: a sentence; chart: compact JSON; document_type: the label
    question: str = ""        # of the task "question": the user's words
    box: tuple | None = None  # where the answer stands: x0, y0, x1, y1 in thousandths of width and height
    place: tuple | None = None  # of the segment in which the answer begins, as in segments


@dataclass
class Sample:
    image: np.ndarray         # uint8 [height, width, 3], longest side at most 1024
    kind: str                 # "picture" (a region cut out) or "page" (a whole page)
    label: str                # one of PICTURE_CLASSES or DOCUMENT_TYPES
    text: str = ""            # page: its words in reading order; picture: its caption or the words in it
    tasks: list = field(default_factory=list)
    # (text, x, y) of the words that stand close together on a line: their left end and their middle, in hundredths
    segments: list = field(default_factory=list)


GAP = .7    # of a line's height: words farther apart begin a new segment


def join(runs):
    """Segments (text, pixel box) of runs (text, pixel box) in the order that they are read."""
    out = []
    for text, (x0, y0, x1, y1) in runs:
        if out:
            last, (a0, b0, a1, b1) = out[-1]
            if abs(y0 + y1 - b0 - b1) < .5 * (b1 - b0) and -.3 * (b1 - b0) <= x0 - a1 <= GAP * (b1 - b0):
                out[-1] = (f"{last} {text}", (a0, min(b0, y0), max(a1, x1), max(b1, y1)))
                continue
        out.append((text, (x0, y0, x1, y1)))
    return out


def place(box, size):
    """Left end and middle of a pixel box in hundredths of width and height."""
    return tuple(int(min(99, max(0, v))) for v in (100 * box[0] / size[0], 50 * (box[1] + box[3]) / size[1]))
