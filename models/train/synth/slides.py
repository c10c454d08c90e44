# SPDX-License-Identifier: GPL-3.0-or-later
"""Slides: of talks and lectures, with titles, bullets, blocks, pictures and tables."""
from . import marks
from .canvas import Page
from .pagefonts import family
from .prose import number_grid

_SLIDE = {
    "en": "Outline|Overview|Motivation|Introduction|Theorem|Definition|Example|Proof|Summary|Conclusion|Questions?|Thank you!|Agenda|Results|Demo|How does it work?|What is new?|Key points|Roadmap|Requirements|Next steps|Problem",
    "de": "Gliederung|Überblick|Motivation|Einführung|Satz|Definition|Beispiel|Beweis|Zusammenfassung|Fragen?|Vielen Dank!|Agenda|Ergebnisse|Ausblick|Ziele",
    "fr": "Plan|Introduction|Théorème|Définition|Exemple|Preuve|Résumé|Conclusion|Questions ?|Merci !|Résultats|Objectifs",
    "es": "Índice|Introducción|Teorema|Definición|Ejemplo|Resumen|Conclusiones|¿Preguntas?|¡Gracias!|Resultados|Objetivos",
    "it": "Indice|Introduzione|Teorema|Definizione|Esempio|Riassunto|Conclusioni|Domande?|Grazie!|Risultati|Obiettivi",
    "nl": "Inhoud|Inleiding|Stelling|Definitie|Voorbeeld|Samenvatting|Conclusie|Vragen?|Dank u!|Resultaten|Doelen",
    "pt": "Índice|Introdução|Teorema|Definição|Exemplo|Resumo|Conclusão|Perguntas?|Obrigado!|Resultados|Objetivos"
}


def _slide_title(words):
    known = words.pick(_SLIDE[words.lang].split("|"))
    return words.pick((known, known, words.title(True), words.title(), f"{known}: {words.title(True)}",
                       words.sentence().rstrip(".;")[:60]))


def _lecture_slide(words):
    """A slide of a lecture as typesetting systems set it: bars of navigation, blocks with titles, a footline."""
    page = Page(words, size=words.pick(((363, 272), (363, 272), (455, 256))), kind=words.pick(("sans", "sans", "serif")))
    if words.chance(0.2):
        page.accent = words.pick(((51, 51, 178), (0, 0, 100), (120, 0, 20), (0, 90, 60)))
    dark, pale = tuple(c // 3 for c in page.accent), tuple(255 - (255 - c) // 6 for c in page.accent)
    left, top, bottom = 14.0, 8.0, page.h - 12
    bars = words.pick(("none", "head", "head", "side", "foot", "both", "title"))
    light = (255, 255, 255)
    small = float(words.rng.uniform(4.5, 6))
    if bars in ("head", "both"):
        page.box(0, 0, page.w / 2, 16, (0, 0, 0) if words.chance(0.5) else dark)
        page.box(page.w / 2, 0, page.w, 16, page.accent)
        for i in range(int(words.rng.integers(1, 5))):
            page.fit(6 + i * page.w * .12, 3, words.title(True), page.w * .11, small, fill=light)
        top = 20.0
    if bars == "side":
        width = page.w * .18
        x = words.pick((0, page.w - width))
        faint = words.chance(0.4)
        page.box(x, 0, x + width, page.h, (225, 225, 228) if faint else page.accent)
        if words.chance(0.3):
            marks.logo(page, x + width * .3, 24, width * .4, words.company())
        for i in range(int(words.rng.integers(3, 14))):
            page.fit(x + (4 if words.chance(0.6) else 8), 62 + i * 10, words.title(True), width - 8, small, bold=words.chance(0.3),
                     fill=page.accent if faint and words.chance(0.5) else None if faint else light)
        left = width + 10 if x == 0 else left
    right = page.w - (page.w * .18 + 8 if bars == "side" and left < 20 else 12)
    title, author = _slide_title(words), words.person()
    if bars in ("foot", "both"):
        third = page.w / 3
        for i, (text, fill) in enumerate(
            ((author, dark), (title, page.accent), (f"{words.rng.integers(1, 20)} / {words.rng.integers(20, 40)}", dark))):
            page.box(i * third, page.h - 10, (i + 1) * third, page.h, fill)
            page.fit((i + .5) * third, page.h - 9, text, third - 6, small, fill=light, align="c")
        bottom = page.h - 16
    kind = words.pick(("title", "list", "list", "blocks", "blocks", "formula", "picture", "code"))
    size = float(words.rng.uniform(9, 11.5))
    width = right - left
    if kind == "title":
        y = page.h * .3
        if words.chance(0.5):
            page.box(left, y - 10, right, y + 34, page.accent, radius=4)
        page.fit((left + right) / 2, y, title, width - 16, 15, bold=words.chance(0.4), fill=light if page.image.getpixel(
            (int((left + 4) * page.scale), int(y * page.scale))) == page.accent else page.accent, align="c",
                 field="slide_title")
        for i, text in enumerate((author, words.company(), words.date())):
            page.fit((left + right) / 2, y + 48 + i * 20, text, width, size, align="c", field="author" if i == 0 else None)
    else:
        if bars == "title" or words.chance(0.3):
            page.box(0 if left < 20 else left - 10, top - 4, page.w if right > page.w * .9 else right + 8, top + 20,
                     page.accent)
            page.fit(left, top, title, width, 13, fill=light, field="slide_title")
        else:
            page.fit(left, top, title, width, 14, fill=page.accent, field="slide_title")
        y = top + 30
        while y < bottom - 40:
            if kind == "blocks":
                page.box(left, y, right, y + size * 1.5, page.accent if words.chance(0.8) else dark, radius=2)
                page.fit(left + 4, y + 1, _slide_title(words), width - 8, size, fill=light)
                end = min(bottom - 2, y + size * 1.5 + float(words.rng.uniform(30, 60)))
                page.box(left, y + size * 1.5, right, end, pale)
                page.block(left + 4, y + size * 1.8, words.prose(2), width - 8, size * .95, bottom=end)
                y = end + 8
            elif kind == "formula":
                y = page.block(left, y, words.sentence(), width, size, bottom=bottom) + 4
                page.text((left + right) / 2, y,
                          words.pick(("f(x) = a x + b", "P(A | B) = P(B | A) P(A) / P(B)", "E = m c²", "Σ x_i / n → μ",
                                      "∂u/∂t = k Δu", "|x − y| ≤ ε")), size * 1.1, italic=True, align="c")
                y += size * 2
            elif kind == "code":
                page.text(
                    left, y,
                    words.pick(("for i in range(n):", "    x = f(y)", "int main (void) {", "  return 0;", "$ make install",
                                "end if", "print(total)")), size * .9, fam=family(page.rng, "mono"))
                y += size * 1.3
            elif kind == "picture":
                marks.picture(page, left + width * .15, y, width * .7, bottom - y - 12)
                break
            else:
                _bullets(page, left + 6, y, width - 6, size, bottom)
                break
    page.unsure |= {"author", "page_number", "report_title", "article_title", "title", "receiver"}
    return page


def slide(words):
    if words.chance(0.33):
        return _lecture_slide(words)
    page = Page(words, size=words.pick(((720, 405), (720, 405), (720, 540), (720, 450))), kind=words.pick(
        ("sans", "sans", "sans", "serif")))
    dark = words.chance(0.25)
    if dark or words.chance(0.2):
        ground = tuple(int(c) for c in page.rng.integers(0, 80, 3)) if dark else tuple(
            int(c) for c in page.rng.integers(225, 256, 3))
        page.box(0, 0, page.w, page.h, ground)
        page.paper = ground
        page.ink = (245, 245, 245) if dark else page.ink
        page.accent = tuple(int(c) for c in page.rng.integers(160, 256, 3)) if dark else page.accent
    m = float(words.rng.uniform(30, 60))
    width, title = page.w - 2 * m, _slide_title(words)
    kind = words.pick(("title", "bullets", "bullets", "bullets", "two", "picture", "picture", "table", "section", "quote"))
    bar = words.pick(("none", "none", "top", "bottom", "left", "line"))
    light = (255, 255, 255) if sum(page.accent) < 400 else (10, 10, 10)
    if bar == "top" and kind not in ("title", "section"):
        page.box(0, 0, page.w, 64, page.accent)
    elif bar == "bottom":
        page.box(0, page.h - 24, page.w, page.h, page.accent)
    elif bar == "left":
        page.box(0, 0, 16, page.h, page.accent)
    if words.chance(0.4):
        marks.logo(page, page.w - 60, page.h - 44 if words.chance(0.6) else 10, 26, words.company())
    big = float(words.rng.uniform(22, 34))
    if kind in ("title", "section"):
        align = words.pick("cl")
        y = page.block(m, page.h * float(words.rng.uniform(.25, .4)), title, width, big * 1.3, 1.15, bold=words.chance(0.7),
                       align=align, field="slide_title", fill=page.accent if bar == "none" else None)
        if kind == "title":
            x = page.w / 2 if align == "c" else m
            page.text(x, y + 14, words.person(), big * .6, align=align, field="author")
            page.text(x, y + 18 + big, words.pick((words.company(), words.date(), f"{words.town()}, {words.date()}")),
                      big * .5, align=align)
        page.unsure |= {"author"}
    else:
        align = words.pick("lllc")
        ink = light if bar == "top" else page.accent if words.chance(0.6) else None
        page.fit(page.w / 2 if align == "c" else m, 18, title, width, big, bold=words.chance(0.6), fill=ink, align=align,
                 field="slide_title")
        if bar == "line":
            page.rule(m, 18 + big * 1.4, page.w - m, 18 + big * 1.4, page.accent, 2)
        top, size = 84.0, float(words.rng.uniform(14, 21))
        if kind in ("bullets", "two", "picture"):
            column = width if kind == "bullets" else width / 2 - 12
            left_text = kind != "picture" or words.chance(0.7)
            _bullets(page, m if left_text else m + column + 24, top, column, size, page.h - 40)
            if kind == "two":
                _bullets(page, m + column + 24, top, column, size, page.h - 40)
            elif kind == "picture":
                x = m + column + 24 if left_text else m
                marks.picture(page, x, top, column, page.h - top - 50)
        elif kind == "table":
            number_grid(page, m, top, width, int(words.rng.integers(3, 8)), 13)
        else:
            page.block(m + 40, page.h * .35, "“" + words.sentence() + "”", width - 80, 22, 1.3, italic=True, align="c")
            page.text(page.w / 2, page.h * .7, "— " + words.person(), 14, align="c")
        page.unsure |= {"author"}
    if words.chance(0.6):
        page.text(page.w - m, page.h - 20, str(int(words.rng.integers(1, 60))), 9, align="r", field="page_number")
        if words.chance(0.5):
            page.text(m, page.h - 20, words.pick((words.company(), words.date(), words.title(True))), 9)
    else:
        page.unsure.add("page_number")
    page.unsure |= {"report_title", "article_title", "title", "receiver"}
    return page


def _bullets(page, x, y, width, size, bottom):
    words, sign = page.words, page.words.pick(("•", "–", "■", ""))
    for _ in range(int(words.rng.integers(2, 8))):
        if y > bottom - size * 2.6:
            break
        sub = words.chance(0.25)
        s, shift = (size * .82, 26) if sub else (size, 0)
        page.text(x + shift, y, "–" if sub and sign else sign, s, fill=page.accent)
        text = words.title() if words.chance(0.7) else words.clause()
        y = page.block(x + shift + (s if sign else 0), y, text, width - shift - s, s, 1.25, bottom=bottom) + s * .35
