/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prompts and steps of a sequence.
 */
#include "models/language/generate.h"

#include <string.h>

#include "base/error.h"
#include "models/runtime/attention.h"

#define MAX_TOGETHER 64

/* The prompt that began a sequence: all that its keys and values come from. */
typedef struct {
  int      n;         /* 0: there is none */
  guint32 *ids;       /* [n] */
  guint8  *is_image;  /* [n] */
  gint32  *positions; /* [3, n] */
  float   *features;  /* of the image positions one after the other, or NULL */
  gsize    n_bytes;
} Beginning;

struct DocaiSession {
  const DocaiCore *core;
  DocaiRun        *run;
  DocaiCache      *cache;
  gint32           next_position;
  float           *logits; /* [vocab] */
  Beginning        beginning;
  int              known;  /* tokens of the last prompt that were not evaluated again */
};

DocaiSession *
docai_session_new (const DocaiCore *core, DocaiRun *run)
{
  DocaiSession *self = g_new0 (DocaiSession, 1);
  self->core = core;
  self->run = run;
  self->cache = docai_decoder_cache_new (&core->decoder);
  self->logits = g_new0 (float, core->decoder.vocab);
  return self;
}

static void
forget (Beginning *self)
{
  g_free (self->ids);
  g_free (self->is_image);
  g_free (self->positions);
  g_free (self->features);
  *self = (Beginning) { 0 };
}

void
docai_session_free (DocaiSession *self)
{
  if (self == NULL)
    return;
  forget (&self->beginning);
  docai_cache_free (self->cache);
  g_free (self->logits);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, text);
  return FALSE;
}

static gboolean
check_logits (const DocaiSession *self, GError **error)
{
  if (docai_kernels ()->finite_f32 (self->logits, (gsize) self->core->decoder.vocab))
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the model's logits are infinite or no numbers");
  return FALSE;
}

static gboolean
check_prompt (const DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features, GError **error)
{
  const DocaiCore *core = self->core;
  int images = 0, rows = features != NULL ? features->rows : 0;
  if (n < 1)
    return refuse (error, "the prompt is empty");
  for (int i = 0; i < n; i++)
    {
      gboolean replaced = !core->cross && is_image != NULL && is_image[i];
      if (!replaced && ids[i] >= (guint32) core->decoder.vocab)
        return refuse (error, "a token of the prompt is not in the model's vocabulary");
      images += replaced;
    }
  if (!core->cross && (images > rows || (images < rows && !core->spare_features)))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "the prompt has %d image positions where the images have %d features", images, rows);
      return FALSE;
    }
  if (core->cross && rows == 0 && self->cache->n_cross == 0)
    return refuse (error, "the model needs an image");
  return TRUE;
}

/* Embeddings of ids [from, from + n), with features in their places; `feature` counts them. */
static void
embed (const DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features, gsize *feature, float *x)
{
  const DocaiDecoder *decoder = &self->core->decoder;
  gsize width = (gsize) decoder->width;
  for (gsize i = 0; i < (gsize) n; i++, x += width)
    if (self->core->cross || is_image == NULL || !is_image[i])
      docai_decoder_embed (decoder, ids + i, 1, x);
    else
      {
        memcpy (x, features->values + width * (*feature)++, width * sizeof (float));
        if (self->core->scale_images)
          docai_kernels ()->scale (x, decoder->embedding_scale, width);
      }
}

/* Positions [3, n] of a prompt, by the family or counted from where the sequence is. */
static gint32 *
positions_new (DocaiSession *self, const guint32 *ids, int n, const DocaiPixels *pixels, GError **error)
{
  g_autofree gint32 *positions = g_new (gint32, (gsize) n * 3);
  gint32 start = self->next_position;
  if (self->core->family->place == NULL)
    {
      for (int i = 0; i < n; i++)
        positions[i] = positions[n + i] = positions[2 * n + i] = start + i;
      self->next_position = start + n;
      return g_steal_pointer (&positions);
    }
  if (!self->core->family->place (self->core, ids, n, pixels, positions, &self->next_position))
    {
      refuse (error, "image positions of the prompt and images disagree");
      return NULL;
    }
  for (int i = 0; i < 3 * n; i++)
    positions[i] += start;
  self->next_position += start;
  if (self->run->trace != NULL)
    {
      g_autofree float *floats = g_new (float, (gsize) n * 3);
      for (int i = 0; i < 3 * n; i++)
        floats[i] = (float) positions[i];
      docai_run_trace (self->run, "mrope_position_ids", floats, (gsize) n * 3);
    }
  return g_steal_pointer (&positions);
}

void
docai_session_restart (DocaiSession *self)
{
  self->next_position = 0;
  self->cache->length = 0;
}

int
docai_session_known (const DocaiSession *self)
{
  return self->known;
}

gsize
docai_session_bytes (const DocaiSession *self)
{
  return docai_cache_bytes (self->cache) + self->beginning.n_bytes;
}

/* Keeps a prompt from which a later one may go on. */
static void
keep (DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features, gint32 *positions)
{
  Beginning *beginning = &self->beginning;
  gsize rows = (gsize) n, images = 0;
  for (gsize i = 0; is_image != NULL && i < rows; i++)
    images += is_image[i] != 0;
  gsize n_floats = images * (gsize) self->core->decoder.width;
  beginning->n = n;
  beginning->ids = g_memdup2 (ids, rows * sizeof *ids);
  beginning->is_image = is_image != NULL ? g_memdup2 (is_image, rows) : g_malloc0 (rows);
  beginning->positions = g_memdup2 (positions, 3 * rows * sizeof *positions);
  beginning->features = n_floats > 0 ? g_memdup2 (features->values, n_floats * sizeof (float)) : NULL;
  beginning->n_bytes = rows * (sizeof *ids + 1 + 3 * sizeof *positions) + n_floats * sizeof (float);
}

/* How many tokens from the first on are those of the sequence's beginning; *feature counts those that are features. */
static int
shared (const DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features, const gint32 *positions, gsize *feature)
{
  const Beginning *before = &self->beginning;
  gsize width = (gsize) self->core->decoder.width;
  int i = 0;
  for (; i < MIN (n, before->n); i++)
    {
      gboolean image = is_image != NULL && is_image[i];
      gboolean same = image == (before->is_image[i] != 0) && (image || ids[i] == before->ids[i]);
      for (int axis = 0; same && axis < 3; axis++)
        same = positions[axis * n + i] == before->positions[axis * before->n + i];
      if (!same || (image && memcmp (features->values + width * *feature, before->features + width * *feature, width * sizeof (float)) != 0))
        break;
      *feature += image;
    }
  return i;
}

/* Where evaluation has to begin so that every row is summed as it would be without what is known: at the first row of a block
 * of queries, and with many rows left where there were many. */
static int
first_row (int known, int n)
{
  int first = MIN (known, n - 1) / DOCAI_ATTEND_QUERIES * DOCAI_ATTEND_QUERIES;
  int rows = MIN (DOCAI_DECODER_CHUNK - first % DOCAI_DECODER_CHUNK, n - first);
  return first % DOCAI_DECODER_CHUNK != 0 && rows <= DOCAI_LINEAR_FEW ? first - DOCAI_ATTEND_QUERIES : first;
}

/* The first row of a prompt to be evaluated; *feature counts the features before it. The cache then holds all before it. */
static int
go_on (DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features, const gint32 *positions, gsize *feature)
{
  gsize all = 0;
  int first = first_row (shared (self, ids, n, is_image, features, positions, &all), n);
  for (int i = 0; is_image != NULL && i < first; i++)
    *feature += is_image[i] != 0;
  forget (&self->beginning);
  self->cache->length = self->known = first;
  return first;
}

gboolean
docai_session_prompt (DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features,
                      const DocaiPixels *pixels, GError **error)
{
  const DocaiDecoder *decoder = &self->core->decoder;
  gboolean begins = self->cache->length == 0 && !self->core->cross;
  self->known = 0;
  if (!check_prompt (self, ids, n, is_image, features, error))
    return FALSE;
  if (self->core->cross && features != NULL
      && !docai_decoder_remember (decoder, self->run, self->cache, features->values, features->rows, error))
    return FALSE;
  g_autofree gint32 *positions = positions_new (self, ids, n, pixels, error);
  if (positions == NULL)
    return FALSE;
  DocaiArenaMark mark = docai_arena_mark (self->run->arena);
  float *x = docai_arena_floats (self->run->arena, (gsize) MIN (n, DOCAI_DECODER_CHUNK), (gsize) decoder->width);
  gsize feature = 0;
  gboolean good = TRUE;
  for (int from = begins ? go_on (self, ids, n, is_image, features, positions, &feature) : 0, rows; good && from < n; from += rows)
    {
      rows = MIN (DOCAI_DECODER_CHUNK - from % DOCAI_DECODER_CHUNK, n - from);
      DocaiSequence sequence = { .cache = self->cache, .rows = rows, .positions = positions + from, .position_stride = (gsize) n };
      embed (self, ids + from, rows, is_image != NULL ? is_image + from : NULL, features, &feature, x);
      good = docai_decoder_run (decoder, self->run, x, &sequence, 1, from + rows == n ? self->logits : NULL, error);
    }
  docai_arena_reset (self->run->arena, mark);
  if (good && begins)
    keep (self, ids, n, is_image, features, positions);
  return good && check_logits (self, error);
}

gboolean
docai_sessions_step (DocaiSession *const *sessions, const guint32 *ids, int n, GError **error)
{
  if (n < 1 || n > MAX_TOGETHER)
    return refuse (error, "too many sequences for one step");
  const DocaiDecoder *decoder = &sessions[0]->core->decoder;
  DocaiRun *run = sessions[0]->run;
  DocaiSequence sequences[MAX_TOGETHER];
  gint32 positions[MAX_TOGETHER][3];
  for (int i = 0; i < n; i++)
    {
      if (ids[i] >= (guint32) decoder->vocab)
        return refuse (error, "a token is not in the model's vocabulary");
      positions[i][0] = positions[i][1] = positions[i][2] = sessions[i]->next_position;
      sequences[i] = (DocaiSequence) { .cache = sessions[i]->cache, .rows = 1, .positions = positions[i], .position_stride = 1 };
    }
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize vocab = (gsize) decoder->vocab;
  float *x = docai_arena_floats (run->arena, (gsize) n, (gsize) decoder->width);
  float *logits = docai_arena_floats (run->arena, (gsize) n, vocab);
  docai_decoder_embed (decoder, ids, n, x);
  gboolean good = docai_decoder_run (decoder, run, x, sequences, n, logits, error);
  for (gsize i = 0; good && i < (gsize) n; i++)
    {
      memcpy (sessions[i]->logits, logits + i * vocab, vocab * sizeof (float));
      sessions[i]->next_position++;
      good = check_logits (sessions[i], error);
    }
  docai_arena_reset (run->arena, mark);
  return good;
}

gboolean
docai_session_step (DocaiSession *self, guint32 id, GError **error)
{
  return docai_sessions_step (&self, &id, 1, error);
}

const float *
docai_session_logits (const DocaiSession *self)
{
  return self->logits;
}

guint32
docai_session_greedy (const DocaiSession *self)
{
  int best = 0;
  for (int i = 1; i < self->core->decoder.vocab; i++)
    if (self->logits[i] > self->logits[best])
      best = i;
  return (guint32) best;
}

int
docai_session_length (const DocaiSession *self)
{
  return self->cache->length;
}

int
docai_session_room (const DocaiSession *self)
{
  return self->core->decoder.max_length - self->cache->length;
}
