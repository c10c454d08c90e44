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


def orthogonal(matrix):
    """About the nearest matrix whose singular values are all 1."""
    a, b, c = COEFFICIENTS
    wide = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if wide else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        square = x @ x.t()
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.t() if wide else x


class Muon(torch.optim.Optimizer):
    """Groups have "parts": how many matrices, each with rows of its own, one parameter holds (3 for queries, keys
    and values in one)."""

    def __init__(self, groups, lr, weight_decay=0.0, momentum=0.95):
        super().__init__(groups, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "parts": 1})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                held = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                ahead = p.grad.lerp(held, group["momentum"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                for part, change in zip(p.chunk(group["parts"]), ahead.chunk(group["parts"])):
                    part.add_(orthogonal(change), alpha=-group["lr"] * SIZE * max(change.shape) ** 0.5)
