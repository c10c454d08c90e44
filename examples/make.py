#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the example documents: invoice.pdf, a digital invoice of two columns of
parties and a table of items, and receipt-scan.png, a till slip as a scanner at
200 dpi sees it. Needs python3-reportlab, python3-pil and python3-numpy."""
import os
import random

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

HERE = os.path.dirname(os.path.abspath(__file__))
FONTS = "/usr/share/fonts/truetype/dejavu/"

ITEMS = [
    ("1", "Oak shelf, 120 cm, oiled", "4", "89.50", "358.00"),
    ("2", "Wall bracket, steel, black", "8", "12.25", "98.00"),
    ("3", "Delivery and mounting", "1", "144.00", "144.00"),
]


def invoice(path):
    page = canvas.Canvas(path, pagesize=A4, invariant=1)
    page.setTitle("Invoice 2024-0815")
    page.setAuthor("Nordwind Joinery Ltd")
    width, height = A4

    def text(x, y, line, size=10, bold=False, right=False):
        page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        (page.drawRightString if right else page.drawString)(x, height - y, line)

    text(50, 60, "Nordwind Joinery Ltd", 18, True)
    for i, line in enumerate(("14 Harbour Lane", "Leeds LS1 4DY", "United Kingdom", "VAT no. GB 123 4567 89")):
        text(545, 60 + 13 * i, line, right=True)
    text(50, 140, "Bill to", 9, True)
    for i, line in enumerate(("Bookshop Ampersand", "7 Mill Street", "Oxford OX2 6EX", "United Kingdom")):
        text(50, 154 + 13 * i, line)
    text(50, 240, "INVOICE", 16, True)
    for i, (key, value) in enumerate((("Invoice number:", "2024-0815"), ("Invoice date:", "18 March 2024"),
                                      ("Due date:", "17 April 2024"), ("Purchase order:", "PO-7731"))):
        text(350, 228 + 14 * i, key)
        text(450, 228 + 14 * i, value)

    edges = (50, 80, 330, 390, 465, 545)
    top = 310
    page.setLineWidth(0.7)
    for row in range(len(ITEMS) + 2):
        page.line(edges[0], height - top - 22 * row, edges[-1], height - top - 22 * row)
    for i, head in enumerate(("No.", "Description", "Quantity", "Unit price", "Amount")):
        if i < 2:
            text(edges[i] + 4, top + 15, head, 9, True)
        else:
            text(edges[i + 1] - 4, top + 15, head, 9, True, True)
    for r, item in enumerate(ITEMS):
        for i, cell in enumerate(item):
            if i < 2:
                text(edges[i] + 4, top + 37 + 22 * r, cell)
            else:
                text(edges[i + 1] - 4, top + 37 + 22 * r, cell, right=True)
    for i, (key, value) in enumerate((("Subtotal", "600.00"), ("VAT 20 %", "120.00"), ("Total", "\u00a3 720.00"))):
        text(460, 425 + 16 * i, key, bold=i == 2, right=True)
        text(541, 425 + 16 * i, value, bold=i == 2, right=True)
    for i, line in enumerate(("Please pay within 30 days and give the invoice number.",
                              "Goods remain our property until they are paid for in full.")):
        text(50, 520 + 14 * i, line)
    page.setStrokeColorRGB(0.2, 0.3, 0.6)
    page.setFillColorRGB(0.2, 0.3, 0.6)
    for i, share in enumerate((3, 5, 4, 8)):
        page.rect(60 + 26 * i, height - 700, 18, 12 * share, fill=1)
    page.setFillColorRGB(0, 0, 0)
    text(50, 720, "Figure 1: Orders by quarter", 8)
    text(width / 2 + 20, 810, "Page 1 of 1", 8, right=True)
    page.save()


RECEIPT = """
CORNER BAKERY & CAFE LTD
22 Station Road
Bristol BS1 6QF
Tel 0117 496 0123
VAT no. GB 987 6543 21

Receipt no. 00341
Date 05/11/2024      Time 08:47
--------------------------------
2 x Croissant @ 1.80        3.60
1 x Rye loaf                4.25
1 x Flat white              3.10
--------------------------------
Subtotal                   10.95
VAT 20 %                    0.62
TOTAL                  GBP 11.57
Cash                       20.00
Change                      8.43

Thank you for your visit
"""


def receipt(path):
    rng = numpy.random.default_rng(4)
    random.seed(4)
    page = Image.new("L", (800, 1180), 246)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONTS + "DejaVuSansMono.ttf", 34)
    for i, line in enumerate(RECEIPT.strip("\n").split("\n")):
        draw.text((56, 60 + 52 * i), line, font=font, fill=40)
    page = page.rotate(-0.8, resample=Image.BICUBIC, fillcolor=246)
    page = page.filter(ImageFilter.GaussianBlur(0.7))
    pixels = numpy.asarray(page, dtype=float) + rng.normal(0, 7, (page.height, page.width))
    shade = numpy.linspace(1.0, 0.9, page.width)[None, :]
    Image.fromarray(numpy.clip(pixels * shade, 0, 255).astype("uint8")).quantize(32).save(path, dpi=(200, 200), optimize=True)


invoice(os.path.join(HERE, "invoice.pdf"))
receipt(os.path.join(HERE, "receipt-scan.png"))
