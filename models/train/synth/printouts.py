# SPDX-License-Identifier: GPL-3.0-or-later
"""Invoices as programs print them: data set out as label and value without any design, lists in a fixed pitch, sheets of boxes."""
from . import marks
from .business import INVOICE, _facts, _items, _money, _PARTS
from .canvas import Page
from .pagefonts import family

CREDIT = {"en": ("Credit note", "Self-billed invoice", "Correction invoice", "Prepayment invoice", "Debit note"), "de": ("Gutschrift", "Rechnungskorrektur", "Abschlagsrechnung", "Teilrechnung", "Stornorechnung"),
          "fr": ("Avoir", "Facture d'acompte", "Facture rectificative"), "es": ("Factura rectificativa", "Abono"), "it": ("Nota di credito", "Fattura d'acconto"),
          "nl": ("Creditnota", "Voorschotfactuur"), "pt": ("Nota de crédito", "Fatura-recibo")}
PARTIES = {"en": ("Seller", "Buyer", "Ship to", "Payee", "Tax representative"), "de": ("Verkäufer", "Käufer", "Käufer/Leistungsempfänger", "Abweichender Warenempfänger", "Zahlungsempfänger", "Rechnungssteller"),
           "fr": ("Vendeur", "Acheteur", "Adresse du client", "Livraison à", "Bénéficiaire"), "es": ("Emisor", "Receptor", "Destinatario", "Entrega"), "it": ("Cedente", "Cessionario", "Destinatario"),
           "nl": ("Verkoper", "Koper", "Afleveradres"), "pt": ("Emitente", "Adquirente", "Local de entrega")}
ABOUT = {"en": ("Currency", "Process", "Profile", "Period", "Delivery date", "Buyer reference", "Contract", "Project", "Note"),
         "de": ("Währung", "Geschäftsprozess", "Anwendungsempfehlung", "Abrechnungszeitraum", "Liefer- und Leistungsdatum", "Referenz des Käufers", "Vertrag", "Bestellung", "Bemerkung"),
         "fr": ("Devise", "Cadre de facturation", "Période", "Date de livraison", "Vos références", "Contrat", "Service exécutant"), "es": ("Moneda", "Periodo", "Fecha de entrega", "Referencia", "Contrato"),
         "it": ("Valuta", "Periodo", "Causale", "Riferimento", "Contratto"), "nl": ("Valuta", "Periode", "Leverdatum", "Uw kenmerk", "Contract"), "pt": ("Moeda", "Período", "Referência", "Contrato")}
UNSURE = {"city", "street", "phone", "iban", "tax_id", "total", "subtotal", "tax", "due_date", "vendor", "customer", "email", "order_number", "customer_number"}


def _version(words):
    """What a program says of itself above its output."""
    name = words.pick(("XRechnung", "Factur-X", "ZUGFeRD", "UBL", "EN 16931", "eInvoice", words.company()))
    return words.pick((f"{words.title()} {name} {words.rng.integers(1, 4)}.{words.rng.integers(0, 9)}", f"{name}-Version: {words.rng.integers(1, 4)}.{words.rng.integers(0, 9)}", f"(c) {words.company()} {words.rng.integers(2005, 2026)}",
                       f"Stylesheet {words.rng.integers(1, 4)}.{words.rng.integers(0, 9)}, {words.date()}", f"{words.noun().title()}-Version: {words.digits(1)}.{words.digits(1)} {words.date()}"))


def _about(words):
    label = words.pick(ABOUT[words.lang])
    return label, words.pick((words.currency(), words.date(), f"{words.date()} - {words.date()}", words.code(), f"urn:{words.slug(words.noun())}.eu:{words.digits(2)}:{words.slug(words.noun())}",
                              words.title(True)))


def plain(words):
    """Data set out line by line below each other, headings underlined, the items at the end or on the next page."""
    t = INVOICE[words.lang]
    page = Page(words, kind=words.pick(("serif", "mono", "mono", "sans")))
    m, size, y = float(words.rng.uniform(36, 70)), float(words.rng.uniform(7.5, 10)), float(words.rng.uniform(36, 70))
    lead, width, facts = size * float(words.rng.uniform(1.15, 1.4)), page.w - 2 * m, _facts(words, t)
    for _ in range(int(words.pick((0, 1, 1, 4)))):
        page.fit(m, y, _version(words), width, size * .9, fill=words.pick((None, (120, 120, 120))))
        y += lead
    title = words.pick(t["title"]) if words.chance(.7) else words.pick(CREDIT[words.lang])
    title += words.pick(("", "", " (380)", " (389)", " (381)")) + words.pick((" Nr. ", " No. ", " ", " n° ", " # ")) + facts[0][2]
    y = page.block(m, y + lead * 1.5, title + words.pick(("", f" {words.pick(('vom', 'of', '-', 'du'))} {words.date()}")), width, size * float(words.rng.uniform(1.2, 1.7)), 1.2,
                   bold=words.chance(.6)) + lead * 1.5
    tint, gap = (None, tuple(int(c) for c in page.rng.integers(200, 250, 3)))[int(words.chance(.35))], width * float(words.rng.uniform(.16, .32))
    colon = words.pick((":", " :", ""))
    for label, value in [fact[1:] for fact in facts[1:]] + [_about(words) for _ in range(int(words.rng.integers(1, 6)))]:
        page.fit(m, y, label, gap - 8, size)
        page.fit(m + gap, y, (": " if colon == " :" else "") + value, width - gap, size)
        y += lead * float(words.pick((1, 1, 1.8)))
    style, parties = words.pick(("rule", "bold", "tint" if tint else "bold")), PARTIES[words.lang]
    for i in words.rng.permutation(len(parties))[:int(words.rng.integers(2, 5))]:
        if y > page.h - 170:
            break
        y += lead * float(words.pick((1, 2)))
        if style == "tint":
            page.box(m, y - 2, page.w - m, y + size * 1.5, tint)
        end = page.text(m, y, parties[i] + words.pick((":", "")), size, style != "rule" or words.chance(.5))
        if style == "rule":
            page.rule(m, y + size * 1.25, end, y + size * 1.25)
        y += lead * float(words.pick((1, 1.7)))
        rows = [("", words.company()), ("", words.street()), ("", words.city_line())]
        rows += [(words.pick(("GLN", "ID", t["cust"][0], "Nummer")), words.digits(8))] if words.chance(.4) else []
        rows += [(words.pick(("VAT ID", "USt.-Id.-Nr.", "N° TVA", "Tax no.")), words.tax_id())] if words.chance(.6) else []
        for label, value in rows:
            at = m + gap if style == "tint" else m
            if label or style == "tint":
                page.fit(m, y, label or words.pick(("Name", "Adresse", "")), gap - 6, size)
                at = m + gap
            page.fit(at, y, (": " if label and colon == " :" else "") + value, page.w - m - at, size, bold=words.chance(.2))
            y += lead
    y += lead
    if words.chance(.4) and y < page.h - 120:
        y = page.block(m, y, words.pick(t["terms"]) + " " + words.sentence(), width, size, lead / size) + lead
    if y < page.h - 130 and words.chance(.75):
        y = _stacked(page, m, y, width, size, t)
    if y < page.h - 80 and words.chance(.4):
        for label in _PARTS.get(words.lang, _PARTS["en"])[7].split("|")[:int(words.rng.integers(2, 6))]:
            page.text(m, y, label, size)
            page.text(m + width * .6, y, words.number(float(words.rng.uniform(1, 5000))), size, align="r")
            y += lead
    if words.chance(.5):
        page.text(page.w - m, page.h - 34, f"{t['page']} 1 {words.pick(('von', '/', 'of'))} {words.rng.integers(1, 5)}", 7, align="r")
    page.unsure |= UNSURE | {"invoice_number", "invoice_date"}
    return page


def _stacked(page, m, y, width, size, t):
    """Items below heads of several lines. Returns the y below."""
    words = page.words
    heads = [words.pick(t["pos"]), "Art-Nr. / Code / GTIN", words.pick(t["desc"]), words.pick(t["price"]), words.pick(t["qty"]), "% " + words.pick(("VAT", "USt.", "TVA")), words.pick(t["amount"])]
    shares = (.07, .13, .3, .13, .12, .1, .15)
    edges = [m + width * sum(shares[:i]) for i in range(len(shares) + 1)]
    low = max(page.block(x0, y, head, x1 - x0 - 3, size, 1.1, bold=words.chance(.6)) for x0, x1, head in zip(edges, edges[1:], heads)) + 4
    page.rule(m, low, page.w - m, low) if words.chance(.6) else None
    for i, (name, quantity, price, amount) in enumerate(_items(words, int(words.rng.integers(1, 5)))):
        if low > page.h - 90:
            break
        cells = (str(i + 1), words.digits(7), name + (" " + words.title(True) if words.chance(.5) else ""), words.number(price), f"{quantity} {words.pick(('Stk', 'pcs', 'C62', 'h'))}", "19 %", words.number(amount))
        low = max(page.block(x0, low + 3, cell, x1 - x0 - 3, size, 1.15, align="r" if k > 2 else "l") for k, (x0, x1, cell) in enumerate(zip(edges, edges[1:], cells))) + 5
    return low + size * 2


def fixed_pitch(words):
    """A letter of a firm whose data a program wrote in a fixed pitch, with rows of signs between the parts."""
    t = INVOICE[words.lang]
    page = Page(words, kind="sans")
    mono = family(page.rng, "mono")
    m, size, company = float(words.rng.uniform(44, 80)), float(words.rng.uniform(8, 10)), words.company()
    width, y = page.w - 2 * m, 36.0
    page.fit(m, y, company.split()[0].upper(), width * .3, float(words.rng.uniform(14, 22)), bold=True)
    for i, x in enumerate((m + width * .4, m + width * .75)):
        for k, line in enumerate((company if i == 0 else words.title(True), words.street(), words.city_line(), "Tel. " + words.phone(), "www." + words.slug(company) + ".com")[:int(words.rng.integers(2, 6))]):
            page.fit(x, y + k * 8, line, width * .24, 6.5, bold=k == 0)
    y += float(words.rng.uniform(80, 110))
    for k, line in enumerate((words.company(), words.person(), words.street(), words.city_line())):
        page.text(m, y + k * size * 1.3, line, size, fam=mono if words.chance(.5) else None)
    for k, (_, label, value) in enumerate(_facts(words, t) + [("", t["page"], "1")]):
        page.pair(page.w * .58, y + k * size * 1.3, label + ":", value, size, gap=page.w * .18)
    y += size * 9
    title = words.pick(t["title"]) if words.chance(.8) else words.pick(CREDIT[words.lang])
    if words.chance(.5):
        page.box(m, y - 3, page.w - m, y + size * 2, outline=page.ink)
        page.text(page.w / 2, y, title, size * 1.3, True, align="c")
    else:
        page.text(m, y, title, size * 1.5, True)
    y += size * 3.2
    sign, step = words.pick(("=", "-", "*", ".")), size * 1.3
    across = sign * int(width / max(1e-3, page.width(sign, size, fam=mono)))

    def line(left, right=""):
        nonlocal y
        page.fit(m, y, left, width * .72, size, fam=mono)
        if right:
            page.text(page.w - m, y, right, size, fam=mono, align="r")
        y += step

    for _ in range(int(words.rng.integers(1, 4))):
        line(f"{words.pick((words.noun().title(), words.title(True)))}: {words.pick((words.code(), words.letters(2) + ' ' + words.digits(4), words.date()))}")
    y += step
    for name, quantity, price, amount in _items(words, int(words.rng.integers(1, 7))):
        line(f"{quantity} x {name}" if words.chance(.5) else name, words.number(amount))
    for label, value in ((words.pick(t["sub"]), None), (words.pick(t["tax"]).format(r=19), None), (words.pick(t["total"]), None)):
        if words.chance(.5):
            line(across)
        line(label, words.number(float(words.rng.uniform(10, 5000))))
    line(across)
    for _ in range(int(words.rng.integers(1, 4))):
        y = page.block(m, y + step * .4, words.pick(t["terms"]) + " " + words.prose(2), width, size * .85, 1.2, bottom=page.h - 70)
    page.rule(m, page.h - 56, page.w - m, page.h - 56)
    page.fit(m, page.h - 52, f"{t['bank']}: {words.iban()} {words.letters(8)}", width, 6.5)
    page.unsure |= UNSURE | {"invoice_number", "invoice_date"}
    return page


def boxes(words):
    """A sheet whose every part is a box of a grid: parties, references, items with empty rows, tax, sums."""
    t = INVOICE[words.lang]
    page = Page(words, kind=words.pick(("sans", "sans", "serif", "condensed")))
    m, size, y = float(words.rng.uniform(22, 44)), float(words.rng.uniform(6, 8.5)), float(words.rng.uniform(22, 44))
    width, facts, value_ink = page.w - 2 * m, _facts(words, t), words.pick((None, None, (170, 20, 30), (20, 40, 140)))
    tint = words.pick((None, (230, 238, 250), (240, 240, 240), tuple(int(c) for c in page.rng.integers(220, 250, 3))))

    def box(x0, x1, top, rows, head=None):
        low = top + size * 1.45 * (len(rows) + (head is not None)) + 5
        page.box(x0, top, x1, low, tint if words.chance(.6) else None, page.ink)
        at = top + 2
        if head:
            page.fit(x0 + 3, at, head, x1 - x0 - 6, size, bold=True)
            at += size * 1.45
        for row in rows:
            page.fit(x0 + 3, at, row, x1 - x0 - 6, size, fill=value_ink if words.chance(.6) else None, italic=words.chance(.1))
            at += size * 1.45
        return low

    party = lambda: [words.company(), words.street(), words.city_line()] + [words.pick(("GLN : " + words.digits(12), words.tax_id(), words.email(words.company())))] * int(words.rng.integers(0, 3))
    left = m + width * float(words.rng.uniform(.4, .6))
    marks.logo(page, m + 4, y + 2, 30, "X") if words.chance(.6) else page.text(m + 4, y + 6, "LOGO", 14, True)
    title = words.pick(t["title"]) if words.chance(.8) else words.pick(CREDIT[words.lang])
    low = box(left + 6, page.w - m, y, [f"{label} : {value}" for _, label, value in facts], title.upper())
    y = max(low, y + 40) + 4
    names = PARTIES[words.lang]
    for _ in range(int(words.rng.integers(1, 4))):
        lows = [box(x0, x1, y, party() if words.chance(.7) else [f"{a} : {b}" for a, b in (_about(words) for _ in range(3))], words.pick(names) if words.chance(.7) else None)
                for x0, x1 in ((m, left), (left + 6, page.w - m))]
        y = max(lows) + 4
    heads = ["#", words.pick(("Ref.", "Code", "Art.")), words.pick(t["desc"]), words.pick(t["price"]), words.pick(t["qty"]), "%", words.pick(t["amount"])]
    shares = (.06, .12, .38, .13, .09, .08, .14)
    columns = [(head, width * share, "l" if i < 3 else "r") for i, (head, share) in enumerate(zip(heads, shares))]
    items = _items(words, int(words.rng.integers(1, 6)))
    rows = [[str(i + 1), words.code(), name, words.number(price), str(quantity), "20", words.number(amount)] for i, (name, quantity, price, amount) in enumerate(items)]
    rows += [[""] * 7 for _ in range(int(words.rng.integers(0, 9)))]
    y = page.table(m, y, columns, rows, size, size * float(words.rng.uniform(1.5, 2.4)), "grid", head_fill=tint, bottom=page.h - 170) + 6
    net = round(sum(item[3] for item in items), 2)
    box(m, left, y, [words.pick(t["terms"]), f"{t['bank']} : {words.iban()}"][:int(words.rng.integers(1, 3))], words.sentence() if words.chance(.5) else None)
    step = (page.w - m - left - 6) / 3
    for i, (label, value) in enumerate(((words.pick(t["sub"]), net), (words.pick(t["tax"]).format(r=20), net * .2), (words.pick(t["total"]), net * 1.2))):
        box(left + 6 + i * step, left + 6 + (i + 1) * step, y, [_money(words, value, words.currency(), 2)], label)
    page.fit(page.w / 2, page.h - 40, f"{words.company()}, {words.street()}, {words.city_line()} - {words.tax_id()} - {words.phone()}", width, 6, align="c")
    page.unsure |= UNSURE | {"invoice_number", "invoice_date"}
    return page
