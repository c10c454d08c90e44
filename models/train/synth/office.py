# SPDX-License-Identifier: GPL-3.0-or-later
"""Plainly set papers of offices and software: manuals, typeset papers, contracts, minutes, mails, curricula, delivery notes."""
from . import marks
from .canvas import Page
from .pagefonts import family
from .prose import HEADS, LETTER, _flow, _reference

GOODS = {
    "en": (("Delivery note", "Packing list", "Order confirmation", "Purchase order", "Quotation", "Request for quotation"),
           ("Item", "Description", "Qty", "Unit", "Price"), ("Order no.", "Date", "Customer no.", "Delivery date")),
    "de": (("Lieferschein", "Auftragsbestätigung", "Bestellung", "Angebot", "Kostenvoranschlag"),
           ("Pos.", "Bezeichnung", "Menge", "Einheit", "Preis"), ("Auftrags-Nr.", "Datum", "Kunden-Nr.", "Liefertermin")),
    "fr": (("Bon de livraison", "Bon de commande", "Devis", "Confirmation de commande"),
           ("Réf.", "Désignation", "Qté", "Unité", "Prix"), ("N° de commande", "Date", "N° client", "Date de livraison")),
    "es": (("Albarán", "Pedido", "Presupuesto"), ("Ref.", "Descripción", "Cant.", "Unidad", "Precio"),
           ("N.º de pedido", "Fecha", "N.º de cliente", "Entrega")),
    "it": (("Bolla di consegna", "Ordine", "Preventivo"), ("Art.", "Descrizione", "Q.tà", "U.M.", "Prezzo"),
           ("Ordine n.", "Data", "Cliente n.", "Consegna")),
    "nl": (("Pakbon", "Orderbevestiging", "Offerte", "Bestelling"), ("Nr.", "Omschrijving", "Aantal", "Eenheid", "Prijs"),
           ("Ordernummer", "Datum", "Klantnummer", "Leverdatum")),
    "pt": (("Guia de remessa", "Encomenda", "Orçamento"), ("Ref.", "Descrição", "Qtd.", "Unid.", "Preço"),
           ("N.º da encomenda", "Data", "N.º de cliente", "Entrega")),
}
CONTRACTS = {
    "en": (("Agreement", "Contract", "Terms and Conditions", "Non-Disclosure Agreement", "Lease", "Privacy Policy", "Licence"), "Section"),
    "de": (("Vertrag", "Allgemeine Geschäftsbedingungen", "Mietvertrag", "Satzung", "Datenschutzerklärung"), "§"),
    "fr": (("Contrat", "Conditions générales de vente", "Convention", "Bail"), "Article"),
    "es": (("Contrato", "Condiciones generales", "Convenio"), "Artículo"),
    "it": (("Contratto", "Condizioni generali", "Statuto"), "Art."),
    "nl": (("Overeenkomst", "Algemene voorwaarden", "Contract"), "Artikel"),
    "pt": (("Contrato", "Condições gerais", "Acordo"), "Artigo"),
}
MAIL = {"en": ("From", "Sent", "To", "Subject"), "de": ("Von", "Gesendet", "An", "Betreff"), "fr": ("De", "Envoyé", "À", "Objet"),
        "es": ("De", "Enviado", "Para", "Asunto"), "it": ("Da", "Inviato", "A", "Oggetto"), "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
        "pt": ("De", "Enviado", "Para", "Assunto")}
CODE = ("{a} = {b}({c}, {n})", "if ({a} < {n}) return {b};", "$ {a} --{b} {c}.txt", "int {a}_{b} (const char *{c});", "    {a}.{b}({c})",
        "for {a} in {b}:", "{a}: {b}", "<{a} {b}=\"{c}\">", "library({a})", "> {b} <- {a}[{c}, {n}]", "#include <{a}.h>", "  --{a}={b}   {c}")


def _code(page, x, y, width, size, lines, bottom):
    """A listing in a fixed pitch, at times on grey or in a frame. Returns the y below."""
    words, fam = page.words, family(page.rng, "mono")
    name = lambda: words.noun().lower()[:9]
    step = size * 1.2
    lines = min(lines, int((bottom - y) / step) - 1)
    if lines < 1:
        return y
    look = words.rng.random()
    if look < .3:
        page.box(x, y - 3, x + width, y + lines * step + 3, (240, 240, 240))
    elif look < .45:
        page.box(x, y - 3, x + width, y + lines * step + 3, outline=(120, 120, 120))
    for _ in range(lines):
        text = words.pick(CODE).format(a=name(), b=name(), c=name(), n=int(words.rng.integers(0, 99)))
        page.fit(x + 6, y, text, width - 8, size, fam=fam)
        y += step
    return y + step * .6


def manual(words):
    """A page of a manual or of the documentation of software: a report."""
    page = Page(words, kind=words.pick(("serif", "serif", "sans")))
    h, m = HEADS[words.lang], float(words.rng.uniform(54, 100))
    size = float(words.rng.uniform(9, 11.5))
    lead, width, y = size * float(words.rng.uniform(1.15, 1.4)), page.w - 2 * m, float(words.rng.uniform(40, 90))
    title, number = words.title(), str(int(words.rng.integers(1, 300)))
    if words.chance(.5):
        page.text(m, 34, f"{h['chapter']} {words.rng.integers(1, 12)}: {title}"[:70], size * .9, italic=words.chance(.5))
        page.text(page.w - m, 34, number, size * .9, align="r", field="page_number")
    elif words.chance(.7):
        page.text(page.w / 2, page.h - 44, number, size * .9, align="c", field="page_number")
    if words.chance(.25):
        y = page.block(m, y + 20, title, width, size * 2, 1.15, bold=True, align=words.pick("lc"), field="report_title") + 24
    bottom, chapter = page.h - float(words.rng.uniform(60, 110)), int(words.rng.integers(1, 12))
    section = int(words.rng.integers(1, 7))
    while y < bottom - 4 * lead:
        roll = words.rng.random()
        if roll < .2:
            head = f"{chapter}.{section} " if words.chance(.8) else ""
            section += 1
            y = page.block(m, y + lead * .5, head + words.title(True), width, size * float(words.pick((1.1, 1.3))), 1.2, bold=True) + lead * .5
        elif roll < .5:
            y = _code(page, m + float(words.pick((0, 0, 18))), y, width - 18, size * .9, int(words.rng.integers(2, 12)), bottom)
        elif roll < .62:
            for _ in range(int(words.rng.integers(2, 5))):
                page.text(m, y, words.noun().lower(), size, bold=words.chance(.5), fam=family(page.rng, "mono"))
                y = page.block(m + width * .25, y, words.sentence(), width * .75, size, lead / size, bottom=bottom) + 2
        else:
            y = page.block(m, y, words.prose(int(words.rng.integers(1, 5))), width, size, lead / size, align=words.pick("jjl"), bottom=bottom) + lead * .6
    page.unsure |= {"report_title", "report_date", "author", "page_number", "phone"}
    return page


def _formula(page, x, y, width, size):
    words, signs = page.words, "αβγδλμσφψω∑∫∂≤≥≈→∈"
    parts = [words.pick("xyzfgtnkpq") + words.pick(("", "²", "(t)", "(x)", "₀")) for _ in range(int(words.rng.integers(2, 6)))]
    text = parts[0] + " = " + words.pick((" + ", " − ", " · ")).join(parts[1:] + [signs[int(words.rng.integers(len(signs)))]])
    page.text(x + width / 2, y, text, size, italic=True, align="c", fam=family(page.rng, "serif"), silent=words.chance(.4))
    if words.chance(.7):
        page.text(x + width, y, f"({words.rng.integers(1, 40)})", size, align="r")
    return y + size * 2.1


def paper(words):
    """A page of a paper as TeX sets it, in one column: an article."""
    page = Page(words, kind="serif")
    h, m = HEADS[words.lang], float(words.rng.uniform(80, 125))
    size, first = float(words.rng.uniform(9.5, 11)), words.chance(.5)
    lead, width, y = size * 1.2, page.w - 2 * m, float(words.rng.uniform(60, 110))
    if first:
        y = page.block(m, y, words.title() + (": " + words.title(True) if words.chance(.5) else ""), width, size * 1.7, 1.2, align="c",
                       bold=words.chance(.25), field="article_title") + lead
        author = words.person()
        page.text(page.w / 2, y, author, size * 1.15, align="c", field="author")
        y += lead * 1.3
        if words.chance(.6):
            page.text(page.w / 2, y, words.pick((words.email(words.company()), words.town(), words.date())), size, align="c")
            y += lead * 1.6
        if words.chance(.8):
            page.text(page.w / 2, y, h["abstract"], size * .95, True, align="c")
            y = page.block(m + 24, y + lead * 1.2, words.prose(int(words.rng.integers(3, 7))), width - 48, size * .9, 1.2, align="j", indent=12) + lead
    bottom, section = page.h - float(words.rng.uniform(90, 130)), 1 if first else int(words.rng.integers(1, 7))
    heading = first or words.chance(.3)
    while y < bottom - 3 * lead:
        roll = words.rng.random()
        if heading or roll < .08:
            text = words.pick(h["intro"]) if section == 1 else words.pick(h["more"]) if words.chance(.4) else words.title(True)
            sub = not first and words.chance(.4)
            y = page.block(m, y + lead * .6, f"{section}{'.' + str(words.rng.integers(1, 5)) if sub else ''}  {text}", width,
                           size * (1.15 if sub else 1.35), 1.2, bold=True) + lead * .5
            section, heading = section + 1, False
        elif roll < .3:
            y = _formula(page, m, y + lead * .3, width, size)
        elif roll < .36 and bottom - y > 150:
            tall = float(words.rng.uniform(90, 170))
            marks.picture(page, m + width * .15, y, width * .7, min(tall, bottom - y - 30))
            y = page.block(m, y + min(tall, bottom - y - 30) + 6, f"{h['figure']} {words.rng.integers(1, 9)}: {words.sentence()}", width, size * .95, 1.2,
                           align="c", bottom=bottom) + lead
        elif roll < .42 and not first:
            page.text(m, y, h["refs"], size * 1.35, True)
            y, n = y + lead * 1.8, 1
            while y < bottom - 2 * lead:
                y = page.block(m, y, _reference(words, n), width, size, 1.2, bottom=bottom) + 4
                n += 1
        else:
            y = page.block(m, y, words.prose(int(words.rng.integers(2, 7))), width, size, 1.2, align="j", indent=15, bottom=bottom)
    if words.chance(.85):
        page.text(page.w / 2, page.h - float(words.rng.uniform(50, 80)), str(int(words.rng.integers(1, 60))), size, align="c", field="page_number")
    page.unsure |= {"article_title", "author", "page_number", "journal", "report_title"}
    return page


def contract(words):
    """A page of a contract or of terms, in one to three columns."""
    page = Page(words)
    names, sign = CONTRACTS[words.lang]
    m, columns = float(words.rng.uniform(40, 80)), int(words.pick((1, 1, 1, 2, 2, 3)))
    size = float(words.rng.uniform(9, 11.5)) if columns == 1 else float(words.rng.uniform(6, 8.5))
    y, width = float(words.rng.uniform(40, 80)), page.w - 2 * m
    if words.chance(.6):
        y = page.block(m, y, words.pick(names), width, size * 1.7, 1.2, bold=True, align=words.pick("cl"), field="title") + size * 2
        if columns == 1 and words.chance(.6):
            y = page.block(m, y, f"{words.company()}, {words.street()}, {words.city_line()}", width, size, 1.3) + size
            y = page.block(m, y, f"{words.company()}, {words.street()}, {words.city_line()}", width, size, 1.3) + size * 2
    bottom, column, number = page.h - float(words.rng.uniform(60, 150)), (width - 16 * (columns - 1)) / columns, int(words.rng.integers(1, 9))
    for i in range(columns):
        x, at = m + i * (column + 16), y
        while at < bottom - 3 * size:
            if words.chance(.35):
                at = page.block(x, at + size * .5, f"{sign} {number}{words.pick(('', '.', ':'))} {words.title(True)}", column, size * 1.05, 1.25, bold=True) + 3
                number += 1
            lead = f"({words.rng.integers(1, 9)}) " if words.chance(.4) else f"{number}.{words.rng.integers(1, 9)} " if words.chance(.5) else ""
            at = page.block(x, at, lead + words.prose(int(words.rng.integers(1, 4))), column, size, 1.3, align=words.pick("jl"), bottom=bottom) + size * .4
    if columns == 1 and words.chance(.3):
        for share in (0, .55):
            page.rule(m + width * share, page.h - 76, m + width * (share + .4), page.h - 76)
            page.text(m + width * share, page.h - 72, words.pick((words.person(), words.company(), words.town())), size * .9)
        marks.signature(page, m + 10, page.h - 112, 110, 34)
    page.unsure |= {"title", "customer", "vendor", "sender", "receiver"}
    return page


def minutes(words):
    """A curriculum or the minutes of a meeting: headings, dates at the left, short lines."""
    page = Page(words)
    m, size = float(words.rng.uniform(48, 80)), float(words.rng.uniform(9.5, 11.5))
    y, width, cv = float(words.rng.uniform(40, 80)), page.w - 2 * m, words.chance(.5)
    y = page.block(m, y, words.person() if cv else words.title(), width, size * 1.9, 1.2, bold=True, align=words.pick("lc"), field="title") + 4
    if cv:
        y = page.block(m, y, f"{words.street()}, {words.city_line()} · {words.phone()} · {words.email(words.company())}", width, size * .9, 1.2) + size
    else:
        for label in ("date", "place"):
            page.text(m, y, words.noun().title() + ":", size, True)
            page.text(m + 90, y, words.date() if label == "date" else words.town(), size)
            y += size * 1.5
    while y < page.h - 120:
        y = page.block(m, y + size, words.title(True).upper() if cv and words.chance(.4) else words.title(True), width, size * 1.15, 1.2, bold=True)
        if words.chance(.5):
            page.rule(m, y + 1, page.w - m, y + 1)
        y += 5
        for _ in range(int(words.rng.integers(2, 5))):
            if y > page.h - 70:
                break
            page.text(m, y, f"{words.rng.integers(1995, 2024)}–{words.rng.integers(2000, 2026)}" if cv else f"{words.rng.integers(1, 9)}.{words.rng.integers(1, 9)}", size)
            y = page.block(m + 80, y, words.sentence(), width - 80, size, 1.3, bottom=page.h - 60) + 2
    page.unsure |= {"title", "author", "phone", "email", "street", "city", "last_name", "first_name"}
    return page


def goods(words):
    """A delivery note, an order or an offer: it looks like an invoice and is none."""
    page = Page(words)
    titles, heads, labels = GOODS[words.lang]
    m, size = float(words.rng.uniform(36, 64)), float(words.rng.uniform(8, 10.5))
    y, width, maker = float(words.rng.uniform(28, 56)), page.w - 2 * m, words.company()
    page.text(m, y, maker, size * 1.6, True, fill=page.accent)
    for i, line in enumerate((words.street(), words.city_line(), words.phone())):
        page.text(page.w - m, y + i * size * 1.25, line, size * .9, align="r")
    y += float(words.rng.uniform(50, 90))
    for i, line in enumerate((words.company(), words.person(), words.street(), words.city_line())):
        page.text(m, y + i * size * 1.35, line, size)
    for i, label in enumerate(labels[:int(words.rng.integers(2, 5))]):
        page.pair(page.w * .6, y + i * size * 1.5, label + words.pick((":", "")), words.date() if i % 2 else words.code(), size, gap=page.w * .17)
    y += size * 9
    y = page.block(m, y, words.pick(titles) + words.pick(("", " " + words.code())), width, size * 1.7, 1.2, bold=True, field="title") + size
    priced = words.chance(.5)
    shares = (.1, .5, .12, .14, .14) if priced else (.12, .58, .15, .15)
    columns = [(head, width * share, "l" if i in (0, 1, 3) else "r") for i, (head, share) in enumerate(zip(heads, shares))]
    rows = [[str(i + 1), words.product(), str(int(words.rng.integers(1, 60))), words.pick(("Stk", "pcs", "kg", "m", "box"))]
            + ([words.number(float(words.rng.uniform(1, 900)), 2)] if priced else []) for i in range(int(words.rng.integers(2, 16)))]
    y = page.table(m, y, columns, rows, size, size * float(words.rng.uniform(1.5, 2.2)), bottom=page.h - 160) + size * 2
    y = page.block(m, y, words.prose(int(words.rng.integers(1, 3))), width, size, 1.3, bottom=page.h - 90)
    if words.chance(.5):
        page.rule(m, page.h - 90, m + 150, page.h - 90)
        if words.chance(.5):
            marks.signature(page, m + 10, page.h - 126, 100, 34)
    page.unsure |= {"title", "invoice_number", "invoice_date", "total", "subtotal", "vendor", "customer", "order_number", "customer_number",
                    "letter_date", "due_date", "sender", "receiver", "reference"}
    return page


def mail(words):
    """A printed mail: a letter."""
    page = Page(words, kind=words.pick(("sans", "sans", "serif")))
    labels, t = MAIL[words.lang], LETTER[words.lang]
    m, size = float(words.rng.uniform(36, 70)), float(words.rng.uniform(9, 11.5))
    y, width, sender, receiver = float(words.rng.uniform(30, 60)), page.w - 2 * m, words.person(), words.person()
    if words.chance(.4):
        page.text(m, y, receiver, size * 1.2, True)
        page.rule(m, y + size * 1.7, page.w - m, y + size * 1.7, width=2)
        y += size * 2.4
    values = (sender, words.date(), receiver, words.title())
    for label, value, field in zip(labels, values, ("sender", "letter_date", "receiver", "subject")):
        page.pair(m, y, label + ":", value, size, gap=80, field=field, bold_label=words.chance(.7))
        y += size * 1.4
    y += size * 1.5
    last = receiver.split()[-1]
    y = page.block(m, y, words.pick(t["dear"]).format(n=receiver.split()[0], l=last), width, size, 1.3) + size
    for _ in range(int(words.rng.integers(1, 5))):
        text = words.pick(t["phrases"]).format(d=words.date()) + " " + words.prose(int(words.rng.integers(1, 4)))
        y = page.block(m, y, text, width, size, 1.3, bottom=page.h - 120) + size
    for line in (words.pick(t["close"]), sender, words.company(), words.phone()):
        page.text(m, y, line, size)
        y += size * 1.35
    page.unsure |= {"phone", "reference", "author", "title"}
    return page
