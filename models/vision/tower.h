/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vision transformers: a tile of pixels is cut into patches, each becomes a token, and the
 * tokens go through a stack of blocks.
 */
#pragma once

#include "models/runtime/block.h"

typedef struct {
  int          width, n_blocks;
  int          channels, patch_width, patch_height;
  int          rows, cols;   /* patches of the image that the positions are for */
  DocaiLinear  patch;        /* [width, channels * patch_height * patch_width] */
  const float *class_token;  /* [width], in front of the patches, or NULL */
  const float *positions;    /* [class token + rows * cols, width] */
  gboolean     bucketed;     /* positions by the place relative to the image (Idefics) */
  DocaiNorm    pre_norm, post_norm;
  DocaiBlock  *blocks;
} DocaiTower;

/* Largest number of patches of a tile. */
#define DOCAI_TOWER_MAX_PATCHES (1 << 16)

/* Tokens of a tile of rows x cols patches. */
int docai_tower_tokens (const DocaiTower *self, int rows, int cols);

/* Embeds the top left height x width pixels of a tile [channels, tile_height, tile_width], multiples of
 * the patch: out [tokens, width]. */
void docai_tower_embed (const DocaiTower *self, DocaiRun *run, const float *tile, int tile_height, int tile_width,
                        int height, int width, float *out);

/* Applies blocks from ... to - 1 to x [n, width]. */
void docai_tower_blocks (const DocaiTower *self, DocaiRun *run, float *x, int n, int from, int to);

/* The positions of n patches along an edge among those of a square grid with `side` of them, as
 * torch.bucketize finds them in single precision: rounding included, since trained weights
 * have seen it. */
void docai_tower_buckets (int n, int side, int *out);
