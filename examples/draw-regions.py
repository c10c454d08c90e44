#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the regions of a result over its page:

    draw-regions.py DOCUMENT RESULT.json OUT.png [PAGE]

Regions are outlined by label and numbered in reading order, table cells thinly,
fields underlined. Needs poppler-utils and python3-pil."""
import json
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont

COLOURS = {"title": "#b10026", "section_header": "#e31a1c", "text": "#1f78b4", "list_item": "#33a02c",
           "table": "#ff7f00", "picture": "#6a3d9a", "caption": "#b15928", "page_header": "#888888",
           "page_footer": "#888888", "footnote": "#666600"}
DPI = 100


def page_image(document, number):
    if not document.lower().endswith(".pdf"):
        image = Image.open(document).convert("RGB")
        dpi = image.info.get("dpi", (72, 72))[0]
        return image.resize((round(image.width * DPI / dpi), round(image.height * DPI / dpi)))
    with tempfile.TemporaryDirectory() as folder:
        base = os.path.join(folder, "p")
        subprocess.run(["pdftoppm", "-r", str(DPI), "-f", str(number), "-l", str(number), "-png", "-singlefile",
                        document, base], check=True)
        return Image.open(base + ".png").convert("RGB")


def fields_of(fields):
    for value in fields.values():
        if isinstance(value, list):
            for item in value:
                yield from fields_of(item)
        else:
            yield value


def main():
    document, result, out = sys.argv[1:4]
    number = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    with open(result, encoding="utf-8") as handle:
        data = json.load(handle)
    page = next(p for p in data["pages"] if p["number"] == number)
    image = page_image(document, number)
    if page["skew"]:
        image = image.rotate(page["skew"], resample=Image.BICUBIC, fillcolor="white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default()
    scale = DPI / 72

    def box(points):
        return [v * scale for v in points]

    for i, region in enumerate(page["regions"], 1):
        colour = COLOURS.get(region["label"], "#000000")
        for cell in (region.get("table") or {}).get("cells", []):
            draw.rectangle(box(cell["bbox"]), outline="#fdbf6f")
        outline = box(region["bbox"])
        draw.rectangle(outline, outline=colour, width=2)
        text = "%d %s" % (i, region["label"])
        draw.rectangle([outline[0], outline[1] - 14, outline[0] + 6.2 * len(text) + 4, outline[1] - 2], fill=colour)
        draw.text((outline[0] + 2, outline[1] - 14), text, fill="white", font=font)
    for field in fields_of(data["fields"]):
        if field.get("page") == number and "bbox" in field:
            x0, _, x1, y1 = box(field["bbox"])
            draw.line([x0, y1 + 1, x1, y1 + 1], fill="#00a000", width=2)
    image.save(out, optimize=True)


main()
