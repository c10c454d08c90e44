# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms beside the usual fields: questionnaires, returns with numbered lines of amounts, declarations with numbered questions."""
from . import marks
from .canvas import Page
from .pagefonts import family
from .records import FORM

SCALES = {
    "en": ("Very good|Good|Fair|Poor", "Always|Often|Seldom|Never", "Strongly agree|Agree|Neutral|Disagree", "Yes|No|Don't know", "1|2|3|4|5"),
    "de": ("Sehr gut|Gut|Mittel|Schlecht", "Immer|Oft|Selten|Nie", "Stimme zu|Teils|Stimme nicht zu", "Ja|Nein|Weiß nicht", "1|2|3|4|5|6"),
    "fr": ("Très bien|Bien|Moyen|Mauvais", "Toujours|Souvent|Rarement|Jamais", "Oui|Non|Ne sait pas", "1|2|3|4"),
    "es": ("Muy bien|Bien|Regular|Mal", "Siempre|A veces|Nunca", "Sí|No|No sabe"),
    "it": ("Ottimo|Buono|Medio|Scarso", "Sempre|Spesso|Mai", "Sì|No|Non so"),
    "nl": ("Zeer goed|Goed|Matig|Slecht", "Altijd|Soms|Nooit", "Ja|Nee|Weet niet"),
    "pt": ("Muito bom|Bom|Razoável|Mau", "Sempre|Às vezes|Nunca", "Sim|Não|Não sabe"),
}
TICK = {"en": ("Tick the box that applies.", "Please check one box.", "Mark all that apply."), "de": ("Zutreffendes bitte ankreuzen.", "Bitte nur ein Kreuz je Zeile."),
        "fr": ("Cochez la case qui convient.", "Cochez une seule case par ligne."), "es": ("Marque con una X la casilla.", "Señale una respuesta."),
        "it": ("Barrare la casella.", "Segnare con una crocetta."), "nl": ("Aankruisen wat van toepassing is.",), "pt": ("Assinale com uma cruz.",)}
LINES = {
    "en": ("Enter the amount from line {n}", "Add lines {n} through {k}", "Subtract line {n} from line {k}", "Multiply line {n} by {k}%", "Total of column ({c})", "If line {n} is less, enter zero"),
    "de": ("Betrag aus Zeile {n}", "Summe der Zeilen {n} bis {k}", "Zeile {n} abzüglich Zeile {k}", "{k} % von Zeile {n}"),
    "fr": ("Montant de la ligne {n}", "Total des lignes {n} à {k}", "Ligne {n} moins ligne {k}"),
    "es": ("Importe de la casilla {n}", "Suma de casillas {n} a {k}", "Casilla {n} menos casilla {k}"),
    "it": ("Importo del rigo {n}", "Somma dei righi da {n} a {k}", "Rigo {n} meno rigo {k}"),
    "nl": ("Bedrag van regel {n}", "Tel regels {n} tot {k} op"), "pt": ("Valor da linha {n}", "Soma das linhas {n} a {k}"),
}
UNSURE = {"customer", "receiver", "title", "form_number", "last_name", "first_name", "street", "city", "phone", "email", "birth_date", "occupation", "total", "vendor", "table_title"}


def _question(words):
    text = words.clause() if words.chance(.6) else words.title()
    return text[0].upper() + text[1:] + words.pick(("?", "?", ":", ""))


def _title(page, m, y, size):
    """A title at the top, with a mark, a number or nothing beside it. Returns the y below."""
    words, t = page.words, FORM[page.words.lang]
    title = words.pick(t["titles"]) if words.chance(.5) else words.title() + words.pick(("", " – " + words.pick(t["titles"])))
    if words.chance(.25):
        marks.logo(page, page.w - m - 36, y - 8, 34, words.company())
    if words.chance(.3):
        y = page.block(m, y, f"{t['form']} {words.letters(1)}-{words.digits(2)}", page.w * .2, size * 1.3, bold=True)
    return page.block(m, y, title, (page.w - 2 * m) * .85, float(words.rng.uniform(12, 19)), 1.15, bold=True, align=words.pick("lc")) + size


def _matrix(page, x, y, width, size, ticked, drawn):
    """Things to be judged on a scale of boxes. Returns the y below."""
    words, row = page.words, size * float(page.words.rng.uniform(1.7, 2.6))
    scale = words.pick(SCALES[words.lang]).split("|")
    first, step = width * .46, width * .54 / len(scale)
    rows, top = int(words.rng.integers(3, 9)), y
    for i, head in enumerate(scale):
        page.fit(x + first + (i + .5) * step, y + 2, head, step - 4, size * .9, bold=words.chance(.5), align="c")
    y += row
    for _ in range(rows):
        page.fit(x + 3, y + (row - size * 1.2) / 2, words.title(True) if words.chance(.6) else words.noun().title(), first - 8, size)
        choice = int(words.rng.integers(len(scale))) if ticked else -1
        for i in range(len(scale)):
            at = x + first + (i + .5) * step - size * .5
            if drawn == "circles":
                page.ellipse(at, y + row * .25, at + size, y + row * .25 + size, fill=page.ink if choice == i else None, outline=page.ink)
            else:
                marks.checkbox(page, at, y + (row - size) / 2, size, choice == i)
        y += row
        if drawn == "grid":
            page.rule(x, y, x + width, y)
    if drawn == "grid":
        page.box(x, top, x + width, y, outline=page.ink)
        for i in range(len(scale)):
            page.rule(x + first + i * step, top, x + first + i * step, y)
    return y + size * 1.4


def _choices(page, x, y, width, size, number, ticked, drawn, bottom):
    """A numbered question with boxes below it. Returns the y below."""
    words, n = page.words, int(page.words.rng.integers(2, 7))
    y = page.block(x, y, f"{number}. {_question(words)}", width, size, 1.2, bold=words.chance(.6), bottom=bottom) + 2
    choice = int(words.rng.integers(n)) if ticked else -1
    for i in range(n):
        if y > bottom - size * 1.6:
            break
        if drawn == "circles":
            page.ellipse(x + 12, y + 1, x + 12 + size * .9, y + 1 + size * .9, outline=page.ink, fill=page.ink if choice == i else None)
        else:
            marks.checkbox(page, x + 12, y + 1, size * .9, choice == i)
        y = page.block(x + 14 + size * 1.4, y, words.title(words.chance(.6)), width - 30, size * .95, 1.25, bottom=bottom)
    return y + size


def questionnaire(words):
    """Questions with boxes, scales, and lines to write on; in one or two columns, at times two pages on a sheet."""
    spread = words.chance(.15)
    page = Page(words, size=(1000, 680) if spread else None, kind=words.pick(("sans", "sans", "serif")),
                paper=(255, 255, 255) if words.chance(.75) else tuple(int(c) for c in words.rng.integers(200, 250, 3)))
    if words.chance(.2):
        page.ink = page.accent
    m, size, t = float(words.rng.uniform(34, 72)), float(words.rng.uniform(7.5, 11)), FORM[words.lang]
    y, ticked, drawn = float(words.rng.uniform(30, 70)), words.chance(.4), words.pick(("boxes", "boxes", "grid", "circles"))
    if words.chance(.75):
        y = _title(page, m, y, size)
        if words.chance(.7):
            y = page.block(m, y, words.pick(TICK[words.lang]) + (" " + words.sentence() if words.chance(.3) else ""), page.w - 2 * m, size, 1.2) + size
    columns, number, bottom = 2 if spread or words.chance(.2) else 1, int(words.rng.integers(1, 30)) if words.chance(.4) else 1, page.h - float(words.rng.uniform(50, 90))
    if spread:
        page.rule(page.w / 2, 0, page.w / 2, page.h)
    column = (page.w - 2 * m - 30 * (columns - 1)) / columns
    for i in range(columns):
        x, at = m + i * (column + 30), y
        while at < bottom - 5 * size:
            roll = words.rng.random()
            if roll < .3 and bottom - at > 12 * size * 2.6:
                at = page.block(x, at, f"{number}. {_question(words)}", column, size, 1.2, bold=words.chance(.5)) + 3
                at = _matrix(page, x, at, column, size, ticked, drawn)
                number += 1
            elif roll < .85:
                at = _choices(page, x, at, column, size, number, ticked, drawn, bottom)
                number += 1
            else:
                page.text(x, at, words.pick(t["extra"]) + ":", size)
                for k in range(int(words.rng.integers(1, 5))):
                    page.rule(x, at + size * (2.4 + 1.8 * k), x + column, at + size * (2.4 + 1.8 * k))
                at += size * 9
            if words.chance(.12):
                break
    if words.chance(.4):
        page.text(page.w / 2, page.h - 34, str(int(words.rng.integers(1, 20))), 8, align="c")
    page.unsure |= UNSURE
    return page


def tax_return(words):
    """Boxes for a name and an address, then numbered lines with cells for amounts, a signature at the end."""
    page = Page(words, kind=words.pick(("sans", "sans", "condensed", "serif")))
    m, size, t = float(words.rng.uniform(30, 56)), float(words.rng.uniform(7, 9.5)), FORM[words.lang]
    filled, width, pen = words.chance(.5), page.w - 2 * m, family(page.rng, words.pick(("hand", "mono", "sans")))
    y, row = _title(page, m, float(words.rng.uniform(26, 56)), size), size * float(words.rng.uniform(1.9, 2.8))
    number = 1
    for name in [n for n in ("last_name", "birth_date", "street", "city", "phone", "occupation") if words.chance(.75)]:
        half = width / 2
        x = m if number % 2 else m + half
        page.box(x, y, x + half, y + row * 1.3, outline=page.ink)
        page.fit(x + 3, y + 2, f"{number} {t[name]}", half - 6, size * .85)
        if filled:
            page.fit(x + 8, y + size * 1.1, words.pick((words.person(), words.street(), words.town(), words.digits(8))), half - 12, size * 1.1, fam=pen)
        y += row * 1.3 * (number % 2 == 0)
        number += 1
    y += row * 1.3 * (number % 2 == 0) + size * float(words.pick((0, 1)))
    cells, bottom, boxed = int(words.pick((1, 1, 2, 3))), page.h - float(words.rng.uniform(110, 200)), words.chance(.7)
    amount = width * .16
    while y + row < bottom:
        if words.chance(.08):
            page.box(m, y, page.w - m, y + row, page.accent if words.chance(.3) else (210, 210, 210))
            page.text(m + 4, y + 2, words.title(True), size, True)
            y += row
            continue
        text = words.pick(LINES[words.lang]).format(n=words.rng.integers(1, 40), k=words.rng.integers(2, 60), c=words.pick("abcd")) if words.chance(.6) else words.title()
        page.text(m + 4, y + (row - size * 1.2) / 2, str(number), size, words.chance(.5))
        end = page.fit(m + size * 2.6, y + (row - size * 1.2) / 2, text, width - cells * amount - size * 4, size)
        right = page.w - m - cells * amount
        if not boxed and right - end > 10:
            page.rule(end + 4, y + row * .7, right - 4, y + row * .7, dash=3)
        for i in range(cells):
            page.box(right + i * amount, y, right + (i + 1) * amount, y + row, outline=page.ink)
            if filled and words.chance(.5):
                page.fit(right + (i + 1) * amount - 4, y + (row - size * 1.3) / 2, words.number(float(words.rng.uniform(0, 90000)), int(words.pick((0, 2)))), amount - 8, size * 1.1,
                         align="r", fam=pen)
        if boxed:
            page.rule(m, y + row, page.w - m, y + row)
        number, y = number + 1, y + row
    if boxed:
        page.box(m, y, page.w - m, y, outline=page.ink)
    y = page.block(m, y + size, words.prose(1), width, size * .9, 1.2) + size
    step = width / 3
    for i, label in enumerate((t["sign"], t["date"], words.pick(t["extra"]))):
        page.box(m + i * step, y, m + (i + 1) * step, y + row * 1.6, outline=page.ink)
        page.fit(m + i * step + 3, y + 2, label, step - 6, size * .85)
    if filled:
        marks.signature(page, m + 10, y + 6, 90, row)
    page.unsure |= UNSURE
    return page


def declaration(words):
    """Numbered questions in bold, each with a box or a line for its answer, typed or written."""
    page = Page(words, kind=words.pick(("sans", "sans", "serif")))
    m, size, t = float(words.rng.uniform(40, 80)), float(words.rng.uniform(8.5, 11)), FORM[words.lang]
    filled, width = words.chance(.7), page.w - 2 * m
    y, pen = _title(page, m, float(words.rng.uniform(30, 70)), size), family(page.rng, words.pick(("hand", "sans", "sans", "mono")))
    look, bold, number, bottom = words.pick(("box", "box", "line", "lines")), words.chance(.7), 1, page.h - float(words.rng.uniform(60, 120))
    while y < bottom - 5 * size:
        page.text(m, y, f"{number}.", size, bold)
        text = words.pick((words.title(), words.sentence(), words.noun_phrase().capitalize() + ":", _question(words)))
        y = page.block(m + size * 2.4, y, text, width - size * 3, size, 1.2, bold=bold, bottom=bottom) + 4
        tall = size * float(words.pick((1.7, 1.7, 3, 6)))
        x = m + size * float(words.pick((0, 2.4)))
        if look == "box":
            page.box(x, y, page.w - m, y + tall, outline=page.ink)
        else:
            for k in range(max(1, int(tall / size / 1.7))):
                page.rule(x, y + size * 1.6 * (k + 1), page.w - m, y + size * 1.6 * (k + 1))
        if filled and words.chance(.85):
            value = words.pick((words.company, words.person, words.date, lambda: words.currency() + " " + words.number(float(words.rng.uniform(1, 90000))), words.street, words.title,
                                lambda: words.prose(2), lambda: "N/A"))()
            page.block(x + 5, y + 2, value, width - 26, size * 1.05, 1.2, fam=pen, bottom=y + tall + size)
        y, number = y + tall + size * float(words.rng.uniform(.8, 2)), number + 1
    if words.chance(.5):
        page.rule(m, page.h - 56, m + width * .45, page.h - 56)
        page.text(m, page.h - 53, t["sign"], size * .85)
        page.text(m + width * .6, page.h - 53, t["date"], size * .85)
    page.unsure |= UNSURE
    return page
