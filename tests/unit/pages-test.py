#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generator of training pages: the same by seed, every type, answers that the page states, boxes over ink."""
import os
import sys
import warnings

SRC = os.environ.get("srcdir", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(SRC, "models", "train"))
sys.dont_write_bytecode = True
try:
    import numpy as np
    import copying
    from synth import pages
    from synth.sample import DOCUMENT_TYPES, NOT_STATED
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

warnings.simplefilter("error")
EACH = 4


def drawn(label, number):
    """The page itself, before any degradation."""
    rng = np.random.default_rng((5, number))
    words = pages.Words(rng)
    return pages._maker(words, label)(words)


def test_same_by_seed(label):
    one, two = (pages.make(np.random.default_rng(3), label) for _ in range(2))
    assert one.image.tobytes() == two.image.tobytes() and one.text == two.text and one.tasks == two.tasks
    other = pages.make(np.random.default_rng(4), label)
    assert other.image.shape != one.image.shape or other.image.tobytes() != one.image.tobytes()


def test_kinds(label):
    """Each kind of the type that is made now and then: the same by seed, with words, which are on the page."""
    for make, share in pages.MORE.get(label, ()):
        assert 0 < share < .5, make
        for number in range(2):
            one, two = (make(pages.Words(np.random.default_rng((9, number)))) for _ in range(2))
            assert one.image.tobytes() == two.image.tobytes() and one.runs == two.runs, make
            inside = [box for _, box in one.runs if box[0] >= -1 and box[2] <= one.image.width + 1]
            assert sum(len(text) for text, _ in one.runs) > 20 and len(inside) > .98 * len(one.runs), make
    assert sum(share for _, share in pages.MORE.get(label, ())) < .8


def test_sample(label):
    for number in range(EACH):
        sample = pages.make(np.random.default_rng((1, number)), label)
        assert sample.image.dtype == np.uint8 and sample.image.ndim == 3 and sample.image.shape[2] == 3
        assert 200 < max(sample.image.shape[:2]) <= 1024, sample.image.shape
        assert sample.kind == "page" and sample.label == label
        assert [t.answer for t in sample.tasks if t.name == "document_type"] == [label]
        for task in sample.tasks:
            if task.name == "question":
                assert task.question and task.answer
                assert (task.box is None) == (task.answer == NOT_STATED), task
                if task.box:
                    x0, y0, x1, y1 = task.box
                    assert 0 <= x0 < x1 <= 1000 and 0 <= y0 < y1 <= 1000, task


def test_places(label):
    """Segments lie on the page, and an answer begins in the segment that its place names."""
    told = 0
    for number in range(2 * EACH):    # not each page has something to ask for
        sample = pages.make(np.random.default_rng((2, number)), label)
        segments = {}
        for text, x, y in sample.segments:
            assert text and 0 <= x < 100 and 0 <= y < 100, (text, x, y)
            segments.setdefault((x, y), []).append(text)
        for task in sample.tasks:
            assert (task.place is None) == (task.box is None), task
            if task.place:
                assert any(task.answer.split()[0] in text for text in segments[task.place]), (task, segments[task.place])
                told += 1
    assert told >= 1, label


def test_answers(label):
    """What is asked stands in the page's text, at a place where there is ink."""
    stated = 0
    for number in range(EACH):
        page = drawn(label, number)
        text = " ".join(run for run, _ in page.runs)
        grey = np.asarray(page.image.convert("L"), int)
        for name, (answer, box) in page.fields.items():
            assert answer in text, (name, answer)
            x0, y0, x1, y1 = (int(v) for v in box)
            cut = grey[max(0, y0):y1 + 1, max(0, x0):x1 + 1]
            assert cut.size and cut.max() - cut.min() > 40, (name, answer, box)
            stated += 1
        asked = pages.ask(page.words, label, page.fields, page.unsure, page.image.size)
        absent = [task for task in asked if task.answer == NOT_STATED]
        assert len(absent) <= 1
    assert stated >= 1, label


def test_geometry():
    """Boxes move with the pixels: a black box stays black where its box goes."""
    from PIL import Image
    for number in range(6):
        rng = np.random.default_rng(number)
        image = Image.new("RGB", (400, 560), (255, 255, 255))
        image.paste((0, 0, 0), (100, 200, 180, 230))
        moved, boxes = pages._moved(rng, image, [(100, 200, 180, 230)], number % 2 == 0)
        x0, y0, x1, y1 = boxes[0]
        assert max(moved.getpixel((int((x0 + x1) / 2), int((y0 + y1) / 2)))) < 60
        black = np.argwhere(np.asarray(moved.convert("L"))[int(y0):int(y1) + 1, int(x0):int(x1) + 1] < 128)
        assert len(black) > .5 * (x1 - x0) * (y1 - y0)


def test_lines():
    for number in range(20):
        sample = pages.lines(np.random.default_rng(number))
        task, = sample.tasks
        assert task.name == "transcribe" and task.answer.strip() and task.answer.count("\n") < 3
        assert max(sample.image.shape[:2]) <= 1024 and sample.image.std() > 3


def test_names():
    """Where names are made up, hardly one comes twice."""
    words = pages.Words(np.random.default_rng(1))
    words.strange = 1.0
    names = [words.last() for _ in range(200)] + [words.town() for _ in range(200)]
    assert len(set(names)) > 360 and all(name.isalpha() and name[0].isupper() for name in names), names
    numbers = [words.mixture() for _ in range(200)]
    assert len(set(numbers)) > 190 and all(any(c.isdigit() for c in number) for number in numbers), numbers


def test_copying():
    """The answers stand in the list, at the place that is said, once the label is found; lists grow with the run."""
    absent = 0
    for number in range(60):
        segments, asked = copying.make(np.random.default_rng((6, number)), 4 if number < 30 else 40)
        assert (segments, asked) == copying.make(np.random.default_rng((6, number)), 4 if number < 30 else 40)
        assert 4 <= len(segments) <= (8 if number < 30 else 80) and 0 < len(asked) <= copying.ASKED
        assert all(text and 0 <= x < 100 and 0 <= y < 100 for text, x, y in segments)
        for question, answer, place in asked:
            label = [text.strip(":") for text, _, _ in segments if text.strip(":") in question]
            if place is None:
                assert answer == NOT_STATED and not label, question
                absent += 1
            else:
                assert (answer, *place) in segments and label, question
    assert 5 < absent < 80
    assert copying.stage(((.1, .9, 4), (1, .2, 40)), .05) == (.9, 4) and copying.stage(((.1, .9, 4), (1, .2, 40)), .5) == (.2, 40)
    assert copying.stage((), .5)[0] == 0


def main():
    cases = [(f"{test.__name__} {label}", lambda test=test, label=label: test(label))
             for test in (test_same_by_seed, test_kinds, test_sample, test_places, test_answers) for label in DOCUMENT_TYPES]
    cases += [("test_geometry", test_geometry), ("test_lines", test_lines), ("test_names", test_names), ("test_copying", test_copying)]
    print(f"1..{len(cases)}")
    failed = 0
    for number, (name, case) in enumerate(cases, 1):
        try:
            case()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:    # any failure is a failed case, the others still run
            failed += 1
            print(f"not ok {number} - {name}\n# {type(error).__name__}: {error}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
