# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of nothing but copying: find the words beside or below a label in a list of segments, and say them with their place.

No word is the generators' own or comes back in another list, so what is learnt is to look up and to copy. The lists are short
at first. A page's own questions teach the rest: which label is meant, where pages have their values.
"""
from synth.sample import NOT_STATED
from synth.words import Words

ABSENT = 0.12       # part of the questions whose label is not in the list
ASKED = 6           # questions a list, at most


def _label(words):
    text = " ".join(words.coined() for _ in range(int(words.rng.integers(1, 4))))
    return words.pick((text, text, text.lower(), text.upper())) + words.pick(("", ":", ""))


def _value(words):
    rng = words.rng
    return words.pick((
        lambda: " ".join(words.coined() for _ in range(int(rng.integers(1, 4)))), words.mixture, words.mixture, words.date,
        lambda: words.number(float(rng.uniform(0, 10) ** float(rng.integers(1, 6))), int(rng.integers(0, 3))) + words.pick(("", " €", " " + words.letters(3))),
        lambda: f"{words.coined()}@{words.coined().lower()}.{words.letters(2).lower()}"))()


def make(rng, longest):
    """Segments (text, x, y) of a list of two to `longest` labels with their values, in the order of reading, and questions
    (question, answer, place; None where no such label is there) about it."""
    words, n = Words(rng, "en"), int(rng.integers(2, longest + 1))
    pairs, seen = [], set()
    while len(pairs) < n:
        label = _label(words)
        if label.strip(":").casefold() not in seen:
            seen.add(label.strip(":").casefold())
            pairs.append((label, _value(words)))
    columns = int(words.pick((1, 1, 2, 3))) if n > 5 else 1
    below, step, width, segments, told = words.chance(.3), 96 / -(-n // columns), 96 // columns, [], []
    for i, (label, value) in enumerate(pairs):
        x, y = 2 + i % columns * width, min(97, int(2 + i // columns * step))
        at = (x, min(99, y + max(1, int(step / 3)))) if below else (x + int(rng.integers(width // 4, max(width // 4 + 1, width * 2 // 3))), y)
        segments += [(label, x, y), (value, *at)]
        told.append((label, value, at))
    segments.sort(key=lambda segment: (segment[2], segment[1]))
    asked = []
    for index in rng.permutation(n)[:ASKED]:
        label, value, at = told[index]
        if words.chance(ABSENT):
            asked.append((_label(words).strip(":") + "?", NOT_STATED, None))
        else:
            asked.append((words.pick(("{}?", "{}", "What is the {}?", "{}:")).format(label.strip(":")), value, at))
    return segments, asked


def stage(plan, progress):
    """(share of the questions that are copying alone, longest list) of a plan ((part of the budget until which, share, longest), ...)."""
    return next(((share, longest) for until, share, longest in plan if progress <= until), (0.0, 2))
