# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole pages of every document type, with their words, their type and questions with answers and places.

`make` draws a page, half of the time as a scanner or a camera would give it; `lines` draws a crop of one to three
lines for transcription. Geometry (turning, perspective, margins) is done here because the boxes of the answers move
along; everything that keeps the pixels in their place is in degrade.
"""
import numpy as np
from PIL import Image

from . import (business, degrade, office, others, printouts, prose, questionnaires, receipts, records, slides, studies,
               tabulations)
from .canvas import Page
from .pagefonts import family, font
from .questions import ask
from .sample import DOCUMENT_TYPES, Sample, Task, join, place
from .words import Words

MAKERS = {
    "invoice": business.invoice, "receipt": receipts.receipt, "letter": prose.letter, "form": records.form,
    "report": prose.report, "article": prose.article, "slide": slides.slide, "table": records.table,
    "identity_document": records.identity_document, "other": others.other
}
# More kinds of a type and how often they are made instead.
MORE = {
    "invoice": ((printouts.plain, .14), (printouts.fixed_pitch, .06), (printouts.boxes, .06)),
    "letter": ((office.mail, .15),),
    "form": ((questionnaires.questionnaire, .25), (questionnaires.tax_return, .12), (questionnaires.declaration, .13)),
    "report": ((office.manual, .2), (studies.study, .27), (studies.contents, .07), (studies.essay, .07), (studies.sheet, .07)),
    "article": ((office.paper, .25), (studies.journal, .12)),
    "table": ((tabulations.published, .35), (tabulations.texts, .12)),
    "other": ((office.contract, .12), (office.minutes, .1), (office.goods, .18), (others.attestation, .06)),
}
LONGEST = 1024


def make(rng, label=None):
    """A page of the type, of any type when none is named."""
    label = label or DOCUMENT_TYPES[int(rng.integers(0, len(DOCUMENT_TYPES)))]
    words = Words(rng)
    page = _maker(words, label)(words)
    text = _text(words, page)
    parts = join(page.runs if words.chance(.5) else _sorted(page.runs))
    places = [box for _, box in page.fields.values()] + [box for _, _, box in page.labelled] + [box for _, box in parts]
    image, boxes = _shown(words, page, label, places)
    size, boxes = image.shape[1::-1], iter(boxes)
    fields = {name: (answer, next(boxes)) for name, (answer, _) in page.fields.items()}
    labelled = [(name, value, next(boxes)) for name, value, _ in page.labelled]
    parts = [(text, next(boxes)) for text, _ in parts]
    tasks = [Task("document_type", label)] + ask(words, label, fields, page.unsure, size, labelled, parts)
    return Sample(image, "page", label, _as_read(words, text), tasks, [(text, *place(box, size)) for text, box in parts])


def _sorted(runs):
    """Runs row by row, as a reader without an eye for columns takes them."""
    rows = []
    for run in sorted(runs, key=lambda run: run[1][1] + run[1][3]):
        middle = (run[1][1] + run[1][3]) / 2
        if not rows or middle > rows[-1][0]:
            rows.append((run[1][3] - .2 * (run[1][3] - run[1][1]), []))
        rows[-1][1].append(run)
    return [run for _, row in rows for run in sorted(row, key=lambda run: run[1][0])]


def _maker(words, label):
    roll = words.rng.random()
    for make, share in MORE.get(label, ()):
        if roll < share:
            return make
        roll -= share
    return MAKERS[label]


def _text(words, page):
    """The words in the order drawn, a line of the page a line of text."""
    parts, last = [], None
    for run, box in page.runs:
        if last is not None:
            same = abs(box[1] - last[1]) < .5 * (last[3] - last[1]) and box[0] >= last[2] - 2
            parts.append(" " if same else "\n")
        parts.append(run)
        last = box
    return "".join(parts)


_CONFUSED = {
    "0": "O", "O": "0", "1": "l", "l": "1", "5": "S", "S": "5", "8": "B", "e": "c", "c": "e", "m": "rn", "i": "í",
    "n": "ri", "u": "ii", ",": ".", ".": ","
}


def _as_read(words, text):
    """The text as it arrives: mostly right, at times with errors of reading, cut short, or missing."""
    roll = words.rng.random()
    if roll < .08:
        return ""
    if roll < .18:
        return text[:int(len(text) * words.rng.uniform(.1, .8))]
    if roll < .4:
        share = words.rng.uniform(.005, .06)
        hit = words.rng.random(len(text)) < share
        return "".join(_CONFUSED.get(c, c) if h else c for c, h in zip(text, hit))
    return text


def _shown(words, page, label, boxes):
    """The page as a digital file or as scanned and photographed. Returns pixels and the moved boxes."""
    rng, image = words.rng, page.image
    clean = {"slide": .75, "receipt": .15, "identity_document": .25}.get(label, .5)
    if rng.random() < clean:
        pixels = np.asarray(image)
        return (degrade.screen(rng, pixels) if rng.random() < .35 else pixels), boxes
    camera = rng.random() < {"receipt": .4, "identity_document": .5}.get(label, .2)
    if camera or rng.random() < .6:
        image, boxes = _moved(rng, image, boxes, camera)
    pixels = np.asarray(image)
    return (degrade.camera if camera else degrade.scan)(rng, pixels, geometry=False), boxes


def _moved(rng, image, boxes, camera):
    """Turned a little and, before a camera, seen from aside with some desk around."""
    width, height = image.size
    spread = .05 if camera else 0.
    margin = (rng.uniform(0, .1) if camera else rng.uniform(0, .02)) * max(width, height)
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), float)
    angle = np.radians(rng.normal(0, 2.0 if camera else .8))
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    centre = np.array((width, height)) / 2
    moved = (corners - centre) @ turn.T + centre + rng.uniform(-spread, spread, (4, 2)) * min(width, height)
    moved += margin - moved.min(0) * (1 if camera or rng.random() < .5 else 0)
    out_w, out_h = (int(v) for v in (moved.max(0) + margin)) if camera else (width, height)
    shrink = min(1., LONGEST / max(out_w, out_h))
    moved, out_w, out_h = moved * shrink, max(16, int(out_w * shrink)), max(16, int(out_h * shrink))
    forward, back = _homography(corners, moved), _homography(moved, corners)
    desk = tuple(
        int(c) for c in (rng.integers(20, 220, 3) if camera else np.asarray(image.getpixel((
            1, 1))) if rng.random() < .8 else rng.integers(0, 60, 3)))
    picture = image.transform((out_w, out_h), Image.PERSPECTIVE, tuple(back.ravel()[:8] / back[2, 2]), Image.BILINEAR,
                              fillcolor=desk)
    return picture, [_moved_box(forward, box, out_w, out_h) for box in boxes]


def _homography(source, target):
    """The projective map [3, 3] that takes four points to four points."""
    rows = []
    for (x, y), (u, v) in zip(source, target):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solution = np.linalg.solve(np.array(rows), target.reshape(-1))
    return np.append(solution, 1).reshape(3, 3)


def _moved_box(forward, box, width, height):
    x0, y0, x1, y1 = box
    points = np.array(((x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1))) @ forward.T
    points = points[:, :2] / points[:, 2:]
    low, high = points.min(0), points.max(0)
    return (max(0, low[0]), max(0, low[1]), min(width, high[0]), min(height, high[1]))


def lines(rng):
    """A crop of one to three lines of text and what it says, a line of the crop a line of the answer."""
    words = Words(rng)
    kind = words.pick(("any", "any", "any", "any", "mono", "display", "hand", "script", "condensed"))
    fam, size = family(rng, kind), int(rng.integers(14, 40))
    face = font(fam, size, words.chance(0.2), words.chance(0.12))
    count = int(words.pick((1, 1, 1, 2, 2, 3)))
    texts = [_line(words) for _ in range(count)]
    limit = 900
    texts = [_shortened(text, face, limit) for text in texts]
    ascent, descent = face.getmetrics()
    lead, pad = (ascent + descent) * float(rng.uniform(1, 1.3)), int(rng.integers(2, 14))
    width = int(max(face.getlength(t) for t in texts)) + 2 * pad + int(rng.integers(0, 30))
    height = int(lead * (count - 1) + ascent + descent) + 2 * pad
    dark = words.chance(0.08)
    paper = tuple(
        int(c)
        for c in (rng.integers(0, 90, 3) if dark else (255, 255, 255) if words.chance(0.6) else rng.integers(200, 256, 3)))
    ink = tuple(
        int(c)
        for c in (rng.integers(200, 256, 3) if dark else (0, 0, 0) if words.chance(0.6) else rng.integers(0, 110, 3)))
    words_page = Page.blank((width, height), paper)
    for i, text in enumerate(texts):
        words_page[1].text((pad, pad + i * lead), text, font=face, fill=ink)
    if words.chance(0.08):
        y = int(pad + ascent * 1.12)
        words_page[1].line((0, y, width, y), ink)
    pixels = degrade.degrade(rng, np.asarray(words_page[0]), clean=.35, geometry=words.chance(0.3) and size > 18)
    answer = "\n".join(texts)
    return Sample(pixels, "picture", "other", "", [Task("transcribe", answer)])


def _line(words):
    return words.pick(
        (words.clause, words.sentence, words.title, words.company, words.person, words.street, words.city_line, words.date,
         words.phone, words.product, words.code, words.iban, lambda: words.email(words.company()),
         lambda: words.currency() + " " + words.number(float(words.rng.uniform(1, 9999))), lambda: words.title().upper(),
         lambda: f"{words.noun().title()}: {words.number(float(words.rng.uniform(0, 999)))}"))()


def _shortened(text, face, limit):
    """As many words as fit."""
    parts = text.split(" ")
    while len(parts) > 1 and face.getlength(" ".join(parts)) > limit:
        parts.pop()
    return " ".join(parts)
