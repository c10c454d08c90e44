# SPDX-License-Identifier: GPL-3.0-or-later
"""The fonts that come along (folder fonts/), by name and by group, ready to draw with."""
import functools
import json
import os

from PIL import ImageFont

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fonts")

GROUPS = {
    "serif": ("serif", "serif-bold", "serif-italic", "garamond", "caladea", "caladea-bold", "roman", "roman-italic",
              "roman-bold", "slab-bold"),
    "sans": ("sans", "sans-bold", "sans-italic", "carlito", "carlito-bold", "dejavu", "dejavu-bold", "lato", "lato-bold",
             "lato-light", "roboto", "roboto-bold"),
    "condensed": ("narrow", "narrow-bold", "kaffeesatz-bold"),
    "mono": ("mono", "mono-bold", "dejavu-mono", "courier", "ocr-b"),
    "script": ("dancing", "kristi", "kaushan", "dkg", "connect", "rufscript"),
    "hand": ("rufscript", "dkg", "connect", "humor", "comic"),
    "display": ("spartan-bold", "lobster", "kaushan", "kaffeesatz-bold", "slab-bold", "sans-bold", "lato-bold",
                "roboto-bold", "comic", "garamond"),
    "math": ("math", "roman-italic", "serif-italic", "dejavu"),
    # upright faces for running text, with the bold face that goes with each
    "text": ("serif", "garamond", "caladea", "roman", "sans", "carlito", "dejavu", "lato", "roboto", "narrow", "mono",
             "dejavu-mono", "courier"),
}

BOLD = {"serif": "serif-bold", "garamond": "serif-bold", "caladea": "caladea-bold", "roman": "roman-bold",
        "sans": "sans-bold", "carlito": "carlito-bold", "dejavu": "dejavu-bold", "lato": "lato-bold",
        "lato-light": "lato", "roboto": "roboto-bold", "narrow": "narrow-bold", "mono": "mono-bold",
        "dejavu-mono": "mono-bold", "courier": "mono-bold", "ocr-b": "mono-bold", "math": "roman-bold"}

FILES = {os.path.splitext(file)[0]: os.path.join(FOLDER, file)
         for file in sorted(os.listdir(FOLDER)) if file.endswith((".ttf", ".otf"))}

with open(os.path.join(FOLDER, "missing.json"), encoding="ascii") as listing:
    MISSING = {name: frozenset(text) for name, text in json.load(listing).items()}


@functools.lru_cache(maxsize=600)
def font(name, size):
    """The face `name` at `size` pixels an em."""
    return ImageFont.truetype(FILES[name], max(4, int(size)), layout_engine=ImageFont.Layout.BASIC)


def bold(name):
    """The bold face that goes with `name` (itself where there is none)."""
    return BOLD.get(name, name)


def covers(name, text):
    """Whether the face has every character of `text`."""
    return MISSING[name].isdisjoint(text)


def pick(rng, *groups, text=""):
    """The name of a face out of one of `groups` (serif, sans, condensed or mono when none is named).

    A face that lacks a character of `text` gives way to a plain one.
    """
    group = groups[int(rng.integers(len(groups)))] if groups else ("serif", "sans", "condensed", "mono")[
        int(rng.choice(4, p=(.3, .5, .1, .1)))]
    name = GROUPS[group][int(rng.integers(len(GROUPS[group])))]
    return name if covers(name, text) else "dejavu"


def size(text, face):
    """Width and height in pixels of `text` (one line): the advance, and the ascent with the descent."""
    ascent, descent = face.getmetrics()
    return int(face.getlength(text) + .999), ascent + descent
