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


@dataclass
class Sample:
    image: np.ndarray         # uint8 [height, width, 3], longest side at most 1024
    kind: str                 # "picture" (a region cut out) or "page" (a whole page)
    label: str                # one of PICTURE_CLASSES or DOCUMENT_TYPES
    text: str = ""            # page: its words in reading order; picture: its caption or the words in it
    tasks: list = field(default_factory=list)
