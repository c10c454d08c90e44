# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are none of the named types: posters, notes, drawings, menus, maps, certificates, title pages and more."""
import math

from . import marks
from .canvas import Page
from .pagefonts import family


def poster(words):
    page = Page(words, kind="any")
    ground = tuple(int(c) for c in page.rng.integers(0, 256, 3))
    page.box(0, 0, page.w, page.h, ground)
    page.ink = (255, 255, 255) if sum(ground) < 380 else (15, 15, 15)
    if words.chance(0.6):
        top = page.h * float(words.rng.uniform(.2, .45))
        page.paste(marks.photo(page.rng, 80, 100), 0 if words.chance(0.5) else 40, top,
                   page.w if words.chance(0.5) else page.w - 40, top + page.h * .35)
    y = float(words.rng.uniform(40, 120))
    display = family(page.rng, "display")
    y = page.block(page.w / 2 - 250, y, words.caps(words.title(True)), 500, float(words.rng.uniform(40, 70)), 1.1,
                   bold=True, align="c", fam=display, field="title")
    y = max(y + 20, page.h * .72)
    for i in range(int(words.rng.integers(1, 5))):
        page.fit(
            page.w / 2, y,
            words.pick((f"{words.day()} {words.date()}", f"{words.rng.integers(10, 22)}:00", words.town(), words.street(),
                        words.title(True), words.company())), page.w - 80, float(words.rng.uniform(14, 30)), align="c",
            bold=words.chance(0.4))
        y += 40
    page.unsure |= {"letter_date"}
    return page


def note(words):
    """Handwriting on plain, ruled or squared paper."""
    page = Page(words, size=words.pick(((420, 595), (595, 842), (595, 420), (400, 400))), kind=words.pick(
        ("hand", "script")), paper=words.pick(((255, 255, 255), (250, 248, 235), (255, 246, 170), (240, 240, 245))))
    page.ink = words.pick(((20, 30, 120), (20, 20, 20), (60, 60, 70), (120, 20, 30)))
    lead, ruling = float(words.rng.uniform(20, 30)), words.pick(("none", "lines", "squares"))
    if ruling != "none":
        pale, y = words.pick(((180, 200, 225), (205, 205, 205))), lead
        while y < page.h:
            page.rule(0, y, page.w, y, pale)
            y += lead if ruling == "lines" else lead * .6
        x = lead
        while ruling == "squares" and x < page.w:
            page.rule(x, 0, x, page.h, pale)
            x += lead * .6
        if ruling == "lines" and words.chance(0.5):
            page.rule(50, 0, 50, page.h, (230, 130, 130))
    m, y = float(words.rng.uniform(30, 70)), lead * float(words.rng.uniform(1, 3))
    kind = words.pick(("list", "text", "sums", "text"))
    if words.chance(0.5):
        page.fit(m, y - lead * .8, words.pick((words.title(True), words.date(), words.first() + ",")), page.w - 2 * m, lead)
        y += lead * 1.5
    for i in range(int(words.rng.integers(3, 24))):
        if y > page.h - lead * 2:
            break
        text = words.pick(("- ", "• ", f"{i + 1}) ")) + words.grocery(
        ) if kind == "list" else f"{words.rng.integers(1, 900)} + {words.rng.integers(1, 900)}" if kind == "sums" else words.clause(
        )
        page.fit(m + float(words.rng.uniform(-4, 6)), y - lead * .8, text, page.w - m - 20, lead * .85)
        y += lead
    if words.chance(0.3):
        page.curve([(float(words.rng.uniform(m, page.w - m)), float(words.rng.uniform(y * .5, page.h - 20)))
                    for _ in range(6)], page.ink, 2)
    return page


def menu(words):
    page = Page(words, kind=words.pick(("serif", "sans")), paper=words.pick(
        ((255, 255, 255), (248, 240, 220), (235, 230, 220), (30, 30, 35))))
    if sum(page.paper) < 200:
        page.ink = page.accent = (240, 235, 220)
    m, y = float(words.rng.uniform(50, 100)), 60.0
    if words.chance(0.5):
        page.box(24, 24, page.w - 24, page.h - 24, outline=page.accent, width=2)
    page.fit(page.w / 2, y, words.pick(("Menu", "Speisekarte", "Carte", words.last() + "'s", "Ristorante " + words.last())),
             page.w - 2 * m, 36, align="c", fam=family(page.rng, words.pick(("script", "display"))), field="title")
    y += 64
    for _ in range(int(words.rng.integers(2, 6))):
        if y > page.h - 130:
            break
        page.text(
            page.w / 2, y,
            words.caps(words.pick(
                ("Starters", "Mains", "Desserts", "Drinks", "Vorspeisen", "Entrées", "Postres", "Primi"))), 15, True,
            align="c", fill=page.accent)
        y += 28
        for _ in range(int(words.rng.integers(2, 7))):
            if y > page.h - 70:
                break
            end = page.fit(
                m, y,
                words.grocery().capitalize() + words.pick(("", " & ", " / ")).join(
                    ("", words.grocery())) if words.chance(0.5) else words.grocery().capitalize(), page.w - 2 * m - 60, 12)
            page.text(page.w - m, y, words.number(float(words.rng.uniform(2, 40)), int(words.pick((1, 2)))), 12, align="r")
            if words.chance(0.3):
                page.rule(end + 5, y + 12, page.w - m - 40, y + 12, dash=2.5)
            y += 18
            if words.chance(0.4):
                page.fit(m, y - 2, words.clause(), page.w - 2 * m - 60, 8.5, italic=True)
                y += 13
        y += 14
    page.unsure |= {"total"}
    return page


def certificate(words):
    page = Page(words, size=words.pick(((842, 595), (842, 595), (595, 842))), kind="serif", paper=words.pick(
        ((255, 255, 255), (252, 248, 232), (245, 245, 235))))
    for inset, wide in ((18, 4), (26, 1)) if words.chance(0.8) else ((20, 2), ):
        page.box(inset, inset, page.w - inset, page.h - inset, outline=page.accent, width=wide)
    y = 60.0
    page.fit(
        page.w / 2, y,
        words.pick(("Certificate of Achievement", "CERTIFICATE", "Diploma", "Urkunde", "Zertifikat", "Certificat",
                    "Diplôme", "Certificado", "Attestato", "Award")), page.w - 140, 44, align="c",
        fam=family(page.rng, words.pick(("script", "display", "serif"))), field="title")
    y += 80
    page.fit(
        page.w / 2, y,
        words.pick(("This is to certify that", "Hiermit wird bescheinigt, dass", "Il est certifié que", "Se otorga a",
                    "Awarded to")), page.w - 160, 14, align="c")
    page.text(page.w / 2, y + 36, words.person(), 30, align="c", fam=family(page.rng, words.pick(("script", "serif"))))
    y = page.block(page.w / 2 - 200, y + 96, words.sentence(), 400, 13, 1.4, align="c")
    for x in (page.w * .25, page.w * .75):
        page.rule(x - 70, page.h - 90, x + 70, page.h - 90)
        marks.signature(page, x - 50, page.h - 128, 100, 36)
        page.text(x, page.h - 86, words.pick((words.person(), words.date())), 10, align="c")
    if words.chance(0.6):
        x, r = page.w / 2, 34
        page.polygon([(x + (r + (6 if i % 2 else 0)) * math.cos(i * math.pi / 16), page.h - 100 +
                       (r + (6 if i % 2 else 0)) * math.sin(i * math.pi / 16)) for i in range(32)],
                     words.pick(((200, 160, 60), (170, 30, 40), page.accent)))
    page.unsure |= {"author", "letter_date"}
    return page


def attestation(words):
    """A certificate or an invitation as word processors set it: centred lines with much air, lines to sign on."""
    page = Page(words, size=words.pick(((842, 595), (842, 595), (595, 842), (595, 420))), kind=words.pick(("serif", "sans", "any")))
    if words.chance(.6):
        inset, wide = float(words.rng.uniform(8, 40)), int(words.rng.integers(1, 7))
        page.box(inset, inset, page.w - inset, page.h - inset, outline=page.accent, width=wide)
    y, big = page.h * float(words.rng.uniform(.1, .25)), float(words.rng.uniform(20, 40))
    titles = {"en": ("Certificate of Completion", "Certificate of Attendance", "Award", "Invitation", "Diploma"), "de": ("Urkunde", "Teilnahmebestätigung", "Einladung", "Bescheinigung"),
              "fr": ("Attestation", "Certificat", "Invitation"), "es": ("Certificado", "Diploma"), "it": ("Attestato", "Invito"), "nl": ("Certificaat", "Uitnodiging"), "pt": ("Certificado", "Convite")}
    y = page.block(40, y, words.pick(titles[words.lang]), page.w - 80, big, 1.15, bold=words.chance(.7), align="c", field="title") + big * .6
    for i in range(int(words.rng.integers(2, 7))):
        text, strong = words.pick(((words.clause(), False), (words.person(), True), (words.title(), words.chance(.5)), (words.date(), False), (words.company(), True)))
        size = big * float(words.pick((.35, .4, .5)))
        y = page.block(60, y, text, page.w - 120, size, 1.2, bold=strong, align="c") + size * float(words.rng.uniform(.3, 1.4))
    y = max(y + 20, page.h * float(words.rng.uniform(.7, .85)))
    places = words.pick(((.5,), (.28, .72), (.2, .5, .8)))
    for place in places if words.chance(.8) else ():
        page.rule(page.w * place - 55, y, page.w * place + 55, y)
        page.fit(page.w * place, y + 3, words.pick((words.person(), words.noun().title(), words.date())), 110, 9.5, align="c")
        if words.chance(.3):
            marks.signature(page, page.w * place - 45, y - 30, 90, 28)
    page.unsure |= {"receiver", "letter_date", "customer", "author", "last_name", "first_name", "sender"}
    return page


def drawing(words):
    """A sheet with parts, dimensions and a title block."""
    page = Page(words, size=words.pick(((842, 595), (842, 595), (595, 842))), kind=words.pick(("sans", "condensed")))
    page.box(20, 20, page.w - 20, page.h - 20, outline=page.ink, width=2)
    rng = page.rng
    for _ in range(int(rng.integers(2, 6))):
        w, h = float(rng.uniform(80, 240)), float(rng.uniform(50, 180))
        x, y = float(rng.uniform(50, page.w - w - 60)), float(rng.uniform(50, max(60, page.h - h - 130)))
        kind = int(rng.integers(0, 4))
        if kind == 0:
            page.box(x, y, x + w, y + h, outline=page.ink, width=2)
            for _ in range(int(rng.integers(1, 5))):
                r, cx, cy = float(rng.uniform(4,
                                              16)), float(rng.uniform(x + 18,
                                                                      x + w - 18)), float(rng.uniform(y + 18, y + h - 18))
                page.ellipse(cx - r, cy - r, cx + r, cy + r, outline=page.ink)
                page.rule(cx - r - 4, cy, cx + r + 4, cy, dash=4)
                page.rule(cx, cy - r - 4, cx, cy + r + 4, dash=4)
        elif kind == 1:
            for k in range(3):
                page.ellipse(x + k * 12, y + k * 12, x + h - k * 12, y + h - k * 12, outline=page.ink,
                             width=2 if k == 0 else 1)
        elif kind == 2:
            page.polygon([(x, y + h), (x, y + h * .4), (x + w * .3, y + h * .4), (x + w * .3, y), (x + w, y),
                          (x + w, y + h)], None, page.ink)
        else:  # rooms of a plan
            page.box(x, y, x + w, y + h, outline=page.ink, width=3)
            page.rule(x + w * .45, y, x + w * .45, y + h, width=2)
            page.rule(x + w * .45, y + h * .5, x + w, y + h * .5, width=2)
            page.text(x + w * .2, y + h * .4, words.noun(), 8, align="c")
        page.rule(x, y + h + 12, x + w, y + h + 12)
        for end in (x, x + w):
            page.rule(end, y + h + 7, end, y + h + 17)
        page.text(x + w / 2, y + h + 3, str(int(w * 3)), 7.5, align="c")
    x, y = page.w - 20 - 230, page.h - 20 - 80
    page.box(x, y, page.w - 20, page.h - 20, page.paper, page.ink)
    for i in range(1, 4):
        page.rule(x, y + i * 20, page.w - 20, y + i * 20)
    page.rule(x + 110, y, x + 110, page.h - 20)
    for i, (a, b) in enumerate(((words.title(True), words.company()), ("Scale 1:" + str(words.pick(
        (1, 2, 5, 10, 50, 100))), words.date()), ("Drawn", words.initials_name()), ("Sheet 1/1", words.code()))):
        page.fit(x + 4, y + 4 + i * 20, a, 100, 9)
        page.fit(x + 114, y + 4 + i * 20, b, 110, 9)
    page.unsure |= {"title", "author"}
    return page


def map_sheet(words):
    page = Page(words, size=words.pick(((595, 842), (842, 595))), kind="sans", paper=(236, 238, 224))
    rng = page.rng
    for _ in range(int(rng.integers(3, 9))):
        x, y, r = float(rng.uniform(0, page.w)), float(rng.uniform(0, page.h)), float(rng.uniform(40, 180))
        n = int(rng.integers(6, 11))
        page.polygon([(x + r * float(rng.uniform(.6, 1.2)) * math.cos(i * 2 * math.pi / n),
                       y + r * float(rng.uniform(.6, 1.2)) * math.sin(i * 2 * math.pi / n)) for i in range(n)],
                     words.pick(((200, 225, 190), (185, 210, 235), (225, 220, 200), (215, 230, 205))))
    for _ in range(int(rng.integers(5, 14))):
        x, y = float(rng.uniform(0, page.w)), float(rng.uniform(0, page.h))
        points = [(x, y)]
        for _ in range(8):
            x, y = x + float(rng.uniform(-90, 110)), y + float(rng.uniform(-90, 100))
            points.append((x, y))
        page.curve(points, words.pick(((230, 170, 80), (255, 255, 255), (160, 160, 160), (120, 160, 210), (200, 80, 70))),
                   int(rng.integers(1, 5)))
    for _ in range(int(rng.integers(8, 26))):
        page.text(float(rng.uniform(10, page.w - 80)), float(rng.uniform(10, page.h - 20)),
                  words.pick((words.town(), words.noun().title())), float(rng.uniform(7, 14)), bold=words.chance(0.3))
    if words.chance(0.6):
        page.box(14, page.h - 110, 150, page.h - 14, (255, 255, 255), page.ink)
        page.text(22, page.h - 106, words.pick(("Legend", "Legende", "Légende", "Leyenda")), 9, True)
        for i in range(4):
            page.box(22, page.h - 88 + i * 18, 36, page.h - 78 + i * 18, tuple(int(c) for c in rng.integers(100, 256, 3)))
            page.text(42, page.h - 90 + i * 18, words.noun(), 8)
    if words.chance(0.6):
        title = words.town()
        page.box(20, 16, 40 + page.width(title, 22, True), 52, (255, 255, 255), page.ink)
        page.text(30, 20, title, 22, True, field="title")
    else:
        page.unsure.add("title")
    page.unsure |= {"city", "street"}
    return page


def title_page(words):
    """The title page of a book, an empty page with a dedication, a poem, a page of music or a board."""
    page = Page(words, kind="serif", size=words.pick(((420, 620), (480, 700), (595, 842))), paper=words.pick(
        ((255, 255, 255), (248, 243, 228), (240, 232, 210))))
    kind = words.pick(("title", "poem", "music", "puzzle", "label"))
    centre, y = page.w / 2, page.h * .18
    if kind == "title":
        page.text(centre, y - 50, words.person().upper(), 13, align="c", field="author")
        y = page.block(40, y + 10, words.title(True), page.w - 80, 30, 1.15, align="c", field="title") + 10
        if words.chance(0.5):
            page.text(centre, y, words.pick(("A Novel", "Roman", "Erzählungen", "Poems", "Volume I", "Novela")), 13,
                      italic=True, align="c")
        marks.logo(page, centre - 14, page.h * .72, 28, words.last())
        page.text(centre, page.h * .82, words.company(), 11, align="c")
        page.text(centre, page.h * .85, f"{words.town()} {words.rng.integers(1890, 2024)}", 11, align="c")
    elif kind == "poem":
        page.text(60, y - 30, words.title(True), 16, italic=words.chance(0.5), field="title")
        for _ in range(int(words.rng.integers(2, 6))):
            for _ in range(4):
                y += 17
                page.fit(60, y, words.clause().capitalize() + words.pick((",", ".", "", ";")), page.w - 90, 11)
            y += 16
            if y > page.h - 120:
                break
    elif kind == "music":
        page.text(centre, 40, words.title(True), 20, align="c", field="title")
        page.text(page.w - 40, 70, words.person(), 10, align="r")
        y = 110.0
        while y < page.h - 80:
            for i in range(5):
                page.rule(40, y + i * 6, page.w - 40, y + i * 6)
            x = 64.0
            while x < page.w - 50:
                ny = y + float(page.rng.integers(-1, 9)) * 3
                page.ellipse(x, ny - 3, x + 8, ny + 3, page.ink)
                page.rule(x + 8, ny, x + 8, ny - 22)
                x += float(page.rng.uniform(16, 34))
            y += 62
        page.unsure |= {"author"}
    elif kind == "puzzle":
        n, side = int(words.pick((8, 9, 13, 15))), page.w * .75
        cell, x, y = side / n, page.w * .125, page.h * .2
        page.text(centre, 50, words.pick(("Crossword", "Sudoku", "Chess", "Kreuzworträtsel", "Mots croisés", "Schach")), 20,
                  True, align="c", field="title")
        for i in range(n):
            for j in range(n):
                dark = (i + j) % 2 if n == 8 else page.rng.random() < .18 and n > 9
                page.box(x + i * cell, y + j * cell, x + (i + 1) * cell, y + (j + 1) * cell,
                         page.ink if dark and n != 9 else page.paper, page.ink)
                if n == 9 and page.rng.random() < .3:
                    page.text(x + (i + .5) * cell, y + j * cell + 3, str(int(page.rng.integers(1, 10))), cell * .6,
                              align="c")
        for i in range(8):
            page.fit(40, y + side + 16 + i * 13, f"{i + 1}. {words.clause()}", page.w - 80, 9)
    else:
        page.box(30, 40, page.w - 30, page.h * .55, outline=page.ink, width=3)
        page.fit(centre, 60, words.caps(words.product()), page.w - 90, 34, bold=True, align="c",
                 fam=family(page.rng, "display"), field="title")
        page.block(50, 130, words.prose(2), page.w - 100, 11, align="c")
        marks.barcode(page, centre - 80, page.h * .42, 160, 50, words.digits(13))
    page.unsure |= {"title"} if kind == "label" else {"letter_date"}
    return page


def picture_page(words):
    """A photograph or several as the whole page, with a caption at most; or a cover of a magazine or a record."""
    page = Page(words, size=words.pick(((595, 842), (842, 595), (600, 600))), kind="any")
    if words.chance(0.5):
        page.paste(marks.photo(page.rng, 140, 120), 0, 0, page.w, page.h)
        page.ink = words.pick(((255, 255, 255), (250, 230, 60), (10, 10, 10)))
        page.fit(page.w / 2, 30,
                 words.noun().upper(), page.w - 60, float(words.rng.uniform(50, 110)), bold=True, align="c",
                 fam=family(page.rng, "display"), field="title")
        y = page.h * float(words.rng.uniform(.4, .7))
        for _ in range(int(words.rng.integers(0, 5))):
            page.fit(40, y, words.title(True), page.w * .5, float(words.rng.uniform(13, 24)), bold=words.chance(0.5))
            y += 40
    else:
        columns, rows = int(words.rng.integers(1, 4)), int(words.rng.integers(1, 4))
        w, h = (page.w - 60) / columns, (page.h - 80) / rows
        for r in range(rows):
            for c in range(columns):
                page.paste(marks.photo(page.rng), 34 + c * w, 34 + r * h, 34 + c * w + w - 8, 34 + r * h + h - 26)
                if words.chance(0.5):
                    page.fit(34 + c * w, 34 + r * h + h - 24, words.title(True), w - 8, 10)
        page.unsure |= {"title"}
    return page


def advert(words):
    """A flyer with offers and prices."""
    page = Page(words, kind="sans")
    page.box(0, 0, page.w, 110, page.accent)
    page.fit(
        page.w / 2, 24,
        words.caps(
            words.pick(
                ("Sale", "Special offers", "Angebote", "Soldes", "Ofertas", "Grand Opening", "Sconti", words.company()))),
        page.w - 60, 54, bold=True, align="c", fill=(255, 255, 255) if sum(page.accent) < 400 else (0, 0, 0),
        fam=family(page.rng, "display"), field="title")
    columns, rows = int(words.rng.integers(2, 4)), int(words.rng.integers(2, 4))
    w, h = (page.w - 40) / columns, (page.h - 180) / rows
    for r in range(rows):
        for c in range(columns):
            x, y = 20 + c * w, 124 + r * h
            page.box(x + 4, y + 4, x + w - 4, y + h - 4, outline=(180, 180, 180))
            page.paste(marks.photo(page.rng), x + 14, y + 14, x + w - 14, y + h * .55)
            page.fit(x + w / 2, y + h * .6, words.product(), w - 20, 13, align="c")
            page.fit(x + w / 2, y + h * .72, f"{words.currency()} {words.number(float(words.rng.uniform(1, 99)))}", w - 20,
                     24, bold=True, align="c", fill=(200, 20, 20))
    page.fit(page.w / 2, page.h - 40, f"{words.company()} · {words.street()} · {words.city_line()}", page.w - 60, 10,
             align="c")
    page.unsure |= {"total", "title"}
    return page


def plain(words):
    """Hardly anything: a few large lines, one word, a page left blank, a divider, a specimen of type."""
    page = Page(words, kind=words.pick(("sans", "serif", "mono", "any")), size=words.pick(
        (None, None, (842, 595), (600, 400), (480, 480))))
    kind = words.pick(("large", "large", "line", "blank", "divider", "specimen"))
    m, width = float(words.rng.uniform(10, 70)), page.w - 80
    if kind == "large":
        y, size = float(words.rng.uniform(10, 90)), float(words.rng.uniform(20, 48))
        for _ in range(int(words.rng.integers(1, 4))):
            y = page.block(m, y, words.prose(int(words.rng.integers(1, 3))), page.w - 2 * m, size, 1.2, bottom=page.h - 10)
    elif kind == "line":
        page.text(m, float(words.rng.uniform(20, page.h * .8)),
                  words.clause().capitalize(), float(words.rng.uniform(9, 18)))
    elif kind == "blank":
        if words.chance(0.7):
            page.fit(
                page.w / 2, page.h * .48,
                words.pick(("This page is intentionally left blank.", "Diese Seite bleibt leer.", "Page laissée blanche",
                            words.date(), str(int(words.rng.integers(1, 400))))), width, 11, align="c")
    elif kind == "divider":
        if words.chance(0.5):
            page.box(0, page.h * .4, page.w, page.h * .6, page.accent)
        page.fit(page.w / 2, page.h * .46,
                 words.pick((words.title(True), f"{words.noun().title()} {words.rng.integers(1, 9)}", "Part II", "Teil 1")),
                 width, float(words.rng.uniform(24, 60)), align="c", fill=(255, 255, 255) if page.image.getpixel(
                     (2, int(page.h * .5 * page.scale))) != page.paper else None)
    else:
        y = 40.0
        while y < page.h - 80:
            size = float(words.rng.uniform(8, 50))
            page.fit(m, y, words.pick((words.clause(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", words.title())),
                     page.w - 2 * m, size, fam=family(page.rng, words.pick(("sans", "serif", "display", "script", "mono"))))
            y += size * 1.5
    page.unsure |= {"title", "letter_date"}
    return page


KINDS = (plain, plain, poster, note, note, menu, certificate, drawing, map_sheet, title_page, title_page, picture_page,
         advert)


def other(words):
    return words.pick(KINDS)(words)
