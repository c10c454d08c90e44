# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of running text: letters, reports and articles."""
from . import marks
from .canvas import Page
from .pagefonts import family

LETTER = {
    "en": dict(
        dear=("Dear {n},", "Dear Mr. {l},", "Dear Ms {l}:", "Dear Sir or Madam,", "To whom it may concern:", "Hello {n},"),
        close=("Yours sincerely,", "Yours faithfully,", "Kind regards,", "Sincerely,", "Best wishes,"),
        subject=("Subject:", "Re:", "RE:", ""), ref=("Our ref:", "Reference:", "Your ref:", "Ref."),
        encl=("Enclosures", "Encl.", "cc:"),
        phrases=("Thank you for your letter of {d}.", "We are writing to inform you about the following.",
                 "Please do not hesitate to contact us if you have any questions.", "We look forward to hearing from you.",
                 "I would like to apply for the position.", "Please find enclosed the documents you asked for.")),
    "de": dict(
        dear=("Sehr geehrte Damen und Herren,", "Sehr geehrter Herr {l},", "Sehr geehrte Frau {l},", "Liebe {n},"),
        close=("Mit freundlichen Grüßen", "Hochachtungsvoll", "Freundliche Grüße", "Viele Grüße"),
        subject=("Betreff:", "", ""), ref=("Unser Zeichen:", "Aktenzeichen:", "Ihr Zeichen:"), encl=("Anlagen", "Anlage"),
        phrases=("vielen Dank für Ihr Schreiben vom {d}.", "hiermit teilen wir Ihnen Folgendes mit.",
                 "Für Rückfragen stehen wir Ihnen gerne zur Verfügung.",
                 "Bitte senden Sie uns die Unterlagen bis zum {d} zurück.", "Wir freuen uns auf Ihre Antwort.")),
    "fr": dict(
        dear=("Madame, Monsieur,", "Monsieur {l},", "Chère Madame,"),
        close=("Veuillez agréer l'expression de mes sentiments distingués.", "Cordialement,",
               "Avec nos meilleures salutations,"), subject=("Objet :", ), ref=("N/Réf. :", "V/Réf. :"), encl=("P.J.", ),
        phrases=("Nous vous remercions de votre courrier du {d}.", "Nous avons le plaisir de vous informer de ce qui suit.",
                 "Nous restons à votre disposition pour tout renseignement.")), "es": dict(
                     dear=("Estimado señor {l}:", "Estimada señora {l}:", "Muy señores míos:"),
                     close=("Atentamente,", "Un cordial saludo,", "Reciba un cordial saludo,"), subject=("Asunto:", ),
                     ref=("Ref.:", "N/Ref.:"), encl=("Anexos", ),
                     phrases=("Le agradecemos su carta del {d}.", "Por la presente le comunicamos lo siguiente.",
                              "Quedamos a su disposición para cualquier consulta.")),
    "it": dict(
        dear=("Egregio Signor {l},", "Gentile Signora {l},", "Spettabile Ditta,"),
        close=("Distinti saluti", "Cordiali saluti"), subject=("Oggetto:", ), ref=("Rif.:", "Prot. n."),
        encl=("Allegati", ),
        phrases=("La ringraziamo per la Sua lettera del {d}.", "Con la presente Le comunichiamo quanto segue.",
                 "Restiamo a disposizione per ogni chiarimento.")), "nl": dict(
                     dear=("Geachte heer {l},", "Geachte mevrouw {l},", "Beste {n},"),
                     close=("Met vriendelijke groet,", "Hoogachtend,"), subject=("Betreft:", "Onderwerp:"),
                     ref=("Ons kenmerk:", "Uw kenmerk:"), encl=("Bijlagen", ),
                     phrases=("Hartelijk dank voor uw brief van {d}.", "Hierbij delen wij u het volgende mee.",
                              "Wij zien uw antwoord graag tegemoet.")), "pt": dict(
                                  dear=("Exmo. Senhor {l},", "Cara {n},", "Exmos. Senhores,"),
                                  close=("Com os melhores cumprimentos,", "Atenciosamente,"), subject=("Assunto:", ),
                                  ref=("Ref.ª:", "N/Ref.:"), encl=("Anexos", ),
                                  phrases=("Agradecemos a sua carta de {d}.", "Vimos por este meio informar o seguinte.",
                                           "Ficamos ao dispor para qualquer esclarecimento."))
}

HEADS = {
    "en": dict(
        contents=("Contents", "Table of Contents"),
        intro=("Introduction", "Summary", "Executive Summary", "Background", "Preface"),
        more=("Methodology", "Findings", "Results", "Recommendations", "Discussion", "Scope", "Overview", "Next steps",
              "Appendix", "Conclusions", "Objectives", "Data sources", "Legal basis", "Implementation", "Sampling",
              "Definitions", "Measures", "Outlook", "Literature review", "Experiments", "Limitations"),
        report=("Annual Report", "Report", "Technical Report", "Final Report", "Progress Report", "Study", "User Guide",
                "White Paper", "Project Documentation"), abstract="Abstract", keywords="Keywords", refs="References",
        figure="Figure", table="Table", chapter="Chapter", source="Source", volume="Vol.", by="By", issue="No."),
    "de": dict(contents=("Inhalt", "Inhaltsverzeichnis"), intro=("Einleitung", "Zusammenfassung", "Vorwort", "Hintergrund"),
               more=("Methodik", "Ergebnisse", "Empfehlungen", "Umfang", "Überblick", "Ausblick", "Anhang"),
               report=("Jahresbericht", "Bericht", "Abschlussbericht", "Studie", "Gutachten", "Handbuch"),
               abstract="Kurzfassung", keywords="Schlagwörter", refs="Literatur", figure="Abbildung", table="Tabelle",
               chapter="Kapitel", source="Quelle", volume="Bd.", by="Von", issue="Nr."),
    "fr": dict(contents=("Sommaire", "Table des matières"), intro=("Introduction", "Résumé", "Avant-propos"),
               more=("Méthode", "Résultats", "Recommandations", "Discussion", "Annexe"),
               report=("Rapport annuel", "Rapport", "Étude", "Rapport final"), abstract="Résumé", keywords="Mots-clés",
               refs="Références", figure="Figure", table="Tableau", chapter="Chapitre", source="Source", volume="Vol.",
               by="Par", issue="N°"),
    "es": dict(contents=("Índice", "Contenido"), intro=("Introducción", "Resumen", "Prólogo"),
               more=("Metodología", "Resultados", "Recomendaciones", "Discusión", "Anexo"),
               report=("Informe anual", "Informe", "Estudio", "Informe final"), abstract="Resumen",
               keywords="Palabras clave", refs="Referencias", figure="Figura", table="Tabla", chapter="Capítulo",
               source="Fuente", volume="Vol.", by="Por", issue="N.º"),
    "it": dict(contents=("Indice", "Sommario"), intro=("Introduzione", "Sintesi", "Premessa"),
               more=("Metodologia", "Risultati", "Raccomandazioni", "Discussione", "Allegato"),
               report=("Relazione annuale", "Rapporto", "Studio", "Relazione finale"), abstract="Sommario",
               keywords="Parole chiave", refs="Bibliografia", figure="Figura", table="Tabella", chapter="Capitolo",
               source="Fonte", volume="Vol.", by="Di", issue="N."),
    "nl": dict(contents=("Inhoud", "Inhoudsopgave"), intro=("Inleiding", "Samenvatting", "Voorwoord"),
               more=("Methode", "Resultaten", "Aanbevelingen", "Discussie", "Bijlage"),
               report=("Jaarverslag", "Rapport", "Onderzoek", "Eindrapport"), abstract="Samenvatting",
               keywords="Trefwoorden", refs="Literatuur", figure="Figuur", table="Tabel", chapter="Hoofdstuk",
               source="Bron", volume="Jrg.", by="Door", issue="Nr."),
    "pt": dict(contents=("Índice", "Sumário"), intro=("Introdução", "Resumo", "Prefácio"),
               more=("Metodologia", "Resultados", "Recomendações", "Discussão", "Anexo"),
               report=("Relatório anual", "Relatório", "Estudo", "Relatório final"), abstract="Resumo",
               keywords="Palavras-chave", refs="Referências", figure="Figura", table="Tabela", chapter="Capítulo",
               source="Fonte", volume="Vol.", by="Por", issue="N.º")
}


def letter(words):
    t = LETTER[words.lang]
    style = words.pick(("business", "business", "business", "typewriter", "private", "memo", "second"))
    page = Page(words, kind={"typewriter": "mono", "private": words.pick(("hand", "script", "serif"))}.get(style, "any"))
    size = float(words.rng.uniform(9.5, 12.5)) * (1.25 if style == "private" else 1)
    m, right = float(words.rng.uniform(56, 90)), page.w - float(words.rng.uniform(50, 90))
    width, company, sender, receiver = right - m, words.company(), words.person(), words.person()
    date, town, y, lead = words.date(), words.town(), 40.0, size * float(words.rng.uniform(1.2, 1.55))
    if style == "second":
        page.text(m, y, words.pick(("Page 2", "- 2 -", receiver, date)), size)
        y += 40
    elif style == "memo":
        page.text(m, y, words.pick(("MEMORANDUM", "Memo", "Aktennotiz", "Note de service")), 18, True)
        y += 40
        for label, value, field in (("To:", receiver, "receiver"), ("From:", sender, "sender"),
                                    ("Date:", date, "letter_date"), ("Subject:", words.title(), "subject")):
            page.pair(m, y, label, value, size, gap=60, field=field, bold_label=True)
            y += lead * 1.2
        page.rule(m, y + 4, right, y + 4)
        y += 24
    else:
        if style == "business" and words.chance(0.8):
            look = int(words.rng.integers(0, 4))
            big = float(words.rng.uniform(12, 22))
            if look == 0:
                used = marks.logo(page, m, 34, big * 1.8, company) if words.chance(0.7) else -8
                page.fit(m + used + 8, 38, company, width * .6, big, bold=True, fill=page.accent)
                y = 44 + big * 1.6
            elif look == 1:
                page.fit(page.w / 2, 32, company, width, big, bold=True, align="c", fill=page.accent)
                page.text(page.w / 2, 36 + big * 1.2, " • ".join(words.address() + [words.phone()]), 8, align="c")
                page.rule(m, 52 + big * 1.2, right, 52 + big * 1.2, page.accent)
                y = 60 + big * 1.2
            elif look == 2:
                marks.logo(page, right - big * 2, 30, big * 1.9, company)
                y = 40 + big * 1.9
                for line in [company, *words.address(), words.phone(), words.email(company)]:
                    page.text(right, y, line, 8, align="r")
                    y += 10
            else:
                page.box(0, 0, page.w, 14, page.accent)
                page.fit(right, 30, company, width * .6, big, align="r", fam=family(page.rng, "display"))
                y = 40 + big * 1.4
            page.unsure.add("vendor")
        else:
            at = right if words.chance(0.5) else m
            for line in [sender, *words.address()]:
                page.text(at, y, line, size, align="r" if at == right else "l", field="sender" if line == sender else None)
                y += lead
        y += float(words.rng.uniform(14, 44))
        if words.lang == "de" and words.chance(0.6):
            page.text(m, y, f"{company} · {words.street()} · {words.city_line()}", 6.5)
            y += 14
        date_first = words.chance(0.4)
        if date_first:
            y = _date(page, m, right, y, size, date, town) + lead
        top = y
        if words.chance(0.85):
            block = ([words.company()] if words.chance(0.4) else []) + [receiver] + words.address()
            for line in block:
                page.text(m, y, line, size, field="receiver" if line == receiver else None)
                y += lead
            if len(block) == 4:
                page.unsure.add("receiver")
        if words.chance(0.35):
            ry = top
            for label in (words.pick(t["ref"]), words.pick(("Tel.", "Phone:", "Fax:"))):
                page.pair(m + width * .62, ry, label,
                          words.code() if ry == top else words.phone(), size * .8, field="reference" if ry == top else None)
                ry += lead
        y += lead * 1.2
        if not date_first and words.chance(0.9):
            y = _date(page, m, right, y, size, date, town) + lead * .8
        if words.chance(0.65) and style != "private":
            label = words.pick(t["subject"])
            at = page.text(m, y, label, size, True) + size * .4 if label else m
            page.fit(at, y, words.title(), right - at, size, bold=True, field="subject")
            y += lead * 2
        page.fit(m, y, words.pick(t["dear"]).format(n=receiver.split()[0], l=receiver.split()[-1]), width, size)
        y += lead * 1.6
    align = words.pick(("l", "l", "j"))
    for number in range(int(words.rng.integers(1, 7))):
        text = (words.pick(t["phrases"]).format(d=words.date()) + " ") if words.chance(0.7) else ""
        if text:
            page.unsure |= {"letter_date"} if "letter_date" not in page.fields else set()
        y = page.block(m, y, text + words.prose(int(words.rng.integers(1, 6))), width, size, lead / size, align=align,
                       bottom=page.h - 190, indent=24 if style == "private" and words.chance(0.5) else 0) + lead * .7
        if words.chance(0.1) and y < page.h - 260:
            for i in range(3):
                page.text(m + 16, y, words.pick(("• ", "- ", f"{i + 1}. ")) + words.title(), size)
                y += lead
            y += lead * .5
        if y > page.h - 220:
            break
    y += lead * .6
    x = words.pick((m, m, m, m + width * .55))
    if style != "memo":
        page.fit(x, y, words.pick(t["close"]), right - x, size)
        y += lead * 1.4
        if words.chance(0.75):
            marks.signature(page, x, y, 110, 34)
        y += 40
        page.text(x, y, sender, size, field="sender" if "sender" not in page.fields else None)
        if words.chance(0.5):
            page.text(
                x, y + lead,
                words.pick(("Managing Director", "Head of Department", "Geschäftsführer", "Director", "Sales Manager",
                            "Secretary")), size)
        if words.chance(0.25) and y + 5 * lead < page.h - 60:
            page.text(m, y + lead * 3, words.pick(t["encl"]), size * .9)
    if style == "business" and words.chance(0.5):
        for i, line in enumerate(
            (", ".join([company] + words.address()), f"{words.phone()} · {words.email(company)} · IBAN {words.iban()}")):
            page.fit(page.w / 2, page.h - 44 + i * 10, line, width, 7, align="c", fill=(110, 110, 110))
        page.unsure |= {"iban"}
    if words.chance(0.1):
        marks.stamp(page, page.w * .55, float(words.rng.uniform(60, 300)), 100)
    if style in ("private", "second"):
        page.unsure |= {"sender", "receiver", "subject"}
    page.unsure |= {"phone", "city", "street", "email"}
    return page


def _date(page, m, right, y, size, date, town):
    words = page.words
    at_right = words.chance(0.5)
    if words.chance(0.4):
        lead = f"{town}, " + {"de": "den ", "fr": "le "}.get(words.lang, "")
        x = right - page.width(lead + date, size) if at_right else m
        x = page.text(x, y, lead.rstrip(), size) + page.width(" ", size)
        page.text(x, y, date, size, field="letter_date")
    else:
        page.text(right if at_right else m, y, date, size, align="r" if at_right else "l", field="letter_date")
    return y + size * 1.3


def number_grid(page, x, y, width, rows, size, columns=None):
    """A small table of words and numbers in running text."""
    words = page.words
    columns = columns or int(words.rng.integers(3, 7))
    first = width * float(words.rng.uniform(.24, .4))
    specs = [(words.column(), first, "l")] + [(words.pick(
        (words.column()[:11], str(2000 + i), f"{words.month()[:3]}", "%")), (width - first) / (columns - 1), "r")
                                              for i in range(columns - 1)]
    scale = words.pick((1, 10, 100, 1000, 100000))
    places = 0 if scale > 100 else int(words.pick((1, 2)))
    cells = [[words.row()] + [words.number(float(v) * scale, places) for v in words.rng.uniform(0, 10, columns - 1)]
             for _ in range(rows)]
    fill = words.pick((None, None, page.accent, (230, 230, 230)))
    return page.table(x, y, specs, cells, size, size * float(words.rng.uniform(1.35, 1.9)), head_fill=fill)


def _flow(page, x, y, width, bottom, size, lead, align, heads, figures=0.12, tables=0.08, indent=0, lists=0.08, number=None,
          head_style=None):
    """Running text down a column: headings, paragraphs, lists, figures, tables. Returns the y below."""
    words, h = page.words, HEADS[page.words.lang]
    section, head = int(number or words.rng.integers(1, 6)), head_style or dict(size=size * 1.2, bold=True)
    numbered = words.chance(0.5)
    while y < bottom - 2.2 * lead:
        roll = words.rng.random()
        if roll < heads and bottom - y > 5 * lead:
            y += lead * .6
            text = (f"{section}.{words.rng.integers(1, 5)} "
                    if numbered else "") + (words.pick(h["more"]) if words.chance(0.3) else words.title(True))
            section += int(words.chance(0.3))
            y = page.block(x, y, text, width, head["size"], 1.2, bold=head["bold"], italic=head.get("italic", False),
                           fill=head.get("fill")) + lead * .4
        elif roll < heads + figures and bottom - y > 110:
            tall = min(float(words.rng.uniform(90, 200)), bottom - y - 20, width * .8)
            inset = float(words.rng.uniform(0, width * .12))
            marks.picture(page, x + inset, y, width - 2 * inset, tall)
            y += tall + 4
            y = page.block(x, y, f"{h['figure']} {words.rng.integers(1, 12)}. {words.sentence()}", width, size * .88, 1.2,
                           italic=words.chance(0.3), align=words.pick("lc"), bottom=bottom) + lead * .6
        elif roll < heads + figures + tables and bottom - y > 100:
            y = page.block(x, y, f"{h['table']} {words.rng.integers(1, 12)}. {words.title()}", width, size * .9, 1.2,
                           bold=words.chance(0.4), bottom=bottom) + 3
            rows = min(int(words.rng.integers(2, 9)), int((bottom - y) / (size * 1.8)) - 2)
            y = number_grid(page, x, y, width, max(1, rows), size * .85,
                            int(words.rng.integers(3, 5)) if width < 280 else None) + lead
        elif roll < heads + figures + tables + lists:
            sign = words.pick(("•", "–", "n", "o"))
            for i in range(int(words.rng.integers(2, 6))):
                if y > bottom - lead:
                    break
                page.text(x + 8, y, f"{i + 1}." if sign == "n" else sign, size)
                y = page.block(x + 22, y, words.sentence(), width - 22, size, lead / size, bottom=bottom)
            y += lead * .5
        else:
            y = page.block(x, y, words.prose(int(words.rng.integers(2, 8))), width, size, lead / size, align=align,
                           bottom=bottom, indent=indent) + (0 if indent else lead * .5)
    return y


def report(words):
    kind = words.pick(("cover", "cover", "contents", "first", "inner", "inner", "inner", "inner", "chapter", "manual"))
    page = Page(words)
    h, m = HEADS[words.lang], float(words.rng.uniform(50, 86))
    size, title = float(words.rng.uniform(9, 12)), words.title()
    lead, width = size * float(words.rng.uniform(1.2, 1.6)), page.w - 2 * m
    page.unsure |= {"report_title", "report_date", "author"} if kind not in ("cover", "first") else set()
    if kind == "cover":
        return _cover(page, h, title, m)
    y = 36.0
    if words.chance(0.6):  # running head
        page.fit(m, y, words.pick((title, words.company(), words.pick(h["report"]))), width * .7, 8, fill=(90, 90, 90))
        if words.chance(0.5):
            page.rule(m, y + 13, page.w - m, y + 13, page.accent)
        y += 28
    if words.chance(0.12):
        page.box(0, 0, float(words.rng.uniform(10, 30)), page.h, page.accent)
    if kind == "contents":
        page.text(m, y, words.pick(h["contents"]), size * 1.8, True, fill=page.accent)
        y += size * 4
        leader, at = words.chance(0.7), int(words.rng.integers(1, 6))
        chapter = 0
        for i in range(int(words.rng.integers(8, 40))):
            if y > page.h - 80:
                break
            sub = i > 0 and words.chance(0.6)
            chapter += 0 if sub else 1
            text = (f"{chapter}.{i} " if sub else f"{chapter} ") + words.title(True)
            end = page.fit(m + (18 if sub else 0), y, text, width * .8, size, bold=not sub)
            page.text(page.w - m, y, str(at), size, align="r")
            if leader and sub:
                page.rule(end + 4, y + size * .95, page.w - m - 18, y + size * .95, dash=2.5)
            at += int(words.rng.integers(0, 5))
            y += lead * 1.1
    else:
        head = dict(size=size * float(words.rng.uniform(1.1, 1.5)), bold=words.chance(0.85),
                    fill=page.accent if words.chance(0.5) else None)
        if kind == "first":
            y = page.block(m, y + 10,
                           words.pick(h["report"]) + ": " + title if words.chance(0.3) else title, width, 20, 1.2,
                           bold=True, fill=page.accent, field="report_title") + 6
            page.unsure |= {"report_title"}
            if words.chance(0.6):
                page.text(m, y, words.person(), size, field="author")
                page.text(page.w - m, y, words.date(), size, align="r", field="report_date")
                y += 24
            else:
                page.unsure |= {"author", "report_date"}
            page.text(m, y, words.pick(h["intro"]), head["size"], True, fill=head["fill"])
            y += lead * 1.6
        elif kind == "chapter":
            y += float(words.rng.uniform(0, 60))
            page.text(m, y, f"{h['chapter']} {words.rng.integers(1, 12)}", size * 1.3, fill=page.accent)
            y = page.block(m, y + size * 2.2, title, width, size * 2, 1.2, bold=True) + 16
        two = kind == "inner" and words.chance(0.12)
        busy = dict(heads=.28, figures=.12, lists=.25) if kind == "manual" else dict(
            heads=.12, figures=float(words.pick((.02, .1, .3))), tables=float(words.pick((.02, .1, .3))))
        align = words.pick(("l", "l", "j"))
        bottom = page.h - float(words.rng.uniform(60, 90)) if words.chance(0.8) else float(
            words.rng.uniform(page.h * .4, page.h - 90))
        if two:
            column = (width - 20) / 2
            _flow(page, m, y, column, bottom, size * .9, lead * .9, align, head_style=head, **busy)
            _flow(page, m + column + 20, y, column, bottom, size * .9, lead * .9, align, head_style=head, **busy)
        else:
            left = m + (width * .22 if words.chance(0.1) else 0)
            _flow(page, left, y, page.w - m - left, bottom, size, lead, align, head_style=head, **busy)
        if words.chance(0.3):
            page.rule(m, page.h - 72, m + 120, page.h - 72)
            page.fit(m, page.h - 68, f"{words.rng.integers(1, 60)} {words.sentence()}", width, 7.5)
    number = str(int(words.rng.integers(1, 180)))
    if words.chance(0.8):
        x, align = words.pick(((page.w / 2, "c"), (page.w - m, "r"), (m, "l")))
        page.text(x, page.h - 40, number, 9, align=align, field="page_number" if kind not in ("contents", ) else None)
        if align == "r" and words.chance(0.4):
            page.fit(m, page.h - 40, words.pick((title, words.company(), "© " + words.company())), width * .7, 7.5)
    else:
        page.unsure.add("page_number")
    page.unsure |= {"phone"}
    return page


def _cover(page, h, title, m):
    words, width = page.words, page.w - 2 * m
    look = int(words.rng.integers(0, 4))
    centre = words.chance(0.4)
    x, align = (page.w / 2, "c") if centre else (m, "l")
    ink = None
    if look == 0:
        page.box(0, 0, page.w, page.h, page.accent)
        ink = (255, 255, 255) if sum(page.accent) < 400 else (0, 0, 0)
    elif look == 1:
        page.paste(marks.photo(page.rng, 120, 100), 0, page.h * .45, page.w, page.h * .95)
    elif look == 2:
        page.box(0, page.h * .2, page.w, page.h * .5, page.accent)
        ink = (255, 255, 255) if sum(page.accent) < 400 else (0, 0, 0)
    company = words.company()
    if words.chance(0.7):
        marks.logo(page, m, 40, 36, company)
    y = page.h * float(words.rng.uniform(.22, .32))
    big = float(words.rng.uniform(22, 34))
    page.text(x, y,
              words.pick(h["report"]) + (f" {words.rng.integers(1998, 2026)}" if words.chance(0.6) else ""), big * .55,
              fill=ink, align=align)
    y = page.block(m, y + big, title, width, big, 1.15, bold=True, fill=ink, align=align, field="report_title",
                   fam=family(page.rng, "display") if words.chance(0.2) else None)
    ink = None if look == 2 and y > page.h * .48 else ink
    if look == 1:
        y = min(y, page.h * .4)
    if words.chance(0.6):
        page.text(x, y + 10, words.title(), 12, italic=True, fill=ink, align=align)
    y = page.h * (.52 if look == 2 else .88 if look == 0 else .4 if look == 1 else .7)
    if look != 1 and words.chance(0.6):
        page.text(x, y, words.person(), 12, fill=ink if look == 0 else None, align=align, field="author")
        y += 20
    if words.chance(0.7):
        page.text(x, y, words.date(), 11, fill=ink if look in (0, ) else None, align=align, field="report_date")
    page.text(x, page.h - 36, company, 11, fill=ink if look == 0 else None, align=align)
    page.unsure |= {"author", "page_number", "phone"}
    return page


def _reference(words, number):
    names = ", ".join(words.initials_name() for _ in range(int(words.rng.integers(1, 4))))
    return f"[{number}] {names}. {words.title()}. {words.title(True)} {words.rng.integers(1, 90)}({words.rng.integers(1, 12)}), {words.rng.integers(1, 400)}–{words.rng.integers(400, 800)}, {words.rng.integers(1970, 2025)}."


def article(words):
    kind = words.pick(("first", "first", "first", "inner", "inner", "refs", "newspaper", "newspaper", "magazine"))
    if kind in ("newspaper", "magazine"):
        return _press(words, kind)
    page = Page(words, kind=words.pick(("serif", "serif", "serif", "sans")))
    h, m = HEADS[words.lang], float(words.rng.uniform(40, 70))
    two = words.chance(
        0.65 if kind == "first" else 0.85)  # without its first page, one column hardly tells a paper from a report
    size = float(words.rng.uniform(8, 10)) if two else float(words.rng.uniform(9.5, 11.5))
    lead, width, y = size * float(words.rng.uniform(1.12, 1.35)), page.w - 2 * m, 34.0
    title = words.title() + (": " + words.title(True) if words.chance(0.5) else "")
    journal = words.pick(
        ("Journal of ", "Annals of ", "Transactions on ", "Archives of ", "Proceedings of ", "Zeitschrift für ",
         "Revue de ")) + words.noun().title() + (" " + words.noun().title() if words.chance(0.5) else "")
    volume = f"{h['volume']} {words.rng.integers(1, 120)} ({words.rng.integers(1985, 2026)}) {words.rng.integers(1, 300)}–{words.rng.integers(300, 900)}"
    number = str(int(words.rng.integers(1, 900)))
    if words.chance(0.7):
        if words.chance(0.5):
            end = page.text(m, y, journal, 8, italic=True, field="journal" if kind == "first" else None)
            page.text(end + 4, y, volume, 8)
        else:
            page.fit(page.w / 2, y, words.pick((volume, title, words.initials_name() + " et al.")), width * .7, 8,
                     align="c")
        page.text(page.w - m, y, number, 8, align="r", field="page_number")
        if words.chance(0.4):
            page.rule(m, y + 12, page.w - m, y + 12)
        y += 26
    page.unsure |= {"journal", "page_number"} | ({"article_title", "author"} if kind != "first" else set())
    if kind == "first":
        if words.chance(0.25):  # the journal's box
            page.box(m, y, page.w - m, y + 52,
                     words.pick(((235, 235, 235), tuple(int(c) for c in page.rng.integers(210, 250, 3)))))
            marks.logo(page, m + 6, y + 6, 38, journal)
            page.fit(page.w / 2, y + 16, journal, width * .6, 16, align="c")
            y += 64
        centre = words.pick("ccl")
        y = page.block(m, y + 8, title, width, float(words.rng.uniform(14, 20)), 1.2, bold=words.chance(0.6), align=centre,
                       field="article_title") + 10
        authors = [words.person() for _ in range(int(words.rng.integers(1, 6)))]
        text = ", ".join(authors)
        y = page.block(m, y, text, width, size * 1.2, 1.3, align=centre, field="author" if len(authors) == 1 else None) + 2
        page.unsure |= {"author"}
        y = page.block(
            m, y,
            f"{words.noun().title()} {words.pick(('University', 'Institute', 'Universität', 'Université', 'Laboratory'))}, {words.town()}. {words.email(words.company())}",
            width, size * .9, 1.2, italic=True, align=centre) + 12
        if words.chance(0.85):
            inset = float(words.pick((0, 30, 50)))
            label = words.pick((h["abstract"], h["abstract"].upper(), h["abstract"] + "."))
            if words.chance(0.4):
                page.rule(m, y - 4, page.w - m, y - 4)
            page.text(page.w / 2 if centre == "c" and inset else m + inset, y, label, size, True,
                      align="c" if centre == "c" and inset else "l")
            y = page.block(m + inset, y + lead, words.prose(int(words.rng.integers(3, 9))), width - 2 * inset, size * .95,
                           1.2, align="j", italic=words.chance(0.15)) + 4
            if words.chance(0.6):
                y = page.block(m + inset, y, h["keywords"] + ": " + ", ".join(words.noun() for _ in range(5)),
                               width - 2 * inset, size * .95) + 4
            if words.chance(0.3):
                page.rule(m, y + 2, page.w - m, y + 2)
            y += 10
        page.unsure |= {"report_title"}
    bottom = page.h - float(words.rng.uniform(44, 64))
    column = (width - 18) / 2 if two else width
    starts = (m, m + column + 18) if two else (m, )
    head = dict(size=size * float(words.pick((1, 1.1, 1.25))), bold=words.chance(0.8), italic=False)
    if kind == "inner" and words.chance(0.4) and two:  # a figure over both columns
        tall = float(words.rng.uniform(120, 220))
        marks.picture(page, m, y, width, tall)
        y = page.block(m, y + tall + 4, f"{h['figure']} {words.rng.integers(1, 9)}. {words.sentence()}", width,
                       size * .88) + 10
    for index, x in enumerate(starts):
        if kind == "first" and index == 0:
            page.text(x, y, words.pick(("1 ", "1. ", "I. ", "")) + words.pick(h["intro"][:1]), head["size"], True)
            _flow(page, x, y + lead * 1.4, column, bottom, size, lead, "j", heads=.06, figures=.04, tables=.02, indent=10,
                  lists=.02, head_style=head)
        elif kind == "refs":
            at = y
            if index == 0:
                if words.chance(0.6):
                    at = _flow(page, x, y, column, y + float(words.rng.uniform(60, 350)), size, lead, "j", heads=.1,
                               figures=0, tables=0, indent=10, head_style=head) + 6
                page.text(x, at, h["refs"], head["size"], True)
                at += lead * 1.6
            n = int(words.rng.integers(1, 30))
            while at < bottom - 3 * lead:
                at = page.block(x, at, _reference(words, n), column, size * .9, 1.2, bottom=bottom) + 2
                n += 1
        else:
            _flow(page, x, y, column, bottom, size, lead, "j", heads=.08, figures=float(words.pick((.03, .1, .2))),
                  tables=.05, indent=10, lists=.03, head_style=head)
    if kind == "first" and words.chance(0.4):
        page.rule(m, page.h - 42, m + 90, page.h - 42)
        page.fit(
            m, page.h - 38, "* " + words.email(words.company()) +
            f"  doi:10.{words.digits(4)}/{words.letters(3).lower()}.{words.digits(5)}", width * .6, 7)
    return page


def _press(words, kind):
    """Newspapers and magazines: narrow columns under headlines, pictures, a masthead at times."""
    page = Page(words, kind=words.pick(("serif", "serif", "sans")), size=words.pick(
        ((595, 842), (595, 860), (612, 792), (595, 780))))
    m, y = float(words.rng.uniform(24, 44)), 24.0
    width = page.w - 2 * m
    columns = int(words.rng.integers(3, 6)) if kind == "newspaper" else int(words.rng.integers(2, 4))
    size = float(words.rng.uniform(7.2, 8.6)) if kind == "newspaper" else float(words.rng.uniform(8.5, 10))
    if kind == "newspaper" and words.chance(0.5):
        name = words.pick(
            ("The {t} Post", "{t} Times", "The Daily {t}", "{t}er Anzeiger", "{t}er Zeitung", "Le Courrier de {t}",
             "El Diario de {t}", "Corriere di {t}", "{t} Courant", "Jornal de {t}")).format(t=words.town())
        page.fit(page.w / 2, y, name, width, float(words.rng.uniform(30, 46)), bold=True, align="c",
                 fam=family(page.rng, words.pick(("serif", "display"))), field="journal")
        y += 58
        page.rule(m, y - 4, page.w - m, y - 4)
        page.text(m, y, f"{words.day()}, {words.date()}", 8)
        page.text(page.w - m, y, words.pick(("No. ", "Nr. ", "N° ")) + words.digits(5), 8, align="r")
        y += 12
        page.rule(m, y, page.w - m, y)
        y += 10
    else:
        page.unsure.add("journal")
        page.text(words.pick((m, page.w - m - 120)), y, words.pick((words.noun().upper(), words.date(), words.title(True))),
                  8)
        y += 18
    if kind == "magazine" and words.chance(0.5):
        tall = float(words.rng.uniform(160, 330))
        page.paste(marks.photo(page.rng, 90, 120), 0 if words.chance(0.5) else m, y,
                   page.w if words.chance(0.5) else page.w - m, y + tall)
        y += tall + 12
    y = page.block(m, y,
                   words.title() + words.pick(("", " " + words.clause())), width * words.pick(
                       (1, .7)), float(words.rng.uniform(20, 34)), 1.08, bold=words.chance(0.8), field="article_title") + 4
    if words.chance(0.5):
        y = page.block(m, y, words.sentence(), width, 11, 1.25, italic=words.chance(0.5)) + 4
    author = words.person()
    if words.chance(0.6):
        at = page.text(m, y, HEADS[words.lang]["by"], 8)
        page.text(at + 3, y, author if words.chance(0.5) else author.upper(), 8, field="author")
        y += 16
    else:
        page.unsure.add("author")
    gap = 11
    column = (width - gap * (columns - 1)) / columns
    rules, split = words.chance(0.4), words.chance(0.5)
    bottom = page.h - 36
    middle = float(words.rng.uniform(y + (bottom - y) * .35, y +
                                     (bottom - y) * .7)) if split and kind == "newspaper" else bottom
    for top, end in ((y, middle), ) if middle == bottom else ((y, middle - 8), (middle + 34, bottom)):
        if top != y:
            page.rule(m, middle, page.w - m, middle)
            page.block(m, middle + 6, words.title(), width, 18, 1.1, bold=True, bottom=middle + 32)
        picture_at = int(words.rng.integers(0, columns * 2))
        for i in range(columns):
            x, at = m + i * (column + gap), top
            if i == picture_at and end - top > 130:
                page.paste(marks.photo(page.rng), x, at, x + column, at + 90)
                at = page.block(x, at + 93, words.sentence(), column, size * .9, 1.15, italic=True) + 5
            _flow(page, x, at, column, end, size, size * 1.2, "j", heads=.04, figures=0, tables=0, lists=0, indent=8)
            if rules and i:
                page.rule(x - gap / 2, top, x - gap / 2, end, (150, 150, 150))
    page.text(words.pick((m, page.w - m - 10)), page.h - 26, str(int(words.rng.integers(2, 90))), 9, field="page_number")
    page.unsure |= {"page_number", "article_title", "author", "journal"}
    return page
