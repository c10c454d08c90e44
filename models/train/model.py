# SPDX-License-Identifier: GPL-3.0-or-later
"""The model: a SigLIP-like tower, pixel shuffle with one linear layer, a Llama-like decoder.

Patches are kept in the order of the shuffled blocks (the 2 x 2 patches of a block one after the other),
so that the shuffle is a reshape, and a tile may be given with some of its blocks only. The arithmetic is
that of Idefics3; export.py writes the weights under that family's names.
"""
import torch
import torch.nn.functional as F
from torch import nn

from presets import BLOCK_PATCHES, BLOCKS, PATCH, PATCH_VALUES, SHUFFLE, SIDE

PLACE_SCALE = 0.5   # about as large as the patches themselves


def waves(side, shuffle, width):
    """Sine waves over rows and columns [blocks, patches of a block, width], so that places differ from the start."""
    frequency = 1 / 64 ** (torch.arange(width // 4).float() / (width // 4))
    line = torch.arange(side).float()[:, None] * frequency
    line = torch.cat((line.sin(), line.cos()), 1)                   # [side, width / 2]
    grid = torch.cat((line[:, None].expand(-1, side, -1), line[None].expand(side, -1, -1)), 2)
    parts = grid.view(side // shuffle, shuffle, side // shuffle, shuffle, width)
    return parts.permute(0, 2, 1, 3, 4).reshape(-1, shuffle * shuffle, width)


def centre(pixels, dtype=torch.float32):
    """Pixels as the tower takes them: white paper is 0, so that the ink counts (image_mean 1, image_std 0.5)."""
    return pixels.to(dtype).mul_(1 / 127.5).sub_(2)


def patches_of(tiles):
    """[n, 256, 256, 3] to patches [n, 64, 4, 768]: blocks row by row, in each its 2 x 2 patches, in each channel by
    channel."""
    side = SIDE // SHUFFLE
    parts = tiles.view(-1, side, SHUFFLE, PATCH, side, SHUFFLE, PATCH, 3)
    return parts.permute(0, 1, 4, 2, 5, 7, 3, 6).reshape(-1, BLOCKS, BLOCK_PATCHES, PATCH_VALUES)


def rotate(x, cos, sin):
    """Rotary positions of x [batch, heads, length, dim], halves against each other."""
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


class VisionBlock(nn.Module):
    def __init__(self, width, heads, mlp):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.up = nn.Linear(width, mlp)
        self.down = nn.Linear(mlp, width)

    def forward(self, x):
        n, length, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, length, width)
        x = x + self.out(mixed)
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class TextBlock(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width, self.heads, self.kv_heads = shape.text_width, shape.text_heads, shape.text_kv_heads
        self.dim = width // self.heads
        self.norm1 = nn.RMSNorm(width, eps=1e-5)
        self.qkv = nn.Linear(width, (self.heads + 2 * self.kv_heads) * self.dim, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.norm2 = nn.RMSNorm(width, eps=1e-5)
        self.gate_up = nn.Linear(width, 2 * shape.text_mlp, bias=False)
        self.down = nn.Linear(shape.text_mlp, width, bias=False)

    def forward(self, x, cos, sin, past=None):
        """past: a list that holds keys and values of what was read before, and gets those of x."""
        n, length, width = x.shape
        parts = self.qkv(self.norm1(x)).view(n, length, -1, self.dim).transpose(1, 2)
        q, k, v = parts.split((self.heads, self.kv_heads, self.kv_heads), 1)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        first = past is None or not past
        if past is not None:
            past[:] = (k, v) if first else (torch.cat((past[0], k), 2), torch.cat((past[1], v), 2))
            k, v = past
        group = self.heads // self.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=first)
        x = x + self.out(mixed.transpose(1, 2).reshape(n, length, width))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, shape, n_labels):
        super().__init__()
        self.shape = shape
        self.patch = nn.Linear(PATCH_VALUES, shape.vision_width)
        self.places = nn.Parameter(torch.zeros(BLOCKS, BLOCK_PATCHES, shape.vision_width))
        self.tower = nn.ModuleList(VisionBlock(shape.vision_width, shape.vision_heads, shape.vision_mlp)
                                   for _ in range(shape.vision_layers))
        self.tower_norm = nn.LayerNorm(shape.vision_width, eps=1e-6)
        self.connector = nn.Linear(BLOCK_PATCHES * shape.vision_width, shape.text_width, bias=False)
        self.embed = nn.Embedding(shape.vocab, shape.text_width)
        self.blocks = nn.ModuleList(TextBlock(shape) for _ in range(shape.text_layers))
        self.norm = nn.RMSNorm(shape.text_width, eps=1e-5)
        self.classify = nn.Linear(shape.vision_width, n_labels)     # helps the tower along; not exported
        dim = shape.text_width // shape.text_heads
        frequency = 10000.0 ** (-torch.arange(0, dim, 2).float() / dim)
        self.register_buffer("frequency", torch.cat((frequency, frequency)), persistent=False)
        self.apply(self._start)
        for block in self.tower:    # like looks at like: attention begins local
            width = shape.vision_width
            block.qkv.weight.data[width:2 * width] = block.qkv.weight.data[:width]
        for block in list(self.tower) + list(self.blocks):
            for last in (block.out, block.down):
                last.weight.data.mul_((2 * max(len(self.tower), len(self.blocks))) ** -0.5)
        self.places.data.copy_(PLACE_SCALE * waves(SIDE, SHUFFLE, shape.vision_width))

    @torch.no_grad()
    def start_patches(self, patches):
        """Lets the patches' layer begin as their whitened principal components (patches: uint8 [n, 768]): drawn
        at random it would tell little but how white the paper is."""
        x = centre(patches)
        mean = x.mean(0)
        values, vectors = torch.linalg.eigh((x - mean).t() @ (x - mean) / len(x))
        width = self.shape.vision_width
        values, vectors = values.flip(0)[:width], vectors.flip(1)[:, :width]
        mix, _ = torch.linalg.qr(torch.randn(width, width))
        scale = PLACE_SCALE / (values + 0.3 * values[width // 2]).sqrt()
        self.patch.weight.copy_(mix @ (vectors * scale).t())
        self.patch.bias.copy_(-self.patch.weight @ mean)

    @staticmethod
    def _start(module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.in_features ** -0.5 * 0.6)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def see(self, tiles, blocks):
        """Features of tiles. tiles: uint8 [tiles, 256, 256, 3]; blocks: [tiles, n], those that are seen, row by row.
        Returns the decoder's rows [tiles, n, text width] and the pooled tower [tiles, vision width]."""
        n_tiles, n = blocks.shape
        patches = patches_of(tiles)
        if n < BLOCKS:
            patches = patches[torch.arange(n_tiles, device=tiles.device)[:, None], blocks]
        pixels = centre(patches, self.patch.weight.dtype)
        x = self.patch(pixels) + self.places[blocks]
        x = x.view(n_tiles, n * BLOCK_PATCHES, -1)
        for block in self.tower:
            x = block(x)
        x = self.tower_norm(x)
        return self.connector(x.reshape(n_tiles, n, -1)), x.mean(1)

    def read(self, x, positions, past=None):
        """States of rows x at positions. past: a list for each block, of what was read before; then x is one row more."""
        angle = positions[:, None, :, None] * self.frequency
        cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
        for i, block in enumerate(self.blocks):
            x = block(x, cos, sin, past[i] if past is not None else None)
        return self.norm(x)

    def forward(self, batch):
        """Of a collated batch (data.py): logits [targets, vocab] where answers are to be given, and the classifier's
        [samples, labels], both float."""
        rows, pooled = self.see(batch["tiles"], batch["blocks"])
        x = self.embed(batch["ids"])
        x = x.masked_scatter(batch["is_image"][..., None], rows.to(x.dtype))
        states = self.read(x, batch["positions"])[batch["rows"], batch["places"]]
        n = len(batch["ids"])
        mean = torch.zeros(n, pooled.shape[1], dtype=torch.float, device=pooled.device)
        mean.index_add_(0, batch["owner"], pooled.float())
        mean = mean / torch.bincount(batch["owner"], minlength=n)[:, None]
        return self.logits(states).float(), self.classify(mean.to(pooled.dtype)).float()

    def logits(self, states):
        return states @ self.embed.weight.t().to(states.dtype)

    @torch.no_grad()
    def answer(self, batch, end, longest=64, allowed=None):
        """Greedy answer to a single prompt (no padding): its ids, and the first scores. allowed: of the first token."""
        rows, _ = self.see(batch["tiles"], batch["blocks"])
        x = self.embed(batch["ids"]).masked_scatter(batch["is_image"][..., None], rows)
        positions, ids, first, past = batch["positions"], [], None, [[] for _ in self.blocks]
        for step in range(longest):
            scores = self.logits(self.read(x, positions, past)[:, -1])[0]
            if step == 0:
                first = scores if allowed is None else scores[allowed]
            best = int(scores.argmax()) if step or allowed is None else int(allowed[first.argmax()])
            if best == end:
                break
            ids.append(best)
            x, positions = self.embed.weight[best][None, None], positions[:, -1:] + 1
        return ids, first


def count(model):
    return sum(p.numel() for name, p in model.named_parameters() if not name.startswith("classify"))
