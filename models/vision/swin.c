/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Swin transformer. In a shifted block the picture is rolled up and to the left, so that the
 * windows of the last row and column hold parts that are no neighbours: a bias of -100
 * keeps them apart.
 *
 *     a b | c         e f | d        windows of the rolled picture; the last ones join
 *     d e | f   -->   h i | g        both ends of the picture
 *     g h | i         b c | a
 */
#include "models/vision/swin.h"

#include <string.h>

#define APART -100.0f

static const DocaiBlockNames names = {
  .norm_self = "layernorm_before", .q = "attention.self.query", .k = "attention.self.key", .v = "attention.self.value",
  .o = "attention.output.dense", .norm_mlp = "layernorm_after", .up = "intermediate.dense", .down = "output.dense",
};

void
docai_swin_configure (DocaiSwin *self, DocaiModelConfig *config, json_t *section)
{
  json_t *depths = json_object_get (section, "depths"), *heads = json_object_get (section, "num_heads");
  int width = docai_model_config_int (config, section, "embed_dim", 96, 1, 1 << 14);
  self->channels = docai_model_config_int (config, section, "num_channels", 3, 1, 4);
  self->patch = docai_model_config_int (config, section, "patch_size", 4, 1, 256);
  self->window = docai_model_config_int (config, section, "window_size", 7, 1, 64);
  self->eps = docai_model_config_double (config, section, "layer_norm_eps", 1e-5);
  self->mlp_ratio = docai_model_config_double (config, section, "mlp_ratio", 4.0);
  self->act = docai_model_config_activation (config, section, "hidden_act", "gelu");
  self->n_stages = (int) json_array_size (depths);
  if (self->n_stages < 1 || self->n_stages > DOCAI_SWIN_MAX_STAGES || json_array_size (heads) != json_array_size (depths)
      || self->mlp_ratio <= 0 || self->mlp_ratio > 64)
    {
      docai_model_config_invalid (config, "config.json: the stages of the tower (\"depths\", \"num_heads\") make no sense");
      self->n_stages = 0;
    }
  for (int i = 0; i < self->n_stages; i++)
    {
      DocaiSwinStage *stage = &self->stages[i];
      json_int_t n = json_integer_value (json_array_get (depths, (size_t) i)), h = json_integer_value (json_array_get (heads, (size_t) i));
      stage->width = width << i;
      stage->n_blocks = (int) CLAMP (n, 0, 1024);
      stage->heads = (int) CLAMP (h, 0, 1024);
      if (stage->n_blocks < 1)
        docai_model_config_invalid (config, "config.json: a stage of the tower has no blocks");
      docai_model_config_head_dim (config, stage->width, stage->heads);
    }
  if (docai_model_config_bool (config, section, "use_absolute_embeddings", FALSE))
    docai_model_config_unsupported (config, "absolute positions in a Swin tower (\"use_absolute_embeddings\")");
}

void
docai_swin_load (DocaiSwin *self, DocaiWeights *weights, const char *embeddings, const char *encoder)
{
  int width = self->stages[0].width, side = 2 * self->window - 1;
  docai_weights_linear (weights, &self->embedding, width, self->channels * self->patch * self->patch, "%spatch_embeddings.projection", embeddings);
  docai_weights_norm (weights, &self->embedding_norm, DOCAI_NORM_LAYER, width, 1e-5, "%snorm", embeddings);
  for (int s = 0; s < self->n_stages; s++)
    {
      DocaiSwinStage *stage = &self->stages[s];
      DocaiBlockShape shape = { .width = stage->width, .heads = stage->heads, .kv_heads = stage->heads, .head_dim = stage->width / stage->heads,
                                .mlp_width = (int) (self->mlp_ratio * stage->width), .norm = DOCAI_NORM_LAYER, .eps = self->eps, .act = self->act };
      stage->blocks = g_new0 (DocaiSwinBlock, stage->n_blocks);
      for (int b = 0; b < stage->n_blocks; b++)
        {
          g_autofree char *name = g_strdup_printf ("%slayers.%d.blocks.%d", encoder, s, b);
          docai_weights_block (weights, &stage->blocks[b].block, &shape, &names, "%s", name);
          stage->blocks[b].bias_table = docai_weights_vector (weights, (gint64) side * side * stage->heads,
                                                              "%s.attention.self.relative_position_bias_table", name);
        }
      if (s + 1 == self->n_stages)
        continue;
      docai_weights_norm (weights, &stage->merge_norm, DOCAI_NORM_LAYER, 4 * stage->width, 1e-5, "%slayers.%d.downsample.norm", encoder, s);
      docai_weights_linear (weights, &stage->merge, 2 * stage->width, 4 * stage->width, "%slayers.%d.downsample.reduction", encoder, s);
    }
}

void
docai_swin_clear (DocaiSwin *self)
{
  for (int s = 0; s < self->n_stages; s++)
    g_clear_pointer (&self->stages[s].blocks, g_free);
}

/* Patches of the image, padded with zeros to whole ones, as normed rows. */
static DocaiSwinMap
embed (const DocaiSwin *self, DocaiRun *run, const float *image, int height, int width)
{
  int p = self->patch, rows = (height + p - 1) / p, cols = (width + p - 1) / p;
  DocaiSwinMap map = { .rows = rows, .cols = cols, .width = self->stages[0].width };
  map.values = docai_arena_floats (run->arena, (gsize) (rows * cols), (gsize) map.width);
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize columns = (gsize) self->embedding.w.cols;
  float *patches = docai_arena_floats (run->arena, (gsize) (rows * cols), columns), *to = patches;
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++)
      for (int ch = 0; ch < self->channels; ch++)
        for (int y = r * p; y < (r + 1) * p; y++)
          for (int x = c * p; x < (c + 1) * p; x++)
            *to++ = y < height && x < width ? image[((gsize) ch * (gsize) height + (gsize) y) * (gsize) width + (gsize) x] : 0.0f;
  docai_linear_run (&self->embedding, run, patches, columns, rows * cols, map.values, (gsize) map.width, FALSE);
  docai_norm_run (&self->embedding_norm, map.values, (gsize) map.width, rows * cols, 1, map.values, (gsize) map.width);
  docai_arena_reset (run->arena, mark);
  return map;
}

/* Bias tables [4, heads, n, n] of a block: bit 0 of the kind is set for windows of the last column,
 * bit 1 for those of the last row, where shifted parts are kept apart. */
static float *
window_biases (const DocaiSwin *self, DocaiRun *run, const DocaiSwinBlock *block, int shift)
{
  int w = self->window, n = w * w, heads = block->block.self.heads, kinds = shift > 0 ? 4 : 1, edge = w - shift;
  float *biases = docai_arena_floats (run->arena, (gsize) (4 * heads), (gsize) (n * n)), *to = biases;
  for (int kind = 0; kind < kinds; kind++)
    for (int h = 0; h < heads; h++)
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
          {
            int dy = i / w - j / w + w - 1, dx = i % w - j % w + w - 1;
            gboolean apart = ((kind & 1) && (i % w < edge) != (j % w < edge)) || ((kind & 2) && (i / w < edge) != (j / w < edge));
            *to++ = block->bias_table[(dy * (2 * w - 1) + dx) * heads + h] + (apart ? APART : 0.0f);
          }
  return biases;
}

/* Copies rows between the picture and the order of the windows; `fill` clears what is padding. */
static void
reorder (const DocaiSwin *self, const DocaiSwinMap *map, float *windows, int shift, gboolean fill)
{
  int w = self->window, down = (map->rows + w - 1) / w, across = (map->cols + w - 1) / w;
  gsize width = (gsize) map->width;
  float *row = windows;
  for (int wy = 0; wy < down; wy++)
    for (int wx = 0; wx < across; wx++)
      for (int i = 0; i < w * w; i++, row += width)
        {
          int y = (wy * w + i / w + shift) % (down * w), x = (wx * w + i % w + shift) % (across * w);
          gboolean inside = y < map->rows && x < map->cols;
          float *place = map->values + (gsize) (inside ? y * map->cols + x : 0) * width;
          if (fill && inside)
            memcpy (row, place, width * sizeof (float));
          else if (fill)
            memset (row, 0, width * sizeof (float));
          else if (inside)
            docai_kernels ()->add (place, row, width);
        }
}

static void
run_block (const DocaiSwin *self, DocaiRun *run, const DocaiSwinBlock *swin, DocaiSwinMap *map, int shift)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  const DocaiBlock *block = &swin->block;
  int w = self->window, n = w * w, down = (map->rows + w - 1) / w, across = (map->cols + w - 1) / w, rows = map->rows * map->cols;
  gsize width = (gsize) map->width;
  DocaiSwinMap normed = *map;
  normed.values = docai_arena_floats (run->arena, (gsize) rows, width);
  float *windows = docai_arena_floats (run->arena, (gsize) (down * across * n), width);
  float *attended = docai_arena_floats (run->arena, (gsize) (down * across * n), width);
  float *biases = window_biases (self, run, swin, shift);
  DocaiSpan *spans = docai_arena_alloc (run->arena, (gsize) (down * across) * sizeof *spans);
  for (int i = 0; i < down * across; i++)
    {
      int kind = shift > 0 ? (i % across == across - 1 ? 1 : 0) | (i / across == down - 1 ? 2 : 0) : 0;
      spans[i] = (DocaiSpan) { .rows = n, .bias = biases + (gsize) kind * (gsize) (block->self.heads * n * n), .bias_head = n * n, .bias_row = n };
    }
  DocaiContext context = { .spans = spans, .n_spans = down * across };
  docai_norm_run (&block->norm_self, map->values, width, rows, 1, normed.values, width);
  reorder (self, &normed, windows, shift, TRUE);
  docai_attention_spans (&block->self, run, windows, &context, attended);
  reorder (self, map, attended, shift, FALSE);
  docai_norm_run (&block->norm_mlp, map->values, width, rows, 1, normed.values, width);
  docai_mlp_run (&block->mlp, run, normed.values, rows, map->values, TRUE);
  docai_arena_reset (run->arena, mark);
}

/* Joins 2 x 2 neighbours (column by column), padded with zeros at the end of odd edges. */
static DocaiSwinMap
merge (const DocaiSwinStage *stage, DocaiRun *run, const DocaiSwinMap *map)
{
  DocaiSwinMap out = { .rows = (map->rows + 1) / 2, .cols = (map->cols + 1) / 2, .width = 2 * map->width };
  int n = out.rows * out.cols;
  gsize width = (gsize) map->width;
  out.values = docai_arena_floats (run->arena, (gsize) n, (gsize) out.width);
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  float *joined = docai_arena_floats (run->arena, (gsize) n, 4 * width), *to = joined;
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++)
      for (int k = 0; k < 4; k++, to += width)
        {
          int y = 2 * r + k % 2, x = 2 * c + k / 2;
          if (y < map->rows && x < map->cols)
            memcpy (to, map->values + (gsize) (y * map->cols + x) * width, width * sizeof (float));
          else
            memset (to, 0, width * sizeof (float));
        }
  docai_norm_run (&stage->merge_norm, joined, 4 * width, n, 1, joined, 4 * width);
  docai_linear_run (&stage->merge, run, joined, 4 * width, n, out.values, (gsize) out.width, FALSE);
  docai_arena_reset (run->arena, mark);
  return out;
}

void
docai_swin_run (const DocaiSwin *self, DocaiRun *run, const float *image, int height, int width, DocaiSwinMap *maps)
{
  DocaiSwinMap map = embed (self, run, image, height, width);
  for (int s = 0; s < self->n_stages; s++)
    {
      const DocaiSwinStage *stage = &self->stages[s];
      gboolean shifts = self->always_shift || MIN (map.rows, map.cols) > self->window;
      for (int b = 0; b < stage->n_blocks; b++)
        run_block (self, run, &stage->blocks[b], &map, shifts && b % 2 == 1 ? self->window / 2 : 0);
      maps[s] = map;
      if (stage->merge.w.data != NULL)
        map = merge (stage, run, &map);
    }
}
