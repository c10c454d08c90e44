# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures answers that are text: charts' values, transcriptions, questions with their places (evaluate.py --answers)."""
import difflib
import json
import re

import numpy as np
import torch

import data
from synth.sample import NOT_STATED

LONGEST = {"chart": 700, "transcribe": 64, "question": 64}    # tokens, as docai asks for
NEAR = 0.05             # part by which a chart's value may be off
CLOSE = 2               # hundredths of the page that a place may be off


def split_place(answer):
    """("text", (x, y) or None) of an answer "text<|x12|><|y34|>"."""
    found = re.fullmatch(r"(.*?)<\|x(\d\d)\|><\|y(\d\d)\|>", answer, re.S)
    return (found[1], (int(found[2]), int(found[3]))) if found else (answer, None)


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
    (text, mine), (real, place) = split_place(said), split_place(truth)
    if real == NOT_STATED:
        return {"right": float(text == real), "not stated": float(text == real)}
    return {"right": float(text == real), "stated": float(text == real),
            "place": float(mine is not None and place is not None and max(abs(mine[0] - place[0]), abs(mine[1] - place[1])) <= CLOSE)}


@torch.no_grad()
def measure(model, preset, tokenizer, folder, most):
    """Prints the mean scores of up to `most` held-out samples a task; {task: {"confidence": part that is right}}."""
    writer, found = data.Writer(tokenizer, preset), {}
    for task in [t for t in preset.tasks if t in LONGEST]:
        pool, rng, scores = data.Pool(folder, preset, (task,)), np.random.default_rng(9), []
        for index in rng.permutation(len(pool.entries))[:most]:
            one = data.example(pool, index, writer, rng, 1, {task: 1}, plain=True, with_text=True)
            truth = tokenizer.decode([token for _, token, _ in one["targets"]][:-1], skip_special_tokens=False)
            batch = data.collate([data.prompt_only(one)], writer, lambda e: 0)
            ids, _ = model.answer(batch, writer.end, LONGEST[task])
            scores.append(score(task, tokenizer.decode(ids, skip_special_tokens=False), truth))
        names = sorted({name for one in scores for name in one})
        means = {name: float(np.mean([one[name] for one in scores if name in one])) for name in names}
        print(f"{task} ({len(scores)}): " + ", ".join(f"{name} {value:.3f}" for name, value in means.items()))
        if scores:
            found[task] = {"confidence": round(means["right"], 3)}
    return found
