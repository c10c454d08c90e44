# SPDX-License-Identifier: GPL-3.0-or-later
"""Muon: momentum whose steps are made orthogonal (K. Jordan and others 2024), for the matrices of hidden layers.

A step of AdamW is dominated by the few directions in which the gradients of all samples agree; here every direction
gets a step of the same length, so rare classes and fine features move early. With few samples it learns
more from each; the price is some matrix products a step, whatever the batch.
"""
import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)    # of the quintic iteration: fast near 0, singular values end in 0.7 .. 1.2
ROUNDS = 4
SIZE = 0.2                                  # root of the mean square of a step's entries, as AdamW's: rates carry over


def orthogonal(matrices):
    """About the nearest matrices [n, rows, columns] whose singular values are all 1."""
    a, b, c = COEFFICIENTS
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(ROUNDS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Groups have "parts": how many matrices, each with rows of its own, one parameter holds (3 for queries, keys
    and values in one). Matrices of one shape are made orthogonal together."""

    def __init__(self, groups, lr, weight_decay=0.0, momentum=0.95):
        super().__init__(groups, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "parts": 1})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            known = [p for p in group["params"] if p.grad is not None]
            for p in known:
                if "momentum" not in self.state[p]:
                    self.state[p]["momentum"] = torch.zeros_like(p)
            if not known:
                continue
            grads, held = [p.grad for p in known], [self.state[p]["momentum"] for p in known]
            torch._foreach_lerp_(held, grads, 1 - group["momentum"])
            ahead = torch._foreach_lerp(grads, held, group["momentum"])
            torch._foreach_mul_(known, 1 - group["lr"] * group["weight_decay"])
            self._turn(group, known, ahead)

    @staticmethod
    def _turn(group, params, changes):
        shapes = {}
        for p, change in zip(params, changes):
            for part, piece in zip(p.chunk(group["parts"]), change.chunk(group["parts"])):
                shapes.setdefault(piece.shape, []).append((part, piece))
        for shape, pairs in shapes.items():
            steps = orthogonal(torch.stack([piece for _, piece in pairs]))
            torch._foreach_add_([part for part, _ in pairs], list(steps.unbind()), alpha=-group["lr"] * SIZE * max(shape) ** 0.5)
