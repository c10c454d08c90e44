/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Measuring a model folder. Weights and inputs may be random: only the sizes count.
 */
#include "model-bench.h"

#include <cblas.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "models/language/generate.h"

/* Side of the image that is encoded, and how many tiles of it. */
#define IMAGE_SIDE 1600
#define MAX_TILES 3
/* Rows of the reference product, and bytes that the reference loop reads. */
#define SGEMM_ROWS 1024
#define READ_BYTES ((gsize) 256 << 20)
#define REPEATS 3

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

typedef struct {
  int          rows, inner, cols;
  const float *a, *b;
  float       *c;
  int          parts;
} Product;

static void
product_step (void *data, int step, int thread)
{
  const Product *p = data;
  int from = p->cols * step / p->parts, to = p->cols * (step + 1) / p->parts;
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, p->rows, to - from, p->inner, 1.0f, p->a, p->inner,
               p->b + (gsize) from * (gsize) p->inner, p->inner, 0.0f, p->c + from, p->cols);
}

/* GFLOP/s of cblas_sgemm on rows x width by width x mlp_width. */
static double
sgemm_rate (DocaiRun *run, int width, int mlp_width)
{
  int threads = docai_threads_count (run->threads);
  Product p = { .rows = SGEMM_ROWS, .inner = width, .cols = mlp_width, .parts = threads == 1 ? 1 : threads * 2 };
  g_autofree float *a = g_new (float, (gsize) p.rows * (gsize) p.inner), *b = g_new (float, (gsize) p.cols * (gsize) p.inner);
  g_autofree float *c = g_new (float, (gsize) p.rows * (gsize) p.cols);
  for (gsize i = 0; i < (gsize) p.rows * (gsize) p.inner; i++)
    a[i] = (float) (i % 17) * 0.1f;
  for (gsize i = 0; i < (gsize) p.cols * (gsize) p.inner; i++)
    b[i] = (float) (i % 13) * 0.1f;
  p.a = a;
  p.b = b;
  p.c = c;
  double best = 0;
  for (int i = 0; i <= REPEATS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      for (int k = 0; k < 4; k++)
        docai_threads_run (run->threads, p.parts, product_step, &p);
      double rate = 4 * 2e-9 * p.rows * p.inner * p.cols / seconds_since (start);
      best = i > 0 ? MAX (best, rate) : 0;
    }
  return best;
}

typedef struct {
  const guint64 *words;
  gsize          n; /* words a part */
  guint64        sums[64];
} Reading;

static void
read_step (void *data, int step, int thread)
{
  Reading *reading = data;
  const guint64 *words = reading->words + (gsize) step * reading->n;
  guint64 sums[8] = { 0 };
  for (gsize i = 0; i + 8 <= reading->n; i += 8)
    for (gsize k = 0; k < 8; k++)
      sums[k] += words[i + k];
  for (gsize k = 0; k < 8; k++)
    reading->sums[step] += sums[k];
}

/* GB/s of reading memory that is in no cache. */
static double
read_rate (DocaiRun *run)
{
  int parts = docai_threads_count (run->threads) * 4;
  Reading reading = { .n = READ_BYTES / sizeof (guint64) / (gsize) parts };
  g_autofree guint64 *words = g_new (guint64, READ_BYTES / sizeof (guint64));
  memset (words, 1, READ_BYTES);
  reading.words = words;
  double best = 0;
  for (int i = 0; i < REPEATS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      docai_threads_run (run->threads, parts, read_step, &reading);
      best = MAX (best, (double) READ_BYTES * 1e-9 / seconds_since (start));
    }
  return reading.sums[0] != 0 ? best : 0;
}

/* Bytes of weights that a token of an answer reads. */
static gsize
bytes_a_token (const DocaiDecoder *decoder)
{
  gsize total = docai_matrix_bytes (&decoder->head.w);
  for (int i = 0; i < decoder->n_blocks; i++)
    {
      const DocaiBlock *block = &decoder->blocks[i];
      const DocaiLinear *all[] = { &block->self.q, &block->self.k, &block->self.v, &block->self.o, &block->cross.q, &block->cross.o,
                                   &block->mlp.up, &block->mlp.gate, &block->mlp.down };
      for (guint k = 0; k < G_N_ELEMENTS (all); k++)
        total += all[k]->w.data != NULL ? docai_matrix_bytes (&all[k]->w) : 0;
    }
  return total;
}

static gboolean
measure_vision (const DocaiCore *core, DocaiRun *run, const char *dir, json_t *report, DocaiFeatures *features, GError **error)
{
  g_autoptr (DocaiPreprocessor) preprocessor = docai_preprocessor_load (dir, error);
  g_autoptr (DocaiImage) image = preprocessor != NULL ? docai_image_new (IMAGE_SIDE, IMAGE_SIDE, error) : NULL;
  if (image == NULL)
    return FALSE;
  for (gsize i = 0; i < (gsize) IMAGE_SIDE * IMAGE_SIDE * 3; i++)
    image->data[i] = (guint8) (i * 2654435761u >> 13);
  const DocaiImage *images[] = { image };
  g_autoptr (DocaiPixels) pixels = docai_preprocess (preprocessor, images, 1, NULL, error);
  if (pixels == NULL)
    return FALSE;
  double best = G_MAXDOUBLE;
  int n = MIN (core->family->count_units (core, pixels), MAX_TILES);
  for (int i = 0; i < n; i++)
    {
      docai_features_clear (features);
      gint64 start = g_get_monotonic_time ();
      if (!core->family->encode_unit (core, run, pixels, i, features, error))
        return FALSE;
      best = MIN (best, seconds_since (start));
    }
  json_object_set_new (report, "vision_ms_a_tile", json_real (best * 1000));
  return TRUE;
}

static gboolean
measure_text (const DocaiCore *core, DocaiRun *run, int n_prompt, int n_answer, const DocaiFeatures *memory, json_t *report, GError **error)
{
  g_autoptr (DocaiSession) session = docai_session_new (core, run);
  g_autofree guint32 *ids = g_new (guint32, n_prompt);
  guint32 vocab = (guint32) core->decoder.vocab;
  for (int i = 0; i < n_prompt; i++)
    ids[i] = (guint32) i * 7919u % vocab == (guint32) core->image_token ? 0 : (guint32) i * 7919u % vocab;
  gint64 start = g_get_monotonic_time ();
  if (!docai_session_prompt (session, ids, n_prompt, NULL, core->cross ? memory : NULL, NULL, error))
    return FALSE;
  double prompt = seconds_since (start);
  start = g_get_monotonic_time ();
  for (int i = 0; i < n_answer; i++)
    if (!docai_session_step (session, docai_session_greedy (session), error))
      return FALSE;
  double step = seconds_since (start) / n_answer;
  gsize bytes = bytes_a_token (&core->decoder);
  json_object_set_new (report, "prompt_tokens_a_second", json_real (n_prompt / prompt));
  json_object_set_new (report, "decode_tokens_a_second", json_real (1 / step));
  json_object_set_new (report, "weight_bytes_a_token", json_integer ((json_int_t) bytes));
  json_object_set_new (report, "decode_gbytes_a_second", json_real ((double) bytes * 1e-9 / step));
  return TRUE;
}

gboolean
docai_model_bench (const char *dir, DocaiWeightKind kind, int n_threads, int prompt_tokens, int answer_tokens, json_t **report, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (DocaiCore) core = docai_core_open (dir, kind, error);
  double load = seconds_since (start);
  if (core == NULL)
    return FALSE;
  if (core->family->task != DOCAI_TASK_GENERATE)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "only models that answer prompts are measured");
      return FALSE;
    }
  g_autoptr (DocaiRun) run = docai_run_new (n_threads);
  json_t *result = json_pack ("{s:s, s:i, s:s, s:f}", "model_type", core->family->model_type, "threads", n_threads,
                              "kernels", docai_kernels ()->name, "load_ms", load * 1000);
  DocaiFeatures features = { 0 };
  int room = core->decoder.max_length - answer_tokens - 1;
  gboolean good = measure_vision (core, run, dir, result, &features, error)
                  && measure_text (core, run, CLAMP (prompt_tokens, 1, MAX (room, 1)), answer_tokens, &features, result, error);
  docai_features_clear (&features);
  if (!good)
    {
      json_decref (result);
      return FALSE;
    }
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  json_object_set_new (result, "weight_mbytes", json_real ((double) docai_weights_stored_bytes (core->weights) / 1048576));
  json_object_set_new (result, "peak_mbytes", json_real ((double) usage.ru_maxrss / 1024));
  int width = core->vision_shape.width > 0 ? core->vision_shape.width : core->decoder.width;
  int mlp_width = core->vision_shape.mlp_width > 0 ? core->vision_shape.mlp_width : core->text_shape.mlp_width;
  json_object_set_new (result, "sgemm_gflops", json_real (sgemm_rate (run, width, mlp_width)));
  json_object_set_new (result, "memory_gbytes_a_second", json_real (read_rate (run)));
  *report = result;
  return TRUE;
}
