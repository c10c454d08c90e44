# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages from within reports: studies of authorities and institutes, lists of contents, essays, fact sheets, and inner pages of
journals in one column, which look like them."""
from . import marks
from .canvas import Page
from .pagefonts import family
from .prose import HEADS, number_grid

AUTHORITIES = ("Office", "Agency", "Department", "Ministry", "Commission", "Institute", "Council", "Bureau", "Directorate")
BULLETS = ("•", "•", "–", "▪", "○", "1", "a")
CHAPTERS = ("ES", "A", "B", "2", "3", "4", "5", "6", "7", "II", "III")


def _cited(words, text):
    """Prose with sources in it, as studies name them."""
    sources = lambda: words.pick((f"({words.last()} and {words.last()}, {words.rng.integers(1960, 2026)})", f"({words.last()} et al., {words.rng.integers(1975, 2026)}a)",
                                  f"({words.letters(3)} {words.rng.integers(1960, 2026)})", f"[{words.rng.integers(1, 90)}]",
                                  f"({words.last()}, {words.rng.integers(1960, 2026)}; {words.last()} et al., {words.rng.integers(1960, 2026)})"))
    parts = text.split(". ")
    return ". ".join(part + " " + sources() if words.chance(.25) else part for part in parts)


def _caption(page, x, y, width, size, kind="table", bold=None):
    words = page.words
    number = words.pick((f"{words.rng.integers(1, 60)}", f"{words.rng.integers(1, 9)}.{words.rng.integers(1, 20)}", f"{words.rng.integers(1, 9)}-{words.rng.integers(1, 9)}",
                         f"ES-{words.rng.integers(1, 9)}"))
    text = f"{HEADS[words.lang][kind]} {number}{words.pick((':', '.', '.—', '. ', ' '))} {words.table_title()}"
    return page.block(x, y, text, width, size, 1.2, bold=words.chance(.7) if bold is None else bold, align=words.pick("lcc")) + size * .5


def _items(page, x, y, width, size, lead, bottom, links=False):
    """A list, at times with bold beginnings, or of addresses of the web. Returns the y below."""
    words, sign = page.words, page.words.pick(BULLETS)
    strong, gap = words.chance(.3), lead * float(words.pick((0, .3, .9)))
    for i in range(int(words.rng.integers(3, 9))):
        if y > bottom - 2 * lead:
            break
        mark = f"{i + 1}." if sign == "1" else "abcdefghi"[i] + ")" if sign == "a" else sign
        page.text(x + 10, y, mark, size)
        if links:
            page.text(x + 28, y, f"www.{words.slug(words.company())}.{words.pick(('gov', 'org', 'com', 'eu'))}", size, fill=(20, 40, 180))
            page.rule(x + 28, y + size * 1.2, x + 130, y + size * 1.2, (20, 40, 180))
            y += lead + gap
            continue
        text = (words.title(True) + ": " if strong else "") + words.prose(int(words.rng.integers(1, 3)))
        y = page.block(x + 28, y, text, width - 28, size, lead / size, bottom=bottom) + gap
    return y + lead * .5


def _heading(page, x, y, width, size, look, chapter):
    """A heading; look: (numbered, underlined, bold, italic, grows, coloured). Returns the y below."""
    words = page.words
    numbered, underlined, bold, italic, grows, coloured = look
    depth = int(words.rng.integers(1, 4))
    number = ".".join([str(chapter)] + [str(words.rng.integers(1, 12)) for _ in range(depth - 1)])
    text = words.pick(HEADS[words.lang]["more"]) if words.chance(.25) else words.title(words.chance(.5))
    big = size * (1 + grows * (4 - depth) / 4)
    at = page.text(x, y, number + words.pick(("", ".")), big, bold) + big if numbered else x
    lines = page.wrap(text.upper() if grows and depth == 1 and words.chance(.4) else text, x + width - at, big, bold, italic)
    for line in lines:
        end = page.text(at, y, " ".join(line), big, bold, italic, page.accent if coloured else None)
        if underlined:
            page.rule(at, y + big * 1.2, end, y + big * 1.2)
        y += big * 1.2
    return y


def _frame(page, m, head, size):
    """Running head, foot and page number as reports have them, or none. Returns top and bottom of the text."""
    words, top, bottom = page.words, float(page.words.rng.uniform(44, 86)), page.h - float(page.words.rng.uniform(56, 110))
    at, number = page.h - float(words.rng.uniform(30, 52)), str(int(words.rng.integers(1, 220)))
    number = words.pick((number, number, f"{words.pick(CHAPTERS)}-{number}", f"- {number} -", f"{number} "))
    year = int(words.rng.integers(1988, 2026))
    if words.chance(.5):
        text = words.pick((head, f"{words.pick(HEADS[words.lang]['report'])} {year}", f"{words.pick(HEADS[words.lang]['report'])} {year}-{(year + 1) % 100:02}", words.company()))
        align = words.pick("lrc")
        page.fit({"l": m, "r": page.w - m, "c": page.w / 2}[align], top - 22, text, page.w * .7, size * .9, italic=words.chance(.4), align=align)
        if words.chance(.4):
            page.rule(m, top - 8, page.w - m, top - 8)
    foot = words.pick(("none", "number", "number", "band", "line", "head"))
    if foot == "band":
        page.box(m, at, m + (page.w - 2 * m) * .5, at + 7, page.accent)
        page.fit(page.w - m, at - 2, f"{year} {words.company()} {words.pick(HEADS[words.lang]['report']).upper()}  | {number}", (page.w - 2 * m) * .48, 8, bold=True, align="r")
    elif foot in ("number", "line"):
        x, align = words.pick(((page.w / 2, "c"), (page.w / 2, "c"), (page.w - m, "r")))
        page.text(x, at, number, size, align=align, field="page_number" if number.strip().isdigit() else None)
        if foot == "line":
            page.rule(m, at - 8, page.w - m, at - 8)
            page.fit(m, at, head, page.w * .6, size * .8)
    page.unsure |= {"page_number", "report_title", "report_date", "author", "phone", "title"}
    return top, bottom


def study(words):
    """A page of a study: paragraphs with sources, numbered headings, lists, tables with captions among the text."""
    page = Page(words, kind=words.pick(("serif", "serif", "sans", "sans", "condensed")))
    m, size = float(words.rng.uniform(54, 104)), float(words.rng.uniform(8.5, 12))
    lead, width = size * float(words.pick((1.12, 1.2, 1.35, 1.6))), page.w - 2 * m
    top, bottom = _frame(page, m, words.title(), size)
    chapter, indent = words.pick(CHAPTERS[3:9]), float(words.pick((0, 0, 18, 40)))
    numbered = words.chance(.6)
    look = (numbered, words.chance(.3), words.chance(.65), words.chance(.25), float(words.pick((0, .3, .6))), words.chance(.25))
    share = words.pick(((.16, .06, .06, .0), (.1, .0, .0, .0), (.12, .3, .1, .0), (.1, .1, .3, .05), (.05, .45, .1, .12)))   # heads, lists, tables, links
    align, cites, y = words.pick("jjl"), words.chance(.45), top
    if words.chance(.2):     # ends early, or begins late
        bottom = top + (bottom - top) * float(words.rng.uniform(.4, .9))
    head = words.chance(.4)
    while y < bottom - 3 * lead:
        roll = words.rng.random()
        if head or roll < share[0]:
            y = _heading(page, m, y + (0 if head else lead * .7), width, size, look, chapter) + lead * .6
            head = False
        elif roll < sum(share[:2]):
            y = _items(page, m, y, width, size, lead, bottom, words.chance(share[3] * 2))
        elif roll < sum(share[:3]) and bottom - y > 130:
            y = _caption(page, m, y + lead * .5, width, size * .95)
            inset = float(words.pick((0, 0, width * .12)))
            rows = max(2, min(int(words.rng.integers(3, 16)), int((bottom - y) / (size * 1.9)) - 3))
            y = number_grid(page, m + inset, y, width - 2 * inset, rows, size * .85) + size * .4
            if words.chance(.4):
                y = page.block(m, y, words.pick((HEADS[words.lang]["source"] + ": ", "Note: ", "* ")) + words.sentence(), width, size * .8, 1.2, italic=words.chance(.4))
            y += lead * .8
        else:
            text = words.prose(int(words.rng.integers(2, 8)))
            y = page.block(m, y, _cited(words, text) if cites else text, width, size, lead / size, align=align, bottom=bottom, indent=indent) + lead * float(words.pick((.5, 1)))
    if words.chance(.35):
        page.rule(m, page.h - 76, m + 130, page.h - 76)
        page.fit(m, page.h - 72, f"{words.rng.integers(1, 60)} {words.sentence()}", width, 7.5)
    return page


def contents(words):
    """A list of contents, of tables or of names with pages, in one or two columns, at times going on from the page before."""
    page = Page(words, kind=words.pick(("serif", "sans", "any")))
    m, size = float(words.rng.uniform(40, 90)), float(words.rng.uniform(8, 12))
    top, bottom = _frame(page, m, words.title(), size)
    if words.chance(.6):
        h = HEADS[words.lang]
        page.text(m, top, words.pick(h["contents"] + (h["table"] + "n", h["figure"] + "s")), size * 1.8, words.chance(.7))
        top += size * 3.4
    columns, leader = int(words.pick((1, 1, 2))), words.pick(("none", "dots", "dots", "rule", "link"))
    column, at, step = (page.w - 2 * m - 24 * (columns - 1)) / columns, int(words.rng.integers(1, 60)), size * float(words.rng.uniform(1.15, 1.9))
    capitals, chapter = words.chance(.4), int(words.rng.integers(1, 8))
    for i in range(columns):
        x, y = m + i * (column + 24), top
        while y < bottom - step:
            main = words.chance(.2)
            shift = 0 if main else float(words.pick((10, 10, 20)))
            lead = (f"{chapter} " if main else f"{chapter}.{words.rng.integers(1, 12)} ") if capitals else ""
            chapter += main
            text = lead + (words.title(True).upper() if main and capitals else words.title(words.chance(.6)))
            end = page.fit(x + shift, y, text, column * .78, size, bold=main and words.chance(.6))
            number = page.width(str(at), size)
            page.text(x + column, y, str(at), size, align="r")
            if leader == "dots":
                page.text(end + 3, y, "." * max(2, int((column + x - number - end - 8) / page.width(".", size))), size, silent=words.chance(.3))
            elif leader in ("rule", "link"):
                page.rule(end + 3 if leader == "rule" else x + shift, y + size * 1.15, x + column - number - 2, y + size * 1.15)
            at += int(words.rng.integers(0, 4))
            y += step
    return page


def essay(words):
    """A text as word processors set it without much thought: bold headings, rules, lists with bold beginnings."""
    page = Page(words, kind=words.pick(("serif", "sans")))
    m, size = float(words.rng.uniform(66, 92)), float(words.rng.uniform(9.5, 12.5))
    lead, width, y = size * float(words.rng.uniform(1.15, 1.5)), page.w - 2 * m, float(words.rng.uniform(64, 96))
    rules, first = words.chance(.5), words.chance(.5)
    if first:
        y = page.block(m, y, words.title(), width, size * float(words.pick((1, 1.6, 2))), 1.2, bold=True, align=words.pick("llc"), field="report_title") + lead
        if words.chance(.4):
            page.text(m, y, words.pick((words.person(), words.date(), f"{words.person()}, {words.date()}")), size)
            y += lead * 1.6
    bottom = page.h - float(words.rng.uniform(64, 100))
    while y < bottom - 4 * lead:
        if words.chance(.45):
            if rules and y > 200:
                page.rule(m, y + lead * .3, page.w - m, y + lead * .3, (170, 170, 170))
                y += lead * 1.2
            y = page.block(m, y, words.title(words.chance(.5)) + (f" ({words.rng.integers(1950, 2026)})" if words.chance(.2) else ""), width,
                           size * float(words.pick((1, 1.15))), 1.2, bold=True) + lead * .7
        if words.chance(.4):
            y = _items(page, m + 10, y, width - 10, size, lead, bottom)
        y = page.block(m, y, words.prose(int(words.rng.integers(1, 5))), width, size, lead / size, bottom=bottom, align=words.pick("lj")) + lead
    if words.chance(.4):
        page.text(page.w / 2, page.h - 46, str(int(words.rng.integers(1, 30))), size, align="c")
    page.unsure |= {"page_number", "report_title", "report_date", "author", "title", "phone"}
    return page


def sheet(words):
    """A fact sheet or a cover of an office: a banner, two uneven columns, boxes, pictures, names in a corner."""
    page = Page(words, kind=words.pick(("sans", "sans", "serif")))
    m, size, year = float(words.rng.uniform(24, 50)), float(words.rng.uniform(8, 10)), int(words.rng.integers(1995, 2026))
    office = f"{words.pick(AUTHORITIES)} {words.noun().title()}" if words.lang == "en" else words.company()
    y = 20.0
    if words.chance(.5):
        page.paste(marks.photo(page.rng, 30, 110), 0, 0, page.w, 90)
        y = 98.0
    marks.logo(page, m, y, 30, office)
    page.text(m + 44, y + 8, office, 12, True)
    page.text(page.w - m, y + 8, words.pick((words.date(), f"{words.month()} {year}", f"{words.letters(3)}-{words.digits(2)}-{words.digits(4)}")), size, align="r")
    y += 44
    cover = words.chance(.4)
    y = page.block(m, y, words.title() + (": " + words.title(True) if words.chance(.4) else ""), page.w * (.9 if cover else .5), float(words.rng.uniform(16, 32)), 1.1, bold=True,
                   field="report_title", fill=page.accent if words.chance(.5) else None) + 10
    if cover:
        for _ in range(int(words.rng.integers(0, 4))):
            page.rule(m, y, m + 30, y, page.accent, 2)
            y = page.block(m, y + 4, words.title(), page.w * .32, size * 1.3, 1.2, bold=True) + 14
        marks.picture(page, page.w * .36, y, page.w * .6, page.h * .45)
        for i in range(int(words.rng.integers(0, 9))):
            page.text(page.w - m, page.h - 150 + i * 12, words.person(), 9.5, True, align="r")
        page.fit(m, page.h - 40, "www." + words.slug(office) + ".org", page.w * .4, 12)
    else:
        split = page.w * float(words.rng.uniform(.42, .6))
        for x0, x1 in ((m, split - 8), (split + 8, page.w - m)):
            at, width = y, x1 - x0
            while at < page.h - 90:
                roll = words.rng.random()
                if roll < .25:
                    at = page.block(x0, at, words.title(), width, size * 1.15, 1.15, bold=True, bottom=page.h - 60) + 3
                elif roll < .45:
                    tall = float(words.rng.uniform(60, 150))
                    if at + tall > page.h - 70:
                        break
                    marks.picture(page, x0, at, width, tall)
                    at += tall + 8
                elif roll < .6:
                    page.box(x0, at, x1, at + 46, page.accent if words.chance(.4) else (225, 230, 238))
                    at = max(at + 54, page.block(x0 + 6, at + 6, words.sentence(), width - 12, size, 1.2, bottom=at + 46))
                else:
                    at = page.block(x0, at, words.prose(int(words.rng.integers(2, 5))), width, size, 1.22, bottom=page.h - 56) + 6
        page.text(m, page.h - 36, words.pick((f"{HEADS[words.lang]['report'][0]} {year}", "Page 1")), 7.5)
        page.fit(page.w - m, page.h - 36, f"{words.letters(3)}-{words.digits(2)}-{words.digits(5)} | {words.title(True)}", page.w * .5, 7.5, align="r")
    page.unsure |= {"page_number", "report_title", "report_date", "author", "phone", "title", "vendor"}
    return page


def journal(words):
    """An inner page of a journal in one column, with its running head: an article."""
    page = Page(words, kind=words.pick(("serif", "serif", "sans")))
    m, size, h = float(words.rng.uniform(48, 90)), float(words.rng.uniform(8.5, 10.5)), HEADS[words.lang]
    lead, width, y = size * float(words.rng.uniform(1.15, 1.35)), page.w - 2 * m, float(words.rng.uniform(30, 50))
    first, last = int(words.rng.integers(1, 800)), int(words.rng.integers(2, 14))
    names = words.pick((f"{words.initials_name()}, {words.initials_name()}", f"{words.initials_name()} et al."))
    title = words.pick((words.noun().title() + " " + words.noun().title(), "Journal of " + words.noun().title(), "Annals of " + words.noun().title()))
    head = words.pick((f"{names} / {title} {words.rng.integers(1, 90)} ({words.rng.integers(1990, 2026)}) {first}–{first + last}", f"{title}, {h['volume']} {words.rng.integers(1, 90)}",
                       f"{names}: {words.title()}"))
    page.text(words.pick((m, page.w - m)), y, str(first + 1), size * .85, align="l")
    page.fit(page.w / 2, y, head, width * .8, size * .85, italic=words.chance(.7), align="c")
    if words.chance(.3):
        page.rule(m, y + size * 1.4, page.w - m, y + size * 1.4)
    y, bottom, figure = y + 26, page.h - float(words.rng.uniform(44, 80)), int(words.rng.integers(1, 7))
    while y < bottom - 3 * lead:
        roll = words.rng.random()
        if roll < .22 and bottom - y > 150:
            tall = min(float(words.rng.uniform(90, 190)), bottom - y - 30)
            marks.chart(page, m + width * .15, y, width * .7, tall) if words.chance(.6) else marks.picture(page, m + width * .1, y, width * .8, tall)
            y = page.block(m, y + tall + 5, f"{words.pick(('Fig.', h['figure']))} {figure}. {words.sentence()}", width, size * .88, 1.2, bottom=bottom) + lead
            figure += 1
        elif roll < .36 and bottom - y > 110:
            page.text(m, y, f"{h['table']} {words.rng.integers(1, 9)}", size * .9, True)
            y = page.block(m, y + size * 1.2, words.title(), width, size * .88, 1.2) + 3
            y = page.table(m, y, *_figures(words, width), size * .85, size * 1.5, "booktabs") + lead
        elif roll < .46:
            y = page.block(m, y + lead * .4, f"{words.rng.integers(2, 6)}{words.pick(('. ', '.' + str(words.rng.integers(1, 5)) + '. '))}{words.title(True)}", width, size, 1.2,
                           bold=words.chance(.6), italic=words.chance(.4)) + lead * .4
        else:
            y = page.block(m, y, _cited(words, words.prose(int(words.rng.integers(2, 8)))), width, size, lead / size, align="j", indent=12, bottom=bottom)
    page.unsure |= {"article_title", "author", "page_number", "journal", "report_title"}
    return page


def _figures(words, width):
    """Columns and rows of a small table of measurements."""
    n = int(words.rng.integers(3, 7))
    columns = [(words.column()[:16], width / n, "l")] + [(words.column()[:10] + words.pick((" (%)", "", " (V)", "/s")), width / n, "l") for _ in range(n - 1)]
    places = [int(p) for p in words.rng.integers(0, 5, n)]
    return columns, [[words.pick((words.noun(), str(words.rng.integers(0, 20))))] + [words.number(float(words.rng.uniform(0, 30)), places[k]) for k in range(1, n)]
                     for _ in range(int(words.rng.integers(3, 9)))]
