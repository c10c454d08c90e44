# SPDX-License-Identifier: GPL-3.0-or-later
"""From shards to batches: choice of samples, what is known of their text, prompts with answers, padding."""
import io
import itertools
import json
import mmap
import pathlib

import numpy as np
import torch
from PIL import Image

import copying
import prompts
from presets import BLOCKS, TILE
from shards import cut
from synth.sample import NOT_STATED

TEXT_WEIGHT = 0.04      # of a token behind the label; a label has weight 1
WHOLE_ANSWER = 0.6      # part of the pictures that are seen with their sentence
MOST_POINTS = 8         # values of a chart that are asked for one by one
RESCAN = 512            # samples after which new shards are looked for
REORDERED = 0.3         # part of the pages' texts that are not in the order drawn
OTHER_DIGITS = 0.3      # part of the pages whose digits are exchanged in text and answers: values must be read, not known


def view(mapped, at, length):
    return np.asarray(Image.open(io.BytesIO(mapped[at:at + length])).convert("RGB"))


class Pool:
    """The samples of a folder of shards, which may be growing."""

    def __init__(self, folder, preset, tasks=None):
        self.folder, self.preset, self.tasks = pathlib.Path(folder), preset, tasks or preset.tasks
        self.known, self.entries, self.files = set(), [], []
        self.of_kind = {}       # kind of shard -> indices of its entries
        self.seen = np.zeros(0)
        self.numbers, self.labels = {}, np.zeros(0, int)    # of labels: of each entry
        self.scan()

    def scan(self):
        for path in sorted(self.folder.glob("*.json")):
            kind = path.name.split("-")[0]
            if path.name in self.known or not self.preset.shares.get(kind):
                continue
            self.known.add(path.name)
            with open(path.with_suffix(".bin"), "rb") as file:
                self.files.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            places = self.of_kind.setdefault(kind, [])
            for entry in json.loads(path.read_text()):
                entry["tasks"] = [task for task in entry["tasks"] if task["name"] in self.tasks]
                if entry["tasks"]:
                    entry["file"] = len(self.files) - 1
                    places.append(len(self.entries))
                    self.entries.append(entry)
        new = self.entries[len(self.seen):]
        self.seen = np.concatenate((self.seen, np.zeros(len(new))))
        number = [self.numbers.setdefault(entry["label"], len(self.numbers)) for entry in new]
        self.labels = np.concatenate((self.labels, np.array(number, int)))

    def choose(self, rng, n):
        """Indices of about n samples, mixed; labels are equally likely, and what was seen less has more weight."""
        kinds = {kind: np.array(places) for kind, places in self.of_kind.items() if places}
        whole, chosen = sum(self.preset.shares[kind] for kind in kinds), []
        for kind, places in kinds.items():
            weight = 1 / (1 + self.seen[places]) ** 2
            labels = self.labels[places]
            weight /= np.bincount(labels, weight)[labels]
            m = min(round(n * self.preset.shares[kind] / whole), len(places))
            chosen.append(rng.choice(places, m, replace=False, p=weight / weight.sum()))
        chosen = rng.permutation(np.concatenate(chosen))
        self.seen[chosen] += 1
        return chosen

    def tiles(self, entry, tiled):
        """uint8 [tiles, 256, 256, 3], the whole view last, and the grid's rows and columns."""
        large, whole = entry["views"]
        mapped = self.files[entry["file"]]
        whole = view(mapped, *whole)[None]
        if not tiled or not large[1]:
            return whole, 0, 0
        tiles, rows, cols = cut(view(mapped, *large))
        return np.concatenate((tiles, whole)), rows, cols


# ---- what is known of the text ---------------------------------------------------------

def garble(text, rng):
    """Text as a bad recogniser leaves it."""
    rate, out = rng.uniform(0.03, 0.25), []
    for char in text:
        draw = rng.random()
        if draw > rate:
            out.append(char)
        elif draw > rate * 0.7:
            continue
        elif draw > rate * 0.5:
            out.append(" ")
        else:
            out.append("lIi1t.,|rnmceoaO0s5S8B'-"[rng.integers(24)])
    return "".join(out)


def reordered(segments, rng):
    """The words of segments as another reader orders them: in bands beside each other, one after the other, or in blocks that
    changed places; some are not read at all."""
    lost = (0, 0, 0, .1, .3)[int(rng.integers(5))]
    segments = [segment for segment in segments if rng.random() >= lost]
    if rng.random() < .6:
        edges = np.sort(rng.uniform(15, 85, rng.integers(1, 4)))
        order = sorted(range(len(segments)), key=lambda i: (np.searchsorted(edges, segments[i][1]), i))
    else:
        size, reach = int(rng.integers(1, 7)), float(rng.uniform(1, 4))
        key = np.repeat(np.arange(len(segments) // size + 1) + rng.uniform(0, reach, len(segments) // size + 1), size)
        order = np.argsort(key[:len(segments)], kind="stable")
    return " ".join(segments[i][0] for i in order)


def vary_text(entry, rng):
    """The text as it may be known when the model is asked: all, a part, in another order, garbled or none."""
    draw, text, page = rng.random(), entry["text"], entry["kind"] == "page"
    if draw < (0.18 if page else 0.45) or not text:
        return ""
    if page and entry["segments"] and rng.random() < REORDERED:
        text = reordered([tuple(s) for s in entry["segments"]], rng)
    if draw < 0.4:
        return garble(text[:1200], rng)
    words = text.split()
    if draw < 0.5 and len(words) > 8:
        return " ".join(words[rng.integers(0, len(words) // 2):])
    return text


def vary_segments(segments, keep, rng):
    """Segments as a recogniser leaves them: some missing or misread, but those whose place is in keep, which hold answers."""
    if rng.random() < 0.6:
        return segments
    lost, wrong = rng.uniform(0, 0.06), rng.uniform(0, 0.12)
    out = []
    for text, x, y in segments:
        draw = rng.random()
        if (x, y) in keep or draw > lost + wrong:
            out.append((text, x, y))
        elif draw > lost:
            out.append((garble(text, rng), x, y))
    return out


def exchange_digits(rng):
    """A function that exchanges digits in texts, the same for all that belongs to one page."""
    table = str.maketrans("0123456789", "".join(str(d) for d in rng.permutation(10)))
    return lambda text: text.translate(table)


# ---- sequences ------------------------------------------------------------------------

class Sequence:
    """Token ids of a prompt with its answers, their positions, and what is to be learnt."""

    def __init__(self):
        self.ids, self.positions, self.at = [], [], 0
        self.targets = []       # (index of the id before it, id, weight in the loss)

    def add(self, ids):
        self.positions += range(self.at, self.at + len(ids))
        self.ids += ids
        self.at += len(ids)

    def learn(self, ids, weights):
        self.targets += [(len(self.ids) - 1 + i, token, weight) for i, (token, weight) in enumerate(zip(ids, weights))]
        self.add(ids)


class Writer:
    """Makes token sequences of prompts and answers."""

    def __init__(self, tokenizer, preset):
        self.tokenizer, self.preset = tokenizer, preset
        self.id = tokenizer.token_to_id
        self.image, self.end, self.ask = self.id(prompts.IMAGE), self.id(prompts.END), self.id(prompts.ANSWER)

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def image_of(self, rows, cols, keep):
        """A sequence that begins with an image: `keep` tokens a tile, and their positions where all 64 would count."""
        sequence = Sequence()
        for token in self.encode(prompts.START + prompts.image_tokens(rows, cols, 1)):
            if token == self.image:
                sequence.ids += [token] * len(keep)
                sequence.positions += [sequence.at + k for k in keep]
                sequence.at += BLOCKS
            else:
                sequence.add([token])
        return sequence

    def prompt(self, task, text, question, rows, cols, keep):
        """The sequence of a whole prompt. text: as it is, or segments where the task's text has places."""
        sequence = self.image_of(rows, cols, keep)
        if task in self.preset.places:
            text = prompts.marked(prompts.windows(text or [], self.preset.text_bytes[task])[0])
            question = prompts.clean(question, prompts.QUESTION_BYTES)
            sequence.add(self.encode(prompts.PROMPTS[task].format(text=text, question=question)) + [self.ask])
        else:
            sequence.add(self.encode(prompts.prompt(task, text, self.preset.text_bytes[task], question)) + [self.ask])
        return sequence

    def answer(self, label, task, whole):
        """Ids of the answer to a task of a sample with this label, and their weights in the loss."""
        label, text = prompts.answer(task["name"], label, task["answer"], task.get("place"))
        if label is None:
            ids = self.encode(text) + [self.end]
            return ids, [self.preset.token_weights[task["name"]]] * len(ids)
        ids = [self.id(prompts.label_token(label))]
        if whole and len(text.encode()) <= self.preset.description_bytes:
            ids += self.encode(text) + [self.end]
        return ids, [1.0] + [TEXT_WEIGHT] * (len(ids) - 1)


def task_weights(preset, progress):
    for until, weights in preset.stages:
        if progress <= until:
            return weights
    return {name: 1.0 for name in preset.tasks}


def copied(sequence, writer, rng, longest):
    """Adds a list of segments that were made up, and questions whose answers are copied from it."""
    segments, asked = copying.make(rng, longest)
    ask(sequence, writer, "question", prompts.marked(segments), asked)


def points_of(sequence, entry, answer, writer, rng):
    """Adds a chart's text and questions for single values: what is learnt from one number comes sooner than from a whole chart."""
    points = [(f"{series['name']} {point['label']}".strip(), json.dumps(point["value"])) for series in json.loads(answer)["series"]
              for point in series["points"]]
    text = prompts.marked(prompts.windows(vary_segments([tuple(s) for s in entry["segments"]], (), rng), writer.preset.text_bytes["chart"])[0])
    ask(sequence, writer, "point", text, [(*points[i], None) for i in rng.permutation(len(points))[:MOST_POINTS]])


def ask(sequence, writer, task, text, asked):
    """Adds a text and questions (question, answer, place or None) about it with their answers, one after the other."""
    sequence.add(writer.encode(text))
    for question, answer, place in asked:
        question = prompts.clean(question, prompts.QUESTION_BYTES)
        sequence.add(writer.encode(prompts.PROMPTS[task].format(text="", question=question)) + [writer.ask])
        sequence.learn(*writer.answer("", {"name": task, "answer": answer, "place": place}, True))


def questions_of(sequence, entry, tasks, writer, rng, plain):
    """Adds a window of the page's text and questions with their answers, one after the other."""
    parts = prompts.windows([tuple(s) for s in entry["segments"]], writer.preset.text_bytes["question"])
    part = parts[0 if plain else int(rng.integers(len(parts)))]
    places = {(x, y) for _, x, y in part}
    change = exchange_digits(rng) if not plain and rng.random() < OTHER_DIGITS else str
    held = {tuple(task["place"]) for task in tasks if task["place"]}
    shown = part if plain else vary_segments(part, held, rng)
    asked = []
    for index in rng.permutation(len(tasks))[:1 if plain else len(tasks)]:
        task = tasks[index]
        here = task["place"] and tuple(task["place"]) in places
        asked.append((task["question"], change(task["answer"]) if here else NOT_STATED, task["place"] if here else None))
    ask(sequence, writer, "question", prompts.marked([(change(text), x, y) for text, x, y in shown]), asked)


def example(pool, index, writer, rng, keep_part, weights, plain=False, with_text=None, copies=(0.0, 2)):
    """One training example. plain: no augmentation; with_text: TRUE, FALSE, or None for chance; copies: share and longest
    list of the questions that are copying alone."""
    entry, preset = pool.entries[index], writer.preset
    tasks = [t for t in entry["tasks"] if weights.get(t["name"], 0) > 0]
    if not tasks:
        return None
    names = sorted({t["name"] for t in tasks})
    p = np.array([weights[name] for name in names])
    name = names[rng.choice(len(names), p=p / p.sum())]
    tasks = [t for t in tasks if t["name"] == name]
    task = tasks[rng.integers(len(tasks))]
    tiles, rows, cols = pool.tiles(entry, name in preset.tiled)
    text = entry["text"] if with_text else "" if with_text is False else vary_text(entry, rng)
    if entry["kind"] == "page" and keep_part < 1 and text:
        keep_part /= 2      # what a page is stands in its text most of the time
    keep = np.sort(rng.permutation(BLOCKS)[:BLOCKS if plain else int(BLOCKS * keep_part)])
    if name == "question":
        sequence = writer.image_of(rows, cols, keep.tolist())
        if not plain and rng.random() < copies[0]:
            copied(sequence, writer, rng, copies[1])
        else:
            questions_of(sequence, entry, tasks, writer, rng, plain)
    elif name == "chart" and not plain and rng.random() < preset.points:
        sequence = writer.image_of(rows, cols, keep.tolist())
        points_of(sequence, entry, task["answer"], writer, rng)
    else:
        if name in preset.places:
            text = [tuple(s) for s in entry["segments"]]
            text = text if plain else vary_segments(text, (), rng) if rng.random() < 0.85 else []
        sequence = writer.prompt(name, text, "", rows, cols, keep.tolist())
        whole = plain or name != "picture" or rng.random() < WHOLE_ANSWER
        sequence.learn(*writer.answer(entry["label"], task, whole))
    return {"ids": sequence.ids[:-1], "positions": sequence.positions[:-1], "targets": sequence.targets, "keep": keep,
            "kind": entry["kind"], "label": entry["label"], "tiles": tiles, "task": name, "index": index}


def prompt_only(example):
    """The example cut before its last answer, of which the first token alone is a target."""
    first = max((i for i, (at, _, _) in enumerate(example["targets"]) if i == 0 or at != example["targets"][i - 1][0] + 1))
    at = example["targets"][first][0]
    return example | {"ids": example["ids"][:at + 1], "positions": example["positions"][:at + 1],
                      "targets": example["targets"][first:first + 1]}


def collate(examples, writer, label_index):
    length = max(len(e["ids"]) for e in examples)
    n = len(examples)
    ids = np.full((n, length), writer.id(prompts.PAD), np.int64)
    positions = np.zeros((n, length), np.int64)
    rows, targets = [], []
    for i, e in enumerate(examples):
        ids[i, :len(e["ids"])] = e["ids"]
        positions[i, :len(e["ids"])] = e["positions"]
        rows += [i] * len(e["targets"])
        targets += e["targets"]
    places, tokens, weights = zip(*targets)
    tiles = np.concatenate([e["tiles"] for e in examples])
    counts = [len(e["tiles"]) for e in examples]
    blocks = np.concatenate([np.tile(e["keep"], (len(e["tiles"]), 1)) for e in examples])
    to = torch.from_numpy
    return {"tiles": to(tiles), "blocks": to(blocks), "owner": to(np.repeat(np.arange(n), counts)), "ids": to(ids),
            "positions": to(positions), "is_image": to(ids == writer.image), "rows": torch.tensor(rows),
            "places": torch.tensor(places), "targets": torch.tensor(tokens), "weights": torch.tensor(weights),
            "free": to(np.repeat([e["task"] in prompts.ALLOWED and len(e["tiles"]) == 1 for e in examples], counts)), "labels": torch.tensor([label_index(e) for e in examples]),
            "kinds": [e["kind"] for e in examples], "tasks": [e["task"] for e in examples]}


class Stream(torch.utils.data.IterableDataset):
    """Endless steps; each is a list of collated groups of similar length."""

    def __init__(self, folder, tokenizer, preset, label_index, progress, seed, groups=1, slots=None):
        """slots: shared memory for the tiles (slots.py), where they do not go along with the batches."""
        self.slots = slots
        self.folder, self.tokenizer, self.preset = folder, tokenizer, preset
        self.label_index, self.progress, self.seed, self.groups = label_index, progress, seed, groups

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        number = worker.id if worker else 0
        rng = np.random.default_rng([self.seed, number, 77])
        torch.set_num_threads(1)
        pool = Pool(self.folder, self.preset)
        writer = Writer(self.tokenizer, self.preset)
        waiting = []
        while True:
            progress = self.progress.value
            keep = next(part for until, part in self.preset.keep_blocks if progress <= until or until >= 1)
            weights = task_weights(self.preset, progress)
            copies = copying.stage(self.preset.copying, progress)
            examples = []
            while len(examples) < self.preset.batch:
                if not waiting:
                    pool.scan()
                    waiting = list(pool.choose(rng, RESCAN))
                made = example(pool, waiting.pop(), writer, rng, keep, weights, copies=copies)
                if made is not None:
                    examples.append(made)
            groups = [collate(group, writer, self.label_index) for group in self.split(examples)]
            yield groups if self.slots is None else self.slots.lay(number, groups)

    def split(self, examples):
        """Groups that see equally many blocks, of similar length."""
        size = -(-len(examples) // self.groups)
        for _, same in itertools.groupby(sorted(examples, key=lambda e: (len(e["keep"]), len(e["ids"]))), lambda e: len(e["keep"])):
            same = list(same)
            yield from (same[i:i + size] for i in range(0, len(same), size))
