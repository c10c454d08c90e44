# SPDX-License-Identifier: GPL-3.0-or-later
"""From shards to batches: choice of samples, augmentation, prompts with answers, padding."""
import io
import itertools
import json
import pathlib

import numpy as np
import torch
from PIL import Image, ImageFilter, ImageOps

import prompts
from presets import BLOCK_PATCHES, BLOCKS, PATCH, PATCH_VALUES, SHUFFLE, SIDE, TILE

TEXT_WEIGHT = 0.04      # of a token behind the label; a label has weight 1
WHOLE_ANSWER = 0.6      # part of the pictures that are seen with their sentence
RESCAN = 512            # samples after which new shards are looked for
SHARES = {"picture": 0.58, "page": 0.42, "line": 0.2}   # of the kinds of shards in what is seen


class Pool:
    """The samples of a folder of shards, which may be growing."""

    def __init__(self, folder, tasks):
        self.folder, self.tasks = pathlib.Path(folder), tasks
        self.known, self.entries, self.arrays = set(), [], []
        self.of_kind = {}       # kind of shard -> indices of its entries
        self.seen = np.zeros(0)
        self.numbers, self.labels = {}, np.zeros(0, int)    # of labels: of each entry
        self.scan()

    def scan(self):
        for path in sorted(self.folder.glob("*.json")):
            if path.name in self.known:
                continue
            self.known.add(path.name)
            self.arrays.append(np.load(path.with_suffix(".npy"), mmap_mode="r"))
            places = self.of_kind.setdefault(path.name.split("-")[0], [])
            for entry in json.loads(path.read_text()):
                entry["tasks"] = [task for task in entry["tasks"] if task["name"] in self.tasks]
                if entry["tasks"]:
                    entry["array"] = len(self.arrays) - 1
                    places.append(len(self.entries))
                    self.entries.append(entry)
        new = self.entries[len(self.seen):]
        self.seen = np.concatenate((self.seen, np.zeros(len(new))))
        number = [self.numbers.setdefault(entry["label"], len(self.numbers)) for entry in new]
        self.labels = np.concatenate((self.labels, np.array(number, int)))

    def choose(self, rng, n):
        """Indices of about n samples, mixed; labels are equally likely, and what was seen less has more weight."""
        kinds = {kind: np.array(places) for kind, places in self.of_kind.items() if places}
        whole, chosen = sum(SHARES[kind] for kind in kinds), []
        for kind, places in kinds.items():
            weight = 1 / (1 + self.seen[places]) ** 2
            labels = self.labels[places]
            weight /= np.bincount(labels, weight)[labels]
            m = min(round(n * SHARES[kind] / whole), len(places))
            chosen.append(rng.choice(places, m, replace=False, p=weight / weight.sum()))
        chosen = rng.permutation(np.concatenate(chosen))
        self.seen[chosen] += 1
        return chosen

    def tiles(self, entry):
        return self.arrays[entry["array"]][entry["at"]:entry["at"] + entry["tiles"]]


# ---- augmentation --------------------------------------------------------------------

def frame(rng):
    """Corners, in sides of the tile, of what is looked at: cut closely, as it is, or with a margin, narrower or flatter."""
    if rng.random() < 0.25:
        wide, start = rng.uniform(1, 1.45, 2), rng.random(2)
        return np.stack((-start * (wide - 1), -start * (wide - 1) + wide))
    near = rng.uniform(-0.05, 0.08, (2, 2))
    return np.stack((near[0], 1 - near[1]))


def recolour(picture, rng):
    """Dark as light, other colours, or none."""
    if rng.random() < 0.06:
        picture = ImageOps.invert(picture)
    if rng.random() < 0.15:
        order = rng.permutation(3)
        bands = picture.split()
        picture = Image.merge("RGB", [bands[i] for i in order])
    if rng.random() < 0.12:
        picture = picture.convert("L").convert("RGB")
    tint = rng.normal(0, (0.05, 5), (3, 2)) * (rng.random() < 0.35)      # paper and light are white most of the time
    gain, shift = rng.normal(1, 0.12) + tint[:, :1], rng.normal(0, 12) + tint[:, 1:]
    table = np.clip(np.arange(256) * gain + shift + (1 - gain) * 128, 0, 255)
    return picture.point(table.astype(int).reshape(-1).tolist())


def compress(picture, rng):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=int(rng.integers(25, 85)))
    return Image.open(out).convert("RGB")


def augment(tile, rng):
    """A whole view moved, cropped, recoloured, blurred or given noise; nothing is mirrored, as text and
    signatures would be."""
    picture = Image.fromarray(tile)
    if rng.random() < 0.85:
        (x0, y0), (x1, y1) = frame(rng) * TILE
        edge = tuple(int(v) for v in tile[0, 0])
        picture = picture.transform((TILE, TILE), Image.AFFINE, ((x1 - x0) / TILE, 0, x0, 0, (y1 - y0) / TILE, y0),
                                    Image.BILINEAR, fillcolor=edge)
    if rng.random() < 0.1:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    if rng.random() < 0.06:
        small = int(rng.uniform(0.4, 0.9) * TILE)
        picture = picture.resize((small, small), Image.BILINEAR).resize((TILE, TILE), Image.BICUBIC)
    picture = recolour(picture, rng)
    if rng.random() < 0.08:
        picture = compress(picture, rng)
    pixels = np.asarray(picture)
    if rng.random() < 0.3:
        noise = rng.integers(-8, 9, (64, TILE, 3), dtype=np.int16) * rng.integers(1, 3)
        pixels = np.clip(pixels + np.tile(noise, (TILE // 64, 1, 1)), 0, 255).astype(np.uint8)
    return pixels


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


def vary_text(text, kind, rng):
    """The text as it may be known when the model is asked: all, a part, garbled or none."""
    draw = rng.random()
    if draw < (0.25 if kind == "page" else 0.45) or not text:
        return ""
    if draw < 0.4:
        return garble(text[:1200], rng)
    words = text.split()
    if draw < 0.55 and len(words) > 8:
        return " ".join(words[rng.integers(0, len(words) // 2):])
    return text


def blocks_of(tile):
    """uint8 [256, 256, 3] to patches [64, 4, 768]: blocks row by row, in each its 2 x 2 patches, in each
    channel by channel."""
    side = SIDE // SHUFFLE
    parts = tile.reshape(side, SHUFFLE, PATCH, side, SHUFFLE, PATCH, 3)
    return parts.transpose(0, 3, 1, 4, 6, 2, 5).reshape(BLOCKS, BLOCK_PATCHES, PATCH_VALUES)


# ---- sequences ------------------------------------------------------------------------

class Writer:
    """Makes token sequences of prompts and answers."""

    def __init__(self, tokenizer, preset):
        self.tokenizer, self.preset = tokenizer, preset
        self.id = tokenizer.token_to_id
        self.image, self.end = self.id(prompts.IMAGE), self.id(prompts.END)

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def prompt(self, task, text, question, rows, cols, keep):
        """ids with `keep` image tokens a tile, and their positions where all 64 would count."""
        tail = prompts.prompt(task, text, self.preset.text_bytes[task], question) + prompts.ANSWER
        ids, positions, at = [], [], 0
        for token in self.encode(prompts.START + prompts.image_tokens(rows, cols, 1) + tail):
            if token == self.image:
                ids += [token] * len(keep)
                positions += [at + k for k in keep]
                at += BLOCKS
            else:
                ids.append(token)
                positions.append(at)
                at += 1
        return ids, positions

    def answer(self, entry, task, whole):
        """Ids of the answer and their weights in the loss."""
        label, text = prompts.answer(task["name"], entry["label"], task["answer"], task["box"])
        if len(text.encode()) > self.preset.description_bytes and label is not None:
            text = ""
            whole = False
        ids = [self.id(prompts.label_token(label))] if label is not None else []
        if whole or label is None:
            ids += self.encode(text) + [self.end]
        weights = [1.0 if label is not None and i == 0 else TEXT_WEIGHT for i in range(len(ids))]
        return ids, weights


def task_weights(preset, progress):
    for until, weights in preset.stages:
        if progress <= until:
            return weights
    return {name: 1.0 for name in preset.tasks}


def example(pool, index, writer, rng, keep_part, weights, plain=False, with_text=None):
    """One training example. plain: no augmentation; with_text: TRUE, FALSE, or None for chance."""
    entry = pool.entries[index]
    tasks = [t for t in entry["tasks"] if weights.get(t["name"], 0) > 0]
    if not tasks:
        return None
    p = np.array([weights[t["name"]] for t in tasks])
    task = tasks[rng.choice(len(tasks), p=p / p.sum())]
    text = entry["text"] if with_text else "" if with_text is False else vary_text(entry["text"], entry["kind"], rng)
    tiles = pool.tiles(entry)
    if not plain and len(tiles) == 1:
        tiles = [augment(np.asarray(tiles[0]), rng)]
    if entry["kind"] == "page" and keep_part < 1 and text:
        keep_part /= 2      # what a page is stands in its text most of the time
    n_keep = BLOCKS if plain else int(BLOCKS * keep_part)
    keep = np.sort(rng.permutation(BLOCKS)[:n_keep])
    ids, positions = writer.prompt(task["name"], text, task["question"], entry["rows"], entry["cols"], keep.tolist())
    whole = plain or task["name"] != "picture" or rng.random() < WHOLE_ANSWER
    answer, loss_weights = writer.answer(entry, task, whole)
    return {"ids": ids + answer[:-1], "positions": positions + [positions[-1] + 1 + i for i in range(len(answer) - 1)],
            "answer": answer, "weights": loss_weights, "start": len(ids) - 1, "keep": keep, "kind": entry["kind"],
            "label": entry["label"], "tiles": np.stack([blocks_of(np.asarray(t))[keep] for t in tiles]),
            "task": task["name"], "index": index}


def collate(examples, writer, label_index):
    length = max(len(e["ids"]) for e in examples)
    n = len(examples)
    ids = np.full((n, length), writer.id(prompts.PAD), np.int64)
    positions = np.zeros((n, length), np.int64)
    rows, places, targets, weights = [], [], [], []
    for i, e in enumerate(examples):
        ids[i, :len(e["ids"])] = e["ids"]
        positions[i, :len(e["ids"])] = e["positions"]
        for k, (target, weight) in enumerate(zip(e["answer"], e["weights"])):
            rows.append(i)
            places.append(e["start"] + k)
            targets.append(target)
            weights.append(weight)
    tiles = np.concatenate([e["tiles"] for e in examples])
    blocks = np.concatenate([np.tile(e["keep"], (len(e["tiles"]), 1)) for e in examples])
    owner = np.repeat(np.arange(n), [len(e["tiles"]) for e in examples])
    to = torch.from_numpy
    return {"tiles": to(tiles), "blocks": to(blocks), "owner": to(owner), "ids": to(ids), "positions": to(positions),
            "is_image": to(ids == writer.image), "rows": torch.tensor(rows), "places": torch.tensor(places),
            "targets": torch.tensor(targets), "weights": torch.tensor(weights),
            "labels": torch.tensor([label_index(e) for e in examples]),
            "kinds": [e["kind"] for e in examples], "tasks": [e["task"] for e in examples]}


class Stream(torch.utils.data.IterableDataset):
    """Endless steps; each is a list of collated groups of similar length."""

    def __init__(self, folder, tokenizer, preset, label_index, progress, seed, groups=1):
        self.folder, self.tokenizer, self.preset = folder, tokenizer, preset
        self.label_index, self.progress, self.seed, self.groups = label_index, progress, seed, groups

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        number = worker.id if worker else 0
        rng = np.random.default_rng([self.seed, number, 77])
        torch.set_num_threads(1)
        pool = Pool(self.folder, self.preset.tasks)
        writer = Writer(self.tokenizer, self.preset)
        waiting = []
        while True:
            progress = self.progress.value
            keep = next(part for until, part in self.preset.keep_blocks if progress <= until or until >= 1)
            weights = task_weights(self.preset, progress)
            examples = []
            while len(examples) < self.preset.batch:
                if not waiting:
                    pool.scan()
                    waiting = list(pool.choose(rng, RESCAN))
                made = example(pool, waiting.pop(), writer, rng, keep, weights)
                if made is not None:
                    examples.append(made)
            yield [collate(group, writer, self.label_index) for group in self.split(examples)]

    def split(self, examples):
        """Groups that see equally many blocks, of similar length."""
        size = -(-len(examples) // self.groups)
        for _, same in itertools.groupby(sorted(examples, key=lambda e: (len(e["keep"]), len(e["ids"]))), lambda e: len(e["keep"])):
            same = list(same)
            yield from (same[i:i + size] for i in range(0, len(same), size))
