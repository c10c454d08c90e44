# SPDX-License-Identifier: GPL-3.0-or-later
"""Bar codes: EAN-13 and Code 128 as they are, QR, Data Matrix, Aztec and PDF417 in their looks."""
import numpy as np
from PIL import Image

from .. import fonts
from . import canvas, words
from .canvas import BLACK, WHITE, Canvas, mix
from ..sample import Sample, Task

LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
# widths of Code 128's bars and gaps, symbols 0..106
CODE128 = ("212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
           "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
           "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
           "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
           "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
           "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
           "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112").split()


def ean13(digits):
    """Modules (0, 1) of the 13 digits."""
    code = "101"
    for digit, kind in zip(digits[1:7], PARITY[int(digits[0])]):
        pattern = LEFT[int(digit)]
        code += pattern if kind == "L" else "".join("10"[int(bit)] for bit in pattern)[::-1]
    code += "01010"
    for digit in digits[7:]:
        code += "".join("10"[int(bit)] for bit in LEFT[int(digit)])
    return [int(bit) for bit in code + "101"]


def code128(text):
    """Modules of the text in code set B."""
    symbols = [104] + [ord(letter) - 32 for letter in text]
    check = (104 + sum(at * value for at, value in enumerate(symbols[1:], 1))) % 103
    modules = []
    for symbol in symbols + [check, 106]:
        for at, width in enumerate(CODE128[symbol]):
            modules += [1 - at % 2] * int(width)
    return modules


def code39(rng, text):
    """Modules in the looks of Code 39 and Interleaved 2 of 5: two widths only."""
    modules = []
    for _ in range(len(text) + 2):
        wide = set(int(value) for value in rng.permutation(9)[:3])
        for at in range(9):
            modules += [1 - at % 2] * (3 if at in wide else 1)
        modules.append(0)
    return modules


def _linear(rng, paper, ink):
    kind = int(rng.integers(4))
    if kind == 0:
        digits = [int(value) for value in rng.integers(0, 10, 12)]
        digits.append(-sum(digit * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10)
        text = "".join(map(str, digits))
        modules, name = ean13(text), "EAN-13 bar code"
    elif kind in (1, 2):
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789" if rng.random() < .5 else "0123456789"
        text = "".join(words.pick(rng, letters) for _ in range(int(rng.integers(6, 19))))
        modules, name = code128(text), "Code 128 bar code"
    else:
        text = "".join(words.pick(rng, "ABCDEFGHKLMNPRST0123456789") for _ in range(int(rng.integers(5, 11))))
        modules, name = code39(rng, text), "linear bar code"
    unit = float(rng.choice((1, 1.5, 2, 2.5, 3)))
    unit = max(1, min(unit, 480 / len(modules)))
    quiet = unit * rng.uniform(2, 11)
    tall = unit * len(modules) * rng.uniform(.14, .75)
    shown = rng.random() < .75
    size = max(9, min(unit * rng.uniform(7, 11), 26))
    draw = Canvas(len(modules) * unit + 2 * quiet, tall + quiet * 1.2 + (size * 1.35 if shown else 0), paper)
    for at, bit in enumerate(modules):
        if bit:
            guard = kind == 0 and shown and (at < 3 or at >= 92 or 45 <= at < 50)
            x = quiet + at * unit
            draw.draw.rectangle((round(x * 2), round(quiet * .6 * 2), round((x + unit) * 2) - 1, round((quiet * .6 + tall + (size * .5 if guard else 0)) * 2)), ink)
    if shown:
        face = ("ocr-b", "mono", "sans", "ocr-b", "roboto", "courier")[int(rng.integers(6))]
        y = quiet * .6 + tall + size * .1
        if kind == 0:
            parts = ((text[0], max(size * .35, quiet - unit * 4)), (text[1:7], quiet + unit * 24), (text[7:], quiet + unit * 71))
            for part, x in parts:
                fit = min(size, unit * 40 / max(1, draw.text_size(part, face, 100)[0]) * 100) if len(part) > 1 else size * .8
                draw.text(x, y, part, face, fit, ink, "mt")
        else:
            spaced = text if rng.random() < .5 else " ".join(text)
            if rng.random() < .15:
                spaced = f"({text[:2]}) {text[2:]}"
            fit = min(size, draw.width * .94 / max(1, draw.text_size(spaced, face, 100)[0]) * 100)
            draw.text(draw.width / 2, y, spaced, face, fit, ink, "mt")
    seen = text if shown else ""
    return draw.pixels(), f"{'An' if name[0] == 'E' else 'A'} {name}" + (f" with the text {text} below." if shown else " without text."), seen


def _finder(grid, row, column):
    grid[max(0, row - 1):row + 8, max(0, column - 1):column + 8] = 0
    grid[row:row + 7, column:column + 7] = 1
    grid[row + 1:row + 6, column + 1:column + 6] = 0
    grid[row + 2:row + 5, column + 2:column + 5] = 1


def qr_grid(rng):
    version = int(rng.choice((1, 2, 3, 4, 5, 6, 7, 10), p=(.15, .2, .2, .15, .1, .08, .06, .06)))
    side = 17 + 4 * version
    grid = (rng.random((side, side)) < .5).astype(np.uint8)
    grid[6, :] = grid[:, 6] = np.arange(side) % 2 == 0
    if version > 1:
        centres = [side - 7] if version < 7 else [6, side // 2, side - 7]
        for row in centres:
            for column in centres:
                grid[row - 2:row + 3, column - 2:column + 3] = 1
                grid[row - 1:row + 2, column - 1:column + 2] = 0
                grid[row, column] = 1
    for row, column in ((0, 0), (0, side - 7), (side - 7, 0)):
        _finder(grid, row, column)
    return grid


def _matrix(rng, paper, ink):
    kind = float(rng.random())
    if kind < .62:
        grid, text = qr_grid(rng), "A QR code."
    elif kind < .8:
        rows = int(rng.choice((10, 12, 14, 16, 18, 20, 22, 24, 26, 32)))
        columns = rows if rng.random() < .85 else rows * 2
        grid = (rng.random((rows, columns)) < .5).astype(np.uint8)
        grid[:, 0] = grid[-1, :] = 1
        grid[0, :] = np.arange(columns) % 2 == 0
        grid[:, -1] = np.arange(rows) % 2 == 1
        text = "A Data Matrix code."
    elif kind < .88:
        side = int(rng.choice((19, 23, 27, 31, 37)))
        grid = (rng.random((side, side)) < .5).astype(np.uint8)
        middle = side // 2
        for ring in range(6, -1, -1):
            grid[middle - ring:middle + ring + 1, middle - ring:middle + ring + 1] = ring % 2 == 0
        text = "An Aztec code."
    else:
        rows, columns = int(rng.integers(6, 30)), 17 * int(rng.integers(2, 7)) + 69
        grid = np.zeros((rows, columns), np.uint8)
        for row in range(rows):
            at, bit = 0, 1
            while at < columns:
                wide = int(rng.choice((1, 2, 3, 4, 5, 6), p=(.4, .27, .15, .1, .05, .03)))
                grid[row, at:at + wide] = bit
                at, bit = at + wide, 1 - bit
        grid[:, :17] = [int(bit) for bit in "11111111010101000"]
        grid[:, -18:] = [int(bit) for bit in "111111101000101001"]
        grid = np.repeat(grid, int(rng.integers(2, 5)), axis=0)
        text = "A PDF417 stacked bar code."
    quiet = int(rng.integers(0, 5))
    unit = max(1, int(rng.uniform(60, 360) / max(grid.shape)))
    grid = np.pad(grid, quiet)
    if kind < .62 and rng.random() < .08:
        middle, arm = len(grid) // 2, len(grid) // 8
        grid[middle - arm:middle + arm + 1, middle - arm:middle + arm + 1] = 0
        grid[middle - arm + 2:middle + arm - 1, middle - arm + 2:middle + arm - 1] = 1
    grid = np.kron(grid, np.ones((unit, unit), np.uint8))
    return np.where(grid[:, :, None] > 0, np.array(ink, np.uint8), np.array(paper, np.uint8)), text, ""


def barcode(rng):
    paper = WHITE if rng.random() < .85 else mix(WHITE, canvas.colour(rng), rng.uniform(.03, .2))
    ink = BLACK if rng.random() < .85 else canvas.colour(rng, (.08, .3))
    pixels, text, seen = (_linear if rng.random() < .55 else _matrix)(rng, paper, ink)
    if rng.random() < .22:
        pixels, seen = _labelled(rng, pixels, paper, seen)
    if rng.random() < .08:
        pixels = np.ascontiguousarray(np.rot90(pixels))
    if max(pixels.shape) > 640:
        image = Image.fromarray(pixels)
        image.thumbnail((640, 640), Image.BOX)
        pixels = np.array(image)
    return Sample(pixels, "picture", "barcode", seen, [Task("picture", text)])


def _labelled(rng, pixels, paper, seen):
    """Some words or a frame around the code, as on labels."""
    height, width = pixels.shape[:2]
    size = int(np.clip(width / 18, 9, 18))
    above, below = int(rng.integers(0, 3)), int(rng.integers(0, 2))
    pad = int(rng.integers(2, 14))
    draw = Canvas(width + 2 * pad, height + 2 * pad + size * 1.4 * (above + below), paper, 1)
    draw.image.paste(Image.fromarray(pixels), (pad, int(pad + size * 1.4 * above)))
    face, lines = fonts.pick(rng, "sans", "mono"), []
    for at in range(above + below):
        lines.append(words.pick(rng, (words.company(rng), "Scan me", "No. " + str(int(rng.integers(1000, 99999))), words.sentence(rng, 3), words.date(rng))))
        y = pad * .5 + at * size * 1.4 if at < above else height + pad * 1.4 + at * size * 1.4
        draw.text(draw.width / 2 if rng.random() < .5 else pad, y, lines[-1], face if fonts.covers(face, lines[-1]) else "sans", size, BLACK, "lt")
    if rng.random() < .5:
        draw.rect(0, 0, draw.width - 1, draw.height - 1, None, BLACK, 1)
    return draw.pixels(), " ".join([seen, *lines]).strip()
