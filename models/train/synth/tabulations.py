# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are tables as authorities publish them: several with captions, heads of two rows, groups of rows, cells of text."""
from .canvas import Page
from .prose import HEADS

GREYS = ((225, 225, 225), (200, 200, 200), (240, 240, 240), (250, 225, 190), (200, 215, 240), (90, 90, 90), None, None)
MISSING = ("-", "–", "..", "n/a", "", "†")


def _numbers(words, columns):
    """A function that gives a row of numbers, each column of its own size."""
    scales = [(float(words.pick((1, 10, 100, 100, 1000, 50000))), words.chance(.3)) for _ in range(columns)]
    missing = words.pick(MISSING)
    return lambda: [missing if words.chance(.05) else ("$" if dollar and words.chance(.2) else "") + words.number(float(words.rng.uniform(0, scale)), 1 if scale < 100 else 0)
                    for scale, dollar in scales]


def _two_heads(page, x, y, first, width, columns, size, fill):
    """Heads of groups over heads of columns, with rules between. Returns the y below."""
    words, row, step = page.words, size * 1.5, width / columns
    light = (255, 255, 255) if fill and sum(fill) < 380 else None
    if fill:
        page.box(x, y, x + first + width, y + 2 * row, fill)
    page.fit(x + 3, y + row, words.column(), first - 6, size, bold=True, fill=light)
    at = 0
    while at < columns:
        n = min(columns - at, int(words.rng.integers(2, 4)))
        middle = x + first + (at + n / 2) * step
        page.fit(middle, y + 2, words.title(True), n * step - 6, size, bold=words.chance(.5), align="c", fill=light)
        page.rule(x + first + at * step + 3, y + row - 1, x + first + (at + n) * step - 3, y + row - 1)
        at += n
    for i in range(columns):
        page.fit(x + first + (i + .5) * step, y + row + 1, words.column()[:14], step - 5, size * .95, align="c", fill=light)
    return y + 2 * row


def _part(page, x, y, width, size, bottom, look, alone):
    """One table with its caption, which is the page's title where the table is alone. look: (lines, fill, caption). Returns
    the y below."""
    words = page.words
    lines, fill, caption = look
    if caption:
        number = f"{HEADS[words.lang]['table']} {words.rng.integers(1, 60)}{words.pick((':', '.', '.—'))} " if caption == "number" else ""
        y = page.block(x, y, number + words.table_title(), width, size * 1.15, 1.2, bold=True, align=words.pick("lc"),
                       field="table_title" if alone and not number else None) + size * .5
    columns, row = int(words.rng.integers(2, 8)), size * float(words.rng.uniform(1.3, 1.9))
    first, top = width * float(words.rng.uniform(.22, .5)), y
    numbers, step = _numbers(words, columns), (width - first) / columns
    if lines == "booktabs":
        page.rule(x, y, x + width, y, width=2)
    y = _two_heads(page, x, y, first, width - first, columns, size, fill)
    page.rule(x, y, x + width, y)
    leader, groups = words.chance(.2), words.chance(.4)
    while y + row < bottom:
        if groups and words.chance(.15):
            if fill and words.chance(.4):
                page.box(x, y, x + width, y + row, fill)
            page.fit(x + 3, y + (row - size * 1.2) / 2, words.title(True), width * .6, size, bold=words.chance(.6))
        else:
            end = page.fit(x + (10 if groups else 3), y + (row - size * 1.2) / 2, words.row(), first - 14, size)
            if leader:
                page.rule(end + 3, y + row * .75, x + first - 4, y + row * .75, dash=2.5)
            for i, cell in enumerate(numbers()):
                if cell:
                    page.fit(x + first + (i + 1) * step - 4, y + (row - size * 1.2) / 2, cell, step - 6, size, align="r")
        y += row
        if lines in ("grid", "rows"):
            page.rule(x, y, x + width, y, None if lines == "grid" else (170, 170, 170))
    if lines == "grid":
        page.box(x, top, x + width, y, outline=page.ink)
        for i in range(columns):
            page.rule(x + first + i * step, top, x + first + i * step, y)
    page.rule(x, y, x + width, y, width=2 if lines == "booktabs" else 1)
    if words.chance(.3):
        note = words.pick((f"χ² = {words.number(float(words.rng.uniform(1, 900)), 1)}, v = {words.rng.integers(1, 30)}, p < 0.0005", "† " + words.sentence(),
                           HEADS[words.lang]["source"] + ": " + words.company() + f", {words.rng.integers(1990, 2026)}.", "Note: " + words.sentence()))
        y = page.block(x, y + 3, note, width, size * .9, 1.2)
    return y + size * 2


def published(words):
    """One to four tables with captions, below a running head."""
    wide = words.chance(.25)
    page = Page(words, size=(842, 595) if wide else None, kind=words.pick(("sans", "serif", "serif", "condensed")))
    m, size = float(words.rng.uniform(34, 90)), float(words.rng.uniform(6.5, 10.5))
    y, width, parts = float(words.rng.uniform(36, 70)), page.w - 2 * m, int(words.pick((1, 1, 2, 2, 3, 4)))
    if words.chance(.6):
        page.fit(words.pick((m, page.w - m)), y, words.pick((words.title(), f"{words.pick(('Appendix', 'Annex', 'Anhang', 'Annexe'))} {words.rng.integers(1, 9)}")), width * .8, size * 1.2,
                 italic=words.chance(.5), align="l" if words.chance(.5) else "r")
        if words.chance(.5):
            page.rule(m, y + size * 1.9, page.w - m, y + size * 1.9)
        y += size * 3
    if words.chance(.4):
        y = page.block(m, y, words.title(), width, size * 1.5, 1.2, bold=True, align=words.pick("lc")) + size
    look = (words.pick(("grid", "grid", "rows", "booktabs", "plain")), words.pick(GREYS), words.pick(("number", "title", "title", "")))
    bottom = page.h - float(words.rng.uniform(50, 90))
    for part in range(parts):
        end = y + (bottom - y) / (parts - part) * float(words.pick((1, 1, .8, .55) if parts == 1 else (1, .9)))
        if end - y < 6 * size:
            break
        y = _part(page, m, y, width, size, end - size * 3, look, parts == 1)
    if words.chance(.6):
        page.text(words.pick((m, page.w / 2, page.w - m - 16)), page.h - 36, str(int(words.rng.integers(1, 400))), 9)
    page.unsure |= {"title", "total", "page_number", "invoice_date", "vendor", "customer", "table_title"}
    return page


def texts(words):
    """A table whose cells hold sentences, dates and places, mostly on a wide page."""
    page = Page(words, size=(842, 595) if words.chance(.7) else None, kind=words.pick(("sans", "serif")))
    m, size, y = float(words.rng.uniform(20, 50)), float(words.rng.uniform(6, 9)), float(words.rng.uniform(20, 50))
    width, columns = page.w - 2 * m, int(words.rng.integers(3, 8))
    weights = words.rng.uniform(.6, 1.6, columns) + 2.4 * (words.rng.random(columns) < 1.3 / columns)
    edges = [m + width * float(w) for w in [0, *(weights.cumsum() / weights.sum())]]
    kinds = ["text" if w > 2.4 else words.pick(("noun", "number", "date", "town", "title")) for w in weights]
    fill, drawn, bottom = words.pick(GREYS), words.chance(.75), page.h - float(words.rng.uniform(40, 70))

    def cell(x0, x1, top, kind):
        value = {"text": lambda: words.prose(int(words.rng.integers(1, 4))), "noun": lambda: words.noun().title(), "date": words.date, "town": words.town,
                 "number": lambda: str(words.rng.integers(0, 900)), "title": lambda: words.title(True)}[kind]()
        return page.block(x0 + 3, top + 3, value, x1 - x0 - 6, size, 1.2, bottom=bottom, align="c" if kind in ("number", "date") else "l")

    if words.chance(.7):
        y = page.block(m, y, words.table_title(), width, size * 1.6, 1.2, bold=True, align=words.pick("lc"), field="table_title") + size
    number = 0
    while y < bottom - 3 * size:
        if number == 0 or (words.chance(.06) and y < bottom - 80):
            if fill:
                page.box(m, y, page.w - m, y + size * 2.8, fill)
            light = (255, 255, 255) if fill and sum(fill) < 380 else None
            for x0, x1 in zip(edges, edges[1:]):
                page.block(x0 + 2, y + 2, words.column(), x1 - x0 - 4, size, 1.15, bold=True, align="c", fill=light, bottom=y + size * 2.9)
            low = y + size * 2.8
        else:
            low = max(cell(x0, x1, y, kind) for x0, x1, kind in zip(edges, edges[1:], kinds)) + 3
        number += 1
        if drawn:
            for x in edges:
                page.rule(x, y, x, low)
            page.rule(m, y, page.w - m, y)
        page.rule(m, low, page.w - m, low, None if drawn else (180, 180, 180))
        y = low
    page.unsure |= {"title", "total", "page_number", "invoice_date", "vendor", "customer", "table_title"}
    return page
