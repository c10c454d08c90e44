# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions about the fields of a page, in several wordings, and those that the page does not answer."""
import numpy as np

from .sample import NOT_STATED, Task, place

MOST = 6            # questions about what a page states
LONGEST_VALUE = 80  # characters of a value that is asked for by its label
# a question that names the label as it is printed
BY_LABEL = ("What is the {}?", "{}?", "{}", "Which {} is given?", "What does it say for {}?", "Give the {}.", "Value of {}?")

# field: wordings, English first and most, since most users ask in English
WORDINGS = {
    "invoice_number": ("What is the invoice number?", "Which number does the invoice have?", "Invoice number?",
                       "Give the number of this invoice.", "Find the invoice no.", "Wie lautet die Rechnungsnummer?",
                       "Quel est le numéro de facture ?", "¿Cuál es el número de factura?",
                       "Qual è il numero della fattura?", "Wat is het factuurnummer?", "Qual é o número da fatura?"),
    "invoice_date": ("What is the invoice date?", "When was the invoice issued?", "Invoice date?",
                     "Which date is on the invoice?", "What is the date of this invoice?", "Wie lautet das Rechnungsdatum?",
                     "Quelle est la date de la facture ?", "¿Cuál es la fecha de la factura?"),
    "due_date": ("What is the due date?", "When is the payment due?", "By which date must it be paid?", "Due date?",
                 "Bis wann ist zu zahlen?", "Quelle est l'échéance ?"),
    "total": ("What is the total?", "What is the total amount?", "How much is to be paid?", "Total amount?",
              "What does it come to in total?", "Give the grand total.", "Wie hoch ist der Gesamtbetrag?",
              "Quel est le montant total ?", "¿Cuál es el importe total?", "Qual è il totale?", "Wat is het totaalbedrag?",
              "Qual é o total?"),
    "subtotal":
        ("What is the subtotal?", "What is the net amount?", "How much is it before tax?", "Wie hoch ist der Nettobetrag?"),
    "tax":
        ("How much is the tax?", "What is the tax amount?", "What is the VAT amount?", "Wie hoch ist die Mehrwertsteuer?"),
    "vendor":
        ("Who is the vendor?", "Which company issued this?", "Who is the seller?", "What is the name of the supplier?",
         "Who sent the invoice?", "Wer ist der Rechnungssteller?", "Qui est le fournisseur ?"),
    "customer": ("Who is the customer?", "Who is the invoice addressed to?", "What is the customer's name?",
                 "Who is billed?", "Wer ist der Kunde?", "Qui est le client ?"),
    "customer_number": ("What is the customer number?", "Which customer number is given?", "Wie lautet die Kundennummer?"),
    "order_number": ("What is the order number?", "Which purchase order is named?", "Purchase order number?",
                     "Wie lautet die Bestellnummer?"),
    "iban": ("What is the IBAN?", "To which account is to be paid?", "Wie lautet die IBAN?"),
    "tax_id": ("What is the VAT number?", "Which tax number does the vendor have?", "Wie lautet die Umsatzsteuer-ID?"),
    "merchant": ("Which shop is the receipt from?", "What is the name of the merchant?", "Where was this bought?",
                 "Who issued the receipt?", "Welches Geschäft?"),
    "receipt_date": ("What is the date of the receipt?", "When was it bought?", "Date of purchase?",
                     "On which day was the purchase?", "Welches Datum trägt der Beleg?"),
    "receipt_number":
        ("What is the receipt number?", "Which number has the receipt?", "Receipt no.?", "Wie lautet die Belegnummer?"),
    "receipt_time": ("At what time was it bought?", "What time is on the receipt?"),
    "cash": ("How much cash was given?", "How much was paid in cash?"),
    "change": ("How much change was returned?", "What is the change?"),
    "letter_date": ("What is the date of the letter?", "When was the letter written?", "Letter date?",
                    "Von wann ist der Brief?", "Quelle est la date de la lettre ?"),
    "sender": ("Who sent the letter?", "Who is the sender?", "From whom is the letter?", "Who wrote this letter?",
               "Wer ist der Absender?"),
    "receiver": ("Who is the receiver of the letter?", "To whom is the letter addressed?", "Who is the addressee?",
                 "An wen geht der Brief?", "À qui est adressée la lettre ?"),
    "subject": ("What is the letter about?", "What is the subject of the letter?", "What is the subject line?",
                "Wie lautet der Betreff?"),
    "reference": ("Which reference is given?", "What is the reference number?", "Our reference?"),
    "form_title": ("What is the title of the form?", "Which form is this?", "What is the form called?"),
    "form_number": ("What is the form number?", "Which number does the form have?"),
    "last_name": ("What is the last name?", "What is the surname?", "Surname?", "Wie lautet der Nachname?"),
    "first_name": ("What is the first name?", "What are the given names?", "Given name?", "Wie lautet der Vorname?"),
    "birth_date":
        ("What is the date of birth?", "When was the person born?", "Date of birth?", "Wann ist die Person geboren?"),
    "phone": ("What is the phone number?", "Which telephone number is given?", "Phone?"),
    "email": ("What is the e-mail address?", "Which email address is given?"),
    "city": ("Which city is filled in?", "What is the town?"),
    "street": ("What is the street address?", "Which street is filled in?"),
    "occupation": ("What is the occupation?", "Which occupation is given?"),
    "report_title": ("What is the title of the report?", "What is the report called?", "Title of the report?",
                     "Wie heißt der Bericht?"),
    "report_date": ("What is the date of the report?", "When was the report published?"),
    "author": ("Who is the author?", "Who wrote this?", "Name the author.", "Wer ist der Verfasser?"),
    "article_title":
        ("What is the title of the article?", "What is the paper called?", "Title of the paper?", "What is the headline?"),
    "journal": ("In which journal did it appear?", "What is the name of the journal?"),
    "page_number": ("Which page number is printed?", "What is the page number?"),
    "slide_title": ("What is the title of the slide?", "What is the heading of the slide?"),
    "table_title": ("What is the title of the table?", "What does the table show?", "What is the heading of the table?"),
    "document_number": ("What is the document number?", "What is the number of the card?", "Which number has the document?",
                        "Passport number?", "Wie lautet die Ausweisnummer?"),
    "expiry_date": ("When does it expire?", "What is the date of expiry?", "Until when is it valid?",
                    "Bis wann ist der Ausweis gültig?"),
    "nationality": ("What is the nationality?", "Which nationality is given?"),
    "title": ("What is the title?", "What is the heading?", "What is it called?"),
}

# Fields that say nearly the same: where one of a group is printed, none of its others is asked as a negative.
_GROUPS = (("invoice_date", "receipt_date", "letter_date", "report_date"), ("total", "subtotal", "cash"),
           ("vendor", "merchant", "sender", "author"), ("customer", "receiver", "last_name", "first_name"),
           ("invoice_number", "receipt_number", "document_number", "reference", "form_number", "order_number",
            "customer_number"), ("form_title", "report_title", "article_title", "slide_title", "table_title", "title",
                                 "subject", "journal"), ("due_date", "expiry_date"), ("city", "street", "customer"),
           ("tax_id", "document_number"))

# What each type may be asked although it is not there: questions people do ask of such pages.
_ASKED = {
    "invoice": ("due_date", "order_number", "customer_number", "iban", "tax_id", "invoice_number", "total", "customer",
                "invoice_date", "birth_date", "subtotal", "phone"),
    "receipt": ("receipt_number", "receipt_time", "cash", "change", "due_date", "iban", "customer", "order_number",
                "receipt_date", "merchant"),
    "letter": ("subject", "letter_date", "invoice_number", "total", "due_date", "receiver", "birth_date", "iban"), "form":
        ("last_name", "first_name", "birth_date", "phone", "email", "city", "occupation", "form_number", "total",
         "invoice_number"), "report":
             ("report_date", "author", "invoice_number", "total", "page_number", "due_date", "phone"), "article":
                 ("author", "journal", "invoice_number", "total", "page_number", "due_date", "receiver"),
    "slide": ("author", "invoice_number", "total", "page_number", "receiver"), "table":
        ("invoice_number", "due_date", "author", "receiver", "birth_date"), "identity_document":
            ("expiry_date", "nationality", "document_number", "birth_date", "total", "invoice_number", "phone"), "other":
                ("invoice_number", "total", "due_date", "letter_date", "birth_date", "author")
}


def _thousandths(box, size):
    return tuple(int(min(1000, max(0, round(v * 1000 / size[i % 2])))) for i, v in enumerate(box))


def _place(answer, box, segments, size):
    """The place of the segment that an answer with this pixel box begins in, or the box's own."""
    first = answer.split()[0]
    segments = [segment for segment in segments if first in segment[0]] or segments     # lines may run into each other
    if not segments:
        return place(box, size)
    boxes = np.array([b for _, b in segments])
    middle = (box[1] + min(box[3], box[1] + np.median(boxes[:, 3] - boxes[:, 1]) * 1.5)) / 2
    away = np.maximum(boxes[:, 1] - middle, middle - boxes[:, 3]).clip(0) * 3
    away += np.maximum(boxes[:, 0] - box[0], box[0] - boxes[:, 2]).clip(0)
    return place(segments[int(away.argmin())][1], size)


def _by_label(words, labelled):
    """Questions (question, answer, box) that name a label as the page prints it, where that label stands but once."""
    names = [label.strip(" :.#").casefold() for label, _, _ in labelled]
    found = []
    for name, (label, value, box) in zip(names, labelled):
        shown = label.strip(" :#")
        if names.count(name) > 1 or not 2 < len(name) < 40 or len(value) > LONGEST_VALUE:
            continue
        shown = shown.lower() if words.chance(.4) and not shown.isupper() else shown
        found.append((words.pick(BY_LABEL).format(shown), value, box))
    return found


def ask(words, label, fields, unsure, size, labelled=(), segments=()):
    """Tasks about a page: some fields that it states and now and then one that it does not.

    fields: {name: (answer, pixel box)}; labelled: (label, value, pixel box); segments: (text, pixel box);
    size: (width, height) in pixels."""
    known = [(words.pick(WORDINGS[name]), *fields[name]) for name in fields if name in WORDINGS]
    known += _by_label(words, labelled)
    order = words.rng.permutation(len(known))[:int(words.rng.integers(1, MOST + 1))]
    tasks = [Task("question", answer, question, _thousandths(box, size), _place(answer, box, segments, size))
             for question, answer, box in (known[int(index)] for index in order)]
    taken = set(fields) | set(unsure)
    for group in _GROUPS:
        if taken & set(group):
            taken |= set(group)
    absent = [name for name in _ASKED[label] if name not in taken]
    if absent and words.chance(0.6):
        tasks.append(Task("question", NOT_STATED, words.pick(WORDINGS[words.pick(absent)])))
    return tasks
