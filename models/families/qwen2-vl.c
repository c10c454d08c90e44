/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Qwen2-VL: images in their own resolution as patches in blocks of 2 x 2, rotary positions
 * by row and column in the tower, blocks merged by an MLP, and a Qwen2 decoder whose
 * rotary positions have three axes (M-RoPE). In the tower of Qwen2.5-VL most layers attend
 * only inside of square windows; its patches lie window by window.
 */
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"

static const DocaiBlockNames names = {
  .norm_self = "norm1", .qkv = "attn.qkv", .o = "attn.proj", .norm_mlp = "norm2", .up = "mlp.fc1", .down = "mlp.fc2",
};
static const DocaiBlockNames window_names = {
  .norm_self = "norm1", .qkv = "attn.qkv", .o = "attn.proj", .norm_mlp = "norm2", .gate = "mlp.gate_proj", .up = "mlp.up_proj",
  .down = "mlp.down_proj",
};

#define VISION_THETA 10000.0

typedef struct {
  int       merge;
  DocaiNorm norm;       /* of the merger, each patch */
  guint32   video_token;
  int       patch_values; /* floats of a patch */
  int       window;     /* merged blocks along the edge of a window; 0: none */
  gboolean *whole;      /* which of the tower's blocks see the whole image although there are windows; owned */
} Own;

/* What both towers are told alike. `width` is the key of the tower's width. */
static void
configure_tower (DocaiCore *core, DocaiModelConfig *config, json_t *vision, const char *width, int default_width)
{
  Own *own = core->own;
  DocaiTower *tower = &core->tower;
  DocaiBlockShape *shape = &core->vision_shape;
  int patch = docai_model_config_int (config, vision, "patch_size", 14, 1, 256), frames = docai_model_config_int (config, vision, "temporal_patch_size", 2, 1, 16);
  tower->channels = docai_model_config_int (config, vision, "in_channels", docai_model_config_int (config, vision, "in_chans", 3, 1, 4), 1, 4);
  tower->width = shape->width = docai_model_config_int (config, vision, width, default_width, 1, 1 << 16);
  tower->n_blocks = docai_model_config_int (config, vision, "depth", 32, 1, 1024);
  tower->patch_width = tower->patch_height = patch;
  own->patch_values = tower->channels * frames * patch * patch;
  own->merge = docai_model_config_int (config, vision, "spatial_merge_size", 2, 1, 16);
  shape->heads = shape->kv_heads = docai_model_config_int (config, vision, "num_heads", 16, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->eps = 1e-6;
  if (shape->head_dim % 4 != 0)
    docai_model_config_invalid (config, "config.json: heads of %d cannot be rotated by row and column", shape->head_dim);
}

/* The result of the tower is as wide as the text model. */
static void
check_width (DocaiCore *core, DocaiModelConfig *config, json_t *vision, const char *key, int fallback)
{
  if (docai_model_config_int (config, vision, key, fallback, 1, 1 << 16) != core->decoder.width)
    docai_model_config_invalid (config, "config.json: tower and text model differ in their width");
}

static void
configure_vision (DocaiCore *core, DocaiModelConfig *config, json_t *vision)
{
  DocaiBlockShape *shape = &core->vision_shape;
  configure_tower (core, config, vision, "embed_dim", 1280);
  shape->mlp_width = (int) CLAMP (docai_model_config_double (config, vision, "mlp_ratio", 4) * shape->width, 1, 1 << 20);
  shape->norm = DOCAI_NORM_LAYER;
  shape->act = docai_model_config_activation (config, vision, "hidden_act", "quick_gelu");
  check_width (core, config, vision, "hidden_size", core->decoder.width);
}

static void
read_whole (DocaiCore *core, DocaiModelConfig *config, json_t *vision)
{
  static const int usual[] = { 7, 15, 23, 31 };
  Own *own = core->own;
  json_t *list = json_object_get (vision, "fullatt_block_indexes"), *item;
  size_t k;
  own->whole = g_new0 (gboolean, core->tower.n_blocks);
  if (list == NULL || json_is_null (list))
    for (k = 0; k < G_N_ELEMENTS (usual); k++)
      own->whole[MIN (usual[k], core->tower.n_blocks - 1)] |= usual[k] < core->tower.n_blocks;
  else if (!json_is_array (list))
    docai_model_config_invalid (config, "config.json: \"fullatt_block_indexes\" is not a list");
  json_array_foreach (list, k, item)
    if (json_is_integer (item) && json_integer_value (item) >= 0 && json_integer_value (item) < core->tower.n_blocks)
      own->whole[json_integer_value (item)] = TRUE;
}

static void
configure_windows (DocaiCore *core, DocaiModelConfig *config, json_t *vision)
{
  Own *own = core->own;
  DocaiBlockShape *shape = &core->vision_shape;
  configure_tower (core, config, vision, "hidden_size", 3584);
  shape->mlp_width = docai_model_config_int (config, vision, "intermediate_size", 3420, 1, 1 << 20);
  shape->norm = DOCAI_NORM_RMS;
  shape->act = docai_model_config_activation (config, vision, "hidden_act", "silu");
  own->window = docai_model_config_int (config, vision, "window_size", 112, 1, 1 << 16) / own->merge / core->tower.patch_width;
  if (own->window < 1)
    docai_model_config_invalid (config, "config.json: \"window_size\" is less than the patches that are merged");
  read_whole (core, config, vision);
  check_width (core, config, vision, "out_hidden_size", 3584);
}

static void
free_own (gpointer data)
{
  g_free (((Own *) data)->whole);
  g_free (data);
}

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = free_own;
  gboolean windows = core->family == &docai_family_qwen2_5_vl;
  json_t *text = json_object_get (config->root, "text_config");
  docai_llama_configure (core, config, json_is_object (text) ? text : config->root, windows ? "qwen2_5_vl" : "qwen2_vl");
  (windows ? configure_windows : configure_vision) (core, config, docai_model_config_section (config, NULL, "vision_config"));
  core->image_token = docai_model_config_int (config, NULL, "image_token_id", 151655, 0, core->decoder.vocab - 1);
  own->video_token = (guint32) docai_model_config_int (config, NULL, "video_token_id", 151656, 0, G_MAXINT);
  core->projector.act = DOCAI_ACT_GELU;
  if (core->decoder.rope.sections[0] == 0)
    docai_model_config_invalid (config, "config.json: \"mrope_section\" is not there");
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  DocaiTower *tower = &core->tower;
  const char *vision = docai_weights_prefix (weights, "patch_embed.proj.weight", "visual.", "model.visual.", NULL);
  const char *text = docai_weights_prefix (weights, "embed_tokens.weight", "model.", "model.language_model.", NULL);
  int merged = tower->width * own->merge * own->merge;
  docai_weights_linear (weights, &tower->patch, tower->width, own->patch_values, "%spatch_embed.proj", vision);
  tower->blocks = g_new0 (DocaiBlock, tower->n_blocks);
  for (int i = 0; i < tower->n_blocks; i++)
    docai_weights_block (weights, &tower->blocks[i], &core->vision_shape, own->window > 0 ? &window_names : &names, "%sblocks.%d", vision, i);
  docai_weights_norm (weights, &own->norm, core->vision_shape.norm, tower->width, 1e-6, "%smerger.ln_q", vision);
  docai_weights_linear (weights, &core->projector.first, merged, merged, "%smerger.mlp.0", vision);
  docai_weights_linear (weights, &core->projector.second, core->decoder.width, merged, "%smerger.mlp.2", vision);
  docai_llama_load (core, weights, text, "lm_head");
}

static int
count_units (const DocaiCore *core, const DocaiPixels *pixels)
{
  return pixels->n_images;
}

static const float *
peek_unit (const DocaiCore *core, const DocaiPixels *pixels, int unit, gsize *n_floats)
{
  const DocaiImageLayout *image = &pixels->images[unit];
  *n_floats = (gsize) image->n_tiles * (gsize) pixels->dims[1];
  return pixels->values + (gsize) image->first_tile * (gsize) pixels->dims[1];
}

/* The order in which merged blocks of a grid of rows x cols go through the tower, and the number of patches of each
 * window; returns how many windows there are. Without windows all is one. Windows at the right and lower edge are smaller. */
static int
order_blocks (const Own *own, int rows, int cols, int *order, DocaiSpan *spans)
{
  int height = own->window > 0 ? own->window : rows, width = own->window > 0 ? own->window : cols, n = 0, i = 0;
  for (int top = 0; top < rows; top += height)
    for (int left = 0; left < cols; left += width, n++)
      {
        int bottom = MIN (top + height, rows), right = MIN (left + width, cols);
        spans[n] = (DocaiSpan) { .rows = (bottom - top) * (right - left) * own->merge * own->merge };
        for (int r = top; r < bottom; r++)
          for (int c = left; c < right; c++)
            order[i++] = r * cols + c;
      }
  return n;
}

/* Row and column of each patch: blocks of merge x merge in their order, and inside of a block
 * row by row. The second half of the positions are the columns. */
static void
patch_places (const Own *own, int rows, int cols, const int *order, gint32 *places)
{
  int n = rows * cols, m = own->merge, across = cols / m, i = 0;
  for (int b = 0; b < n / (m * m); b++)
    for (int k = 0; k < m * m; k++, i++)
      {
        places[i] = order[b] / across * m + k / m;
        places[n + i] = order[b] % across * m + k % m;
      }
}

/* Cosines and sines of a head: the first half of the angles turn with the row, the others
 * with the column. */
static void
fill_rotation (const DocaiCore *core, DocaiRun *run, int rows, int cols, const int *order, float *cosine, float *sine)
{
  gsize n = (gsize) (rows * cols), half = (gsize) core->vision_shape.head_dim / 2, quarter = half / 2;
  DocaiRope rope = { .head_dim = (int) half, .theta = VISION_THETA, .factor = 1 };
  gint32 *places = docai_arena_alloc (run->arena, n * 2 * sizeof *places);
  float *c = docai_arena_floats (run->arena, n, quarter), *s = docai_arena_floats (run->arena, n, quarter);
  patch_places (core->own, rows, cols, order, places);
  for (gsize axis = 0; axis < 2; axis++)
    {
      docai_rope_fill (&rope, places + axis * n, 0, (int) n, c, s);
      for (gsize i = 0; i < n; i++)
        {
          memcpy (cosine + i * half + axis * quarter, c + i * quarter, quarter * sizeof (float));
          memcpy (sine + i * half + axis * quarter, s + i * quarter, quarter * sizeof (float));
        }
    }
}

static gboolean
check_image (const DocaiCore *core, const DocaiPixels *pixels, const DocaiImageLayout *image, GError **error)
{
  const Own *own = core->own;
  gboolean fits = pixels->n_dims == 2 && pixels->dims[1] == own->patch_values && image->rows > 0 && image->cols > 0
                  && image->rows % own->merge == 0 && image->cols % own->merge == 0 && image->rows <= DOCAI_TOWER_MAX_PATCHES / image->cols
                  && image->rows * image->cols == image->n_tiles && image->first_tile + image->n_tiles <= pixels->dims[0];
  if (!fits)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the image processor gives other patches than the model takes");
  return fits;
}

/* Rows of `parts` merged blocks, to (scatter) or from (gather) the places that `order` names. */
static void
reorder (const float *from, const int *order, int parts, gsize n_floats, gboolean scatter, float *to)
{
  for (int i = 0; i < parts; i++)
    memcpy (to + (gsize) (scatter ? order[i] : i) * n_floats, from + (gsize) (scatter ? i : order[i]) * n_floats, n_floats * sizeof (float));
}

/* Patches of an image through the tower: x [n, width] in the order of the blocks. */
static void
run_tower (const DocaiCore *core, DocaiRun *run, const DocaiImageLayout *image, const float *patches, int *order, float *x)
{
  const Own *own = core->own;
  const DocaiTower *tower = &core->tower;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize n = (gsize) image->n_tiles, width = (gsize) tower->width, half = (gsize) core->vision_shape.head_dim / 2;
  int unit = own->merge * own->merge, blocks = image->n_tiles / unit;
  DocaiSpan *spans = docai_arena_alloc (run->arena, (gsize) blocks * sizeof *spans), all = { .rows = image->n_tiles };
  int n_spans = order_blocks (own, image->rows / own->merge, image->cols / own->merge, order, spans);
  float *cosine = docai_arena_floats (run->arena, n, half), *sine = docai_arena_floats (run->arena, n, half);
  fill_rotation (core, run, image->rows, image->cols, order, cosine, sine);
  float *embedded = n_spans > 1 ? docai_arena_floats (run->arena, n, width) : x;
  docai_linear_run (&tower->patch, run, patches, (gsize) own->patch_values, image->n_tiles, embedded, width, FALSE);
  if (n_spans > 1)
    reorder (embedded, order, blocks, (gsize) unit * width, FALSE, x);
  DocaiContext windows = { .spans = spans, .n_spans = n_spans, .cosine = cosine, .sine = sine }, whole = windows;
  whole.spans = &all;
  whole.n_spans = 1;
  for (int i = 0; i < tower->n_blocks; i++)
    docai_block_run (&tower->blocks[i], run, x, i, own->window > 0 && !own->whole[i] ? &windows : &whole);
  docai_arena_reset (run->arena, mark);
}

static gboolean
encode_unit (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  const Own *own = core->own;
  const DocaiImageLayout *image = &pixels->images[unit];
  if (!check_image (core, pixels, image, error))
    return FALSE;
  gsize n_floats, width = (gsize) core->tower.width, out_width = (gsize) core->decoder.width;
  int n = image->n_tiles, merged = n / (own->merge * own->merge);
  if (!docai_features_init (out, merged, core->decoder.width, error))
    return FALSE;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  float *x = docai_arena_floats (run->arena, (gsize) n, width), *joined = docai_arena_floats (run->arena, (gsize) merged, out_width);
  int *order = docai_arena_alloc (run->arena, (gsize) merged * sizeof *order);
  run_tower (core, run, image, peek_unit (core, pixels, unit, &n_floats), order, x);
  docai_run_trace (run, "vision_last_hidden", x, (gsize) n * width);
  docai_norm_run (&own->norm, x, width, n, 1, x, width);
  docai_projector_run (&core->projector, run, x, merged, joined);
  reorder (joined, order, merged, out_width, TRUE, out->values);
  docai_arena_reset (run->arena, mark);
  return TRUE;
}

/* Text counts on all axes at once; an image takes its place in time, row and column, and text
 * goes on behind the largest position. */
static gboolean
place (const DocaiCore *core, const guint32 *ids, int n, const DocaiPixels *pixels, gint32 *positions, gint32 *next)
{
  const Own *own = core->own;
  int image = 0, at = 0;
  for (int i = 0; i < n; i++, at++)
    if (ids[i] != (guint32) core->image_token)
      positions[i] = positions[n + i] = positions[2 * n + i] = at;
    else
      {
        if (pixels == NULL || image >= pixels->n_images)
          return FALSE;
        const DocaiImageLayout *layout = &pixels->images[image++];
        int rows = layout->rows / own->merge, cols = layout->cols / own->merge;
        if (rows * cols > n - i)
          return FALSE;
        for (int k = 0; k < rows * cols; k++, i++)
          {
            if (ids[i] != (guint32) core->image_token)
              return FALSE;
            positions[i] = at;
            positions[n + i] = at + k / cols;
            positions[2 * n + i] = at + k % cols;
          }
        at += MAX (rows, cols) - 1;
        i--;
      }
  *next = at;
  return image == (pixels != NULL ? pixels->n_images : 0);
}

const DocaiFamily docai_family_qwen2_vl = {
  .model_type = "qwen2_vl", .title = "Qwen2-VL", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = count_units, .peek_unit = peek_unit, .encode_unit = encode_unit, .place = place,
};

const DocaiFamily docai_family_qwen2_5_vl = {
  .model_type = "qwen2_5_vl", .title = "Qwen2.5-VL", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = count_units, .peek_unit = peek_unit, .encode_unit = encode_unit, .place = place,
};
