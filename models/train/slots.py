# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared memory in which the processes that prepare batches lay the tiles: the training process does not copy them, nor map
new memory for each step, which took two thirds of its time.

Each worker has slots of its own, so one that waits for a free slot never waits for another worker's batches, which are
taken in turn.
"""
import multiprocessing

import numpy as np
import torch

from presets import TILE


class Slots:
    def __init__(self, workers, each, most):
        """each: slots of a worker, one holds the tiles of a group; most: tiles of a slot, larger groups go the usual way."""
        self.most = most
        self.memory = [[torch.empty((most, TILE, TILE, 3), dtype=torch.uint8).share_memory_() for _ in range(each)] for _ in range(workers)]
        self.free = [multiprocessing.Queue() for _ in range(workers)]
        for queue in self.free:
            for slot in range(each):
                queue.put(slot)

    def pin(self):
        """Lets a GPU read the slots without a copy on the way; where it cannot, they are copied as other memory is."""
        for slots in self.memory:
            for memory in slots:
                torch.cuda.cudart().cudaHostRegister(memory.data_ptr(), memory.numel(), 0)

    def lay(self, worker, groups):
        """Groups (data.collate) whose tiles lie in slots."""
        for group in groups:
            tiles = group["tiles"]
            if len(tiles) <= self.most:
                slot = self.free[worker].get()
                np.copyto(self.memory[worker][slot].numpy()[:len(tiles)], tiles.numpy())
                group["tiles"], group["slot"] = None, (worker, slot, len(tiles))
        return groups

    def see(self, group):
        """The group with its tiles, which are to be given back when nothing reads them any more."""
        if "slot" not in group:
            return group
        worker, slot, count = group["slot"]
        return group | {"tiles": self.memory[worker][slot][:count]}

    def give_back(self, groups):
        for group in groups:
            if "slot" in group:
                self.free[group["slot"][0]].put(group["slot"][1])
