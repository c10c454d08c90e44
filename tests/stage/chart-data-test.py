#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts as a common tool draws them, read and measured: every value, its names, and nothing beside them."""
import glob
import importlib.util
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.environ.get("G_TEST_SRCDIR", os.path.join(HERE, "..", ".."))
BUILD = os.environ.get("G_TEST_BUILDDIR", SRC)
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("chart_score", os.path.join(SRC, "tests", "chart-score.py"))
chart_score = importlib.util.module_from_spec(spec)
spec.loader.exec_module(chart_score)

pictures = sorted(glob.glob(os.path.join(SRC, "tests", "data", "charts", "*.png")))
ran = subprocess.run([os.path.join(BUILD, "tests", "run-chart"), *pictures], capture_output=True, text=True, check=False)
if "traineddata" in ran.stderr or "tesseract-ocr" in ran.stderr:
    print("1..0 # SKIP no language to read with")
    sys.exit(0)
lines = ran.stdout.splitlines()
print(f"1..{len(pictures)}")
for number, picture in enumerate(pictures, 1):
    truth = json.load(open(picture[:-4] + ".truth"))
    said = json.loads(lines[number - 1]) if number <= len(lines) else None
    wanted, right, _, wrong = chart_score.score(truth, said)
    titled = chart_score.near((said or {}).get("title") or "", truth["title"]) > 0.8
    good = right == wanted and wrong == 0 and titled
    print(f"{'ok' if good else 'not ok'} {number} {os.path.basename(picture)}: {right} of {wanted} values, {wrong} wrong, title {'right' if titled else 'wrong'}")
if ran.returncode:
    print(f"# run-chart ended with {ran.returncode}: {ran.stderr[-300:]}")
