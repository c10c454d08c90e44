# SPDX-License-Identifier: GPL-3.0-or-later
"""Screenshots (windows, web pages, terminals, dialogs, telephones) and tables as pictures."""
import numpy as np
from PIL import Image

from .. import fonts
from . import canvas, photos, words
from .canvas import BLACK, WHITE, Canvas, mix
from .charts import count
from ..sample import Sample, Task

UI_FACES = ("dejavu", "sans", "roboto", "lato", "carlito")


class Theme:
    def __init__(self, rng):
        self.dark = rng.random() < .27
        self.face = words.pick(rng, UI_FACES)
        self.accent = canvas.colour(rng, (.35, .5), (.5, 1))
        if self.dark:
            base = int(rng.integers(20, 50))
            self.paper, self.bar, self.ink = (base, base, base + 6), (base + 18, base + 18, base + 25), (225, 225, 228)
        else:
            self.paper, self.bar, self.ink = WHITE, (int(rng.integers(215, 246)),) * 3, (35, 35, 38)
        self.edge = mix(self.ink, self.paper, .75)
        self.soft = mix(self.ink, self.paper, .45)
        self.radius = float(rng.choice((0, 3, 6)))


def picture(rng, draw, x, y, w, h):
    """A small photograph or a flat area on the canvas."""
    if rng.random() < .6 and w > 8 and h > 8:
        image = photos.ramp(photos.surface(rng, int(w), int(h), 3, 4), [photos.earthy(rng) for _ in range(3)])
        draw.image.paste(Image.fromarray(image).resize((int(w * draw.scale), int(h * draw.scale))), (int(x * draw.scale), int(y * draw.scale)))
    else:
        draw.rect(x, y, x + w, y + h, mix(canvas.colour(rng), WHITE, .3))


def icon(rng, draw, x, y, size, theme):
    """A small sign as toolbars have them."""
    kind, colour = int(rng.integers(6)), theme.soft if rng.random() < .5 else canvas.colour(rng, (.35, .6), (.4, 1))
    r = size / 2
    if kind == 0:
        draw.disc(x, y, r * .8, None, colour, max(1, size * .13))
    elif kind == 1:
        draw.rect(x - r * .8, y - r * .7, x + r * .8, y + r * .7, colour, radius=size * .1)
    elif kind == 2:
        for at in (-.5, 0, .5):
            draw.line(((x - r * .8, y + at * size), (x + r * .8, y + at * size)), colour, max(1, size * .12))
    elif kind == 3:
        draw.polygon([(x - r * .6, y - r * .8), (x + r * .8, y), (x - r * .6, y + r * .8)], colour)
    elif kind == 4:
        draw.line(((x, y - r * .8), (x, y + r * .8)), colour, max(1, size * .14))
        draw.line(((x - r * .8, y), (x + r * .8, y)), colour, max(1, size * .14))
    else:
        draw.disc(x - r * .15, y - r * .15, r * .55, None, colour, max(1, size * .13))
        draw.line(((x + r * .25, y + r * .25), (x + r * .8, y + r * .8)), colour, max(1, size * .15))


def paragraph(rng, draw, theme, x, y, w, h, size, colour=None):
    line = size * 1.45
    at = y
    while at + line <= y + h:
        text = words.sentence(rng, max(2, int(w / size / 2.6)))
        if rng.random() < .2:
            text = text[:len(text) // 2]
        while draw.text_size(text, theme.face, size)[0] > w and len(text) > 3:
            text = text[:int(len(text) * .88)]
        draw.text(x, at, text, theme.face, size, colour or theme.ink)
        at += line


def button(rng, draw, theme, x, y, size, text, strong):
    w = draw.text_size(text, theme.face, size)[0] + size * 1.6
    fill = theme.accent if strong else theme.bar
    draw.rect(x, y, x + w, y + size * 2, fill, None if strong else theme.edge, 1, theme.radius)
    draw.text(x + w / 2, y + size, text, theme.face, size, WHITE if strong and sum(theme.accent) < 500 else theme.ink if not strong else BLACK, "mm")
    return w


def title_bar(rng, draw, theme, x, y, w, size, title):
    """The top of a window in the manner of some system; its height comes back."""
    high = size * 2
    manner = int(rng.integers(4))
    fill = theme.bar if rng.random() < .7 else theme.accent
    ink = theme.ink if fill == theme.bar else WHITE
    draw.rect(x, y, x + w, y + high, fill)
    if manner == 0:
        for at, colour in enumerate(((255, 95, 86), (255, 189, 46), (39, 201, 63))):
            draw.disc(x + size * (1 + at * 1.2), y + high / 2, size * .4, colour)
        draw.text(x + w / 2, y + high / 2, title, theme.face, size, ink, "mm")
    else:
        draw.text(x + size if manner < 3 else x + w / 2, y + high / 2, title, fonts.bold(theme.face) if manner == 2 else theme.face, size, ink, "lm" if manner < 3 else "mm")
        for at in range(3):
            cx, r = x + w - size * (1 + at * 1.8), size * .32
            cy = y + high / 2
            if manner == 2:
                draw.rect(cx - r * 2, cy - r * 2, cx + r * 2, cy + r * 2, theme.bar, theme.edge, 1)
            if at == 0:
                draw.line(((cx - r, cy - r), (cx + r, cy + r)), ink if manner != 2 else theme.ink, 1)
                draw.line(((cx - r, cy + r), (cx + r, cy - r)), ink if manner != 2 else theme.ink, 1)
            elif at == 1:
                draw.rect(cx - r, cy - r, cx + r, cy + r, None, ink if manner != 2 else theme.ink, 1)
            else:
                draw.line(((cx - r, cy), (cx + r, cy)), ink if manner != 2 else theme.ink, 1)
    return high


def _menu(rng, draw, theme, x, y, w, size):
    draw.rect(x, y, x + w, y + size * 1.9, theme.bar if rng.random() < .6 else theme.paper)
    at, seen = x + size, []
    for _ in range(int(rng.integers(3, 9))):
        text = words.pick(rng, words.MENU)
        if at + size * 4 > x + w:
            break
        draw.text(at, y + size * .95, text, theme.face, size, theme.ink, "lm")
        at += draw.text_size(text, theme.face, size)[0] + size * 1.4
        seen.append(text)
    return size * 1.9, seen


def _toolbar(rng, draw, theme, x, y, w, size):
    draw.rect(x, y, x + w, y + size * 2.4, theme.bar)
    at = x + size * 1.4
    while at < x + w * rng.uniform(.4, 1) - size * 2:
        icon(rng, draw, at, y + size * 1.2, size * 1.3, theme)
        at += size * (2 if rng.random() < .85 else 3.4)
    draw.line(((x, y + size * 2.4), (x + w, y + size * 2.4)), theme.edge, 1)
    return size * 2.4


def window(rng, width, height):
    """An application: title, menu, tools, then a list, a sheet, a text or a form."""
    theme = Theme(rng)
    size = max(6, min(width, height) / rng.uniform(24, 40))
    draw = Canvas(width, height, theme.paper)
    title = f"{words.pick(rng, ('Document1', 'Untitled', 'report.odt', 'data.csv', 'main.c', 'Settings', 'Inbox'))} - {words.pick(rng, words.COMPANY)}"
    y = title_bar(rng, draw, theme, 0, 0, width, size, title)
    seen = [title]
    if rng.random() < .75:
        high, menu = _menu(rng, draw, theme, 0, y, width, size)
        y += high
        seen += menu
    if rng.random() < .7:
        y += _toolbar(rng, draw, theme, 0, y, width, size)
    x = 0
    if rng.random() < .55:
        x = width * rng.uniform(.16, .3)
        draw.rect(0, y, x, height, mix(theme.bar, theme.paper, .4))
        for at in np.arange(y + size, height - size * 2, size * 1.7):
            if rng.random() < .12:
                draw.rect(0, at - size * .3, x, at + size * 1.3, mix(theme.accent, theme.paper, .6))
            draw.rect(size * .7, at + size * .1, size * 1.4, at + size * .8, mix(canvas.colour(rng), theme.paper, .2))
            text = words.pick(rng, words.NODES + words.MENU)
            draw.text(size * 2, at, text[:int(x / size * 1.2)], theme.face, size, theme.ink)
        draw.line(((x, y), (x, height)), theme.edge, 1)
    status = rng.random() < .6
    floor = height - (size * 1.8 if status else 0)
    (_sheet, _form, _code, _list, _page, _icons)[int(rng.integers(6))](rng, draw, theme, x, y, width - x, floor - y, size)
    if status:
        draw.rect(0, floor, width, height, theme.bar)
        draw.text(size, floor + size * .9, words.pick(rng, ("Ready", "Ln 12, Col 5", "Page 1 of 3", "Bereit", "100 %", "3 items selected")), theme.face, size * .9, theme.soft, "lm")
    if rng.random() < .5:
        draw.rect(width - size * .7, y, width, floor, mix(theme.bar, theme.ink, .05))
        at = y + (floor - y) * rng.uniform(0, .6)
        draw.rect(width - size * .6, at, width - size * .1, at + (floor - y) * rng.uniform(.15, .4), theme.soft)
    if rng.random() < .25:
        _dialog_over(rng, draw, theme, size)
    return draw, f"A screenshot of an application window titled '{title}'.", seen


def _sheet(rng, draw, theme, x, y, w, h, size):
    cell_w, cell_h = size * rng.uniform(5, 9), size * 1.7
    draw.rect(x, y, x + w, y + cell_h, theme.bar)
    for column in range(int(w / cell_w) + 1):
        cx = x + size * 2.4 + column * cell_w
        draw.text(cx + cell_w / 2, y + cell_h / 2, chr(65 + column % 26), theme.face, size, theme.soft, "mm")
        draw.line(((cx, y), (cx, y + h)), theme.edge, .6)
        filled = rng.random() < .7
        for row in range(1, int(h / cell_h)):
            if filled and rng.random() < .8:
                draw.text(cx + cell_w - 3, y + row * cell_h + cell_h / 2, str(int(rng.integers(1, 5000))) if column else words.pick(rng, words.HEADERS), theme.face, size * .9, theme.ink, "rm")
    for row in range(int(h / cell_h) + 1):
        draw.line(((x, y + row * cell_h), (x + w, y + row * cell_h)), theme.edge, .6)
        if row:
            draw.text(x + size * 1.2, y + (row + .5) * cell_h, str(row), theme.face, size * .9, theme.soft, "mm")


def _form(rng, draw, theme, x, y, w, h, size):
    at = y + size
    while at < y + h - size * 5:
        text = words.pick(rng, words.HEADERS + words.FIRST)
        kind = rng.random()
        if kind < .55:
            draw.text(x + size, at + size, text + ":", theme.face, size, theme.ink, "lm")
            draw.rect(x + w * .35, at, x + w * rng.uniform(.6, .95), at + size * 2, theme.paper, theme.edge, 1, theme.radius)
            if rng.random() < .6:
                draw.text(x + w * .35 + size * .5, at + size, words.person(rng), theme.face, size, theme.ink, "lm")
        elif kind < .8:
            cx = x + w * .35
            draw.rect(cx, at + size * .4, cx + size * 1.1, at + size * 1.5, theme.paper, theme.soft, 1)
            if rng.random() < .5:
                draw.line(((cx + 2, at + size), (cx + size * .5, at + size * 1.3), (cx + size, at + size * .5)), theme.accent, 1.5)
            draw.text(cx + size * 1.8, at + size, words.sentence(rng, 3), theme.face, size, theme.ink, "lm")
        else:
            draw.text(x + size, at + size, words.sentence(rng, 2), fonts.bold(theme.face), size * 1.15, theme.ink, "lm")
        at += size * 2.8
    bx = x + w * .4
    for index in range(2):
        bx += button(rng, draw, theme, bx, y + h - size * 2.8, size, words.pick(rng, words.BUTTONS), index == 0) + size


KEYWORDS = ("if", "for", "return", "int", "def", "class", "import", "while", "void", "const", "function", "let", "struct", "else")


def _code(rng, draw, theme, x, y, w, h, size, numbers=True):
    face = words.pick(rng, ("mono", "dejavu-mono", "courier"))
    step = draw.text_size("m", face, size)[0]
    colours = [mix(canvas.colour(rng, (.3, .5) if not theme.dark else (.6, .75), (.5, 1)), theme.paper, 0) for _ in range(3)]
    indent, row = 0, 0
    for at in np.arange(y + size * .4, y + h - size * 1.2, size * 1.4):
        row += 1
        cx = x + size * (2.6 if numbers else .6)
        if numbers:
            draw.text(x + size * 2, at, str(row), face, size * .9, theme.soft, "rt")
        if rng.random() < .12:
            indent = 0
            continue
        indent = int(np.clip(indent + rng.integers(-1, 2), 0, 4))
        cx += indent * step * 4
        for _ in range(int(rng.integers(1, 6))):
            chance = rng.random()
            text = words.pick(rng, KEYWORDS) if chance < .25 else words.pick(rng, words.TEXT) + words.pick(rng, ("(", ")", ";", " =", ".x", "[i]", ",", " +", ":", "{", "")) if chance < .8 else f'"{words.pick(rng, words.TEXT)}"' if chance < .9 else str(int(rng.integers(0, 999)))
            if cx + step * len(text) > x + w - 4:
                break
            draw.text(cx, at, text, face, size, colours[0] if chance < .25 else theme.ink if chance < .8 else colours[1] if chance < .9 else colours[2])
            cx += step * (len(text) + 1)


def _list(rng, draw, theme, x, y, w, h, size):
    shares = np.cumsum([0, .42, .2, .2, .18])
    draw.rect(x, y, x + w, y + size * 1.8, theme.bar)
    for share, text in zip(shares, ("Name", "Size", "Type", "Modified")):
        draw.text(x + size + share * w, y + size * .9, text, theme.face, size, theme.ink, "lm")
    for row, at in enumerate(np.arange(y + size * 1.9, y + h - size * 1.7, size * 1.7)):
        if row % 2 and not theme.dark:
            draw.rect(x, at, x + w, at + size * 1.7, mix(theme.bar, theme.paper, .6))
        if rng.random() < .07:
            draw.rect(x, at, x + w, at + size * 1.7, mix(theme.accent, theme.paper, .4))
        draw.rect(x + size * .2, at + size * .4, x + size * .8, at + size * 1.2, mix(canvas.colour(rng), theme.paper, .2))
        name = words.pick(rng, words.TEXT) + words.pick(rng, (".pdf", ".txt", ".png", ".c", "", ".docx", ".csv"))
        for share, text in zip(shares, (name, f"{int(rng.integers(1, 999))} KB", words.pick(rng, ("File", "Folder", "Image", "PDF")), words.date(rng))):
            draw.text(x + size * 1.2 + share * w, at + size * .85, text, theme.face, size * .95, theme.ink if share == 0 else theme.soft, "lm")


def _icons(rng, draw, theme, x, y, w, h, size):
    """Files as signs with their names below."""
    pitch, folder = size * rng.uniform(5, 9), canvas.colour(rng, (.4, .65), (.5, 1))
    for row in np.arange(y + size, y + h - pitch * .8, pitch):
        for column in np.arange(x + size, x + w - pitch * .9, pitch):
            if rng.random() < .08:
                continue
            r, cx = pitch * .26, column + pitch / 2
            if rng.random() < .5:
                draw.rect(cx - r, row + r * .3, cx + r, row + r * 1.8, folder, radius=1)
                draw.rect(cx - r, row, cx, row + r * .4, mix(folder, BLACK, .15))
            elif rng.random() < .4:
                picture(rng, draw, cx - r, row, r * 2, r * 1.8)
            else:
                draw.rect(cx - r * .75, row, cx + r * .75, row + r * 1.9, mix(canvas.colour(rng, (.4, .8)), WHITE, .3), theme.edge, 1)
            draw.text(cx, row + pitch * .62, words.pick(rng, words.TEXT)[:9] + words.pick(rng, (".pdf", ".png", "", ".txt")), theme.face, size * .8, theme.ink, "mm")


def _page(rng, draw, theme, x, y, w, h, size):
    draw.rect(x, y, x + w, y + h, mix(theme.bar, BLACK, .12))
    px, pw = x + w * .14, w * .72
    draw.rect(px, y + size * 1.5, px + pw, y + h, WHITE)
    light = Theme.__new__(Theme)
    light.face, light.ink = fonts.pick(rng, "text"), (40, 40, 40)
    draw.text(px + pw * .12, y + size * 3.5, words.sentence(rng, 4), fonts.bold(light.face), size * 1.5, BLACK)
    paragraph(rng, draw, light, px + pw * .12, y + size * 6.5, pw * .76, h - size * 8, size * .85)


def _dialog_over(rng, draw, theme, size):
    w, h = draw.width * rng.uniform(.4, .6), draw.height * rng.uniform(.25, .42)
    x, y = (draw.width - w) / 2, (draw.height - h) / 2
    draw.rect(x + 3, y + 4, x + w + 3, y + h + 4, mix(theme.ink, theme.paper, .5))
    draw.rect(x, y, x + w, y + h, theme.paper, theme.edge, 1)
    _dialog_in(rng, draw, theme, x, y, w, h, size)


def _dialog_in(rng, draw, theme, x, y, w, h, size):
    title = words.pick(rng, ("Error", "Warning", "Save changes?", "Confirm", "Information", "Fehler", "Hinweis", "Attention", "Update"))
    top = title_bar(rng, draw, theme, x, y, w, size, title)
    sign = words.pick(rng, "!?ix")
    r = size * 1.3
    draw.disc(x + size * 2.4, y + top + size * 2.4, r, {"!": (240, 180, 30), "?": (50, 120, 220), "i": (50, 120, 220), "x": (210, 50, 50)}[sign])
    draw.text(x + size * 2.4, y + top + size * 2.4, sign, "sans-bold", size * 1.7, WHITE, "mm")
    paragraph(rng, draw, theme, x + size * 4.6, y + top + size * 1.2, w - size * 6, max(size * 1.6, h - top - size * 5), size)
    bx = x + w * .45
    for index in range(2):
        bx += button(rng, draw, theme, bx, y + h - size * 2.7, size, words.pick(rng, words.BUTTONS), index == 0) + size * .7
    return title


def dialog(rng, width, height):
    theme = Theme(rng)
    height = min(height, width * .6)
    size = max(7, width / rng.uniform(22, 34))
    draw = Canvas(width, max(height, size * 10), theme.paper)
    title = _dialog_in(rng, draw, theme, 0, 0, width, draw.height, size)
    draw.rect(0, 0, width - .5, draw.height - .5, None, theme.edge, 1)
    return draw, f"A screenshot of a dialog titled '{title}' with buttons.", [title]


def web(rng, width, height):
    """A browser or a bare web page."""
    theme = Theme(rng)
    size = max(5.5, width / rng.uniform(38, 62))
    draw = Canvas(width, height, theme.paper)
    y, name = 0, words.pick(rng, words.COMPANY)
    browser = rng.random() < .6
    if browser:
        y = title_bar(rng, draw, theme, 0, 0, width, size, f"{name} - {words.sentence(rng, 2)}")
        draw.rect(0, y, width, y + size * 2.6, theme.bar)
        for at in range(3):
            icon(rng, draw, size * (1.5 + at * 2), y + size * 1.3, size, theme)
        draw.rect(size * 7.5, y + size * .4, width - size * 3, y + size * 2.2, theme.paper, theme.edge, 1, size * .8)
        draw.text(size * 8.5, y + size * 1.3, f"https://www.{name.lower()}.com/{words.pick(rng, words.TEXT)}", theme.face, size, theme.soft, "lm")
        y += size * 2.6
    head = size * rng.uniform(3, 4.5)
    strong = rng.random() < .55
    draw.rect(0, y, width, y + head, theme.accent if strong else theme.paper)
    ink = (WHITE if sum(theme.accent) < 480 else BLACK) if strong else theme.ink
    draw.text(size * 2, y + head / 2, name, fonts.pick(rng, "display"), size * 1.7, ink, "lm")
    at = width * .4
    while at < width - size * 6:
        text = words.pick(rng, words.MENU)
        draw.text(at, y + head / 2, text, theme.face, size, ink, "lm")
        at += draw.text_size(text, theme.face, size)[0] + size * 1.8
    y += head
    if rng.random() < .5:
        h = height * rng.uniform(.16, .34)
        picture(rng, draw, 0, y, width, h)
        draw.text(width * .08, y + h * .45, words.sentence(rng, 4), fonts.bold(theme.face), size * 2.2, WHITE, "lm")
        button(rng, draw, theme, width * .08, y + h * .62, size, words.pick(rng, words.BUTTONS), True)
        y += h
    side = width * .25 if rng.random() < .45 else 0
    if side:
        paragraph(rng, draw, theme, width - side + size, y + size * 2, side - size * 3, height * .3, size, theme.accent)
    columns = int(rng.integers(1, 5))
    cell = (width - side - size * 2) / columns
    while y < height - size * 6:
        h = size * rng.uniform(8, 16)
        for column in range(columns):
            x = size * 2 + column * cell
            text_at = y + size
            if columns > 1 or rng.random() < .3:
                ph = h * .5
                picture(rng, draw, x, y + size, cell - size * 2, ph)
                text_at += ph + size * .5
            draw.text(x, text_at, words.sentence(rng, 3)[:int(cell / size * 1.6)], fonts.bold(theme.face), size * 1.25, theme.ink)
            paragraph(rng, draw, theme, x, text_at + size * 2, cell - size * 2, max(0, y + h - text_at - size * 2), size, theme.soft)
        y += h + size
    what = "a web browser showing the page of" if browser else "the web page of"
    return draw, f"A screenshot of {what} '{name}'.", [name]


def terminal(rng, width, height):
    theme = Theme(rng)
    theme.dark = rng.random() < .85
    theme.paper = words.pick(rng, ((0, 0, 0), (48, 10, 36), (30, 30, 30), (0, 43, 54), (12, 12, 40))) if theme.dark else WHITE
    theme.ink = words.pick(rng, ((220, 220, 220), (80, 250, 80), (200, 200, 180))) if theme.dark else BLACK
    theme.bar, theme.soft = (60, 60, 64), mix(theme.ink, theme.paper, .35)
    size = max(6, width / rng.uniform(32, 56))
    draw = Canvas(width, height, theme.paper)
    bar = Theme(rng)
    y = title_bar(rng, draw, bar, 0, 0, width, size, words.pick(rng, ("Terminal", "bash", "user@host: ~", "PowerShell", "Command Prompt"))) if rng.random() < .65 else 0
    if rng.random() < .35:
        _code(rng, draw, theme, 0, y, width, height - y, size, rng.random() < .3)
    else:
        face = words.pick(rng, ("mono", "dejavu-mono", "courier"))
        step = draw.text_size("m", face, size)[0]
        user = words.pick(rng, words.FIRST).lower()
        for at in np.arange(y + size * .4, (height - size) * (1 if rng.random() < .75 else rng.uniform(.3, 1)), size * 1.35):
            if rng.random() < .25:
                prompt = words.pick(rng, (f"{user}@host:~$ ", "$ ", "C:\\> ", ">>> ", "# "))
                draw.text(size * .5, at, prompt, face, size, mix(canvas.colour(rng, (.5, .7)), theme.ink, .3))
                draw.text(size * .5 + step * len(prompt), at, words.pick(rng, ("ls -l", "make", "git status", "cd src", "python3 run.py", "cat log.txt", "dir", "ssh server", "apt update")), face, size, theme.ink)
            elif rng.random() < .85:
                text = words.sentence(rng, int(rng.integers(2, 12))) if rng.random() < .6 else f"-rw-r--r-- 1 {user} {user} {int(rng.integers(10, 99999)):6} {words.date(rng)} {words.pick(rng, words.TEXT)}.txt"
                draw.text(size * .5, at, text[:int(width / step) - 1], face, size, theme.ink if rng.random() < .85 else canvas.colour(rng, (.5, .7)))
    return draw, "A screenshot of a terminal with text in fixed width.", []


def phone(rng, width, height):
    """A telephone's screen: chats, lists, cards."""
    theme = Theme(rng)
    width = min(width, height * .56)
    size = width / rng.uniform(17, 24)
    draw = Canvas(width, height, theme.paper)
    draw.rect(0, 0, width, size * 1.6, theme.accent if rng.random() < .5 else theme.paper)
    draw.text(size, size * .8, f"{int(rng.integers(0, 24)):02}:{int(rng.integers(0, 60)):02}", fonts.bold(theme.face), size * .8, theme.ink, "lm")
    draw.rect(width - size * 2.2, size * .45, width - size * .7, size * 1.15, None, theme.ink, .8)
    draw.rect(width - size * 2.1, size * .55, width - size * rng.uniform(.9, 1.8), size * 1.05, theme.ink)
    draw.rect(0, size * 1.6, width, size * 4.4, theme.accent if rng.random() < .6 else theme.bar)
    title = words.pick(rng, words.MENU + words.FIRST)
    draw.text(size * 3, size * 3, title, fonts.bold(theme.face), size * 1.2, WHITE, "lm")
    y = size * 5
    chat = rng.random() < .4
    while y < height - size * 5:
        if chat:
            mine = rng.random() < .5
            w, h = width * rng.uniform(.35, .72), size * float(rng.choice((2, 3.3, 4.6)))
            x = width - w - size * .6 if mine else size * .6
            draw.rect(x, y, x + w, y + h, mix(theme.accent, WHITE, .6) if mine else theme.bar, radius=size * .8)
            paragraph(rng, draw, theme, x + size * .6, y + size * .4, w - size * 1.2, h - size * .4, size * .85, BLACK if mine else theme.ink)
            y += h + size * .8
        else:
            draw.disc(size * 2, y + size * 1.5, size * 1.1, mix(canvas.colour(rng), WHITE, .3))
            draw.text(size * 4, y + size * .4, words.person(rng) if fonts.covers(theme.face, "ł") else "Anna", theme.face, size, theme.ink)
            draw.text(size * 4, y + size * 1.7, words.sentence(rng, 3)[:int(width / size * 1.3)], theme.face, size * .8, theme.soft)
            draw.line(((size * 4, y + size * 3.2), (width, y + size * 3.2)), theme.edge, .6)
            y += size * 3.4
    draw.rect(0, height - size * 3, width, height, theme.bar)
    for at in range(4):
        icon(rng, draw, width * (at + .5) / 4, height - size * 1.5, size * 1.4, theme)
    return draw, f"A screenshot of a phone app titled '{title}' with {'a chat' if chat else 'a list'}.", [title]


def _knob(rng, draw, theme, x, y, w, size):
    """What stands beside a label in a pane of settings: a choice, a number with arrows, a slider, a switch, a colour."""
    kind, h = int(rng.integers(5)), size * 1.9
    field = mix(theme.bar, theme.paper, .5)
    if kind == 0:
        draw.rect(x, y, x + w, y + h, field, theme.edge, 1, theme.radius)
        draw.text(x + size * .7, y + h / 2, words.pick(rng, words.MENU + words.FIRST), theme.face, size, theme.ink, "lm")
        draw.polygon([(x + w - size * 1.5, y + h * .4), (x + w - size * .6, y + h * .4), (x + w - size * 1.05, y + h * .65)], theme.ink)
    elif kind == 1:
        share = rng.uniform(.05, .95)
        draw.rect(x, y, x + w, y + h, field, theme.edge, 1, theme.radius)
        if rng.random() < .6:
            draw.rect(x, y, x + w * share, y + h, mix(theme.accent, theme.paper, rng.uniform(0, .7)), radius=theme.radius)
        draw.text(x + w - size * 2.2, y + h / 2, f"{share * 100:.{int(rng.integers(0, 3))}f}", theme.face, size, theme.ink, "rm")
        for up in (-1, 1):
            draw.polygon([(x + w - size * 1.4, y + h * (.5 + up * .1)), (x + w - size * .6, y + h * (.5 + up * .1)), (x + w - size, y + h * (.5 + up * .32))], theme.soft)
    elif kind == 2:
        at = x + w * rng.uniform(.05, .95)
        draw.line(((x, y + h / 2), (x + w, y + h / 2)), theme.edge, size * .3)
        draw.line(((x, y + h / 2), (at, y + h / 2)), theme.accent, size * .3)
        draw.disc(at, y + h / 2, size * .6, theme.paper, theme.soft, 1)
    elif kind == 3:
        for cx in np.arange(x, x + w - size * 6, size * 7)[:3]:
            shape = draw.disc if rng.random() < .4 else lambda px, py, r, f, o, t: draw.rect(px - r, py - r, px + r, py + r, f, o, t)
            shape(cx + size * .6, y + h / 2, size * .55, theme.accent if rng.random() < .5 else theme.paper, theme.soft, 1)
            draw.text(cx + size * 1.7, y + h / 2, words.pick(rng, words.MENU), theme.face, size, theme.ink, "lm")
    else:
        draw.rect(x, y, x + w, y + h, canvas.colour(rng), theme.edge, 1)


def settings(rng, width, height):
    """A pane of settings: labels with choices, numbers, sliders and switches, in groups, buttons below."""
    theme = Theme(rng)
    if not theme.dark and rng.random() < .6:
        theme.bar = (int(rng.integers(165, 230)),) * 3
        theme.edge = mix(theme.bar, BLACK, .25)
    theme.paper = mix(theme.paper, theme.bar, rng.uniform(0, 1) ** .5)
    size = max(7, width / rng.uniform(16, 40))
    draw = Canvas(width, height, theme.paper)
    title, y = words.sentence(rng, 2), size * .4
    if rng.random() < .7:
        y += title_bar(rng, draw, theme, 0, 0, width, size, title) if rng.random() < .6 else size * 2.4
        if y > size * 2.5:
            icon(rng, draw, size * 1.6, y - size * 1.2, size * 1.8, theme)
            draw.text(size * 3.2, y - size * 1.2, title, fonts.bold(theme.face), size * 1.2, theme.ink, "lm")
    split = width * rng.uniform(.3, .5) if rng.random() < .65 else 0
    inner = rng.random() < .3
    while y < height - size * 3.4:
        if rng.random() < .13:
            draw.text(size, y + size, words.sentence(rng, 2), fonts.bold(theme.face), size, theme.ink, "lm")
            if rng.random() < .5:
                draw.line(((size, y + size * 1.9), (width - size, y + size * 1.9)), theme.edge, 1)
            y += size * 2.2
            continue
        left = size * (2 if inner else 1)
        draw.text(left, y + size * .95, words.sentence(rng, int(rng.integers(1, 3))) + ("" if split else ":"), theme.face, size, theme.ink, "lm")
        if split:
            _knob(rng, draw, theme, split, y, width - split - size, size)
        else:
            _knob(rng, draw, theme, left, y + size * 1.8, width - left - size, size)
            y += size * 1.8
        y += size * 2.3
    x = size
    while rng.random() < .75 and x < width - size * 8:
        x += button(rng, draw, theme, x, height - size * 2.6, size, words.pick(rng, words.BUTTONS), rng.random() < .25) + size * .7
    return draw, f"A screenshot of a dialog titled '{title}' with settings.", [title]


def document(rng, width, height):
    """A plain web page, as manuals are: headings, paragraphs, blue links, lists, little colour."""
    size = max(6, width / rng.uniform(22, 60))
    theme = Theme(rng)
    theme.paper = WHITE if rng.random() < .7 else mix(WHITE, canvas.colour(rng, (.3, .7)), .12)
    theme.face, theme.ink = words.pick(rng, UI_FACES + ("serif", "roman")), BLACK if rng.random() < .6 else (50, 50, 50)
    link = (0, 0, 238) if rng.random() < .6 else canvas.colour(rng, (.3, .5), (.5, 1))
    draw, seen = Canvas(width, height, theme.paper), []
    left, y = size * rng.uniform(.8, 4), size * rng.uniform(.5, 2)
    side = width * rng.uniform(.15, .3) if rng.random() < .3 else 0
    if side:
        draw.rect(0, 0, side, height, mix(theme.paper, theme.accent if rng.random() < .4 else theme.ink, .1))
        for at in np.arange(size, height, size * 1.5):
            draw.text(size * .6, at, words.sentence(rng, 2)[:int(side / size * 1.5)], theme.face, size * .9, link)
    left += side
    floor = height if rng.random() < .75 else height * rng.uniform(.25, .8)     # short pages leave the rest empty
    while y < floor - size:
        kind = rng.random()
        if kind < .2:
            big = size * rng.uniform(1.2, 2.2)
            text = words.sentence(rng, int(rng.integers(2, 7)))[:int((width - left) / big * 1.7)]
            draw.text(left, y, text, fonts.bold(theme.face), big, theme.ink)
            seen.append(text)
            y += big * 1.7
            if rng.random() < .2:
                draw.line(((left, y - big * .2), (width - size, y - big * .2)), theme.edge, 1)
        elif kind < .5:
            bullets, blue = rng.random() < .7, rng.random() < .7
            for _ in range(int(rng.integers(2, 9))):
                text = words.sentence(rng, int(rng.integers(1, 6)))
                if bullets:
                    draw.disc(left + size * 1.2, y + size * .65, size * .18, theme.ink)
                draw.text(left + size * 2, y, text, theme.face, size, link if blue else theme.ink)
                if blue and rng.random() < .6:
                    wide = draw.text_size(text, theme.face, size)[0]
                    draw.line(((left + size * 2, y + size * 1.15), (left + size * 2 + wide, y + size * 1.15)), link, .7)
                y += size * 1.5
        else:
            tall = size * rng.uniform(1.5, 9)
            paragraph(rng, draw, theme, left, y, width - left - size * 2, tall, size)
            y += tall + size * .7
        y += size * .5
    title = f" headed '{seen[0]}'" if seen else ""
    return draw, f"A screenshot of a plain web page{title}.", seen


def screenshot(rng):
    make = (window, web, terminal, dialog, phone, settings, document)[int(rng.choice(7, p=(.32, .18, .11, .07, .08, .14, .1)))]
    ratios = (.4, .62) if make is phone else (.55, 1.8) if make is settings else (1.1, 1.9)
    width, height = canvas.dimensions(rng, 260, 560, ratios)
    draw, text, seen = make(rng, width, height)
    if rng.random() < .12:
        draw.rect(0, 0, draw.width - 1, draw.height - 1, None, (150, 150, 150), 1)
    return Sample(draw.pixels(), "picture", "screenshot", " ".join(seen), [Task("picture", text)])


# Tables --------------------------------------------------------------------------------------------------------------

def _cell(rng, kind):
    if kind == "word":
        return words.pick(rng, words.TEXT).capitalize()
    if kind == "name":
        return words.pick(rng, (*words.CATEGORIES[8], *words.CATEGORIES[10], *words.COMPANY, *words.LAST))
    if kind == "int":
        return f"{int(10 ** rng.uniform(0, 5)):,}"
    if kind == "percent":
        return f"{rng.uniform(0, 100):.1f}%"
    if kind == "money":
        return f"{10 ** rng.uniform(0, 4):,.2f}"
    if kind == "date":
        return words.date(rng)
    return f"{rng.uniform(0, 1):.3f}" if kind == "ratio" else words.pick(rng, ("yes", "no", "–", "✓", "x"))


def table_image(rng):
    rows, columns = int(rng.integers(3, 15)), int(rng.integers(2, 8))
    face = fonts.pick(rng, "text")
    size = float(rng.uniform(9, 15))
    kinds = ["name" if rng.random() < .7 else "word"] + [words.pick(rng, ("int", "percent", "money", "date", "ratio", "word", "mark", "int", "money")) for _ in range(columns - 1)]
    headers = [words.pick(rng, words.HEADERS) for _ in range(columns)]
    cells = [[_cell(rng, kind) for kind in kinds] for _ in range(rows)]
    style = ("grid", "booktabs", "banded", "lines", "plain", "shaded")[int(rng.choice(6, p=(.32, .2, .18, .12, .08, .1)))]
    probe, pad = Canvas(4, 4), size * rng.uniform(.4, 1.2)
    head_face = fonts.bold(face) if rng.random() < .75 else face
    def real(text, name): return name if fonts.covers(name, text) else "dejavu"
    widths = [max([probe.text_size(headers[at], head_face, size)[0]] + [probe.text_size(row[at], real(row[at], face), size)[0] for row in cells]) + 2 * pad for at in range(columns)]
    high = size * rng.uniform(1.35, 2.1)
    title = f"{words.pick(rng, ('Table', 'Tabelle', 'Tab.', 'Tableau'))} {int(rng.integers(1, 15))}: {words.sentence(rng, 3)}" if rng.random() < .22 else ""
    margin = size * rng.uniform(.1, 1.2)
    top = margin + (size * 1.9 if title else 0)
    paper = WHITE if rng.random() < .88 else mix(WHITE, canvas.colour(rng), .08)
    draw = Canvas(sum(widths) + 2 * margin, high * (rows + 1) + top + margin, paper)
    if title:
        draw.text(margin, margin, title[:int(draw.width / size * 1.9)], real(title, face), size, BLACK)
    x0, x1, y0 = margin, margin + sum(widths), top
    y1 = y0 + high * (rows + 1)
    accent, ink = canvas.colour(rng, (.2, .5), (.2, .8)), BLACK if rng.random() < .8 else (60, 60, 60)
    grey = (int(rng.integers(0, 170)),) * 3
    coloured = style in ("banded", "shaded") or (style == "grid" and rng.random() < .35)
    head_fill = (accent if rng.random() < .6 else (225, 225, 225)) if coloured else None
    if head_fill:
        draw.rect(x0, y0, x1, y0 + high, head_fill)
    if style == "banded":
        for row in range(0, rows, 2):
            draw.rect(x0, y0 + high * (row + 1), x1, y0 + high * (row + 2), mix(accent, WHITE, .85))
    right = [kind in ("int", "money", "percent", "ratio") and rng.random() < .75 for kind in kinds]
    at = x0
    for column, width in enumerate(widths):
        fill = WHITE if head_fill and sum(head_fill) < 400 else ink
        anchor, place = ("rm", at + width - pad) if right[column] else ("lm", at + pad)
        draw.text(place, y0 + high / 2, headers[column], real(headers[column], head_face), size, fill, anchor)
        for row in range(rows):
            text = cells[row][column]
            draw.text(place, y0 + high * (row + 1.5), text, real(text, face), size, ink, anchor)
        if style == "grid" and column:
            draw.line(((at, y0), (at, y1)), grey, .8)
        at += width
    if style == "grid":
        draw.rect(x0, y0, x1, y1, None, grey, .9)
    if style in ("grid", "lines"):
        for row in range(1, rows + 1):
            draw.line(((x0, y0 + high * row), (x1, y0 + high * row)), grey, .8)
    if style == "booktabs":
        for y, thick in ((y0, 1.6), (y0 + high, .8), (y1, 1.6)):
            draw.line(((x0, y), (x1, y)), BLACK, thick)
    pixels = draw.pixels()
    if max(pixels.shape) > 700:
        image = Image.fromarray(pixels)
        image.thumbnail((700, 700), Image.BILINEAR)
        pixels = np.array(image)
    text = f"A table with {count(columns)} columns and {count(rows)} rows below the heads {', '.join(headers[:4])}."
    return Sample(pixels, "picture", "table_image", " ".join(headers + [cell for row in cells for cell in row])[:400], [Task("picture", text)])
