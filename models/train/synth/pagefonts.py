# SPDX-License-Identifier: GPL-3.0-or-later
"""Type families of the page generator: regular, bold, italic and bold italic of one design, or the nearest there is."""
from . import fonts

_FAMILIES = {
    "serif": (("serif", "serif-bold", "serif-italic", "serif-bold"), ("roman", "roman-bold", "roman-italic", "roman-bold"),
              ("serif", "serif-bold", "serif-italic", "serif-bold"),
              ("caladea", "caladea-bold", "serif-italic", "caladea-bold"), ("garamond", "serif-bold", "serif-italic", "serif-bold")),
    "sans": (("sans", "sans-bold", "sans-italic", "sans-bold"), ("sans", "sans-bold", "sans-italic", "sans-bold"),
             ("carlito", "carlito-bold", "sans-italic", "carlito-bold"), ("lato", "lato-bold", "sans-italic", "lato-bold"),
             ("roboto", "roboto-bold", "sans-italic", "roboto-bold"), ("dejavu", "dejavu-bold", "sans-italic", "dejavu-bold"),
             ("narrow", "narrow-bold", "sans-italic", "narrow-bold"), ("lato-light", "lato", "sans-italic", "lato")),
    "mono": (("mono", "mono-bold", "mono", "mono-bold"), ("dejavu-mono", "mono-bold", "dejavu-mono", "mono-bold"),
             ("courier", "mono-bold", "courier", "mono-bold"), ("mono", "mono-bold", "mono", "mono-bold")),
    "ocr": (("ocr-b",) * 4,),
    "hand": (("rufscript",) * 4, ("dkg",) * 4, ("connect",) * 4, ("humor",) * 4, ("comic",) * 4, ("kristi",) * 4),
    "script": (("dancing",) * 4, ("kristi",) * 4, ("kaushan",) * 4, ("dkg",) * 4, ("rufscript",) * 4),
    "display": (("spartan-bold",) * 4, ("lobster",) * 4, ("kaushan",) * 4, ("kaffeesatz-bold",) * 4, ("slab-bold",) * 4,
                ("sans-bold",) * 4, ("lato-bold",) * 4, ("garamond", "serif-bold", "serif-italic", "serif-bold")),
    "condensed": (("narrow", "narrow-bold", "narrow", "narrow-bold"),)}


def family(rng, kind="any"):
    """A family of the kind: serif, sans, mono, ocr, hand, script, display, condensed; "any" is one for running text."""
    if kind == "any":
        kind = ("sans", "serif", "mono")[int(rng.choice(3, p=(.55, .4, .05)))]
    options = _FAMILIES[kind]
    return options[int(rng.integers(0, len(options)))]


def font(fam, size, bold=False, italic=False):
    return fonts.font(fam[(1 if bold else 0) + (2 if italic else 0)], size)
