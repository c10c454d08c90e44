# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the model on shards that shards.py writes, possibly at the same time.

    python train.py --preset labels --shards DIR --held-out DIR --tokenizer DIR/tokenizer.json --out DIR [--minutes M]

The learning rate follows the clock: the budget's end is the schedule's end. Called again with the same --out it
carries on from the last checkpoint; --extend M gives a finished run M minutes more with a new warm-up. Curves go
to log.jsonl in --out, one JSON object a line.

--ranks N trains N copies, each on one core with samples of its own. They do not wait for each other, as cores may
be shared with others: every few steps a copy publishes its weights and moves to the mean of what all have published.
"""
import argparse
import dataclasses
import json
import math
import multiprocessing
import os
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import data
import prompts
from augment import augmented
from model import Model, count, patches_of
from muon import Muon
from presets import PATCH_VALUES, PRESETS
from slots import Slots

CHECKPOINT_S = 180
CHECKS = 7      # of the held-out samples in the course of a run
SMOOTHING = 0.05
AUX_WEIGHT = 1.0
START_PATCHES = 20000
PATCH_RATE = 0.1
MIX_STEPS = 6
PREFETCH = 3    # batches that a worker is ahead
TILES_MOST = 4  # of a sample, on the average of a group

CLASSES = ([("picture", c) for c in prompts.PICTURE_CLASSES] + [("page", t) for t in prompts.DOCUMENT_TYPES])
CLASS_INDEX = {c: i for i, c in enumerate(CLASSES)}


def label_index(example):
    """Of the classification head; -1 for crops that have no class of their own (lines of text)."""
    return CLASS_INDEX.get((example["kind"], example["label"]), -1)


def learning_rate(preset, progress):
    if progress < preset.warmup:
        return preset.rate * (progress / preset.warmup * 0.95 + 0.05)
    part = min((progress - preset.warmup) / (1 - preset.warmup), 1)
    return preset.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * part)))


def parts_of(name):
    """Matrices that a parameter holds, one below the other."""
    return 3 if name.startswith("tower.") and "qkv" in name else 2 if "gate_up" in name else 1


def run_model(model, batch, preset):
    """What the model gives, computed in bfloat16 where the preset says so and there is a GPU; the weights stay float."""
    if preset.precision == "bf16" and batch["ids"].is_cuda:
        weights = {name: p.bfloat16() for name, p in model.named_parameters()}
        return torch.func.functional_call(model, weights, (batch,))
    return model(batch)


def to_device(batch, device):
    return {k: v.to(device, non_blocking=True) if torch.is_tensor(v) else v for k, v in batch.items()}


def loss_of(model, batch, preset, n_samples, aux):
    """Loss of a group as its part of a step of n_samples, with what the curves show (tensors: reading them waits)."""
    free = batch["free"].nonzero()[:, 0]    # whole views of which no place matters
    if len(free):
        batch["tiles"][free] = augmented(batch["tiles"][free])
    scores, guess = run_model(model, batch, preset)
    each = F.cross_entropy(scores, batch["targets"], reduction="none")
    text = (each * batch["weights"]).sum() / n_samples
    labels = batch["labels"]
    known = labels >= 0
    side = F.cross_entropy(guess, labels, label_smoothing=SMOOTHING, reduction="sum", ignore_index=-1) / n_samples
    loss = text + aux * side
    with torch.no_grad():
        heads = batch["weights"] == 1
        good = scores.argmax(-1) == batch["targets"]
        stats = {"label_right": (good & heads).sum(), "labels": heads.sum(),
                 "aux_right": ((guess.argmax(-1) == labels) & known).sum(), "aux": known.sum(),
                 "text_loss": (each * ~heads).sum(), "text_right": (good & ~heads).sum(), "text_tokens": (~heads).sum(), "loss": loss.detach()}
    return loss, stats


@torch.no_grad()
def held_out(model, groups, preset, device):
    """Accuracy of labels by task, with and without the text in the prompt, and the head's; of other answers, the part of
    their tokens that is right where those before are given."""
    model.eval()
    right, total, aux_right, aux_total = {}, {}, 0, 0
    for name, batch in groups:
        batch = to_device(batch, device)
        scores, aux = run_model(model, batch, preset)
        ids = held_out.allowed[name[0]].to(device) if name[0] in held_out.allowed else None
        guess = scores.argmax(-1) if ids is None else ids[scores[:, ids].argmax(-1)]
        right[name] = right.get(name, 0) + (guess == batch["targets"]).sum().item()
        total[name] = total.get(name, 0) + len(guess)
        known = batch["labels"] >= 0
        aux_right += ((aux.argmax(-1) == batch["labels"]) & known).sum().item()
        aux_total += known.sum().item()
    model.train()
    figures = {f"{task}{' with text' if text else ''}": round(right[task, text] / max(total[task, text], 1), 4)
               for task, text in right}
    return figures | {"head": round(aux_right / max(aux_total, 1), 4)}


def held_out_groups(folder, tokenizer, preset, most):
    """Collated groups of plain held-out samples of each task."""
    writer = data.Writer(tokenizer, preset)
    groups = []
    rng = np.random.default_rng(5)
    for task in preset.tasks:
        pool = data.Pool(folder, preset, (task,))
        chosen = rng.permutation(len(pool.entries))[:most]
        for text in (False, True) if task in prompts.ALLOWED else (True,):
            examples = [data.example(pool, i, writer, rng, 1, {task: 1}, plain=True, with_text=text) for i in chosen]
            if task in prompts.ALLOWED:     # the label alone is looked at
                examples = [data.prompt_only(e) for e in examples]
            examples.sort(key=lambda e: len(e["ids"]))
            groups += [((task, text), data.collate(examples[i:i + 32], writer, label_index))
                       for i in range(0, len(examples), 32)]
    held_out.allowed = {task: torch.tensor([writer.id(prompts.label_token(label)) for label in labels])
                        for task, labels in prompts.ALLOWED.items()}
    return groups


def sample_patches(folder, preset):
    """Patches of some of the shards' pictures, uint8 [START_PATCHES, 768]."""
    pool, rng = data.Pool(folder, preset), np.random.default_rng(3)
    tiles = np.stack([pool.tiles(pool.entries[i], False)[0][-1] for i in pool.choose(rng, 400)])
    patches = patches_of(torch.from_numpy(tiles)).reshape(-1, PATCH_VALUES)
    return patches[torch.from_numpy(rng.permutation(len(patches))[:START_PATCHES])]


class Run:
    """A run's state: model, averaged weights, optimiser, clock."""

    def __init__(self, args, preset, device, rank):
        self.out, self.preset, self.device, self.rank = pathlib.Path(args.out), preset, device, rank
        self.out.mkdir(parents=True, exist_ok=True)
        self.minutes = args.minutes or preset.minutes
        self.model = Model(preset.shape, len(CLASSES))
        self.model.start_patches(sample_patches(args.shards, preset))
        self.model.to(device)
        self.average = {k: v.clone() for k, v in self.model.state_dict().items()}
        named = list(self.model.named_parameters())
        free = ("places", "embed.weight", "classify.weight")
        matrices = [(n, p) for n, p in named if p.ndim >= 2 and n not in free and not n.startswith("patch.")]
        others = [p for n, p in named if (p.ndim < 2 or n in free) and not n.startswith("patch.")]
        # The patches' layer adds up 768 values that move together: its steps are small.
        self.optimizers = [
            Muon([{"params": [p for n, p in matrices if parts_of(n) == k], "parts": k, "part": 1.0} for k in (1, 2, 3)],
                 lr=preset.rate, weight_decay=preset.weight_decay),
            torch.optim.AdamW([{"params": others, "part": 1.0}, {"params": list(self.model.patch.parameters()), "part": PATCH_RATE}],
                              lr=preset.rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)]
        self.steps, self.samples, self.seconds, self.started_s = 0, 0, 0.0, 0.0
        if args.start:
            self.model.load_state_dict(torch.load(args.start, map_location=device, weights_only=True)["average"])
            self.average = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.load(args.extend)

    def progress(self):
        return min((self.seconds - self.started_s) / (self.minutes * 60), 1.0)

    def load(self, extend):
        path = self.out / "checkpoint.pt"
        if not path.exists():
            return
        saved = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.average = saved["average"]
        for optimizer, state in zip(self.optimizers, saved["optimizers"]):
            optimizer.load_state_dict(state)
        self.steps, self.samples, self.seconds, self.started_s = (saved[k] for k in ("steps", "samples", "seconds", "started_s"))
        self.minutes = saved["minutes"]
        if extend:
            self.started_s, self.minutes = self.seconds, extend
        print(f"carried on at step {self.steps}, {self.seconds:.0f} s", flush=True)

    def save(self):
        state = {"model": self.model.state_dict(), "average": self.average, "optimizers": [o.state_dict() for o in self.optimizers],
                 "steps": self.steps, "samples": self.samples, "seconds": self.seconds, "started_s": self.started_s,
                 "minutes": self.minutes, "preset": self.preset.as_dict()}
        torch.save(state, self.out / "checkpoint.part")
        os.replace(self.out / "checkpoint.part", self.out / "checkpoint.pt")

    def log(self, **figures):
        line = {"rank": self.rank, "step": self.steps, "samples": self.samples, "seconds": round(self.seconds, 1)} | figures
        with open(self.out / "log.jsonl", "a") as file:
            file.write(json.dumps(line) + "\n")
        print(line, flush=True)

    @torch.no_grad()
    def follow(self):
        decay = min(self.preset.ema, (1 + self.steps) / (10 + self.steps))
        state = self.model.state_dict()
        torch._foreach_lerp_([self.average[name] for name in state], list(state.values()), 1 - decay)

    def mix(self, boards, rank):
        """Publishes the weights on this copy's board and moves to the mean of all boards."""
        with torch.no_grad():
            flat = torch.cat([p.reshape(-1) for p in self.model.parameters()])
            boards[rank].copy_(flat)
            at, mean = 0, boards.mean(0)
            for p in self.model.parameters():
                p.copy_(mean[at:at + p.numel()].view_as(p))
                at += p.numel()

    def averaged(self):
        model = Model(self.preset.shape, len(CLASSES)).to(self.device)
        model.load_state_dict(self.average)
        return model


def step(run, groups, slots):
    """One step over the groups of a step; returns what the curves show, summed."""
    progress = run.progress()
    rate = learning_rate(run.preset, progress)
    for optimizer in run.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["part"]
        optimizer.zero_grad(set_to_none=True)
    aux = AUX_WEIGHT if progress < run.preset.aux_until else 0.0
    n = sum(len(g["labels"]) for g in groups)
    total = {}
    for group in groups:
        group = slots.see(group) if slots else group
        loss, stats = loss_of(run.model, to_device(group, run.device), run.preset, n, aux)
        loss.backward()
        for key, value in stats.items():
            total[key] = total.get(key, 0) + value.float()
    norm = torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    if math.isfinite(norm.item()):
        for optimizer in run.optimizers:
            optimizer.step()
        run.follow()
    if slots:
        slots.give_back(groups)     # the norm was waited for, and so all that read them
    run.steps += 1
    run.samples += n
    return total | {"norm": norm, "rate": rate}


def report(run, window, since, cpu):
    mean = lambda key: float(sum(w[key] for w in window))
    run.log(loss=round(mean("loss") / len(window), 4), label=round(mean("label_right") / max(mean("labels"), 1), 4),
            head=round(mean("aux_right") / max(mean("aux"), 1), 4),
            text=round(mean("text_loss") / max(mean("text_tokens"), 1), 4),
            text_right=round(mean("text_right") / max(mean("text_tokens"), 1), 4), norm=round(mean("norm") / len(window), 3),
            rate=round(window[-1]["rate"], 6), steps_a_second=round(len(window) / since, 3), cpu_a_second=round(cpu / since, 2))


def train(run, stream, checks, shared, args, rank, boards):
    loader = iter(torch.utils.data.DataLoader(stream, batch_size=None, num_workers=args.workers,
                                              prefetch_factor=PREFETCH if args.workers else None,
                                              pin_memory=run.device.type == "cuda"))
    base, start = run.seconds, time.monotonic()
    clock = lambda: base + time.monotonic() - start
    saved = checked = last = clock()
    cpu, window = time.process_time(), []
    while run.progress() < 1:
        window.append(step(run, next(loader), stream.slots))
        run.seconds = clock()
        shared.value = run.progress()
        if boards is not None and run.steps % MIX_STEPS == 0:
            run.mix(boards, rank)
        if len(window) == 50:
            report(run, window, clock() - last, time.process_time() - cpu)
            last, cpu, window = clock(), time.process_time(), []
        if rank == 0 and clock() - saved > CHECKPOINT_S:
            run.save()
            saved = clock()
        if checks and clock() - checked > 60 * run.minutes / CHECKS:
            run.log(held_out=held_out(run.averaged(), checks, run.preset, run.device))
            checked = last = clock()
            cpu, window = time.process_time(), []
    if rank == 0:
        run.save()
    if checks:
        run.log(held_out=held_out(run.averaged(), checks, run.preset, run.device), done=True)


def chosen_preset(args):
    changes = {name: value for name, value in (("batch", args.batch), ("rate", args.rate)) if value}
    shares = {kind: float(part) for kind, part in (share.split("=") for share in args.share)}
    return dataclasses.replace(PRESETS[args.preset], shares=PRESETS[args.preset].shares | shares, **changes)


def copy(rank, args, boards):
    """One copy of the model, or the only one."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    torch.set_float32_matmul_precision("high")
    preset = chosen_preset(args)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = Tokenizer.from_file(args.tokenizer)
    run = Run(args, preset, device, rank)
    shared = multiprocessing.Value("d", run.progress())
    print(f"{args.preset}: {count(run.model) / 1e6:.2f} M parameters on {device}", flush=True)
    if boards is not None:
        boards[rank].copy_(torch.cat([p.detach().reshape(-1) for p in run.model.parameters()]))
    checks = held_out_groups(args.held_out, tokenizer, preset, args.check) if args.held_out and rank == 0 else []
    slots = Slots(args.workers, (PREFETCH + 2) * (preset.groups + 1), TILES_MOST * preset.batch // preset.groups) if preset.tiled and args.workers else None
    if slots and device.type == "cuda":
        slots.pin()
    stream = data.Stream(args.shards, tokenizer, preset, label_index, shared, 1000 * args.seed + 100 * rank + run.steps, preset.groups, slots)
    train(run, stream, checks, shared, args, rank, boards)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--held-out")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--start", help="a checkpoint of the same shape whose weights a new run begins with")
    parser.add_argument("--rate", type=float, help="the largest learning rate, instead of the preset's")
    parser.add_argument("--share", action="append", default=[], metavar="KIND=PART", help="of a kind of shards in what is seen, instead of the preset's")
    parser.add_argument("--extend", type=float)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="of each copy")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare batches for each copy")
    parser.add_argument("--batch", type=int, help="instead of the preset's, to try it on a small machine")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", type=int, default=160, help="held-out samples a task")
    args = parser.parse_args()
    if args.ranks == 1:
        copy(0, args, None)
        return
    torch.manual_seed(args.seed)
    start = Run(args, chosen_preset(args), torch.device("cpu"), 1)
    flat = torch.cat([p.detach().reshape(-1) for p in start.model.parameters()])
    boards = flat.repeat(args.ranks, 1).share_memory_()
    torch.multiprocessing.spawn(copy, (args, boards), args.ranks)


if __name__ == "__main__":
    main()
