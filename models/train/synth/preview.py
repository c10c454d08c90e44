# SPDX-License-Identifier: GPL-3.0-or-later
"""A contact sheet of samples: python3 -m models.train.synth.preview CLASS... [--count N] [--seed N] [--out FILE]"""
import argparse

import numpy as np
from PIL import Image, ImageDraw

from . import fonts, pictures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", nargs="*", help="picture classes; all where none is named")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--cell", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", action="store_true", help="write the descriptions too")
    parser.add_argument("--out", default="sheet.png")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    cell, columns = options.cell, options.columns
    rows = -(-options.count // columns)
    sheet = Image.new("RGB", (columns * cell, rows * cell), (120, 140, 120))
    draw = ImageDraw.Draw(sheet)
    for at in range(options.count):
        label = options.labels[at % len(options.labels)] if options.labels else None
        sample = pictures.make(rng, label)
        image = Image.fromarray(sample.image)
        image.thumbnail((cell - 6, cell - 6 - (36 if options.words else 0)), Image.BILINEAR)
        x, y = at % columns * cell + 3, at // columns * cell + 3
        sheet.paste(image, (x, y))
        if options.words:
            text = sample.tasks[0].answer
            for line in range(0, 3):
                draw.text((x, y + cell - 40 + line * 12), text[line * 44:line * 44 + 44], (255, 255, 0), fonts.font("narrow", 11))
        print(at, sample.label, sample.image.shape, sample.tasks[0].answer)
    sheet.save(options.out)


if __name__ == "__main__":
    main()
