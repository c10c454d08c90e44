#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores charts as data against their truth: chart-score.py [--verbose] TRUTH-DIR SAID-DIR

TRUTH-DIR has NAME.truth, SAID-DIR NAME.json: either the data of one chart (or null), or a document, whose first picture with
data counts. A value is right within 5 % of the truth (or half a percent of the largest value); it is found by the names of
series and label, which may differ in a few letters, as what is read from a picture does."""
import argparse
import collections
import difflib
import glob
import json
import os


def near(a, b):
    a, b = "".join(a.lower().split()), "".join(b.lower().split())
    if a == b:
        return 1.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def match(names, truths, least=0.5):
    """Pairs the names with those of the truth, the likest first: {index of name: index of truth}."""
    if len(names) == 1 and len(truths) == 1 and (not names[0] or not truths[0]):
        return {0: 0}
    pairs = sorted(((near(a, b), -i, -k) for i, a in enumerate(names) for k, b in enumerate(truths)), reverse=True)
    made, taken = {}, set()
    for like, i, k in pairs:
        if like >= least and -i not in made and -k not in taken:
            made[-i] = -k
            taken.add(-k)
    return made


def data_of(path):
    if not os.path.exists(path):
        return None
    said = json.load(open(path))
    if said and "pages" in said:
        for page in said["pages"]:
            for region in page["regions"]:
                if region.get("picture", {}).get("data"):
                    return region["picture"]["data"]
        return None
    return said


def right(said, true, largest):
    return abs(said - true) <= max(0.05 * abs(true), 0.005 * largest)


def score(truth, said):
    """Values of the truth, right ones, said ones, wrong ones."""
    n_true = sum(len(series["points"]) for series in truth["series"])
    if not said:
        return n_true, 0, 0, 0
    largest = max((abs(p["value"]) for s in truth["series"] for p in s["points"]), default=0)
    n_said = sum(len(series["points"]) for series in said["series"])
    good = 0
    for i, k in match([s.get("name") or "" for s in said["series"]], [s["name"] for s in truth["series"]]).items():
        mine, true = said["series"][i]["points"], truth["series"][k]["points"]
        for a, b in match([p["label"] for p in mine], [p["label"] for p in true]).items():
            good += right(mine[a]["value"], true[b]["value"], largest)
    return n_true, good, n_said, n_said - good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth")
    parser.add_argument("said")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    kinds = collections.defaultdict(lambda: [0] * 7)
    for path in sorted(glob.glob(os.path.join(options.truth, "*.truth"))):
        name = os.path.basename(path)[:-6]
        truth, said = json.load(open(path)), data_of(os.path.join(options.said, name + ".json"))
        n_true, good, n_said, wrong = score(truth, said)
        titled = bool(truth.get("title"))
        same = titled and said is not None and near(said.get("title") or "", truth["title"]) > 0.8
        for kind in (truth["kind"], "all"):
            kinds[kind] = [a + b for a, b in zip(kinds[kind], (1, not said, n_true, good, n_said, wrong, 0))]
        kinds["titles"] = [a + b for a, b in zip(kinds["titles"], (titled, 0, titled, same, bool(said) and titled, bool(said) and titled and not same, 0))]
        if options.verbose and (good < n_true or wrong):
            print(f"{name}: {truth['kind']} {truth.get('style', '')}: {good}/{n_true} right, {wrong} wrong{'' if said else ', nothing said'}")
    print(f"{'kind':12} {'charts':>6} {'silent':>6} {'values':>6} {'right':>6} {'share':>6} {'said':>6} {'wrong':>6} {'precise':>7}")
    for kind, (n, silent, n_true, good, n_said, wrong, _) in sorted(kinds.items()):
        print(f"{kind:12} {n:6} {silent:6} {n_true:6} {good:6} {good / max(n_true, 1):6.3f} {n_said:6} {wrong:6} {1 - wrong / max(n_said, 1):7.3f}")


if __name__ == "__main__":
    main()
