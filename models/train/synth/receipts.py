# SPDX-License-Identifier: GPL-3.0-or-later
"""Receipts: slips of tills and shops, alone or on a larger sheet."""
from . import marks
from .canvas import Page
from .pagefonts import family

RECEIPT = {
    "en": dict(
        kind=("RECEIPT", "CASH RECEIPT", "TAX INVOICE", "CASH BILL", "SALES RECEIPT", "INVOICE", ""),
        no=("Receipt No", "Doc No.", "Bill No", "Trans", "Receipt #"), sub=("Subtotal", "Sub Total", "Total Excl."),
        tax=("GST {r}%", "TAX {r}%", "VAT {r}%"), total=("TOTAL", "Total", "GRAND TOTAL", "Total Amount", "NET TOTAL",
                                                         "Total Incl. GST"), cash=("CASH", "Cash", "Tendered"),
        change=("CHANGE", "Change"), cashier=("Cashier", "Served by", "Operator"), card=("VISA", "MASTERCARD",
                                                                                         "DEBIT CARD"),
        thanks=("THANK YOU", "Thank you, please come again", "GOODS SOLD ARE NOT RETURNABLE", "Have a nice day!",
                "Please keep your receipt")),
    "de": dict(kind=("QUITTUNG", "Kassenbon", "Rechnung", ""), no=("Bon-Nr.", "Beleg", "Kassenbon Nr."),
               sub=("Zwischensumme", "Netto"), tax=("MwSt {r}%", "USt {r}%"),
               total=("SUMME", "Summe EUR", "GESAMT", "zu zahlen"), cash=("BAR", "Gegeben Bar"),
               change=("Rückgeld", "ZURÜCK"), cashier=("Bediener", "Kasse"), card=("EC-Karte", "girocard", "VISA"),
               thanks=("Vielen Dank für Ihren Einkauf", "Auf Wiedersehen", "Danke und bis bald!")),
    "fr": dict(kind=("TICKET", "REÇU", ""), no=("Ticket n°", "Reçu"), sub=("Sous-total", "Total HT"), tax=("TVA {r}%", ),
               total=("TOTAL", "TOTAL TTC", "A PAYER"), cash=("ESPECES", "Espèces"), change=("RENDU", "Rendu monnaie"),
               cashier=("Caisse", "Hôtesse"), card=("CB", "CARTE BANCAIRE"), thanks=("MERCI DE VOTRE VISITE", "A bientôt")),
    "es": dict(kind=("TICKET", "FACTURA SIMPLIFICADA", ""), no=("Ticket nº", "Fra. Simp."), sub=("Subtotal", "Base"),
               tax=("IVA {r}%", ), total=("TOTAL", "TOTAL A PAGAR"), cash=("EFECTIVO", "Entregado"), change=("CAMBIO", ),
               cashier=("Cajero", "Le atendió"), card=("TARJETA", ), thanks=("GRACIAS POR SU VISITA", "Vuelva pronto")),
    "it": dict(kind=("SCONTRINO", "DOCUMENTO COMMERCIALE", ""), no=("Doc. n.", "Scontrino n."), sub=("Subtotale", ),
               tax=("IVA {r}%", "di cui IVA"), total=("TOTALE", "TOTALE COMPLESSIVO", "TOTALE EURO"),
               cash=("CONTANTE", "Contanti"), change=("RESTO", ), cashier=("Cassa", "Operatore"), card=("CARTA", ),
               thanks=("GRAZIE E ARRIVEDERCI", )),
    "nl": dict(kind=("KASSABON", "BON", ""), no=("Bonnr.", "Transactie"), sub=("Subtotaal", ), tax=("BTW {r}%", ),
               total=("TOTAAL", "Te betalen"), cash=("CONTANT", ), change=("WISSELGELD", "Retour"),
               cashier=("Kassa", "Medewerker"), card=("PIN", "Pinbetaling"), thanks=("BEDANKT EN TOT ZIENS", )),
    "pt": dict(kind=("RECIBO", "TALÃO", "Fatura simplificada", ""), no=("Talão n.º", "Doc."), sub=("Subtotal", ),
               tax=("IVA {r}%", ), total=("TOTAL", "TOTAL A PAGAR"), cash=("NUMERÁRIO", "Dinheiro"), change=("TROCO", ),
               cashier=("Operador", "Caixa"), card=("MULTIBANCO", ), thanks=("OBRIGADO PELA VISITA", "Volte sempre"))
}

_DATE = {"en": "Date", "de": "Datum", "fr": "Date", "es": "Fecha", "it": "Data", "nl": "Datum", "pt": "Data"}


def receipt(words):
    if words.chance(0.55):
        words.lang = words.pick((words.lang, "en"))
        words.decimal_comma = words.lang != "en"
    t = RECEIPT[words.lang]
    big = words.chance(0.12)  # a small slip scanned on a large sheet
    count = int(words.pick((1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 14, 20)))
    width = float(words.rng.uniform(200, 330))
    size = width / float(words.rng.uniform(24, 34))
    height = min(width * 3.4, size * 1.45 * (24 + 2.2 * count) + float(words.rng.uniform(10, 80)))
    sheet = (595, 842) if big else (width, height)
    x0, y0 = ((595 - width) * float(words.rng.uniform(.1, .9)), float(words.rng.uniform(10, 140))) if big else (0.0, 0.0)
    if big and height > 820:
        count = 2
    paper = (255, 255, 255) if big or words.chance(0.6) else tuple(int(c) for c in page_tint(words))
    page = Page(words, size=sheet, kind=words.pick(("mono", "mono", "sans", "sans", "condensed")), paper=paper)
    page.ink = words.pick(((0, 0, 0), (30, 30, 30), (70, 70, 75), (90, 90, 110), (80, 50, 110)))
    m = x0 + width * float(words.rng.uniform(.04, .12))
    right, centre, y, step = 2 * x0 + width - m, x0 + width / 2, y0 + float(words.rng.uniform(
        6, 40)), size * float(words.rng.uniform(1.2, 1.5))
    symbol = words.pick((words.currency(), "", ""))
    cap = (lambda s: s.upper()) if words.chance(0.5) else (lambda s: s)
    merchant, width = cap(words.company()), right - m
    if words.chance(0.2):
        marks.logo(page, centre - size * 2, y, size * 4, merchant)
        y += size * 5
    page.fit(centre, y, merchant, width, size * words.pick((1, 1.2, 1.5, 1.9)), bold=words.chance(0.6), align="c",
             field="merchant", fam=family(page.rng, "display") if words.chance(0.25) else None)
    y += size * 2.3
    for line in words.address() + [
            words.phone()
    ] + [words.pick(("GST Reg No: ", "VAT ", "Co. Reg. ", "UID ", "TEL ")) + words.digits(9)] * int(words.chance(0.5)):
        page.fit(centre, y, cap(line), width, size, align="c")
        y += step
    kind = words.pick(t["kind"])
    if kind:
        y += step * .4
        page.text(centre, y, kind, size * 1.15, words.chance(0.6), align="c")
        y += step * 1.3
    dash = words.pick((None, "-", "=", "*", "rule"))

    def divider():
        nonlocal y
        if dash == "rule":
            page.rule(m, y + size * .4, right, y + size * .4, dash=words.pick((0, 3)))
        elif dash:
            page.fit(m, y, dash * 60, width, size, silent=True)
        y += step * .9

    facts = [("receipt_number", words.pick(t["no"]), words.code(("", "CS", "R", "S-"))),
             ("receipt_date", _DATE[words.lang], words.date()),
             ("receipt_time", "", f"{words.rng.integers(7, 23):02d}:{words.rng.integers(0, 60):02d}"),
             (None, words.pick(t["cashier"]), words.first().upper())]
    kept = [facts[i] for i in words.rng.permutation(4) if words.chance(0.8) or i == 1]
    divider()
    twin = words.chance(0.5)
    for i, (field, label, value) in enumerate(kept):
        label = label + words.pick((":", " ", " :")) if label else ""
        if twin and i % 2:
            page.text(right, y - step, value, size, align="r", field=field)
        else:
            at = page.text(m, y, label, size) + (size * .4 if label else 0) if label else m
            page.fit(at, y, value, max(20, right - at - (width * .35 if twin else 0)), size, field=field)
            y += step
    divider()
    total = 0.0
    layout = int(words.rng.integers(0, 3))
    if layout == 2 and words.chance(0.7):
        page.text(m, y, words.pick(("Qty", "Item", "Menge", "Code")), size)
        page.text(m + width * .55, y, words.pick(("Price", "U.Price", "Preis")), size)
        page.text(right, y, words.pick(("Amount", "Total", "Amt(RM)")), size, align="r")
        y += step
    for _ in range(count):
        price, quantity = round(float(words.rng.uniform(.4, words.pick((5, 20, 90)))),
                                2), int(words.pick((1, 1, 1, 1, 2, 3)))
        name, amount = cap(words.grocery()), round(price * quantity, 2)
        total += amount
        if layout == 0:
            page.fit(m, y, name, width * .68, size)
            page.text(right, y,
                      words.number(amount) + words.pick(("", "", " A", " B", " T")) * int(words.chance(0.3)), size,
                      align="r")
        elif layout == 1:
            at = page.text(m, y, f"{quantity} ", size)
            page.fit(max(at, m + size * 1.4), y, name, width * .6, size)
            page.text(right, y, words.number(amount), size, align="r")
        else:
            page.fit(m, y, name, width * .9, size)
            y += step
            page.text(m + size, y, words.digits(int(words.pick((6, 8, 12)))) if words.chance(0.4) else f"{quantity}", size)
            page.text(m + width * .55, y, f"x {words.number(price)}", size)
            page.text(right, y, words.number(amount), size, align="r")
        y += step
    divider()
    total = round(total, 2)
    rate = int(words.pick((0, 0, 6, 7, 10, 19, 21)))
    if rate:
        net = round(total / (1 + rate / 100), 2)
        for field, label, value in (("subtotal", words.pick(t["sub"]), net), ("tax", words.pick(t["tax"]).format(r=rate),
                                                                              total - net)):
            page.text(m + width * words.pick((0, .3)), y, label, size)
            page.text(right, y, words.number(value), size, align="r", field=field)
            y += step
    else:
        page.unsure |= {"subtotal", "tax"}
    grow = words.pick((1, 1, 1.2, 1.5))
    page.text(m, y, words.pick(t["total"]), size * grow, words.chance(0.7))
    page.text(right, y, (symbol + words.pick((" ", "")) if symbol else "") + words.number(total), size * grow,
              words.chance(0.7), align="r", field="total")
    y += step * grow * 1.1
    if words.chance(0.5):
        paid = total if words.chance(0.2) else float(int(total / 10 + 1) * 10)
        for field, label, value in (("cash", words.pick(t["cash"]), paid), ("change", words.pick(t["change"]),
                                                                            paid - total)):
            page.text(m, y, label, size)
            page.text(right, y, words.number(value), size, align="r", field=field)
            y += step
        if paid == total:
            page.unsure.add("total")
    elif words.chance(0.6):
        page.text(m, y, words.pick(t["card"]), size)
        page.text(right, y, words.number(total), size, align="r")
        y += step
        page.text(m, y, f"**** **** **** {words.digits(4)}", size)
        y += step
        page.unsure |= {"cash", "change"}
    divider()
    for i in words.rng.permutation(len(t["thanks"]))[:int(words.rng.integers(1, 4))]:
        page.fit(centre, y, t["thanks"][i], width, size, align="c")
        y += step
    if words.chance(0.3) and y < page.h - 40:
        if words.chance(0.7):
            marks.barcode(page, m + width * .1, y + 4, width * .8, size * 3)
        else:
            marks.matrix_code(page, centre - size * 3, y + 4, size * 6)
    if words.chance(0.12):
        page.text(x0 + width * .2, float(words.rng.uniform(y0 + 5, y)),
                  words.pick((words.first(), words.digits(3), words.number(total))), size * 2, fam=family(page.rng, "hand"),
                  fill=(60, 60, 140), silent=True)
    if words.chance(0.06):
        marks.stamp(page, m, y * .5, width * .4)
    page.unsure |= {"customer", "receipt_number", "phone"} if not any(k[0] == "receipt_number"
                                                                      for k in kept) else {"customer", "phone"}
    if not big and y + size < page.h * .8:  # the paper ends where the print ends
        page.crop_bottom(y + size * float(words.rng.uniform(2, 9)))
    return page


def page_tint(words):
    base = int(words.rng.integers(205, 250))
    return [min(255, base + int(v)) for v in words.rng.integers(-8, 6, 3)]
