/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The settings of an image processor from the files of a model folder, with the defaults
 * that the reference processors have for what a file leaves out.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/vision/preprocess-priv.h"

#define MAX_CONFIG ((gsize) 16 << 20)
#define MAX_SIZE (1 << 20)
#define MAX_GRIDS 4096

typedef struct {
  const char         *name; /* without "Fast", "Pil", "ImageProcessor" or "FeatureExtractor" */
  DocaiPreprocessKind kind;
  int                 resample;
  int                 mean; /* 0: 0.5, 1: CLIP, 2: ImageNet */
  const char         *model_type; /* for folders whose processor file names no class */
} Processor;

static const Processor processors[] = {
  { "CLIP", DOCAI_PREPROCESS_CLIP, 3, 1, "clip" },
  { "CLIP", DOCAI_PREPROCESS_CLIP, 3, 1, "llava" },
  { "CLIP", DOCAI_PREPROCESS_CLIP, 3, 1, "kosmos-2" },
  { "Llava", DOCAI_PREPROCESS_CLIP, 3, 1, NULL },
  { "Siglip", DOCAI_PREPROCESS_FIXED, 3, 0, "siglip" },
  { "Blip", DOCAI_PREPROCESS_FIXED, 3, 1, "blip-2" },
  { "Idefics3", DOCAI_PREPROCESS_IDEFICS3, 1, 0, "idefics3" },
  { "SmolVLM", DOCAI_PREPROCESS_IDEFICS3, 1, 0, "smolvlm" },
  { "Idefics2", DOCAI_PREPROCESS_IDEFICS2, 2, 0, "idefics2" },
  { "LlavaNext", DOCAI_PREPROCESS_LLAVA_NEXT, 3, 1, "llava_next" },
  { "GotOcr2", DOCAI_PREPROCESS_INTERNVL, 3, 1, "internvl" },
  { "Qwen2VL", DOCAI_PREPROCESS_QWEN2_VL, 3, 1, "qwen2_vl" },
  { "Qwen2VL", DOCAI_PREPROCESS_QWEN2_VL, 3, 1, "qwen2_5_vl" },
  { "Qwen2_5_VL", DOCAI_PREPROCESS_QWEN2_VL, 3, 1, NULL },
  { "Donut", DOCAI_PREPROCESS_DONUT, 2, 0, "vision-encoder-decoder" },
  { "Pix2Struct", DOCAI_PREPROCESS_PIX2STRUCT, 2, 0, "pix2struct" },
  { "GroundingDino", DOCAI_PREPROCESS_GROUNDING_DINO, 2, 2, "grounding-dino" },
};

static const double default_means[3][3] = {
  { 0.5, 0.5, 0.5 }, { 0.48145466, 0.4578275, 0.40821073 }, { 0.485, 0.456, 0.406 },
};
static const double default_stds[3][3] = {
  { 0.5, 0.5, 0.5 }, { 0.26862954, 0.26130258, 0.27577711 }, { 0.229, 0.224, 0.225 },
};

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "image processor: %s", what);
  return FALSE;
}

/* "CLIPImageProcessorFast" is the processor of "CLIP". */
static gboolean
is_class_of (const char *klass, const char *name)
{
  static const char *const tails[] = { "ImageProcessor", "ImageProcessorFast", "ImageProcessorPil",
                                       "FeatureExtractor" };
  gsize n = strlen (name);

  for (gsize i = 0; i < G_N_ELEMENTS (tails); i++)
    if (strncmp (klass, name, n) == 0 && strcmp (klass + n, tails[i]) == 0)
      return TRUE;
  return FALSE;
}

static const Processor *
find_processor (const json_t *json, const char *dir, GError **error)
{
  const char *klass = docai_json_string (json, "image_processor_type", NULL);
  g_autoptr (json_t) config = NULL;

  if (klass == NULL)
    klass = docai_json_string (json, "feature_extractor_type", NULL);
  if (klass == NULL)
    {
      config = docai_json_load_file (dir, "config.json", MAX_CONFIG, error);
      if (config == NULL)
        return NULL;
    }
  const char *model_type = docai_json_string (config, "model_type", "?");
  for (gsize i = 0; i < G_N_ELEMENTS (processors); i++)
    if (klass != NULL ? is_class_of (klass, processors[i].name)
                      : g_strcmp0 (processors[i].model_type, model_type) == 0)
      return &processors[i];
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "image processor \"%s\"",
               klass != NULL ? klass : model_type);
  return NULL;
}

/* ---- values ---------------------------------------------------------------------- */

static gboolean
read_int (const json_t *json, const char *key, int *value, GError **error)
{
  gint64 wide = docai_json_int (json, key, *value);

  if (wide < 0 || wide > MAX_SIZE)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "image processor: \"%s\" is out of range", key);
      return FALSE;
    }
  *value = (int) wide;
  return TRUE;
}

/* A number (shortest edge, or a square), [width, height], or an object. */
static gboolean
read_size (const json_t *json, const char *key, gboolean square, DocaiSizeSetting *size,
           GError **error)
{
  const json_t *value = json_object_get (json, key);
  DocaiSizeSetting read = { 0 };
  gint64 number = json_is_integer (value) ? json_integer_value (value) : 0;

  if (value == NULL || json_is_null (value))
    return TRUE;
  if (json_is_array (value) && json_array_size (value) == 2)
    {
      gint64 w = json_integer_value (json_array_get (value, 0));
      gint64 h = json_integer_value (json_array_get (value, 1));
      if (w < 1 || h < 1 || w > MAX_SIZE || h > MAX_SIZE)
        return invalid (error, "a size is out of range");
      *size = (DocaiSizeSetting){ .width = (int) w, .height = (int) h };
      return TRUE;
    }
  if (number < 0 || number > MAX_SIZE)
    return invalid (error, "a size is out of range");
  if (number > 0 && square)
    read.width = read.height = (int) number;
  else if (number > 0)
    read.shortest = (int) number;
  if (!read_int (value, "height", &read.height, error) || !read_int (value, "width", &read.width, error)
      || !read_int (value, "shortest_edge", &read.shortest, error)
      || !read_int (value, "longest_edge", &read.longest, error))
    return FALSE;
  *size = read;
  return TRUE;
}

static gboolean
read_triple (const json_t *json, const char *key, double triple[3], GError **error)
{
  const json_t *list = json_object_get (json, key);

  for (gsize i = 0; i < 3; i++)
    {
      if (json_is_number (list))
        triple[i] = json_number_value (list);
      else if (json_array_size (list) == 3)
        triple[i] = json_number_value (json_array_get (list, i));
      if (!isfinite (triple[i]))
        return invalid (error, "mean or deviation is no number");
    }
  return TRUE;
}

static gboolean
read_grids (DocaiPreprocessor *self, const json_t *json, GError **error)
{
  const json_t *list = json_object_get (json, "image_grid_pinpoints"), *pair;
  g_autoptr (json_t) known = NULL;
  gsize i;

  if (list == NULL || json_is_null (list))
    list = known = json_pack ("[[ii][ii][ii][ii][ii]]", 336, 672, 672, 336, 672, 672, 1008, 336, 336, 1008);
  gsize n = json_array_size (list);
  if (n == 0 || n > MAX_GRIDS)
    return invalid (error, "image_grid_pinpoints is no list or too long");
  self->grids = g_malloc_n (n, sizeof *self->grids);
  json_array_foreach (list, i, pair)
    {
      gint64 h = json_integer_value (json_array_get (pair, 0));
      gint64 w = json_integer_value (json_array_get (pair, 1));
      if (h < 1 || w < 1 || h > MAX_SIZE || w > MAX_SIZE)
        return invalid (error, "image_grid_pinpoints is out of range");
      self->grids[i][0] = (int) h;
      self->grids[i][1] = (int) w;
    }
  self->n_grids = (int) n;
  return TRUE;
}

/* ---- families -------------------------------------------------------------------- */

static void
set_defaults (DocaiPreprocessor *self, const Processor *processor)
{
  self->kind = processor->kind;
  self->resample = (DocaiResample) processor->resample;
  self->rescale = 1.0 / 255;
  memcpy (self->mean, default_means[processor->mean], sizeof self->mean);
  memcpy (self->std, default_stds[processor->mean], sizeof self->std);
  self->do_crop = self->kind == DOCAI_PREPROCESS_CLIP || self->kind == DOCAI_PREPROCESS_LLAVA_NEXT;
  self->min_tiles = 1;
  self->max_tiles = 12;
  self->merge = self->temporal = 2;
  self->patch_height = self->patch_width = self->kind == DOCAI_PREPROCESS_QWEN2_VL ? 14 : 16;
  self->max_patches = 2048;
  self->min_pixels = 56 * 56;
  self->max_pixels = 28 * 28 * 1280;
  self->size = (DocaiSizeSetting){ .width = 224, .height = 224 };
  self->crop = self->size;
  switch (self->kind)
    {
    case DOCAI_PREPROCESS_CLIP:
    case DOCAI_PREPROCESS_LLAVA_NEXT:
      self->size = (DocaiSizeSetting){ .shortest = 224 };
      break;
    case DOCAI_PREPROCESS_IDEFICS3:
      self->size = (DocaiSizeSetting){ .longest = 4 * 364 };
      self->tile = (DocaiSizeSetting){ .longest = 364 };
      break;
    case DOCAI_PREPROCESS_IDEFICS2:
      self->size = (DocaiSizeSetting){ .shortest = 378, .longest = 980 };
      break;
    case DOCAI_PREPROCESS_INTERNVL:
    case DOCAI_PREPROCESS_FIXED:
      self->size = (DocaiSizeSetting){ .width = 384, .height = 384 };
      break;
    case DOCAI_PREPROCESS_DONUT:
      self->size = (DocaiSizeSetting){ .width = 1920, .height = 2560 };
      break;
    case DOCAI_PREPROCESS_GROUNDING_DINO:
      self->size = (DocaiSizeSetting){ .shortest = 800, .longest = 1333 };
      break;
    default:
      break;
    }
}

static gboolean
read_patches (DocaiPreprocessor *self, const json_t *json, GError **error)
{
  const json_t *patch = json_object_get (json, "patch_size"), *size = json_object_get (json, "size");

  if (json_is_object (patch))
    {
      if (!read_int (patch, "height", &self->patch_height, error)
          || !read_int (patch, "width", &self->patch_width, error))
        return FALSE;
    }
  else
    {
      if (!read_int (json, "patch_size", &self->patch_height, error))
        return FALSE;
      self->patch_width = json_is_integer (patch) ? self->patch_height : self->patch_width;
    }
  if (!read_int (json, "max_patches", &self->max_patches, error)
      || !read_int (json, "merge_size", &self->merge, error)
      || !read_int (json, "temporal_patch_size", &self->temporal, error))
    return FALSE;
  self->min_pixels = docai_json_int (size, "shortest_edge", self->min_pixels);
  self->max_pixels = docai_json_int (size, "longest_edge", self->max_pixels);
  self->min_pixels = docai_json_int (size, "min_pixels", self->min_pixels);
  self->max_pixels = docai_json_int (size, "max_pixels", self->max_pixels);
  self->min_pixels = docai_json_int (json, "min_pixels", self->min_pixels);
  self->max_pixels = docai_json_int (json, "max_pixels", self->max_pixels);
  if (self->patch_height < 1 || self->patch_width < 1 || self->patch_height > 1024
      || self->patch_width > 1024 || self->merge < 1 || self->merge > 64 || self->temporal < 1
      || self->temporal > 64 || self->max_patches < 1 || self->min_pixels < 1 || self->max_pixels < 1)
    return invalid (error, "patch sizes are out of range");
  return TRUE;
}

/* What a kind cannot work without. */
static gboolean
check_sizes (const DocaiPreprocessor *self, GError **error)
{
  const DocaiSizeSetting *s = &self->size;
  gboolean exact = s->width > 0 && s->height > 0, ok = TRUE;

  switch (self->kind)
    {
    case DOCAI_PREPROCESS_INTERNVL:
    case DOCAI_PREPROCESS_DONUT:
      ok = exact;
      break;
    case DOCAI_PREPROCESS_FIXED:
    case DOCAI_PREPROCESS_CLIP:
    case DOCAI_PREPROCESS_LLAVA_NEXT:
      ok = exact || s->shortest > 0;
      break;
    case DOCAI_PREPROCESS_IDEFICS3:
      ok = (exact || s->longest > 0) && self->tile.longest > 0;
      break;
    case DOCAI_PREPROCESS_IDEFICS2:
      ok = exact || (s->shortest > 0 && s->longest > 0);
      break;
    case DOCAI_PREPROCESS_GROUNDING_DINO:
      ok = exact || s->shortest > 0;
      break;
    default:
      break;
    }
  if (!ok || (self->do_crop && (self->crop.width < 1 || self->crop.height < 1)))
    return invalid (error, "a size is missing");
  return TRUE;
}

static gboolean
read_settings (DocaiPreprocessor *self, const json_t *json, GError **error)
{
  gboolean qwen = self->kind == DOCAI_PREPROCESS_QWEN2_VL;
  gboolean square = self->kind != DOCAI_PREPROCESS_CLIP && self->kind != DOCAI_PREPROCESS_LLAVA_NEXT;
  int resample = (int) docai_json_int (json, "resample", self->resample);

  self->do_resize = docai_json_bool (json, "do_resize", TRUE);
  self->do_rescale = docai_json_bool (json, "do_rescale", TRUE);
  self->do_normalize = docai_json_bool (json, "do_normalize", TRUE);
  self->do_pad = docai_json_bool (json, "do_pad", TRUE);
  self->do_crop = docai_json_bool (json, "do_center_crop", self->do_crop);
  self->splitting = docai_json_bool (json, "do_image_splitting",
                                     self->kind == DOCAI_PREPROCESS_IDEFICS3);
  self->thumbnail = docai_json_bool (json, "do_thumbnail", TRUE);
  self->align_long_axis = docai_json_bool (json, "do_align_long_axis", FALSE);
  self->rescale = docai_json_number (json, "rescale_factor", self->rescale);
  if (resample < 0 || resample > DOCAI_RESAMPLE_HAMMING || !isfinite (self->rescale))
    return invalid (error, "\"resample\" or \"rescale_factor\" is out of range");
  self->resample = (DocaiResample) resample;
  if ((!qwen && !read_size (json, "size", square, &self->size, error))
      || !read_size (json, "crop_size", TRUE, &self->crop, error)
      || !read_size (json, "max_image_size", FALSE, &self->tile, error)
      || !read_triple (json, "image_mean", self->mean, error)
      || !read_triple (json, "image_std", self->std, error)
      || !read_int (json, "min_patches", &self->min_tiles, error)
      || !read_patches (self, json, error))
    return FALSE;
  if (self->kind == DOCAI_PREPROCESS_INTERNVL && !read_int (json, "max_patches", &self->max_tiles, error))
    return FALSE;
  if (docai_json_bool (json, "use_square_size", FALSE) && self->size.shortest > 0)
    self->size = (DocaiSizeSetting){ .width = self->size.shortest, .height = self->size.shortest };
  for (int i = 0; i < 3; i++)
    if (self->std[i] == 0)
      return invalid (error, "image_std is zero");
  if (self->kind == DOCAI_PREPROCESS_LLAVA_NEXT && !read_grids (self, json, error))
    return FALSE;
  return check_sizes (self, error);
}

/* The processor's own file, or its part of processor_config.json. */
static json_t *
load_json (const char *dir, GError **error)
{
  g_autoptr (GError) missing = NULL;
  json_t *json = docai_json_load_file (dir, "preprocessor_config.json", MAX_CONFIG, &missing);

  if (json != NULL)
    return json;
  if (g_error_matches (missing, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING))
    {
      g_autoptr (json_t) all = docai_json_load_file (dir, "processor_config.json", MAX_CONFIG, NULL);
      json_t *part = json_object_get (all, "image_processor");
      if (json_is_object (part))
        return json_incref (part);
    }
  g_propagate_error (error, g_steal_pointer (&missing));
  return NULL;
}

DocaiPreprocessor *
docai_preprocessor_load (const char *dir, GError **error)
{
  g_autoptr (json_t) json = load_json (dir, error);

  if (json == NULL)
    return NULL;
  const Processor *processor = find_processor (json, dir, error);
  if (processor == NULL)
    return NULL;
  if (strcmp (processor->name, "Llava") == 0 && docai_json_bool (json, "do_pad", FALSE))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "image processor \"Llava\" with do_pad");
      return NULL;
    }
  if (processor->kind == DOCAI_PREPROCESS_PIX2STRUCT && docai_json_bool (json, "is_vqa", FALSE))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "image processor \"Pix2Struct\" that draws the question above the image (\"is_vqa\")");
      return NULL;
    }
  g_autoptr (DocaiPreprocessor) self = g_new0 (DocaiPreprocessor, 1);
  set_defaults (self, processor);
  return read_settings (self, json, error) ? g_steal_pointer (&self) : NULL;
}

void
docai_preprocessor_free (DocaiPreprocessor *self)
{
  if (self == NULL)
    return;
  g_free (self->grids);
  g_free (self);
}

DocaiPreprocessKind
docai_preprocessor_kind (const DocaiPreprocessor *self)
{
  return self->kind;
}
