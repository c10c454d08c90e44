# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a checkpoint or an exported folder: labels, confidences, descriptions.

    python evaluate.py --checkpoint DIR/checkpoint.pt --tokenizer DIR/tokenizer.json --held-out DIR [--calibrate FILE]
    python evaluate.py --checkpoint ... --tokenizer ... --pictures DIR --pages DIR
    python evaluate.py --results DIR --labels FILE                        # page types in docai's own results (JSON)

The first form takes generated samples with the text in the prompt and without, and may write the temperature and
the least confidence of each task, for export.py; --answers 100 adds charts, lines and questions. With --pictures and
--pages too, their samples decide about temperature and least confidence. The second form takes
folders of images with a labels.json (a list of {"file": ..., "label": ..., "text": ...}, or {"file": "label"}). The
third one is for pages that went through docai: what it wrote as document_type of the first page.
"""
import argparse
import collections
import json
import pathlib

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer

import answers
import data
import prompts
from export import load, round_weights
from presets import TILE
from shards import tiles_of
from train import label_index

PRECISION = 0.95    # that labels above the least confidence shall have
LOWEST = 0.35       # no least confidence is below


@torch.no_grad()
def scores_of(model, examples, writer, task):
    """Logits [n, labels] of the label tokens of a task."""
    ids = torch.tensor([writer.id(prompts.label_token(label)) for label in prompts.ALLOWED[task]])
    out = []
    for i in range(0, len(examples), 32):
        out.append(model(data.collate(examples[i:i + 32], writer, label_index))[0][:, ids])
    return torch.cat(out)


def fit_temperature(scores, targets):
    """The divisor of the logits with the least cross entropy."""
    grid = torch.linspace(0.5, 4, 71)
    losses = [torch.nn.functional.cross_entropy(scores / t, targets).item() for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 3)


def least_confidence(probability, right):
    """The lowest confidence above which the labels are right often enough."""
    order = np.argsort(-probability)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(share >= PRECISION)[0]
    return round(max(float(probability[order][good[-1]]) if len(good) else 1.0, LOWEST), 3)


def print_table(labels, targets, guesses):
    for i, label in enumerate(labels):
        mine = targets == i
        if mine.any():
            wrong = collections.Counter(labels[g] for g in guesses[mine & (guesses != i)])
            print(f"  {label:18} {int((guesses[mine] == i).sum()):4}/{int(mine.sum()):<4} "
                  + ", ".join(f"{name} {n}" for name, n in wrong.most_common(4)))


def report(name, labels, targets, scores, temperature=1.0):
    probability = torch.softmax(scores / temperature, -1)
    best, guesses = probability.max(-1)
    right = (guesses == targets).numpy()
    print(f"{name}: {right.mean():.4f} of {len(right)}")
    print_table(labels, targets.numpy(), guesses.numpy())
    return best.numpy(), right


def calibrated(scores, targets):
    """{temperature, least_confidence} of logits [n, labels], and (confidence, right) of each sample under it."""
    temperature = fit_temperature(scores, targets)
    best, guesses = torch.softmax(scores / temperature, -1).max(-1)
    best, right = best.numpy(), (guesses == targets).numpy()
    return {"temperature": temperature, "least_confidence": least_confidence(best, right)}, best, right


def calibrate(name, scores, targets):
    """Calibrates on all samples, and tells what calibrating on one half of them does on the other one."""
    found, best, right = calibrated(scores, targets)
    said = best >= found["least_confidence"]
    print(f"{name}: temperature {found['temperature']}, least confidence {found['least_confidence']}: "
          f"says {said.mean():.3f}, of these right {right[said].mean() if said.any() else 0:.3f}")
    order = np.random.default_rng(1).permutation(len(targets))
    says, good = 0, 0
    for mine, other in ((order[::2], order[1::2]), (order[1::2], order[::2])):
        half, _, _ = calibrated(scores[mine], targets[mine])
        best, guesses = torch.softmax(scores[other] / half["temperature"], -1).max(-1)
        said = (best >= half["least_confidence"]).numpy()
        says, good = says + said.sum(), good + (guesses == targets[other]).numpy()[said].sum()
    print(f"  calibrated on the other half: says {says / len(targets):.3f}, of these right {good / max(says, 1):.3f}")
    return found


def held_out(model, preset, tokenizer, folder, most, n_answers):
    writer, found = data.Writer(tokenizer, preset), {}
    for task in [t for t in preset.tasks if t in prompts.ALLOWED]:
        pool, rng = data.Pool(folder, preset, (task,)), np.random.default_rng(7)
        chosen, labels = rng.permutation(len(pool.entries))[:most], prompts.ALLOWED[task]
        targets = torch.tensor([labels.index(pool.entries[i]["label"]) for i in chosen])
        both = []
        for with_text in (False, True):
            examples = [data.prompt_only(data.example(pool, i, writer, rng, 1, {task: 1}, plain=True, with_text=with_text)) for i in chosen]
            both.append(scores_of(model, examples, writer, task))
            report(f"{task}, {'with text' if with_text else 'picture alone'}", labels, targets, both[-1])
        found[task] = calibrate(task, torch.cat(both), torch.cat((targets, targets)))
    if n_answers:
        found |= answers.measure(model, preset, tokenizer, folder, n_answers)
    return found


def entries_of(path):
    """Files with their label and text: {"file": "label"}, {"file": {"label": ..., "text": ...}}, or a list of the latter
    with "file"."""
    read = json.loads(pathlib.Path(path).read_text())
    if isinstance(read, dict):
        read = [{"file": name} | (value if isinstance(value, dict) else {"label": value}) for name, value in sorted(read.items())]
    return [(entry["file"], entry["label"], entry.get("text", "")) for entry in read]


def folder(model, preset, tokenizer, place, task, calibration):
    """Labels of the images of a folder, without their text, and with it where labels.json has it; the calibration on the
    latter comes back."""
    writer, labels, place = data.Writer(tokenizer, preset), prompts.ALLOWED[task], pathlib.Path(place)
    entries, keep = entries_of(place / "labels.json"), np.arange(data.BLOCKS)
    longest = preset.shape.longest if task in preset.tiled else TILE
    cuts = [tiles_of(np.asarray(Image.open(place / name).convert("RGB")), longest) for name, _, _ in entries]
    targets = torch.tensor([labels.index(label) for _, label, _ in entries])
    wanted = {"temperature": 1.0, "least_confidence": 0.0} | calibration.get(task, {})
    for with_text in (False, True) if any(text for _, _, text in entries) else (False,):
        examples = []
        for (_, label, text), (cut, rows, cols) in zip(entries, cuts):
            sequence = writer.prompt(task, text if with_text else "", "", rows, cols, keep.tolist())
            examples.append({"ids": sequence.ids, "positions": sequence.positions, "targets": [(len(sequence.ids) - 1, 0, 1.0)],
                             "keep": keep, "kind": "page" if task == "document_type" else task, "label": label, "task": task,
                             "tiles": cut})
        scores = scores_of(model, examples, writer, task)
        best, right = report(f"{place}, {'with text' if with_text else 'picture alone'}", labels, targets, scores,
                             wanted["temperature"])
        said = best >= wanted["least_confidence"]
        print(f"above the least confidence: {said.mean():.3f}, of these right {right[said].mean() if said.any() else 0:.3f}")
        found = calibrate(task, scores, targets)
    return found


def results(folder, labels):
    """Types of first pages in docai's results, DIR/STEM.json."""
    names = prompts.DOCUMENT_TYPES
    targets, guesses, silent = [], [], 0
    for name, label, _ in entries_of(labels):
        path = pathlib.Path(folder) / (pathlib.Path(name).stem + ".json")
        page = json.loads(path.read_text())["pages"][0] if path.exists() else {}
        said = page.get("document_type")
        if said is None:
            silent += 1
            guesses.append(-1)
        else:
            guesses.append(names.index(said["label"]))
        targets.append(names.index(label))
    targets, guesses = np.array(targets), np.array(guesses)
    right = (targets == guesses).sum()
    print(f"{folder}: {right}/{len(targets)} = {right / len(targets):.4f}; nothing said of {silent}; "
          f"of those said {right / max(len(targets) - silent, 1):.4f} right")
    print_table(names + ("(nothing)",), targets, guesses)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint")
    parser.add_argument("--tokenizer")
    parser.add_argument("--latest", action="store_true")
    parser.add_argument("--held-out")
    parser.add_argument("--most", type=int, default=512)
    parser.add_argument("--answers", type=int, default=0, help="samples a task whose answer is text: charts, lines, questions")
    parser.add_argument("--calibrate")
    parser.add_argument("--calibration")
    parser.add_argument("--pictures", action="append", default=[])
    parser.add_argument("--pages", action="append", default=[])
    parser.add_argument("--results")
    parser.add_argument("--labels")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.results:
        results(args.results, args.labels)
    if not args.checkpoint:
        return
    model, preset, saved = load(args.checkpoint, args.latest)
    round_weights(model)
    print(f"step {saved['steps']}, {saved['samples']} samples, {saved['seconds']:.0f} s")
    tokenizer = Tokenizer.from_file(args.tokenizer)
    calibration = json.loads(pathlib.Path(args.calibration).read_text()) if args.calibration else {}
    found = held_out(model, preset, tokenizer, args.held_out, args.most, args.answers) if args.held_out else {}
    for place in args.pictures:
        found["picture"] = folder(model, preset, tokenizer, place, "picture", calibration)
    for place in args.pages:
        found["document_type"] = folder(model, preset, tokenizer, place, "document_type", calibration)
    if args.calibrate:
        pathlib.Path(args.calibrate).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
