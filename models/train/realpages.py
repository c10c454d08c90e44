# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects real pages whose document type is known, for measuring only: never for training.

    python realpages.py --out DIR FOLDER...

Files below the folders are found by their SHA-256 in realpages.json, which says the type of each page that was
looked at; nothing of the pages is kept here. A file that is not listed and is called TYPE-ANYTHING.pdf counts as
that type with its first page. DIR gets one PNG a page (longest side 1024) and labels.json: file, text (pdftotext,
for images tesseract), label, source. Needs Pillow, poppler-utils and tesseract.
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import subprocess

from PIL import Image, ImageOps

from synth.sample import DOCUMENT_TYPES

LONGEST = 1024
LABELS = pathlib.Path(__file__).with_name("realpages.json")


def pages_of(path, known):
    """{page number from 1: type} of a file; empty when it is not known."""
    listed = known.get(hashlib.sha256(path.read_bytes()).hexdigest())
    if listed:
        return {int(page): label for page, label in listed.items()}
    label = next((name for name in DOCUMENT_TYPES if path.name.startswith(name + "-")), None)
    return {1: label} if label and path.suffix == ".pdf" else {}


def page_image(path, page, stem):
    """The page as RGB, longest side LONGEST."""
    if path.suffix == ".pdf":
        subprocess.run(["pdftoppm", "-f", str(page), "-l", str(page), "-scale-to", str(LONGEST), "-png", "-singlefile", path, stem],
                       check=True, stderr=subprocess.DEVNULL)
        return Image.open(f"{stem}.png").convert("RGB")
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    image.thumbnail((LONGEST, LONGEST), Image.LANCZOS)
    return image


def page_text(path, page):
    """The page's words: of the PDF itself, else as OCR reads them."""
    if path.suffix == ".pdf":
        command = ["pdftotext", "-f", str(page), "-l", str(page), path, "-"]
    else:
        command = ["tesseract", path, "-", "--psm", "4"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    return " ".join(done.stdout.decode("utf-8", "replace").split(" ")).strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("folder", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    known, entries, seen = json.loads(LABELS.read_text()), [], set()
    files = sorted(f for folder in args.folder for f in folder.rglob("*") if f.suffix.lower() in (".pdf", ".png", ".jpg", ".tif"))
    for path in files:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in seen:
            continue
        seen.add(digest)
        for page, label in pages_of(path, known).items():
            stem = args.out / f"{label}-{digest[:8]}-{page}"
            page_image(path, page, stem).save(f"{stem}.png")
            entries.append({"file": f"{stem.name}.png", "text": page_text(path, page), "label": label, "source": path.parent.parent.name})
    (args.out / "labels.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1))
    counts = collections.Counter(entry["label"] for entry in entries)
    print(", ".join(f"{name} {counts[name]}" for name in DOCUMENT_TYPES))


if __name__ == "__main__":
    main()
