# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures answers that are text: charts' values, transcriptions, questions with their boxes (evaluate.py --answers)."""
import difflib
import json
import re

import numpy as np
import torch

import data
from synth.sample import NOT_STATED

LONGEST = {"chart": 700, "transcribe": 64, "question": 64}    # tokens, as docai asks for
NEAR = 0.05             # part by which a chart's value may be off
OVERLAP = 0.3           # of the boxes' union


def split_box(answer):
    """("text", [x0, y0, x1, y1] or None) of an answer "text [x0,y0,x1,y1]"."""
    found = re.fullmatch(r"(.*?) ?\[(\d+),(\d+),(\d+),(\d+)\]", answer, re.S)
    return (found[1], [int(v) for v in found.groups()[1:]]) if found else (answer, None)


def overlap(a, b):
    """Intersection over union of two boxes."""
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    common = max(w, 0) * max(h, 0)
    area = lambda box: max(box[2] - box[0], 0) * max(box[3] - box[1], 0)
    return common / max(area(a) + area(b) - common, 1e-9)


def values_of(text):
    """{(series, label): value} of a chart's JSON; empty where it is none."""
    try:
        return {(i, str(point["label"])): float(point["value"]) for i, series in enumerate(json.loads(text)["series"])
                for point in series["points"]}
    except (ValueError, KeyError, TypeError):
        return {}


def score(task, said, truth):
    """{measure: value, 0 to 1} of one answer."""
    if task == "chart":
        mine, real = values_of(said), values_of(truth)
        near = sum(abs(mine.get(key, np.inf) - value) <= NEAR * max(abs(value), 1e-9) for key, value in real.items())
        return {"JSON": float(bool(mine)), "values": near / max(len(real), 1), "right": float(near == len(real))}
    if task == "transcribe":
        return {"right": float(said == truth), "characters": difflib.SequenceMatcher(None, said, truth, False).ratio()}
    (text, box), (real, place) = split_box(said), split_box(truth)
    if real == NOT_STATED:
        return {"right": float(text == real), "not stated": float(text == real)}
    return {"right": float(text == real), "stated": float(text == real),
            "box": float(box is not None and overlap(box, place) >= OVERLAP)}


@torch.no_grad()
def measure(model, preset, tokenizer, folder, most):
    """Prints the mean scores of up to `most` held-out samples a task; {task: {"confidence": part that is right}}."""
    writer, found = data.Writer(tokenizer, preset), {}
    for task in [t for t in preset.tasks if t in LONGEST]:
        pool, rng, scores = data.Pool(folder, (task,)), np.random.default_rng(9), []
        for index in rng.permutation(len(pool.entries))[:most]:
            one = data.example(pool, index, writer, rng, 1, {task: 1}, plain=True, with_text=True)
            truth = tokenizer.decode(one["answer"][:-1])
            one["ids"], one["positions"] = one["ids"][:one["start"] + 1], one["positions"][:one["start"] + 1]
            batch = data.collate([one | {"answer": [0], "weights": [1.0]}], writer, lambda e: 0)
            ids, _ = model.answer(batch, writer.end, LONGEST[task])
            scores.append(score(task, tokenizer.decode(ids), truth))
        names = sorted({name for one in scores for name in one})
        means = {name: float(np.mean([one[name] for one in scores if name in one])) for name in names}
        print(f"{task} ({len(scores)}): " + ", ".join(f"{name} {value:.3f}" for name, value in means.items()))
        if scores:
            found[task] = {"confidence": round(means["right"], 3)}
    return found
