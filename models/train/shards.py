# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes shards of samples: KIND-NNNNN.bin with the views as JPEG, KIND-NNNNN.json with their places in it and the truth.

    python shards.py --out DIR [--kind picture] [--seed 0] [--first 0] [--count 64] [--per-shard 256]

A view is the picture as the family's processor scales it before it cuts tiles, and the whole in one tile. A shard
depends on kind, seed and number alone. What is there is kept, so an interrupted call is carried on by calling again, and training
may begin as soon as the first shards are there.
"""
import argparse
import importlib
import io
import json
import multiprocessing
import os
import pathlib
import time
import warnings

import numpy as np
from PIL import Image

from presets import TILE

KINDS = ("picture", "page", "line", "chart")
CHARTS = ("bar_chart", "line_chart", "pie_chart")
LONGEST = 2 * TILE      # of the view that tiles are cut from
QUALITY = 92


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


def views_of(image, longest):
    """The picture scaled so that it can be cut into tiles, [rows x 256, cols x 256, 3] (None where one tile holds
    it), and the whole of it, [256, 256, 3], both uint8."""
    picture = Image.fromarray(image)
    if longest <= TILE:
        return None, np.asarray(picture.resize((TILE, TILE), Image.LANCZOS))
    first, grown = grid_size(*picture.size, longest)
    large = picture.resize(first, Image.LANCZOS).resize(grown, Image.LANCZOS)
    if grown == (TILE, TILE):
        return None, np.asarray(large)
    return np.asarray(large), np.asarray(large.resize((TILE, TILE), Image.LANCZOS))


def cut(view):
    """uint8 [tiles, 256, 256, 3] of a view, row by row, with the grid's rows and columns."""
    rows, cols = view.shape[0] // TILE, view.shape[1] // TILE
    parts = view.reshape(rows, TILE, cols, TILE, 3).swapaxes(1, 2)
    return parts.reshape(rows * cols, TILE, TILE, 3), rows, cols


def tiles_of(image, longest):
    """uint8 [tiles, 256, 256, 3], the whole view last, with the grid's rows and columns (0 x 0: not cut)."""
    large, whole = views_of(image, longest)
    if large is None:
        return whole[None], 0, 0
    tiles, rows, cols = cut(large)
    return np.concatenate((tiles, whole[None])), rows, cols


def jpeg(view):
    out = io.BytesIO()
    Image.fromarray(view).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def maker(kind):
    """make(rng, label=None) of a kind of shard."""
    if kind == "page":
        return importlib.import_module("synth.pages").make
    if kind == "line":
        return lambda rng, label=None: importlib.import_module("synth.pages").lines(rng)
    make = importlib.import_module("synth.pictures").make
    if kind == "chart":
        return lambda rng, label=None: make(rng, label or CHARTS[int(rng.integers(len(CHARTS)))])
    return make


def sample_of(make, rng, label):
    """A sample; one that fails is reported and another one is made."""
    while True:
        try:
            return make(rng, label)
        except Exception as error:      # a rare defect of a generator must not end a long run
            warnings.warn(f"{make}: {type(error).__name__}: {error}")


def write_shard(job):
    path, kind, seed, per_shard, labels = job
    rng = np.random.default_rng(seed)
    make, entries = maker(kind), []
    with open(f"{path}.part.bin", "wb") as file:
        for _ in range(per_shard):
            sample = sample_of(make, rng, labels[int(rng.integers(len(labels)))] if labels else None)
            views = []
            for view in views_of(sample.image, LONGEST if kind != "page" else TILE):
                data = jpeg(view) if view is not None else b""
                views.append((file.tell(), len(data)))
                file.write(data)
            tasks = [{"name": t.name, "answer": t.answer, "question": t.question, "box": t.box, "place": t.place}
                     for t in sample.tasks]
            entries.append({"views": views, "kind": sample.kind, "label": sample.label, "text": sample.text,
                            "segments": sample.segments, "tasks": tasks})
    os.replace(f"{path}.part.bin", f"{path}.bin")
    pathlib.Path(f"{path}.part").write_text(json.dumps(entries, ensure_ascii=False, default=int))
    os.replace(f"{path}.part", f"{path}.json")      # comes last: a shard with a list is whole
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--kind", choices=KINDS, action="append", help="may be repeated; picture and page")
    parser.add_argument("--label", action="append", help="pictures of this class alone; may be repeated")
    parser.add_argument("--photographs", help="a folder of free photographs that are mixed in with the drawn ones")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--per-shard", type=int, default=256)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    args = parser.parse_args()
    if args.photographs:
        importlib.import_module("synth.pictures.photos").use(args.photographs)
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    jobs = [(str(out / f"{kind}-{i:05d}"), kind, [args.seed, KINDS.index(kind), i], args.per_shard, args.label)
            for i in range(args.first, args.first + args.count) for kind in args.kind or KINDS[:2]
            if not (out / f"{kind}-{i:05d}.json").exists()]
    start = time.time()
    with multiprocessing.Pool(args.processes) as pool:
        for n, path in enumerate(pool.imap(write_shard, jobs), 1):
            print(f"{path}: {n * args.per_shard / (time.time() - start):.1f} samples/s", flush=True)


if __name__ == "__main__":
    main()
