# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes shards of samples: KIND-NNNNN.npy with the tiles as the runtime's preprocessing makes them, KIND-NNNNN.json.

    python shards.py --preset cpu --out DIR [--kind picture] [--seed 0] [--first 0] [--count 64] [--per-shard 256]

A shard depends on kind, seed and number alone. What is there is kept, so an interrupted call is carried on by calling again,
and training may begin as soon as the first shards are there.
"""
import argparse
import importlib
import json
import multiprocessing
import os
import pathlib
import time
import warnings

import numpy as np
from PIL import Image

from presets import PRESETS, TILE

KINDS = ("picture", "page", "line")


def grid_size(width, height, longest):
    """Pixels that an image is resized to before it is cut into tiles, as Idefics3's processor computes them."""
    ratio = width / height
    if width >= height:
        width, height = longest, int(longest / ratio)
        height += height % 2
    else:
        height, width = longest, int(longest * ratio)
        width += width % 2
    width, height = max(width, 1), max(height, 1)
    ratio = width / height
    up = lambda value: max(-(-value // TILE), 1) * TILE
    if width >= height:
        grown = up(width)
        return (width, height), (grown, up(int(grown / ratio)))
    grown = up(height)
    return (width, height), (up(int(grown * ratio)), grown)


def tiles_of(image, longest):
    """uint8 [tiles, 256, 256, 3], the whole view last, with the grid's rows and columns (0 x 0: not cut)."""
    picture = Image.fromarray(image)
    if longest <= TILE:
        return np.asarray(picture.resize((TILE, TILE), Image.LANCZOS))[None], 0, 0
    first, grown = grid_size(*picture.size, longest)
    picture = picture.resize(first, Image.LANCZOS).resize(grown, Image.LANCZOS)
    rows, cols = grown[1] // TILE, grown[0] // TILE
    if rows * cols == 1:
        return np.asarray(picture)[None], 0, 0
    pixels = np.asarray(picture)
    parts = [pixels[r * TILE:(r + 1) * TILE, c * TILE:(c + 1) * TILE] for r in range(rows) for c in range(cols)]
    parts.append(np.asarray(picture.resize((TILE, TILE), Image.LANCZOS)))
    return np.stack(parts), rows, cols


def maker(kind):
    module = importlib.import_module("synth.pictures" if kind == "picture" else "synth.pages")
    return module.lines if kind == "line" else module.make


def sample_of(make, rng):
    """A sample; one that fails is reported and another one is made."""
    while True:
        try:
            return make(rng)
        except Exception as error:      # a rare defect of a generator must not end a long run
            warnings.warn(f"{make}: {type(error).__name__}: {error}")


def write_shard(job):
    path, kind, seed, per_shard, name, labels = job
    preset = PRESETS[name]
    rng = np.random.default_rng(seed)
    make = maker(kind)
    tiles, entries, at = [], [], 0
    for _ in range(per_shard):
        sample = sample_of(make, rng) if not labels else sample_of(lambda rng_: make(rng_, labels[int(rng_.integers(len(labels)))]), rng)
        cut, rows, cols = tiles_of(sample.image, preset.shape.longest)
        tasks = [{"name": t.name, "answer": t.answer, "question": t.question, "box": t.box} for t in sample.tasks]
        entries.append({"at": at, "tiles": len(cut), "rows": rows, "cols": cols, "kind": sample.kind,
                        "label": sample.label, "text": sample.text, "tasks": tasks})
        tiles.append(cut)
        at += len(cut)
    np.save(f"{path}.part.npy", np.concatenate(tiles))
    os.replace(f"{path}.part.npy", f"{path}.npy")
    pathlib.Path(f"{path}.part").write_text(json.dumps(entries, ensure_ascii=False, default=int))
    os.replace(f"{path}.part", f"{path}.json")      # comes last: a shard with a list is whole
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--kind", choices=KINDS, action="append", help="may be repeated; picture and page")
    parser.add_argument("--label", action="append", help="pictures of this class alone; may be repeated")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--per-shard", type=int, default=256)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    args = parser.parse_args()
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    jobs = [(str(out / f"{kind}-{i:05d}"), kind, [args.seed, KINDS.index(kind), i], args.per_shard, args.preset, args.label)
            for i in range(args.first, args.first + args.count) for kind in args.kind or KINDS[:2]
            if not (out / f"{kind}-{i:05d}.json").exists()]
    start = time.time()
    with multiprocessing.Pool(args.processes) as pool:
        for n, path in enumerate(pool.imap(write_shard, jobs), 1):
            print(f"{path}: {n * args.per_shard / (time.time() - start):.1f} samples/s", flush=True)


if __name__ == "__main__":
    main()
