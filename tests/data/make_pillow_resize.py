#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes pillow-resize.json: checksums of what Pillow 9 makes of a generated picture (later
versions sometimes run the vertical pass first)."""
import hashlib
import json
import os

import numpy as np
from PIL import Image


def picture(width, height):
    n, state = width * height * 3, 1
    out = np.empty(n, np.uint8)
    for i in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = (i * 7 + (state >> 26)) & 255
    return Image.fromarray(out.reshape(height, width, 3))


sizes = [((37, 23), (16, 16)), ((16, 16), (37, 23)), ((1, 1), (5, 3)), ((5, 3), (1, 1)), ((100, 7), (13, 40)),
         ((64, 48), (64, 20)), ((64, 48), (20, 48)), ((31, 200), (32, 32)), ((3, 90), (90, 3)), ((120, 80), (119, 81))]
cases = [{"from": a, "to": b, "filter": f, "md5": hashlib.md5(picture(*a).resize(b, f).tobytes()).hexdigest()}
         for a, b in sizes for f in range(6)]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pillow-resize.json"), "w") as f:
    f.write("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")
