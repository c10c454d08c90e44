# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a checkpoint whose averaged weights lie between those of two: what a model learns when it is trained further, without
all that it forgets (M. Wortsman et al., Robust fine-tuning of zero-shot models, 2022).

    python mix.py BEFORE.pt AFTER.pt PART OUT.pt        # PART of AFTER, the rest of BEFORE
"""
import sys

import torch


def main():
    before, after = (torch.load(path, map_location="cpu", weights_only=True) for path in sys.argv[1:3])
    part = float(sys.argv[3])
    mixed = {name: value.float().lerp(after["average"][name].float(), part) for name, value in before["average"].items()}
    torch.save(after | {"average": mixed, "optimizers": []}, sys.argv[4])


if __name__ == "__main__":
    main()
