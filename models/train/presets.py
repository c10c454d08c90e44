# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of the model and of its training, by preset.

`labels` sees the whole picture once, in 256 x 256 pixels, and learns classes, descriptions and document
types; `labels-cpu` is the same for a machine without a GPU. `reader` sees tiles of pictures beside the whole
and learns charts, transcription and questions as well.
"""
from dataclasses import asdict, dataclass, replace

TILE = 256          # pixels of a tile's side
PATCH = 16          # pixels of a patch's side
SHUFFLE = 2         # patches a side that become one token of the decoder
SIDE = TILE // PATCH
BLOCKS = (SIDE // SHUFFLE) ** 2                 # tokens of a tile: 64
BLOCK_PATCHES = SHUFFLE * SHUFFLE
PATCH_VALUES = 3 * PATCH * PATCH


@dataclass
class Shape:
    vision_width: int
    vision_layers: int
    vision_heads: int
    vision_mlp: int
    text_width: int
    text_layers: int
    text_heads: int
    text_kv_heads: int
    text_mlp: int
    vocab: int
    max_positions: int
    longest: int            # pixels of the longest side before tiling; TILE: the whole view only


@dataclass
class Preset:
    shape: Shape
    tasks: tuple            # names of tasks (synth/sample.py) that are learnt
    minutes: float          # budget of one run; the learning rate follows the clock
    batch: int              # samples a step
    rate: float             # largest learning rate
    weight_decay: float
    warmup: float           # part of the budget
    keep_blocks: tuple      # (part of the budget until which, part of a tile's blocks that is seen)
    aux_until: float        # part of the budget after which the classification head has no weight
    ema: float              # decay of the averaged weights, a step
    text_bytes: dict        # of the page's or picture's text in the prompt, by task
    shares: dict            # of the kinds of shards in what is seen
    description_bytes: int = 200
    places: tuple = ()      # tasks whose text comes in segments with their places
    tiled: tuple = ()       # tasks that see tiles beside the whole view
    token_weights: dict = None  # of a token of an answer without label in the loss, by task
    precision: str = "fp32"
    groups: int = 1         # of similar length that a step is computed in
    copying: tuple = ()     # (part of the budget until which, share of the questions that are copying alone, longest list)
    points: float = 0.0     # part of the charts whose values are asked for one by one
    stages: tuple = ()      # (part of the budget until which, {task: weight}); empty: all tasks, equal weight

    def as_dict(self):
        return asdict(self)


LABELS = Preset(
    shape=Shape(vision_width=128, vision_layers=5, vision_heads=4, vision_mlp=512,
                text_width=128, text_layers=3, text_heads=4, text_kv_heads=1, text_mlp=384,
                vocab=3072, max_positions=1024, longest=TILE),
    tasks=("picture", "document_type"), minutes=9, batch=128, rate=3e-3, weight_decay=0.05, warmup=0.02,
    keep_blocks=((0.3, 0.5), (1.0, 1.0)), aux_until=1.0, ema=0.998,
    text_bytes={"picture": 256, "document_type": 512}, shares={"picture": 0.5, "page": 0.5}, precision="bf16")

PRESETS = {
    "labels": LABELS,
    "labels-cpu": replace(LABELS, minutes=45, batch=16, groups=3, keep_blocks=((0.85, 0.5), (1.0, 1.0)), ema=0.995, precision="fp32"),
    "reader": Preset(
        shape=Shape(vision_width=384, vision_layers=5, vision_heads=6, vision_mlp=1536,
                    text_width=320, text_layers=6, text_heads=5, text_kv_heads=1, text_mlp=896,
                    vocab=4096, max_positions=4096, longest=2 * TILE),
        tasks=("picture", "chart", "document_type", "transcribe", "question"), minutes=9, batch=256, rate=2e-3,
        weight_decay=0.05, warmup=0.03, keep_blocks=((1.0, 1.0),), aux_until=0.5, ema=0.998, precision="bf16",
        text_bytes={"picture": 320, "chart": 400, "document_type": 512, "transcribe": 0, "question": 1600},
        shares={"picture": 0.12, "chart": 0.3, "page": 0.42, "line": 0.16},
        places=("chart", "question"), tiled=("picture", "chart", "transcribe"),
        groups=2, token_weights={"chart": 0.05, "point": 0.15, "transcribe": 0.1, "question": 0.15},
        copying=((0.08, 0.9, 4), (0.2, 0.7, 12), (0.4, 0.4, 30), (1.0, 0.15, 40)), points=0.5,
        stages=((0.2, {"picture": 1.0, "transcribe": 1.0, "document_type": 0.3, "question": 1.0, "chart": 1.0}),
                (1.0, {"picture": 0.5, "transcribe": 1.0, "document_type": 0.15, "question": 1.0, "chart": 2.0}))),
}
