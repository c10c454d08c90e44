# SPDX-License-Identifier: GPL-3.0-or-later
"""Invoices: first pages and later ones, in many layouts."""
from . import marks
from .canvas import Page
from .pagefonts import family

INVOICE = {
    "en": dict(title=("INVOICE", "Invoice", "TAX INVOICE", "Commercial Invoice", "Sales Invoice",
                      "Bill"), number=("Invoice No.", "Invoice Number", "Invoice #", "Inv. No", "Number", "Bill no."),
               date=("Invoice Date", "Date", "Date of issue", "Issued"), due=("Due Date", "Payment due", "Pay by"),
               to=("Bill To", "Sold to", "Customer", "Invoice to", ""), cust=("Customer No.", "Account", "Client ID"),
               order=("Order No.", "PO Number", "Your order"), pos=("#", "Item", "Pos"),
               desc=("Description", "Item", "Details", "Product"), qty=("Qty", "Quantity",
                                                                        "Units"), price=("Unit Price", "Price", "Rate"),
               amount=("Amount", "Total", "Line total"), sub=("Subtotal", "Net total", "Total excl. VAT"),
               tax=("VAT {r}%", "Tax ({r}%)", "Sales tax {r}%", "GST {r}%"), total=("Total", "Amount Due", "Grand Total",
                                                                                    "Balance due", "Total incl. VAT"),
               terms=("Payment within 30 days.", "Please pay by bank transfer.",
                      "Thank you for your business!"), page="Page", carry="Carried forward", bank="Bank details"),
    "de": dict(
        title=("Rechnung", "RECHNUNG", "Handelsrechnung", "Rechnung / Invoice"),
        number=("Rechnungsnummer", "Rechnungs-Nr.", "Rechnung Nr.", "Beleg-Nr."),
        date=("Rechnungsdatum", "Datum", "Belegdatum"), due=("Fällig am", "Zahlbar bis", "Fälligkeit"),
        to=("Rechnungsempfänger", "Kunde", "",
            ""), cust=("Kundennummer", "Kunden-Nr.", "Kd.-Nr."), order=("Bestellnummer", "Auftrag Nr.", "Ihre Bestellung"),
        pos=("Pos.", "Nr."), desc=("Bezeichnung", "Beschreibung", "Artikel", "Leistung"), qty=("Menge", "Anzahl"),
        price=("Einzelpreis", "Preis", "E-Preis"), amount=("Gesamt", "Betrag", "Gesamtpreis"),
        sub=("Nettobetrag", "Zwischensumme", "Summe netto"), tax=("MwSt. {r} %", "zzgl. {r} % USt.", "Umsatzsteuer {r}%"),
        total=("Gesamtbetrag", "Rechnungsbetrag", "Summe brutto", "Zahlbetrag"),
        terms=("Zahlbar innerhalb von 14 Tagen ohne Abzug.", "Bitte überweisen Sie den Betrag auf unser Konto.",
               "Vielen Dank für Ihren Auftrag."), page="Seite", carry="Übertrag", bank="Bankverbindung"),
    "fr": dict(title=("FACTURE", "Facture"), number=("Facture n°", "N° de facture", "Numéro"),
               date=("Date", "Date de facture"), due=("Échéance", "Date d'échéance"), to=("Facturé à", "Client", ""),
               cust=("N° client", "Code client"), order=("Commande n°", "Bon de commande"), pos=("N°", "Réf."),
               desc=("Désignation", "Description", "Article"), qty=("Qté", "Quantité"), price=("Prix unitaire", "P.U. HT"),
               amount=("Montant", "Total HT"), sub=("Total HT", "Sous-total"), tax=("TVA {r} %", ),
               total=("Total TTC", "Net à payer"), terms=("Paiement à 30 jours.", "Merci de votre confiance."), page="Page",
               carry="Report", bank="Coordonnées bancaires"),
    "es": dict(title=("FACTURA", "Factura"), number=("Factura nº", "Número de factura", "Nº"),
               date=("Fecha", "Fecha de factura"), due=("Vencimiento", "Fecha de vencimiento"),
               to=("Cliente", "Facturar a", ""), cust=("Nº cliente", "Cód. cliente"), order=("Pedido nº", "Su pedido"),
               pos=("Nº", "Ref."), desc=("Descripción", "Concepto", "Artículo"), qty=("Cantidad", "Cant."),
               price=("Precio", "Precio unitario"), amount=("Importe", "Total"), sub=("Base imponible", "Subtotal"),
               tax=("IVA {r} %", ), total=("Total factura", "TOTAL", "Total a pagar"),
               terms=("Pago a 30 días por transferencia.",
                      "Gracias por su confianza."), page="Página", carry="Suma y sigue", bank="Datos bancarios"),
    "it": dict(title=("FATTURA", "Fattura"), number=("Fattura n.", "Numero fattura", "N."), date=("Data", "Data fattura"),
               due=("Scadenza", "Data scadenza"), to=("Cliente", "Spett.le", ""), cust=("Codice cliente", "N. cliente"),
               order=("Ordine n.", "Vs. ordine"), pos=("N.", "Cod."), desc=("Descrizione", "Articolo"),
               qty=("Quantità", "Q.tà"), price=("Prezzo", "Prezzo unitario"), amount=("Importo", "Totale"),
               sub=("Imponibile", "Totale netto"), tax=("IVA {r}%", ), total=("Totale fattura", "Totale documento",
                                                                              "Totale da pagare"),
               terms=("Pagamento a 30 giorni.",
                      "Grazie per la fiducia."), page="Pagina", carry="Riporto", bank="Coordinate bancarie"),
    "nl": dict(title=("FACTUUR", "Factuur"), number=("Factuurnummer", "Factuurnr."), date=("Factuurdatum", "Datum"),
               due=("Vervaldatum", "Te betalen voor"), to=("Factuur aan", "Klant", ""), cust=("Klantnummer", "Debiteurnr."),
               order=("Ordernummer", "Bestelnummer"), pos=("Nr.", "Art."), desc=("Omschrijving", "Artikel"),
               qty=("Aantal", ), price=("Prijs", "Stukprijs"), amount=("Bedrag", "Totaal"),
               sub=("Subtotaal", "Totaal excl. btw"), tax=("Btw {r}%", "{r}% btw"), total=("Totaal", "Totaal incl. btw",
                                                                                           "Te betalen"),
               terms=("Betaling binnen 14 dagen.",
                      "Dank voor uw bestelling."), page="Pagina", carry="Transport", bank="Bankgegevens"),
    "pt": dict(title=("FATURA", "Fatura", "Factura"), number=("Fatura n.º", "N.º da fatura"),
               date=("Data", "Data de emissão"), due=("Vencimento", "Data de vencimento"),
               to=("Cliente", "Exmo.(s) Sr.(s)", ""), cust=("N.º cliente", ), order=("Encomenda n.º", "Pedido"),
               pos=("N.º", "Ref."), desc=("Descrição", "Artigo"), qty=("Qtd.", "Quantidade"),
               price=("Preço", "Preço unit."), amount=("Valor", "Total"), sub=("Subtotal", "Total líquido"),
               tax=("IVA {r}%", ), total=("Total", "Total a pagar"), terms=("Pagamento a 30 dias.",
                                                                            "Obrigado pela preferência."), page="Página",
               carry="Transporte", bank="Dados bancários")
}


def _money(words, value, symbol, style):
    number = words.number(value)
    return (number, f"{symbol}{number}", f"{number} {symbol}", f"{symbol} {number}")[style]


def _items(words, count):
    items = []
    for _ in range(count):
        quantity = int(words.pick((1, 1, 1, 2, 3, 5, 10, 12, 24, 100)))
        price = round(float(words.pick((1, 10, 10, 100, 1000))) * float(words.rng.uniform(0.4, 9.9)), 2)
        items.append((words.product(), quantity, price, round(quantity * price, 2)))
    return items


def _facts(words, t):
    """The numbers and dates of an invoice: [(field, label, value)], the number first."""
    facts = [("invoice_number", words.pick(t["number"]), words.code(("", "", "INV-", "RE-", "R", "F", "INV/"))),
             ("invoice_date", words.pick(t["date"]), words.date())]
    if words.chance(0.5):
        facts.append(("due_date", words.pick(t["due"]), words.date()))
    if words.chance(0.45):
        facts.append(("customer_number", words.pick(t["cust"]), words.digits(int(words.rng.integers(4, 8)))))
    if words.chance(0.4):
        facts.append(("order_number", words.pick(t["order"]), words.code(("", "PO-", "A", "B"))))
    head, rest = facts[:1], facts[1:]
    return head + [rest[i] for i in words.rng.permutation(len(rest))] if words.chance(0.5) else facts


def _letterhead(page, vendor, address, layout, m):
    """Name, logo and address of the issuer on top. Returns the y below."""
    words = page.words
    size = float(words.rng.uniform(12, 24))
    if layout == 0:  # logo left, address right
        shift = marks.logo(page, m, 36, size * 1.6, vendor) + 8 if words.chance(0.6) else 0
        page.fit(m + shift, 36, vendor, page.w * .45, size, bold=words.chance(0.7), field="vendor", fill=page.accent,
                 fam=family(page.rng, "display") if words.chance(0.25) else None)
        y = 38
        for line in address + [words.phone(), words.email(vendor)][:int(words.rng.integers(0, 3))]:
            page.text(page.w - m, y, line, 8, align="r")
            y += 10.5
        return max(y, 36 + size * 1.9)
    if layout == 1:  # all on the right
        if words.chance(0.6):
            marks.logo(page, page.w - m - size * 2, 30, size * 1.7, vendor)
        y = 36 + size * 1.9
        page.fit(page.w - m, y, vendor, page.w * .45, size * .8, bold=True, align="r", field="vendor")
        y += size * 1.1
        for line in address + [words.phone()]:
            page.text(page.w - m, y, line, 8.5, align="r")
            y += 11
        return y
    if layout == 2:  # centred
        page.fit(page.w / 2, 34, vendor, page.w * .7, size, bold=True, align="c", field="vendor", fill=page.accent)
        page.text(page.w / 2, 38 + size * 1.2, " · ".join(address + [words.phone()]), 8, align="c")
        if words.chance(0.5):
            page.rule(m, 54 + size * 1.2, page.w - m, 54 + size * 1.2, page.accent)
        return 60 + size * 1.3
    if layout == 3:  # a coloured band
        page.box(0, 0, page.w, 70, page.accent)
        light = (255, 255, 255) if sum(page.accent) < 400 else (0, 0, 0)
        page.fit(m, 22, vendor, page.w * .5, size, bold=True, fill=light, field="vendor")
        page.text(page.w - m, 30, ", ".join(address), 8, align="r", fill=light)
        return 82
    page.fit(m, 36, vendor, page.w * .6, min(size, 14), bold=words.chance(0.8), field="vendor")  # plain
    y = 36 + min(size, 14) * 1.4
    for line in address + [words.phone()] + ([words.tax_id()] if words.chance(0.3) else []):
        page.text(m, y, line, 9)
        y += 11.5
    return y + 4


def _footer(page, vendor, address, t, m):
    words = page.words
    y = page.h - 62
    if words.chance(0.5):
        page.rule(m, y - 5, page.w - m, y - 5, (140, 140, 140))
    columns = [[vendor] + address, [words.phone(), words.email(vendor), "www." + words.slug(vendor) + ".com"],
               [t["bank"], ("IBAN ", words.iban()), words.letters(8)]]
    if words.chance(0.5):
        columns.append([("", words.tax_id()), words.person()])
    step = (page.w - 2 * m) / len(columns)
    for i, column in enumerate(columns):
        for j, line in enumerate(column):
            at = m + i * step
            if isinstance(line, tuple):
                if line[0]:
                    at = page.text(at, y + j * 9, line[0], 6.5) + 1
                page.fit(at, y + j * 9, line[1], step - 20, 6.5, field="iban" if line[0] else "tax_id")
            else:
                page.fit(at, y + j * 9, line, step - 4, 6.5)


def _sums(page, x, right, y, net, rate, t, symbol, style, size):
    """Subtotal, tax and total, right-aligned under the table. Returns the y below."""
    words = page.words
    tax = round(net * rate / 100, 2)
    rows = [("subtotal", words.pick(t["sub"]), net),
            ("tax", words.pick(t["tax"]).format(r=rate), tax)] if rate and words.chance(0.9) else []
    if not rows:
        page.unsure |= {"subtotal", "tax"}
    for field, label, value in rows:
        page.text(x, y, label, size)
        page.text(right, y, _money(words, value, symbol, style), size, align="r", field=field)
        y += size * 1.6
    label = words.pick(t["total"])
    if words.chance(0.4):
        page.rule(x, y - 1, right, y - 1)
    if words.chance(0.15):
        page.box(x - 4, y - 2, right + 3, y + size * 1.6, outline=page.ink)
    page.text(x, y, label, size * 1.1, True)
    page.text(right, y, _money(words, net + tax, symbol, style), size * 1.1, True, align="r", field="total")
    return y + size * 2.4


def _table(page, m, y, items, t, symbol, style, size, bottom):
    """The items. Returns the y below and how many were drawn."""
    words = page.words
    width = page.w - 2 * m
    columns, cells = [], []
    with_pos, with_code, with_tax = words.chance(0.55), words.chance(0.3), words.chance(0.25)
    rest = width - (26 if with_pos else 0) - (58 if with_code else 0) - (34 if with_tax else 0) - 42 - 66 - 72
    if with_pos:
        columns.append((words.pick(t["pos"]), 26, "l"))
    if with_code:
        columns.append((words.pick(("Art.", "SKU", "Code", "Ref.")), 58, "l"))
    quantity_first = words.chance(0.25)
    middle = [(words.pick(t["desc"]), rest, "l"), (words.pick(t["qty"]), 42, words.pick("rc"))]
    columns += middle[::-1] if quantity_first else middle
    columns.append((words.pick(t["price"]), 66, "r"))
    if with_tax:
        columns.append(("%", 34, "r"))
    columns.append((words.pick(t["amount"]), 72, "r"))
    unit = words.pick(("", "", " pcs" if words.lang == "en" else " Stk" if words.lang == "de" else ""))
    start = int(words.pick((1, 1, 1, 10)))
    for i, (name, quantity, price, amount) in enumerate(items):
        line = ([str(start * (i + 1))] if with_pos else []) + ([words.code(("", "A-"))] if with_code else [])
        pair = [name, f"{quantity}{unit}"]
        line += pair[::-1] if quantity_first else pair
        line += [_money(words, price, symbol, 0)] + (["19"] if with_tax else []) + [_money(words, amount, symbol, style)]
        cells.append(line)
    fill = page.words.pick(
        (None, None, page.accent, (225, 225, 225), tuple(int(c) for c in page.rng.integers(190, 250, 3))))
    return page.table(m, y, columns, cells, size, size * float(words.rng.uniform(1.4, 2.4)), bottom=bottom, head_fill=fill)


def invoice(words):
    if words.chance(0.24):
        return later_invoice(words)
    if words.chance(0.16):
        return listing_invoice(words)
    t = INVOICE[words.lang]
    page = Page(words, kind=words.pick(("any", "any", "any", "sans", "mono")))
    m = float(words.rng.uniform(36, 64))
    vendor, address, customer = words.company(), words.address(), words.company() if words.chance(0.7) else words.person()
    layout, symbol, style = int(words.rng.integers(0, 5)), words.currency(), int(words.rng.integers(0, 4))
    y = _letterhead(page, vendor, address, layout, m)
    size = float(words.rng.uniform(8, 10))
    title, facts = words.pick(t["title"]), _facts(words, t)
    arrangement = int(words.rng.integers(0, 4))
    window = page.text(m, y +
                       12, f"{vendor} · {address[0]} · {address[1]}", 6) if words.lang == "de" and words.chance(0.7) else 0
    y += 26 if window else 14
    if arrangement == 0:  # customer left, facts right, title between or above
        if words.chance(0.5):
            page.text(m, y, title, float(words.rng.uniform(14, 26)), True, fill=page.accent)
            y += 36
        below = _customer(page, m, y, customer, t, size)
        fy = y
        for field, label, value in facts:
            page.pair(page.w * .58, fy, label + words.pick((":", "")), value, size, gap=page.w * .19, field=field,
                      bold=words.chance(0.2))
            fy += size * 1.5
        y = max(below, fy) + 20
    elif arrangement == 1:  # customer, then title line with number and date
        y = _customer(page, m, y, customer, t, size) + 34
        page.text(page.w - m, y, f"{words.town()}, ", size, align="r") if words.chance(0.3) else None
        page.pair(m, y, title + " " + words.pick(("", "Nr. ", "No. ", "# ")), facts[0][2], 13, field="invoice_number",
                  bold_label=True, bold=True)
        y += 22
        for field, label, value in facts[1:]:
            page.pair(m, y, label + ":", value, size, field=field)
            y += size * 1.5
        y += 10
    elif arrangement == 2:  # a row of boxes
        y = _customer(page, m, y, customer, t, size) + 16
        page.text(m, y, title, 18, True)
        y += 30
        step = (page.w - 2 * m) / len(facts)
        boxed = words.chance(0.6)
        for i, (field, label, value) in enumerate(facts):
            if boxed:
                page.box(m + i * step, y, m + (i + 1) * step, y + size * 3.2, outline=page.ink)
            page.fit(m + i * step + 4, y + 3, label, step - 6, size * .85, bold=not boxed)
            page.fit(m + i * step + 4, y + 3 + size * 1.3, value, step - 6, size, field=field)
        y += size * 3.2 + 14
    else:  # title right, big; facts under it; customer left
        page.text(page.w - m, y - 4, title, float(words.rng.uniform(18, 30)), True, align="r", fill=page.accent)
        fy = y + 34
        for field, label, value in facts:
            page.text(page.w - m - 95, fy, label + ":", size, align="r")
            page.text(page.w - m, fy, value, size, align="r", field=field)
            fy += size * 1.5
        y = max(_customer(page, m, y + 30, customer, t, size), fy) + 16
    if words.chance(0.3):
        y = page.block(m, y, words.pick(t["terms"]) + " " + words.sentence(), page.w - 2 * m, size) + 8
    items = _items(words, int(words.pick((1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 18))))
    row_limit = page.h - 190
    items = items[:max(1, int((row_limit - y) / (size * 2.5)) - 1)]
    y = _table(page, m, y, items, t, symbol, style, size, page.h - 120) + 10
    net = round(sum(i[3] for i in items), 2)
    rate = int(words.pick((0, 7, 10, 19, 20, 21, 22, 23, 6)))
    y = _sums(page, page.w * .56, page.w - m - 3, y, net, rate, t, symbol, style, size)
    y += 6
    for _ in range(int(words.rng.integers(0, 3))):
        if y < page.h - 110:
            y = page.block(m, y,
                           words.pick(t["terms"]) if words.chance(0.7) else words.sentence(), page.w - 2 * m, size) + 4
    page.unsure |= {"phone", "tax_id", "iban", "city", "street", "email"}
    if words.chance(0.6):
        _footer(page, vendor, address, t, m)
    if words.chance(0.1) and y < page.h - 170:
        marks.signature(page, page.w * .6, y + 10, 110, 40)
    if words.chance(0.1):
        marks.stamp(page, float(words.rng.uniform(m, page.w - 160)), float(words.rng.uniform(page.h * .4, page.h - 180)),
                    110)
    if words.chance(0.12):
        marks.matrix_code(page, m, page.h - 150, 60)
    if words.chance(0.15):
        page.text(page.w - m, page.h - 26, f"{t['page']} 1", 7, align="r")
    return page


def _customer(page, x, y, customer, t, size):
    words = page.words
    label = words.pick(t["to"])
    if label:
        page.text(x, y, label + words.pick((":", "")), size * words.pick((.85, 1)), words.chance(0.5),
                  fill=page.accent if words.chance(0.4) else None)
        y += size * 1.5
    page.text(x, y, customer, size * 1.05, words.chance(0.4), field="customer")
    y += size * 1.35
    for line in ([words.person()] if words.chance(0.2) else []) + words.address():
        page.text(x, y, line, size * 1.05)
        y += size * 1.35
    return y


_PARTS = {  # what an electronic invoice's viewer calls its parts on later pages
    "en": ("Items", "Item no. buyer|Item no. seller|Description|Net price|Quantity|VAT|Line amount", "Payment terms",
           "Due date|Amount|Discount", "Tax breakdown", "VAT %|Taxable amount|Tax amount|Type", "Totals",
           "Sum of line amounts|Allowances|Charges|Total without VAT|VAT|Total with VAT|Prepaid|Amount due", "Remarks",
           "Allowances and charges"),
    "de": (
        "Positionsdaten", "Pos|Art-Nr-Kunde|Art-Nr-Lief.|Beschreibung|Nettopreis|Menge|USt.|Positionsbetrag",
        "Zahlungsbedingungen", "Beschreibung|Fälligkeit|Teilzahlung|Skonto", "Steueraufschlüsselung",
        "Art|USt. %|Basisbetrag|Betrag|Grund", "Belegsummen",
        "Positionssumme|Summe der Zuschläge|Summe der Abschläge|Rechnungssumme ohne USt.|Steuersumme|Bruttosumme|Anzahlungen|Zahlbetrag",
        "Bemerkungen", "Zu- und Abschläge"),
    "fr": ("Lignes", "N°|Référence|Désignation|Prix net|Quantité|TVA|Montant", "Conditions de paiement",
           "Échéance|Montant|Escompte", "Ventilation de la TVA", "Taux|Base|Montant|Catégorie", "Totaux",
           "Total des lignes|Remises|Total HT|TVA|Total TTC|Acompte|Net à payer", "Notes", "Remises et frais"),
    "es": ("Líneas", "Nº|Referencia|Descripción|Precio neto|Cantidad|IVA|Importe", "Condiciones de pago",
           "Vencimiento|Importe|Descuento", "Desglose del IVA", "Tipo|Base|Cuota|Clase", "Totales",
           "Suma de líneas|Descuentos|Base imponible|IVA|Total|Anticipos|A pagar", "Observaciones", "Descuentos y cargos")
}


def _later_listing(words):
    """The later page of an invoice printed from its data: what is left of items, terms, tax and sums, in any order."""
    t, parts = INVOICE[words.lang], _PARTS.get(words.lang, _PARTS["en"])
    page = Page(words, kind=words.pick(("sans", "sans", "mono", "serif")))
    m, size, y = float(words.rng.uniform(30, 56)), float(words.rng.uniform(6.5, 9)), float(words.rng.uniform(24, 50))
    width, symbol = page.w - 2 * m, words.pick(("", "EUR", words.currency()))
    tint = tuple(int(c) for c in page.rng.integers(200, 250, 3)) if words.chance(0.5) else None
    money = lambda: (words.number(float(words.rng.uniform(1, 4000))) + " " + symbol).strip()
    if words.chance(0.3):
        page.fit(m, y, f"{words.pick(t['title'])} {words.code()} {words.date()}", width, 7)
        y += 18
    style = words.pick(("plain", "lines", "zebra", "grid", "booktabs"))

    def heading(text):
        nonlocal y
        page.text(m, y, text, size * 1.15, True, fill=page.accent if words.chance(0.3) else None)
        y += size * 1.9

    def small_table(heads, rows):
        nonlocal y
        wide = [2.4 if h in ("Description", "Beschreibung", "Désignation", "Descripción") else 1 for h in heads]
        columns = [(h, width * w / sum(wide), "l" if i < len(heads) // 2 else "r")
                   for i, (h, w) in enumerate(zip(heads, wide))]
        cells = [[
            words.product() if w > 2 else money() if i >= len(heads) - 2 else words.pick(
                (words.digits(2) + " %", f"{words.rng.integers(1, 60)} Stk", words.code(), "", words.date()))
            for i, w in enumerate(wide)
        ] for _ in range(rows)]
        y = page.table(m, y, columns, cells, size * .92, size * float(words.rng.uniform(1.5, 2.6)), style, head_fill=tint,
                       bottom=page.h - 80) + size * 1.6

    for part in [int(i) for i in words.rng.permutation(5)[:int(words.rng.integers(1, 5))]]:
        if y > page.h - 220:
            break
        if words.chance(0.85):
            heading((parts[0], parts[2], parts[4], parts[6], parts[8])[part])
        if part < 3:
            small_table(parts[2 * part + 1].split("|"), int(words.rng.integers(1, (9, 3, 4)[part])))
        elif part == 3:
            labels = parts[7].split("|")
            left = m + width * float(words.rng.uniform(0, .6))
            for i, label in enumerate(labels[-int(words.rng.integers(3, len(labels) + 1)):]):
                last = label == labels[-1]
                page.text(left, y, label, size, last)
                page.text(page.w - m - 3, y, money(), size, last, align="r")
                y += size * 1.7
            y += size
        else:
            y = page.block(m, y,
                           words.pick(t["terms"]) + " " + words.prose(int(words.rng.integers(1, 4))), width, size) + size
    if words.chance(0.6):
        page.text(page.w - m, page.h - 28, words.pick((f"{t['page']} 2", f"{t['page']} 2 / {words.rng.integers(2, 5)}")), 7,
                  align="r")
    page.unsure |= {
        "total", "subtotal", "tax", "due_date", "invoice_date", "invoice_number", "vendor", "customer", "iban", "tax_id",
        "phone", "order_number", "customer_number"
    }
    return page


def later_invoice(words):
    """Page two: the table goes on, or its sums, or terms and payment only."""
    if words.chance(0.5):
        return _later_listing(words)
    t = INVOICE[words.lang]
    page = Page(words, kind=words.pick(("any", "sans", "sans", "mono")))
    m, size = float(words.rng.uniform(36, 60)), float(words.rng.uniform(8, 10))
    symbol, style = words.currency(), int(words.rng.integers(0, 4))
    y = 30.0
    if words.chance(0.7):
        page.pair(m, y,
                  words.pick(t["title"]) + words.pick((" ", " Nr. ", " No. ")), words.code(("", "INV-", "RE-")), size,
                  field="invoice_number")
        page.text(page.w - m, y, f"{t['page']} 2 / {words.rng.integers(2, 4)}", size, align="r")
        y += 24
    elif words.chance(0.5):
        page.text(m, y, words.company(), 12, True, field="vendor")
        y += 30
    if words.chance(0.3):
        page.pair(m, y, t["carry"], _money(words, float(words.rng.uniform(50, 4000)), symbol, style), size,
                  gap=page.w - 3 * m)
        y += 20
    items = _items(words, int(words.rng.integers(1, 14)))
    if words.chance(0.8):
        y = _table(page, m, y, items, t, symbol, style, size, page.h - 200) + 10
    if words.chance(0.75):
        y = _sums(page, page.w * .55, page.w - m - 3, y, round(sum(i[3] for i in items), 2), int(words.pick(
            (7, 19, 20, 21))), t, symbol, style, size)
    else:
        page.unsure |= {"total", "subtotal", "tax"}
    if words.chance(0.5):
        page.text(m, y + 8, t["bank"], size, True)
        page.pair(m, y + 8 + size * 1.5, "IBAN", words.iban(), size, field="iban")
        y += 44
    for _ in range(int(words.rng.integers(0, 4))):
        y = page.block(m, y,
                       words.pick(t["terms"]) +
                       (" " + words.prose(2) if words.chance(0.5) else ""), page.w - 2 * m, size, bottom=page.h - 60) + 6
    if words.chance(0.5):
        page.text(page.w / 2, page.h - 30, f"{t['page']} 2", 7.5, align="c")
    page.unsure |= {"vendor", "customer", "phone", "tax_id", "iban", "invoice_number", "invoice_date"}
    return page


def listing_invoice(words):
    """An invoice printed from its data: sections of label and value under headings, as viewers of electronic invoices print it."""
    t = INVOICE[words.lang]
    page = Page(words, kind=words.pick(("sans", "sans", "mono")))
    m, size = float(words.rng.uniform(36, 56)), float(words.rng.uniform(7.5, 9.5))
    symbol, facts = words.pick(("EUR", "€", words.currency())), _facts(words, t)
    tint = tuple(int(c) for c in page.rng.integers(205, 250, 3)) if words.chance(0.6) else None
    gap = page.w * float(words.rng.uniform(.2, .35))
    y = 36.0
    end = page.text(m, y, words.pick(t["title"]) + words.pick((" Nr. ", " ", " (380) ")), 13, True)
    page.text(end + 3, y, facts[0][2], 13, True, field="invoice_number")
    y += 30

    def heading(text):
        nonlocal y
        if tint:
            page.box(m, y - 2, page.w - m, y + size * 1.5, tint)
        page.text(m + 2, y, text, size * 1.05, True)
        if not tint and words.chance(0.7):
            page.rule(m, y + size * 1.6, m + page.width(text, size * 1.05, True), y + size * 1.6)
        y += size * 2.3

    for field, label, value in facts[1:] + [(None, words.pick(("Currency", "Währung", "Devise")), symbol)]:
        page.pair(m, y, label, value, size, gap=gap, field=field)
        y += size * 1.55
    parties = [(words.pick(("Seller", "Verkäufer", "Lieferant", "Vendeur")), "vendor", words.company()),
               (words.pick(t["to"]) or "Customer", "customer", words.company())]
    for title, field, name in parties:
        y += size
        heading(title)
        rows = [(field, "Name", name)] + [(None, words.pick(("Street", "Adresse", "Anschrift")), words.street()),
                                          (None, words.pick(("City", "Ort", "PLZ/Ort")), words.city_line())]
        if field == "vendor" and words.chance(0.6):
            rows += [("tax_id", words.pick(("VAT ID", "USt-IdNr.", "Tax ID")), words.tax_id())]
        for f, label, value in rows:
            page.pair(m, y, label, value, size, gap=gap, field=f)
            y += size * 1.5
    y += size
    items = _items(words, int(words.rng.integers(1, 5)))
    if words.chance(0.75):
        heading(words.pick(("Items", "Positionen", "Lines", "Positionsdaten")))
        y = _table(page, m, y, items, t, symbol, 0, size * .95, page.h - 150) + 12
    if words.chance(0.6) and y < page.h - 150:
        heading(words.pick(("Totals", "Summen", "Belegsummen", "Totaux")))
        y = _sums(page, page.w * .5, page.w - m - 4, y, round(sum(i[3] for i in items), 2), int(words.pick((7, 19, 20))), t,
                  symbol, 0, size)
    else:
        page.unsure |= {"total", "subtotal", "tax"}
    page.unsure |= {"city", "street", "phone", "iban", "tax_id"}
    if words.chance(0.6):
        page.text(page.w - m, page.h - 30, f"{t['page']} 1 / {words.rng.integers(1, 4)}", 7, align="r")
    return page
