/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Measuring a model folder. Weights and inputs may be random: only the sizes count.
 */
#include "model-bench.h"

#include <cblas.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "base/error.h"
#include "models/language/generate.h"

/* Side of the image that is encoded. */
#define IMAGE_SIDE 1600
/* Rows of the reference product, and bytes that the reference loop reads. */
#define SGEMM_ROWS 1024
#define READ_BYTES ((gsize) 256 << 20)
#define HUGE_PAGE ((gsize) 2 << 20)
/* Everything is measured this many times in turn, after a first time that does not count. */
#define ROUNDS 2
/* Tokens of an answer that are timed together. */
#define BURST 4

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

/* Of all threads of the process. */
static double
cpu_seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

typedef struct {
  gint64 start;
  double cpu;
} Watch;

/* What something took: at best on the wall, and of the processors in all. Other processes take time on the
 * wall; they slow the processors down less, and for all that is measured in turn alike. */
typedef struct {
  double wall, cpu;
  int    count;
} Times;

static Watch
watch_start (void)
{
  return (Watch) { g_get_monotonic_time (), cpu_seconds () };
}

static void
watch_stop (const Watch *watch, Times *times)
{
  double wall = seconds_since (watch->start);
  times->wall = times->count > 0 ? MIN (times->wall, wall) : wall;
  times->cpu += cpu_seconds () - watch->cpu;
  times->count++;
}

static double
mean_cpu (const Times *times)
{
  return times->cpu / times->count;
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

static void
product_init (Product *p, DocaiRun *run, int width, int mlp_width)
{
  int threads = docai_threads_count (run->threads);
  *p = (Product) { .rows = SGEMM_ROWS, .inner = width, .cols = mlp_width, .parts = threads == 1 ? 1 : threads * 2 };
  float *a = g_new (float, (gsize) p->rows * (gsize) p->inner), *b = g_new (float, (gsize) p->cols * (gsize) p->inner);
  for (gsize i = 0; i < (gsize) p->rows * (gsize) p->inner; i++)
    a[i] = (float) (i % 17) * 0.1f;
  for (gsize i = 0; i < (gsize) p->cols * (gsize) p->inner; i++)
    b[i] = (float) (i % 13) * 0.1f;
  p->a = a;
  p->b = b;
  p->c = g_new0 (float, (gsize) p->rows * (gsize) p->cols);
  openblas_set_num_threads (1);
}

static void
product_clear (Product *p)
{
  g_free ((float *) p->a);
  g_free ((float *) p->b);
  g_free (p->c);
}

static double
product_gflop (const Product *p)
{
  return 2e-9 * p->rows * p->inner * p->cols;
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

static void
reading_init (Reading *reading, DocaiRun *run)
{
  gsize parts = (gsize) docai_threads_count (run->threads) * 4;
  guint64 *words = g_aligned_alloc (READ_BYTES / sizeof (guint64), sizeof (guint64), HUGE_PAGE);
#ifdef MADV_HUGEPAGE
  /* As the weights are. */
  madvise (words, READ_BYTES, MADV_HUGEPAGE);
#endif
  memset (words, 1, READ_BYTES);
  *reading = (Reading) { .words = words, .n = READ_BYTES / sizeof (guint64) / parts };
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

typedef struct {
  const DocaiCore *core;
  DocaiRun        *run;
  DocaiPixels     *pixels;
  DocaiFeatures    features;
  guint32         *ids;
  int              n_prompt, n_answer;
  Times            tile, prompt, burst, sgemm, read;
} Bench;

static gboolean
bench_init (Bench *self, const char *dir, GError **error)
{
  g_autoptr (DocaiPreprocessor) preprocessor = docai_preprocessor_load (dir, error);
  g_autoptr (DocaiImage) image = preprocessor != NULL ? docai_image_new (IMAGE_SIDE, IMAGE_SIDE, error) : NULL;
  if (image == NULL)
    return FALSE;
  for (gsize i = 0; i < (gsize) IMAGE_SIDE * IMAGE_SIDE * 3; i++)
    image->data[i] = (guint8) (i * 2654435761u >> 13);
  const DocaiImage *images[] = { image };
  self->pixels = docai_preprocess (preprocessor, images, 1, NULL, error);
  self->ids = g_new (guint32, self->n_prompt);
  guint32 vocab = (guint32) self->core->decoder.vocab;
  for (int i = 0; i < self->n_prompt; i++)
    self->ids[i] = (guint32) i * 7919u % vocab == (guint32) self->core->image_token ? 0 : (guint32) i * 7919u % vocab;
  return self->pixels != NULL;
}

static void
bench_clear (Bench *self)
{
  docai_features_clear (&self->features);
  g_clear_pointer (&self->pixels, docai_pixels_free);
  g_free (self->ids);
}

static gboolean
bench_vision (Bench *self, GError **error)
{
  docai_features_clear (&self->features);
  Watch watch = watch_start ();
  if (!self->core->family->encode_unit (self->core, self->run, self->pixels, 0, &self->features, error))
    return FALSE;
  watch_stop (&watch, &self->tile);
  return TRUE;
}

static gboolean
bench_text (Bench *self, GError **error)
{
  g_autoptr (DocaiSession) session = docai_session_new (self->core, self->run);
  Watch watch = watch_start ();
  if (!docai_session_prompt (session, self->ids, self->n_prompt, NULL, self->core->cross ? &self->features : NULL, NULL, error))
    return FALSE;
  watch_stop (&watch, &self->prompt);
  for (int i = 0; i + BURST <= self->n_answer; i += BURST)
    {
      watch = watch_start ();
      for (int k = 0; k < BURST; k++)
        if (!docai_session_step (session, docai_session_greedy (session), error))
          return FALSE;
      watch_stop (&watch, &self->burst);
    }
  return TRUE;
}

static void
bench_references (Bench *self, Product *product, Reading *reading)
{
  for (int i = 0; i < 4; i++)
    {
      Watch watch = watch_start ();
      docai_threads_run (self->run->threads, product->parts, product_step, product);
      watch_stop (&watch, &self->sgemm);
      watch = watch_start ();
      docai_threads_run (self->run->threads, docai_threads_count (self->run->threads) * 4, read_step, reading);
      watch_stop (&watch, &self->read);
    }
}

static gboolean
bench_rounds (Bench *self, Product *product, Reading *reading, GError **error)
{
  self->tile = self->prompt = self->burst = (Times) { 0 };
  for (int i = 0; i < ROUNDS; i++)
    {
      bench_references (self, product, reading);
      if (!bench_vision (self, error) || !bench_text (self, error))
        return FALSE;
    }
  bench_references (self, product, reading);
  return TRUE;
}

static json_t *
bench_report (const Bench *self, const Product *product)
{
  double bytes = (double) bytes_a_token (&self->core->decoder), threads = docai_threads_count (self->run->threads);
  return json_pack ("{s:f, s:f, s:f, s:f, s:f, s:I, s:f, s:f, s:f, s:f, s:f, s:f}",
                    "vision_ms_a_tile", self->tile.wall * 1000, "vision_cpu_ms_a_tile", mean_cpu (&self->tile) * 1000,
                    "prompt_tokens_a_second", self->n_prompt / self->prompt.wall,
                    "prompt_tokens_a_cpu_second", self->n_prompt / mean_cpu (&self->prompt),
                    "decode_tokens_a_second", BURST / self->burst.wall, "weight_bytes_a_token", (json_int_t) bytes,
                    "decode_gbytes_a_second", bytes * 1e-9 * BURST / self->burst.wall,
                    "decode_gbytes_a_cpu_second", bytes * 1e-9 * BURST / mean_cpu (&self->burst),
                    "sgemm_gflops", product_gflop (product) / self->sgemm.wall,
                    "sgemm_gflops_by_cpu", product_gflop (product) / mean_cpu (&self->sgemm) * threads,
                    "memory_gbytes_a_second", (double) READ_BYTES * 1e-9 / self->read.wall,
                    "memory_gbytes_a_cpu_second", (double) READ_BYTES * 1e-9 / mean_cpu (&self->read));
}

gboolean
docai_model_bench (const char *dir, DocaiWeightKind kind, int n_threads, int prompt_tokens, int answer_tokens, json_t **report, GError **error)
{
  Watch watch = watch_start ();
  Times load = { 0 };
  g_autoptr (DocaiCore) core = docai_core_open (dir, kind, error);
  watch_stop (&watch, &load);
  if (core == NULL)
    return FALSE;
  if (core->family->task != DOCAI_TASK_GENERATE)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "only models that answer prompts are measured");
      return FALSE;
    }
  g_autoptr (DocaiRun) run = docai_run_new (n_threads);
  int room = core->decoder.max_length - answer_tokens - 1;
  Bench bench = { .core = core, .run = run, .n_prompt = CLAMP (prompt_tokens, 1, MAX (room, 1)), .n_answer = MAX (answer_tokens, BURST) };
  /* Memory is read off before the references take theirs. */
  gboolean good = bench_init (&bench, dir, error) && bench_vision (&bench, error) && bench_text (&bench, error);
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  Product product;
  Reading reading;
  int width = core->vision_shape.width > 0 ? core->vision_shape.width : core->decoder.width;
  int mlp_width = core->vision_shape.mlp_width > 0 ? core->vision_shape.mlp_width : core->text_shape.mlp_width;
  product_init (&product, run, width, mlp_width);
  reading_init (&reading, run);
  good = good && bench_rounds (&bench, &product, &reading, error);
  if (good)
    {
      *report = json_pack ("{s:s, s:i, s:s, s:f, s:f, s:f, s:f}", "model_type", core->family->model_type, "threads", n_threads,
                           "kernels", docai_kernels ()->name, "load_ms", load.wall * 1000, "load_cpu_ms", mean_cpu (&load) * 1000,
                           "weight_mbytes", (double) docai_weights_stored_bytes (core->weights) / 1048576,
                           "peak_mbytes", (double) usage.ru_maxrss / 1024);
      json_object_update_new (*report, bench_report (&bench, &product));
    }
  product_clear (&product);
  g_aligned_free ((guint64 *) reading.words);
  bench_clear (&bench);
  return good;
}
