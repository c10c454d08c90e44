#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fonts of this folder from unpacked Debian packages.

    apt-get download PACKAGE...; dpkg-deb -x PACKAGE.deb UNPACKED/PACKAGE; python3 make.py UNPACKED

Needs fonttools. Each face is cut down to Latin, Greek, Cyrillic, maths, currency and drawing characters, without
hinting and layout tables but kerning, and renamed (a changed font must not keep a reserved name); the notes on
copyright and licence inside the file are kept. missing.json says which of the characters each face lacks.
"""
import glob
import json
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

FACES = {
    "serif": ("fonts-liberation2", "LiberationSerif-Regular.ttf"),
    "serif-bold": ("fonts-liberation2", "LiberationSerif-Bold.ttf"),
    "serif-italic": ("fonts-liberation2", "LiberationSerif-Italic.ttf"),
    "garamond": ("fonts-ebgaramond", "EBGaramond12-Regular.otf"),
    "caladea": ("fonts-crosextra-caladea", "Caladea-Regular.ttf"),
    "caladea-bold": ("fonts-crosextra-caladea", "Caladea-Bold.ttf"),
    "roman": ("fonts-lmodern", "lmroman10-regular.otf"),
    "roman-italic": ("fonts-lmodern", "lmroman10-italic.otf"),
    "roman-bold": ("fonts-lmodern", "lmroman10-bold.otf"),
    "slab-bold": ("fonts-roboto-slab", "RobotoSlab-Bold.otf"),
    "sans": ("fonts-liberation2", "LiberationSans-Regular.ttf"),
    "sans-bold": ("fonts-liberation2", "LiberationSans-Bold.ttf"),
    "sans-italic": ("fonts-liberation2", "LiberationSans-Italic.ttf"),
    "carlito": ("fonts-crosextra-carlito", "Carlito-Regular.ttf"),
    "carlito-bold": ("fonts-crosextra-carlito", "Carlito-Bold.ttf"),
    "dejavu": ("fonts-dejavu-core", "DejaVuSans.ttf"),
    "dejavu-bold": ("fonts-dejavu-core", "DejaVuSans-Bold.ttf"),
    "lato": ("fonts-lato", "Lato-Regular.ttf"),
    "lato-bold": ("fonts-lato", "Lato-Bold.ttf"),
    "lato-light": ("fonts-lato", "Lato-Light.ttf"),
    "roboto": ("fonts-roboto-unhinted", "Roboto-Regular.ttf"),
    "roboto-bold": ("fonts-roboto-unhinted", "Roboto-Bold.ttf"),
    "narrow": ("fonts-roboto-unhinted", "RobotoCondensed-Regular.ttf"),
    "narrow-bold": ("fonts-dejavu-extra", "DejaVuSansCondensed-Bold.ttf"),
    "kaffeesatz-bold": ("fonts-yanone-kaffeesatz", "YanoneKaffeesatz-Bold.otf"),
    "spartan-bold": ("fonts-league-spartan", "LeagueSpartan-Bold.otf"),
    "lobster": ("fonts-lobster", "lobster.otf"),
    "mono": ("fonts-liberation2", "LiberationMono-Regular.ttf"),
    "mono-bold": ("fonts-liberation2", "LiberationMono-Bold.ttf"),
    "dejavu-mono": ("fonts-dejavu-core", "DejaVuSansMono.ttf"),
    "courier": ("fonts-courier-prime", "Courier Prime.otf"),
    "ocr-b": ("fonts-ocr-b", "OCRB.otf"),
    "dancing": ("fonts-dancingscript", "DancingScript-Regular.otf"),
    "kristi": ("fonts-kristi", "Kristi.ttf"),
    "rufscript": ("fonts-rufscript", "Rufscript010.ttf"),
    "dkg": ("fonts-dkg-handwriting", "dkg.ttf"),
    "kaushan": ("fonts-kaushanscript", "KaushanScript-Regular.otf"),
    "connect": ("fonts-bwht", "BecauseWeConnect-Regular.otf"),
    "humor": ("fonts-humor-sans", "Humor-Sans.ttf"),
    "comic": ("fonts-comic-neue", "ComicNeue-Regular.otf"),
    "math": ("fonts-stix", "STIXMath-Regular.otf"),
}

RANGES = ((0x20, 0x7e), (0xa0, 0x17f), (0x18f, 0x192), (0x218, 0x21b), (0x2c6, 0x2dd), (0x370, 0x3ff), (0x400, 0x45f),
          (0x2010, 0x2044), (0x2070, 0x209c), (0x20a0, 0x20bf), (0x2100, 0x214f), (0x2150, 0x215e), (0x2190, 0x21ff),
          (0x2200, 0x22ff), (0x2308, 0x230b), (0x239b, 0x23b3), (0x2500, 0x257f), (0x2580, 0x25ff), (0x2600, 0x2606),
          (0x2610, 0x2612), (0x2713, 0x2718), (0x27e6, 0x27eb), (0xfb00, 0xfb02))


def cut(source, target, name):
    options = subset.Options()
    options.hinting = False
    options.desubroutinize = False
    options.layout_features = ["kern"]
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    options.name_languages = [0x409, 0]
    options.notdef_outline = True
    options.drop_tables += ["MATH", "FFTM", "DSIG", "PfEd"]
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    names = font["name"]
    for record in list(names.names):
        if record.nameID in (1, 4, 6):
            names.setName("docai-" + name, record.nameID, record.platformID, record.platEncID, record.langID)
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames[0] = "docai-" + name
        for key in ("FullName", "FamilyName"):
            table.topDictIndex[0].rawDict.pop(key, None)
            if hasattr(table.topDictIndex[0], key):
                setattr(table.topDictIndex[0], key, "docai-" + name)
    font.save(target)
    codes = set(font.getBestCmap())
    return "".join(chr(code) for first, last in RANGES for code in range(first, last + 1) if code not in codes)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    missing = {}
    for name, (package, file) in FACES.items():
        found = glob.glob(os.path.join(sys.argv[1], package, "**", glob.escape(file)), recursive=True)
        if not found:
            sys.exit(f"{package}: no {file}")
        suffix = os.path.splitext(file)[1]
        missing[name] = cut(found[0], os.path.join(here, name + suffix), name)
    with open(os.path.join(here, "missing.json"), "w", encoding="ascii") as file:
        json.dump(missing, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
