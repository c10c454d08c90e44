# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms, pages that are mostly a table, and identity documents of invented issuers."""
import numpy as np

from . import marks
from .canvas import Page
from .pagefonts import family

FORM = {
    "en": dict(
        titles=("Application for Membership", "Registration Form", "Claim Form", "Change of Address",
                "Employment Application", "Patient Information", "Tax Return Declaration", "Questionnaire", "Consent Form",
                "Order Form", "Disclosure of Interests", "Request for Leave"), last_name="Last name",
        first_name="First name", birth_date="Date of birth", phone="Telephone", email="E-mail", street="Street",
        city="City", occupation="Occupation",
        extra=("Nationality", "Marital status", "Postcode", "Employer", "Account no.", "Reason", "Remarks", "Policy number",
               "Department", "Amount", "Gender", "Place of birth"), sign="Signature", date="Date", yes="Yes", no="No",
        use="For official use only", section="Section", form="Form"), "de": dict(
            titles=("Aufnahmeantrag", "Anmeldeformular", "Schadensmeldung", "Änderungsmitteilung", "Personalbogen",
                    "Antrag auf Erstattung", "Fragebogen", "Einwilligungserklärung", "Bestellformular", "Urlaubsantrag"),
            last_name="Nachname", first_name="Vorname", birth_date="Geburtsdatum", phone="Telefon", email="E-Mail",
            street="Straße", city="Ort", occupation="Beruf",
            extra=("Staatsangehörigkeit", "Familienstand", "PLZ", "Arbeitgeber", "Konto", "Grund", "Bemerkungen",
                   "Abteilung", "Geschlecht"), sign="Unterschrift", date="Datum", yes="Ja", no="Nein",
            use="Nur vom Amt auszufüllen", section="Abschnitt", form="Vordruck"),
    "fr": dict(
        titles=("Demande d'adhésion", "Formulaire d'inscription", "Déclaration de sinistre", "Fiche de renseignements",
                "Questionnaire", "Bon de commande"), last_name="Nom", first_name="Prénom", birth_date="Date de naissance",
        phone="Téléphone", email="Courriel", street="Rue", city="Ville", occupation="Profession",
        extra=("Nationalité", "Code postal", "Employeur", "Motif", "Observations", "Sexe"), sign="Signature", date="Date",
        yes="Oui", no="Non", use="Réservé à l'administration", section="Partie", form="Formulaire"), "es": dict(
            titles=("Solicitud de inscripción", "Formulario de registro", "Declaración jurada", "Cuestionario",
                    "Hoja de pedido"), last_name="Apellidos", first_name="Nombre", birth_date="Fecha de nacimiento",
            phone="Teléfono", email="Correo electrónico", street="Calle", city="Ciudad", occupation="Profesión",
            extra=("Nacionalidad", "Código postal", "Empresa", "Motivo", "Observaciones", "Sexo"), sign="Firma",
            date="Fecha", yes="Sí", no="No", use="Espacio reservado", section="Sección", form="Modelo"), "it": dict(
                titles=("Domanda di iscrizione", "Modulo di registrazione", "Dichiarazione", "Questionario",
                        "Modulo d'ordine"), last_name="Cognome", first_name="Nome", birth_date="Data di nascita",
                phone="Telefono", email="E-mail", street="Via", city="Città", occupation="Professione",
                extra=("Nazionalità", "CAP", "Datore di lavoro", "Motivo", "Note", "Sesso"), sign="Firma", date="Data",
                yes="Sì", no="No", use="Riservato all'ufficio", section="Sezione", form="Modulo"),
    "nl": dict(titles=("Aanmeldingsformulier", "Inschrijfformulier", "Schadeformulier", "Vragenlijst", "Bestelformulier"),
               last_name="Achternaam", first_name="Voornaam", birth_date="Geboortedatum", phone="Telefoon", email="E-mail",
               street="Straat", city="Plaats", occupation="Beroep",
               extra=("Nationaliteit", "Postcode", "Werkgever", "Reden", "Opmerkingen", "Geslacht"), sign="Handtekening",
               date="Datum", yes="Ja", no="Nee", use="Niet invullen", section="Deel", form="Formulier"), "pt": dict(
                   titles=("Ficha de inscrição", "Formulário de registo", "Participação de sinistro", "Questionário",
                           "Requerimento"), last_name="Apelido", first_name="Nome próprio", birth_date="Data de nascimento",
                   phone="Telefone", email="E-mail", street="Rua", city="Localidade", occupation="Profissão",
                   extra=("Nacionalidade", "Código postal", "Empresa", "Motivo", "Observações", "Sexo"), sign="Assinatura",
                   date="Data", yes="Sim", no="Não", use="Reservado aos serviços", section="Secção", form="Modelo")
}


def _field_values(words):
    return {
        "last_name": words.last(), "first_name": words.first(), "birth_date": words.date(), "phone": words.phone(),
        "email": words.email(words.company()), "street": words.street(), "city": words.town(),
        "occupation": words.noun().title()
    }


def form(words):
    t = FORM[words.lang]
    page = Page(words, kind=words.pick(("sans", "sans", "sans", "serif", "any")),
                paper=(255, 255, 255) if words.chance(0.8) else tuple(int(c) for c in words.rng.integers(215, 250, 3)))
    m, y = float(words.rng.uniform(34, 64)), float(words.rng.uniform(28, 44))
    width, size = page.w - 2 * m, float(words.rng.uniform(7.5, 10))
    pen = family(page.rng, "hand") if words.chance(0.4) else family(page.rng, words.pick(("mono", "sans")))
    pen_ink = words.pick(((20, 30, 120), (20, 20, 20), (40, 40, 60)))
    filled = 0.0 if words.chance(0.25) else float(words.rng.uniform(.6, 1))
    title = words.pick(t["titles"])
    framed = words.chance(0.25)
    if framed:
        page.box(m - 10, y - 10, page.w - m + 10, page.h - 30, outline=page.ink)
    if words.chance(0.5):
        marks.logo(page, m, y, 30, words.company())
        page.text(page.w - m, y, words.company(), 9, align="r")
        y += 38
    align = words.pick("lc")
    page.fit(page.w / 2 if align == "c" else m, y, title, width, float(words.rng.uniform(14, 20)), bold=True, align=align,
             field="form_title")
    if words.chance(0.5):
        page.pair(page.w - m - 90, 14, t["form"], words.letters(2) + "-" + words.digits(3), 7.5, field="form_number")
    else:
        page.unsure.add("form_number")
    y += 30
    if words.chance(0.5):
        y = page.block(m, y, words.prose(2), width, size * .9) + 6
    look = words.pick(("line", "box", "grid", "comb", "table", "dots"))
    names = ["last_name", "first_name", "birth_date", "street", "city", "phone", "email", "occupation"]
    names = [n for n in names if words.chance(0.8)]
    if words.chance(0.3):
        names = [names[i] for i in words.rng.permutation(len(names))]
    values, used = _field_values(words), set()
    bar = page.accent if words.chance(0.4) else (40, 40, 40) if words.chance(0.3) else (220, 220, 220)
    sections = int(words.rng.integers(1, 5))
    queue = [(n, t[n]) for n in names]
    extras = [t["extra"][i] for i in words.rng.permutation(len(t["extra"]))[:int(words.rng.integers(1, 8))]]
    queue += [(None, e) for e in extras]
    per = max(2, -(-len(queue) // sections))
    row = size * float(words.rng.uniform(2.4, 3.3))
    for section in range(sections):
        part, queue = queue[:per], queue[per:]
        if y > page.h - 170:
            break
        if sections > 1 or words.chance(0.5):
            page.box(m, y, page.w - m, y + size * 1.7, bar)
            page.text(m + 4, y + size * .2,
                      words.pick((f"{section + 1}. ", f"{t['section']} {'ABCDE'[section]} – ", "")) + words.title(True),
                      size, True, fill=(255, 255, 255) if sum(bar) < 380 else None)
            y += size * 2.4
        columns = int(words.pick((1, 2, 2))) if look != "table" else 1
        cell = width / columns
        for i, (name, label) in enumerate(part):
            if i and i % columns == 0:
                y += row
            if y > page.h - 150:
                break
            x = m + (i % columns) * cell
            fill = name and words.chance(filled) or (not name and words.chance(filled * .6))
            value = values[name] if name else words.pick((words.noun(), words.digits(5), words.town(), words.date()))
            _entry(page, x, y, cell - (0 if look in ("grid", "table") else 10), row, label, value if fill else "", look,
                   size, pen, pen_ink, name if fill else None)
            if name and not fill:
                used.add(name)  # the label is there, the value is not: "not stated" is right
        y += row * 1.15
        if words.chance(0.6) and y < page.h - 170:
            for _ in range(int(words.rng.integers(1, 6))):
                if y > page.h - 150:
                    break
                end = m
                page.fit(m, y, words.clause().capitalize() + "?", width * .65, size)
                at = m + width * .7
                choice = int(words.rng.integers(0, 3))
                for k, word in enumerate((t["yes"], t["no"])):
                    marks.checkbox(page, at, y + 1, size * .95, filled > 0 and choice == k)
                    end = page.text(at + size * 1.3, y, word, size)
                    at = end + 14
                y += size * 1.7
            y += 6
    if words.chance(0.35) and y < page.h - 210:
        label = words.pick(t["extra"])
        page.text(m, y, label, size)
        page.box(m, y + size * 1.4, page.w - m, y + 70, outline=page.ink)
        if filled and words.chance(0.6):
            page.block(m + 4, y + size * 1.6, words.sentence(), width - 10, size * 1.2, fam=pen, fill=pen_ink,
                       bottom=y + 70)
        y += 82
    if words.chance(0.7):
        y = max(y + 16, page.h - float(words.rng.uniform(90, 130)))
        for i, (label, share) in enumerate(((t["date"], 0), (t["sign"], .45))):
            x = m + width * share
            page.rule(x, y, x + width * (.3 if i == 0 else .5), y)
            page.text(x, y + 2, label, size * .85)
        if filled:
            page.text(m + 4, y - size * 1.6, words.date(), size * 1.2, fam=pen, fill=pen_ink)
            marks.signature(page, m + width * .5, y - 30, 100, 30)
    if words.chance(0.3):
        page.box(page.w - m - 150, page.h - 64, page.w - m, page.h - 34, (235, 235, 235), page.ink)
        page.fit(page.w - m - 146, page.h - 62, t["use"], 140, 7)
    if words.chance(0.1):
        marks.barcode(page, page.w - m - 110, 24, 110, 22)
    page.unsure |= {"customer", "receiver", "title"}
    return page


def _entry(page, x, y, width, row, label, value, look, size, pen, ink, field):
    words = page.words
    if look in ("box", "grid"):
        page.box(x, y, x + width, y + row * (1 if look == "grid" else .88), outline=page.ink)
        page.fit(x + 3, y + 1, label, width - 6, size * .8)
        page.fit(x + 5, y + size * 1.05, value, width - 10, size * 1.15, fam=pen, fill=ink, field=field)
        page.name(label, value)
    elif look == "table":
        page.box(x, y, x + width * .35, y + row, (238, 238, 238), page.ink)
        page.box(x + width * .35, y, x + width, y + row, outline=page.ink)
        page.fit(x + 4, y + row / 2 - size * .6, label, width * .33, size)
        page.fit(x + width * .37, y + row / 2 - size * .7, value, width * .6, size * 1.15, fam=pen, fill=ink, field=field)
        page.name(label, value)
    elif look == "comb":
        page.fit(x, y, label, width, size * .8)
        cell = size * 1.25
        cells = max(4, int((width - 4) / cell))
        for i in range(cells):
            page.box(x + i * cell, y + size * 1.1, x + (i + 1) * cell, y + size * 2.5, outline=(120, 120, 120))
        if value:
            fits = value[:cells]
            for i, letter in enumerate(fits):
                page.text(x + (i + .5) * cell, y + size * 1.2, letter, size, fam=pen, fill=ink, align="c", silent=True)
            face = (x * page.scale, (y + size * 1.2) * page.scale, (x + len(fits) * cell) * page.scale,
                    (y + size * 2.4) * page.scale)
            page.runs.append((fits, face))
            if field and fits == value:
                page.fields[field] = (value, face)
            elif field:
                page.unsure.add(field)
    else:
        end = page.text(x, y + row * .3, label + words.pick((":", "")), size)
        at = max(end + 5, x + width * .28)
        page.rule(at, y + row * .3 + size * 1.25, x + width, y + row * .3 + size * 1.25, dash=2 if look == "dots" else 0)
        page.fit(at + 4, y + row * .3 - size * .2, value, max(20, x + width - at - 6), size * 1.2, fam=pen, fill=ink,
                 field=field)
        page.name(label, value)


def table(words):
    kind = words.pick(("statistics", "statistics", "statistics", "price_list", "ledger", "timetable", "names", "schedule",
                       "several", "matrix"))
    wide = words.chance(0.3)
    page = Page(words, size=(842, 595) if wide else None, kind=words.pick(("sans", "sans", "serif", "any", "condensed")))
    m, y = float(words.rng.uniform(24, 60)), float(words.rng.uniform(24, 60))
    width, size = page.w - 2 * m, float(words.rng.uniform(6, 9.5))
    if words.chance(0.85):
        prefix = words.pick(
            ("", "", f"{words.pick(('Table', 'Tabelle', 'Tableau', 'Tabla', 'Tabella'))} {words.rng.integers(1, 30)}. "))
        align = words.pick("lc")
        x, title = (page.w / 2 if align == "c" else m), words.table_title()
        if prefix:
            page.text(x, y, prefix.strip(), size * 1.4, True, align=align)
            y += size * 2
        page.fit(x, y, title, width, size * float(words.rng.uniform(1.3, 2)), bold=words.chance(0.8), align=align,
                 field="table_title")
        y += size * 2.8
        if words.chance(0.3):
            page.text(x, y, words.pick((words.date(), words.company(), f"(in 1 000 {words.currency()})")), size,
                      align=align, italic=True)
            y += size * 2
    else:
        page.unsure.add("table_title")
    if words.chance(0.25):
        y = page.block(m, y, words.prose(int(words.rng.integers(1, 4))), width, size * 1.1, 1.3) + 8
    row = size * float(words.rng.uniform(1.25, 2.1))
    bottom = page.h - float(words.rng.uniform(36, 80))
    if words.chance(0.2):
        bottom = y + (bottom - y) * float(words.rng.uniform(.35, .9))
    number = lambda scale=100.0, places=1: words.number(float(words.rng.uniform(0, scale)), places)
    fill = words.pick((None, None, None, page.accent, (225, 225, 225), (60, 60, 60),
                       tuple(int(c) for c in page.rng.integers(170, 250, 3))))
    style = words.pick(("plain", "lines", "grid", "grid", "frame", "zebra", "booktabs", "dotted"))
    parts = int(words.rng.integers(2, 5)) if kind == "several" else 1
    part_bottom = bottom
    for part in range(parts):
        if parts > 1:
            part_bottom = y + (bottom - y) / (parts - part) - size * 3
            page.text(m, y, words.title(True), size * 1.15, True)
            y += size * 1.9
        count = max(2, int((part_bottom - y) / row) - 1)
        columns, rows = _contents(words, kind, width, count, number)
        y = page.table(m, y, columns, rows, size, row, style, bottom=part_bottom + 1, head_fill=fill, bold_last=kind in
                       ("ledger", "statistics") and words.chance(0.4), header=words.chance(0.93)) + size * 2
    if words.chance(0.4) and y < page.h - 40:
        page.block(m, y - size, words.pick(("Source: ", "Note: ", "Quelle: ", "* ")) + words.sentence(), width, size * .9)
    if words.chance(0.4):
        page.text(words.pick((page.w / 2, page.w - m)), page.h - 24, str(int(words.rng.integers(1, 400))), 8, align="r")
    page.unsure |= {"title", "total", "page_number", "invoice_date", "vendor", "customer"
                    } | ({"table_title"} if kind == "several" else set())
    return page


def _contents(words, kind, width, count, number):
    """Columns and rows of a table of the kind."""
    rng = words.rng
    if kind in ("statistics", "several"):
        n = int(rng.integers(3, 10))
        first = width * float(rng.uniform(.18, .4))
        years = words.chance(0.4)
        columns = [(words.column() if words.chance(0.7) else "", first, "l")
                   ] + [(str(1995 + i) if years else words.column()[:12], (width - first) / (n - 1), words.pick("rrrc"))
                        for i in range(n - 1)]
        scales = [float(words.pick((1, 10, 100, 1000, 100000))) for _ in range(n - 1)]
        missing = words.pick(("", "-", "..", "n/a"))
        return columns, [[words.row()] +
                         [missing if words.chance(0.06) else number(s, 0 if s > 100 else 1) for s in scales]
                         for _ in range(count)]
    if kind == "price_list":
        columns = [("Code", width * .15, "l"),
                   (words.pick(("Description", "Artikel", "Article", "Producto")), width * .5, "l"),
                   (words.pick(("Unit", "VE", "Pack")), width * .12, "c"),
                   (words.pick(("Price", "Preis", "Prix", "Precio")), width * .23, "r")]
        symbol = words.currency()
        return columns, [[
            words.code(("", )),
            words.product(),
            words.pick(("1", "10", "Box", "kg", "m")), f"{symbol} {words.number(float(rng.uniform(.5, 900)))}"
        ] for _ in range(count)]
    if kind == "ledger":
        columns = [(words.pick(("Date", "Datum", "Fecha")), width * .14, "l"),
                   (words.pick(("Text", "Description", "Buchungstext")), width * .4, "l"),
                   (words.pick(("Debit", "Soll")), width * .15, "r"), (words.pick(("Credit", "Haben")), width * .15, "r"),
                   (words.pick(("Balance", "Saldo")), width * .16, "r")]
        rows, balance = [], float(rng.uniform(100, 9000))
        for _ in range(count):
            change = float(rng.uniform(-900, 900))
            balance += change
            rows.append([
                words.date(),
                words.title(True),
                words.number(-change) if change < 0 else "",
                words.number(change) if change > 0 else "",
                words.number(balance)
            ])
        return columns, rows
    if kind == "timetable":
        n = int(rng.integers(4, 13))
        columns = [(words.pick(("Station", "Stop", "Haltestelle", "Gare")), width * .24, "l")
                   ] + [(str(int(rng.integers(100, 999))), width * .76 / n, "c") for _ in range(n)]
        starts, rows = [int(rng.integers(300, 1100)) for _ in range(n)], []
        for r in range(count):
            rows.append(
                [words.town()] +
                ["|" if words.chance(0.05) else f"{(s + r * 4) // 60 % 24:02d}:{(s + r * 4) % 60:02d}" for s in starts])
        return columns, rows
    if kind == "names":
        n = int(rng.integers(2, 5))
        columns = [("#", width * .07, "r"), (words.pick(("Name", "Nom", "Nombre")), width * .31, "l")] + [(words.pick(
            ("Place", "Region", "Party", "Team", "Grade", "Vote")), width * .62 / n, words.pick("lc")) for _ in range(n)]
        makers = [
            words.pick((words.town, words.noun, lambda: words.digits(2), lambda: words.pick(
                ("Yes", "No", "-")), words.date)) for _ in range(n)
        ]
        return columns, [[str(i + 1), words.person()] + [make() for make in makers] for i in range(count)]
    if kind == "schedule":
        n = int(rng.integers(4, 8))
        columns = [("", width * .13, "l")] + [(words.day().title()[:9], width * .87 / n, "c") for _ in range(n)]
        return columns, [[f"{8 + i // 2:02d}:{30 * (i % 2):02d}"] +
                         [words.noun() if words.chance(0.5) else "" for _ in range(n)] for i in range(count)]
    n = int(rng.integers(5, 12))
    columns = [("", width * .3, "l")] + [("ABCDEFGHIKLM"[i], width * .7 / n, "c") for i in range(n)]
    return columns, [[words.title(True)] + [words.pick(("x", "", "", "+", "•", "1")) for _ in range(n)]
                     for _ in range(count)]


IDENTITY = {
    "en": dict(
        kinds=("IDENTITY CARD", "DRIVING LICENCE", "DRIVER LICENSE", "PASSPORT", "RESIDENCE PERMIT", "STUDENT CARD",
               "HEALTH INSURANCE CARD", "EMPLOYEE CARD"), last_name="Surname", first_name="Given names",
        birth_date="Date of birth", nationality="Nationality", document_number="Document No.", expiry_date="Date of expiry",
        issue="Date of issue", place="Place of birth", sex="Sex", height="Height", authority="Authority"), "de": dict(
            kinds=("PERSONALAUSWEIS", "FÜHRERSCHEIN", "REISEPASS", "AUFENTHALTSTITEL", "STUDENTENAUSWEIS", "DIENSTAUSWEIS"),
            last_name="Name", first_name="Vornamen", birth_date="Geburtsdatum", nationality="Staatsangehörigkeit",
            document_number="Ausweis-Nr.", expiry_date="Gültig bis", issue="Ausstellungsdatum", place="Geburtsort",
            sex="Geschlecht", height="Größe", authority="Behörde"),
    "fr": dict(kinds=("CARTE D'IDENTITÉ", "PERMIS DE CONDUIRE", "PASSEPORT", "CARTE D'ÉTUDIANT"), last_name="Nom",
               first_name="Prénoms", birth_date="Date de naissance", nationality="Nationalité",
               document_number="N° du document", expiry_date="Date d'expiration", issue="Date de délivrance",
               place="Lieu de naissance", sex="Sexe", height="Taille", authority="Autorité"),
    "es": dict(kinds=("DOCUMENTO DE IDENTIDAD", "PERMISO DE CONDUCCIÓN", "PASAPORTE"), last_name="Apellidos",
               first_name="Nombre", birth_date="Fecha de nacimiento", nationality="Nacionalidad",
               document_number="Núm. documento", expiry_date="Válido hasta", issue="Emisión", place="Lugar de nacimiento",
               sex="Sexo", height="Estatura", authority="Autoridad"),
    "it": dict(kinds=("CARTA D'IDENTITÀ", "PATENTE DI GUIDA", "PASSAPORTO", "TESSERA SANITARIA"), last_name="Cognome",
               first_name="Nome", birth_date="Data di nascita", nationality="Cittadinanza", document_number="N. documento",
               expiry_date="Scadenza", issue="Emissione", place="Luogo di nascita", sex="Sesso", height="Statura",
               authority="Autorità"), "nl": dict(kinds=("IDENTITEITSKAART", "RIJBEWIJS", "PASPOORT"), last_name="Naam",
                                                 first_name="Voornamen", birth_date="Geboortedatum",
                                                 nationality="Nationaliteit", document_number="Documentnummer",
                                                 expiry_date="Geldig tot", issue="Afgiftedatum", place="Geboorteplaats",
                                                 sex="Geslacht", height="Lengte", authority="Autoriteit"),
    "pt": dict(kinds=("CARTÃO DE CIDADÃO", "CARTA DE CONDUÇÃO", "PASSAPORTE"), last_name="Apelidos", first_name="Nomes",
               birth_date="Data de nascimento", nationality="Nacionalidade", document_number="N.º documento",
               expiry_date="Validade", issue="Emissão", place="Naturalidade", sex="Sexo", height="Altura",
               authority="Autoridade")
}
_STATES = ("ARDENIA", "NORTHMARK", "VELORIA", "TERRANOVA", "KALDONIA", "SAN MARRO", "ESTERLAND", "BORVIA", "UTRAVIA",
           "LORENNE", "OCEANA", "STATE OF WESTMORE")


def identity_document(words):
    """A card alone, a passport's page, or a card (both sides) copied on a sheet."""
    t = IDENTITY[words.lang]
    kind = words.pick(("card", "card", "card", "passport", "passport", "sheet", "sheet"))
    if kind == "card":
        margin = float(words.pick((0, 0, 20, 60)))
        page = Page(words, size=(486 + 2 * margin, 306 + 2 * margin), kind=words.pick(("sans", "sans", "condensed")))
        _desk(page, margin)
        _card(page, t, margin, margin, 486, 306)
    elif kind == "passport":
        margin = float(words.pick((0, 0, 30)))
        both = words.chance(0.4)
        page = Page(words, size=(354 * 1.4 + 2 * margin, (249 * (2 if both else 1)) * 1.4 + 2 * margin), kind="sans")
        _desk(page, margin)
        top = margin
        if both:
            _ground(page, margin, top, 495, 348)
            for i in range(6):
                page.fit(margin + 247, top + 60 + i * 26, words.caps(words.title()), 420, 13, align="c")
            top += 348
        _passport(page, t, margin, top, 495, 348)
    else:
        page = Page(words, kind="sans")
        w = float(words.rng.uniform(230, 330))
        x, y = float(words.rng.uniform(40, page.w - w - 30)), float(words.rng.uniform(40, 140))
        if words.chance(0.25):
            page.text(60, 24, words.pick(("Copy of identity document", "Ausweiskopie", "Copie", words.title())), 12, True)
        _card(page, t, x, y, w, w * .63)
        if words.chance(0.7):
            _back(page, x, y + w * .63 + float(words.rng.uniform(20, 120)), w, w * .63)
    page.unsure |= {"city", "street", "customer", "receiver", "phone"}
    return page


def _desk(page, margin):
    if margin:
        base = tuple(int(c) for c in page.rng.integers(40, 230, 3))
        page.box(0, 0, page.w, page.h, base)
        if page.words.chance(0.5):
            page.paste(marks.photo(page.rng, 20, 30), 0, 0, page.w, page.h)


def _ground(page, x, y, w, h):
    """The tinted, patterned ground of a card."""
    rng = page.rng
    a = tuple(int(c) for c in rng.integers(195, 250, 3))
    page.box(x, y, x + w, y + h, a, (150, 150, 150), radius=w * .03)
    tint = tuple(max(0, c - int(rng.integers(10, 35))) for c in a)
    t = np.linspace(0, 1, 40)
    for k in range(int(rng.integers(4, 16))):
        phase, amp = k * float(rng.uniform(.2, .6)), h * float(rng.uniform(.05, .3))
        ys = y + h * .5 + amp * np.sin(t * 9 + phase) + (k - 6) * h * .05
        page.curve(list(zip(x + 4 + t * (w - 8), np.clip(ys, y + 3, y + h - 3))), tint)
    if page.words.chance(0.4):
        page.ellipse(x + w * .6, y + h * .3, x + w * .85, y + h * .8, outline=tint, width=3)


def _values(words):
    last, first = words.last().upper(), words.first().upper() + (" " + words.first().upper() if words.chance(0.3) else "")
    state = words.pick(_STATES)
    return dict(
        last_name=last, first_name=first, birth_date=words.date(), nationality=words.pick((state, state[:3])),
        document_number=words.pick((words.letters(1) + words.digits(8), words.digits(9), words.letters(2) + words.digits(7),
                                    words.letters(1) + words.digits(2) + words.letters(2) + words.digits(4))),
        expiry_date=words.date()), state


def _fields(page, t, values, x, y, w, bottom, size, names, stacked, numbered):
    words = page.words
    for i, name in enumerate(names):
        value = values.get(name) or {
            "issue": words.date(), "place": words.town().upper(), "sex": words.pick("MF"),
            "height": f"{words.rng.integers(150, 199)} cm", "authority": words.town().upper()
        }[name]
        if y > bottom - size * 2:
            page.unsure.add(name)
            continue
        field = name if name in values else None
        if stacked:
            page.fit(x, y, (f"{i + 1}. " if numbered else "") + t[name], w, size * .62, fill=(80, 80, 110))
            page.fit(x, y + size * .75, value, w, size, bold=True, field=field)
            y += size * 2.15
        else:
            end = page.text(x, y, f"{i + 1}." if numbered else t[name], size * (.8 if numbered else .7), fill=(80, 80, 110))
            at = end + size * .5 if numbered else max(end + 5, x + w * .42)
            page.fit(at, y - size * .1, value, max(30, x + w - at), size, bold=True, field=field)
            y += size * 1.5
            if numbered:
                page.unsure.add(name)
    return y


def _card(page, t, x, y, w, h):
    words = page.words
    _ground(page, x, y, w, h)
    values, state = _values(words)
    u = h / 306
    band = words.chance(0.4)
    if band:
        page.box(x, y, x + w, y + 44 * u, page.accent, radius=w * .03)
    light = (255, 255, 255) if band and sum(page.accent) < 400 else None
    page.fit(x + 16 * u, y + 10 * u, state, w * .45, 16 * u, bold=True, fill=light)
    page.fit(x + w - 16 * u, y + 12 * u, words.pick(t["kinds"]), w * .45, 14 * u, bold=words.chance(0.6), fill=light,
             align="r")
    left_photo = words.chance(0.75)
    px = x + 16 * u if left_photo else x + w - 130 * u
    page.paste(marks.portrait(page.rng), px, y + 64 * u, px + 112 * u, y + 206 * u)
    tx = x + 146 * u if left_photo else x + 18 * u
    names = [
        "last_name", "first_name", "birth_date", "nationality", "document_number", "expiry_date", "sex", "issue", "place",
        "height"
    ]
    names = names[:int(words.rng.integers(5, 11))]
    if words.chance(0.4):
        names = [names[i] for i in words.rng.permutation(len(names))]
    stacked, numbered = words.chance(0.55), words.chance(0.2)
    size = float(words.rng.uniform(12, 15)) * u
    if stacked and len(names) > 5:
        half = -(-len(names) // 2)
        column = (w - 170 * u) / 2
        _fields(page, t, values, tx, y + 58 * u, column - 6, y + h - 30 * u, size, names[:half], True, False)
        _fields(page, t, values, tx + column, y + 58 * u, column - 6, y + h - 30 * u, size, names[half:], True, False)
    else:
        _fields(page, t, values, tx, y + 58 * u, w - 170 * u, y + h - 30 * u, size, names, stacked, numbered)
    if words.chance(0.4):
        page.box(x + w - 70 * u, y + h - 96 * u, x + w - 22 * u, y + h - 58 * u, (214, 180, 90), (150, 120, 50),
                 radius=5 * u)
    if words.chance(0.6):
        marks.signature(page, px, y + 216 * u, 110 * u, 36 * u)
    if words.chance(0.2):
        marks.barcode(page, x + w * .35, y + h - 36 * u, w * .4, 24 * u)


def _mrz(words, wide, lines):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    first = words.pick(
        ("P<", "I<", "ID")) + words.letters(3) + words.last().upper().replace("'", "") + "<<" + words.first().upper()
    plain = first.encode("ascii", "ignore").decode()
    rows = [plain] + ["".join(alphabet[i] for i in words.rng.integers(0, 36, int(wide * .65))) for _ in range(lines - 1)]
    return [(row + "<" * wide)[:wide] for row in rows]


def _machine_zone(page, x, y, w, wide, lines):
    fam = family(page.rng, "ocr" if page.words.chance(0.7) else "mono")
    size = 10.0
    size *= w / page.width("<" * wide, size, fam=fam)
    for row in _mrz(page.words, wide, lines):
        page.text(x, y, row, size, fam=fam)
        y += size * 1.55


def _passport(page, t, x, y, w, h):
    words = page.words
    _ground(page, x, y, w, h)
    values, state = _values(words)
    page.fit(x + 20, y + 10, words.pick([k for k in t["kinds"] if k.startswith(("PAS", "REISE"))] or ["PASSPORT"]), 150, 15,
             bold=True)
    page.fit(x + 180, y + 12, state, 180, 13)
    page.paste(marks.portrait(page.rng), x + 20, y + 48, x + 140, y + 205)
    page.text(x + w - 110, y + 12, values["document_number"], 13, True, field="document_number")
    values.pop("document_number")
    names = ["last_name", "first_name", "nationality", "birth_date", "sex", "place", "issue", "expiry_date", "authority"]
    _fields(page, t, values, x + 160, y + 40, (w - 175) * .55, y + h - 80, 12, names[:6], True, False)
    _fields(page, t, values, x + 160 + (w - 175) * .58, y + 40 + (float(words.rng.uniform(0, 50))), (w - 175) * .42,
            y + h - 80, 12, names[6:], True, False)
    page.box(x + 2, y + h - 62, x + w - 2, y + h - 4, tuple(int(c) for c in page.rng.integers(235, 255, 3)))
    _machine_zone(page, x + 18, y + h - 54, w - 36, 44, 2)
    if words.chance(0.5):
        marks.signature(page, x + 24, y + 212, 110, 36)


def _back(page, x, y, w, h):
    words = page.words
    _ground(page, x, y, w, h)
    for i, line in enumerate([words.street(), words.city_line(), words.title()][:int(words.rng.integers(1, 4))]):
        page.fit(x + w * .06, y + h * (.1 + .1 * i), line, w * .6, h * .06)
    if words.chance(0.7):
        _machine_zone(page, x + w * .05, y + h * .64, w * .9, 30, 3)
    else:
        marks.barcode(page, x + w * .1, y + h * .6, w * .8, h * .22)
