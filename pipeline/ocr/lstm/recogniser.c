/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the lines of a page.
 *
 * Several languages: as in Tesseract a line is first read in the language that
 * read the line before; the others are asked where its words are not certain
 * enough. So the order of lines matters, while the network wants many lines at
 * once: lines are evaluated ahead in the language that is likely to be asked.
 */
#include "pipeline/ocr/lstm/recogniser-priv.h"

#include "base/error.h"
#include "pipeline/ocr/lstm/ink.h"
#include "pipeline/ocr/lstm/lanes.h"
#include "pipeline/ocr/lstm/lineimage.h"

#include <math.h>

enum {
  BATCH_STEPS = 16384, /* time steps evaluated together */
  LINES_AHEAD = 12,    /* in a language that is not the primary one */
  STEPS_AT_ONCE = 48,  /* of the softmax */
  LANE_STEPS = 96,     /* fewer steps are not worth a thread */
};

static const float invert_below = 0.7f;
static const float least_belief = 1e-6f; /* of a view that is not alone */

/* ---- lines in one language ------------------------------------------------ */

/* What the network says at a step, unless it is nothing: the largest probability, of the first
 * code that has it. */
static gboolean
says_something (const float *p, int n_codes, int null_code, float *most)
{
  float m[4] = { p[0], p[0], p[0], p[0] };
  int   code = 0;

  for (; code + 4 <= n_codes; code += 4)
    for (int k = 0; k < 4; k++)
      m[k] = p[code + k] > m[k] ? p[code + k] : m[k];
  for (; code < n_codes; code++)
    m[0] = MAX (m[0], p[code]);
  *most = MAX (MAX (m[0], m[1]), MAX (m[2], m[3]));
  if (p[null_code] < *most)
    return TRUE;
  for (code = 0; p[code] < *most && code < null_code;)
    code++;
  return code < null_code;
}

/* The probabilities at n steps from t on: of several views of a line, in slots from `slot` on,
 * their geometric mean, so that what one view alone says weighs little. */
static void
find_probabilities (const DocaiNetwork *network, DocaiActivations *activations, guint slot,
                    guint n_views, int t, int n, float *p)
{
  int               n_codes = docai_network_n_codes (network);
  gsize             size = (gsize) n * (gsize) n_codes;
  g_autofree float *other = n_views > 1 ? g_new (float, size) : NULL;

  docai_network_probabilities (network, activations, slot, t, n, p);
  if (n_views == 1)
    return;
  for (gsize k = 0; k < size; k++)
    p[k] = MAX (p[k], least_belief);
  for (guint v = 1; v < n_views; v++)
    {
      docai_network_probabilities (network, activations, slot + v, t, n, other);
      for (gsize k = 0; k < size; k++)
        p[k] *= MAX (other[k], least_belief);
    }
  for (guint v = n_views; v > 1; v /= 2)
    for (gsize k = 0; k < size; k++)
      p[k] = sqrtf (p[k]);
  for (float *step = p; step < p + size; step += n_codes)
    {
      float sum = 0;

      for (int code = 0; code < n_codes; code++)
        sum += step[code];
      for (int code = 0; code < n_codes; code++)
        step[code] /= sum;
    }
}

/* The probabilities' walk: the search goes along, and the network's own mean
 * belief in the characters it says is returned. Owned by the caller: the path. */
static GArray *
search_line (const ReadSession *session, guint m, guint lane, guint slot, guint n_views, float *mean)
{
  DocaiLstmModel        *model = model_at (session, m);
  DocaiActivations  *activations = session->recogniser->activations[lane];
  DocaiBeam         *beam = session->beams[m * LANES + lane];
  int                n_codes = docai_network_n_codes (model->network);
  int                n_steps = docai_activations_n_steps (activations, slot);
  g_autofree float  *p = g_new (float, (gsize) n_codes * STEPS_AT_ONCE);
  gint64             sum = 0, count = 0;

  docai_beam_restart (beam);
  for (int t = 0; t < n_steps; t += STEPS_AT_ONCE)
    {
      int n = MIN (STEPS_AT_ONCE, n_steps - t);

      find_probabilities (model->network, activations, slot, n_views, t, n, p);
      for (int i = 0; i < n; i++)
        {
          const float *step = p + (gsize) i * (gsize) n_codes;
          float        most;

          if (says_something (step, n_codes, model->null_code, &most))
            {
              sum += (int) (127 * most);
              count++;
            }
          docai_beam_step (beam, step);
        }
    }
  *mean = count > 0 ? (float) ((double) sum / (double) count / 127) : 0.0f;
  return docai_beam_dup_path (beam);
}

/* What the search found in an image of a line. */
static DocaiPathWords *
split_path (const ReadSession *session, guint m, const DocaiLineImage *image, GArray *path)
{
  DocaiLstmModel *model = model_at (session, m);
  gboolean        with_dictionary = (session->flags & DOCAI_READ_DICTIONARIES) != 0;

  return docai_path_words_split (
    path, model->set, with_dictionary ? model->dictionary : NULL, m, image->crop.x0,
    image->crop.x1, (float) docai_network_x_scale (model->network) / image->factor);
}

/* Lines that are read together, in one direction of contrast. Each lane takes every
 * n_lanes-th of them and writes what belongs to them alone. */
typedef struct {
  ReadSession               *session;
  guint                  model;
  const DocaiLineImage **images; /* [n][n_views] */
  guint                  n, n_views, n_lanes;
  gboolean               inverted;
  float                 *means; /* [n] in: the belief to be surpassed, out: that of this reading */
  DocaiPathWords       **words; /* [n] out: NULL where the belief is not surpassed */
  GError                *errors[LANES];
} Batch;

/* The i-th of the lane's images. */
static const DocaiLineImage *
lane_image (const Batch *batch, guint lane, guint i)
{
  guint line = lane + i / batch->n_views * batch->n_lanes;

  return batch->images[line * batch->n_views + i % batch->n_views];
}

/* The pixels of the lane's images; owned by the caller, NULL without memory. */
static guint8 *
fill_inputs (const Batch *batch, guint lane, DocaiNetworkInput *inputs, guint n)
{
  ReadSession *session = batch->session;
  int      height = docai_network_input_height (model_at (session, batch->model)->network);
  gsize    bytes = 0;
  guint8  *memory;

  for (guint i = 0; i < n; i++)
    {
      inputs[i].width = pixGetWidth (lane_image (batch, lane, i)->scaled);
      inputs[i].stride = (gsize) height + 8;
      bytes += inputs[i].stride * (gsize) inputs[i].width;
    }
  memory = g_try_malloc0 (bytes + 8);
  bytes = 0;
  for (guint i = 0; i < n && memory != NULL; i++)
    {
      inputs[i].columns = memory + bytes;
      bytes += inputs[i].stride * (gsize) inputs[i].width;
      docai_line_image_fill (lane_image (batch, lane, i), batch->inverted,
                             session->recogniser->kernels->flip, &inputs[i]);
    }
  return memory;
}

static void
read_lane (gpointer data, guint lane)
{
  Batch            *batch = data;
  ReadSession          *session = batch->session;
  DocaiActivations *activations = session->recogniser->activations[lane];
  guint             n = (batch->n - lane + batch->n_lanes - 1) / batch->n_lanes;
  guint             n_inputs = n * batch->n_views;
  g_autofree DocaiNetworkInput *inputs = g_new0 (DocaiNetworkInput, n_inputs);
  g_autofree guint8            *memory = fill_inputs (batch, lane, inputs, n_inputs);

  if (memory == NULL)
    {
      g_set_error_literal (&batch->errors[lane], DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                           "the lines need too much memory");
      return;
    }
  if (!docai_network_run (model_at (session, batch->model)->network, inputs, n_inputs, activations,
                          &batch->errors[lane]))
    return;
  for (guint i = 0; i < n; i++)
    {
      guint              at = lane + i * batch->n_lanes;
      float              mean;
      guint              slot = i * batch->n_views;
      g_autoptr (GArray) path = search_line (session, batch->model, lane, slot, batch->n_views, &mean);

      if (mean > batch->means[at])
        batch->words[at] = split_path (session, batch->model, lane_image (batch, lane, slot), path);
      batch->means[at] = mean;
    }
}

/* Reads lines, each of at least one step, in one direction of contrast. */
static gboolean
read_batch (Batch *batch, GError **error)
{
  const ReadSession *session = batch->session;
  guint          steps = 0;

  for (guint i = 0; i < batch->n; i++)
    steps += (guint) image_steps (session, batch->images[i * batch->n_views], batch->model) * batch->n_views;
  batch->n_lanes = CLAMP (MIN (steps / LANE_STEPS, batch->n), 1, session->recogniser->n_lanes);
  docai_lanes_run (batch->n_lanes, read_lane, batch);
  for (guint lane = 0; lane < LANES; lane++)
    {
      if (batch->errors[lane] == NULL)
        continue;
      if (error == NULL || *error != NULL)
        g_clear_error (&batch->errors[lane]);
      else
        g_propagate_error (error, g_steal_pointer (&batch->errors[lane]));
      batch->n = 0;
    }
  return batch->n > 0;
}

/* How many of the lines, from the first on, the network takes at once. */
static guint
batch_length (const ReadSession *session, guint m, const DocaiLineImage *const *images, guint n,
              guint n_views)
{
  int   steps = 0;
  guint i;

  for (i = 0; i < n; i++)
    {
      steps += image_steps (session, images[i * n_views], m) * (int) n_views;
      if (i > 0 && steps > BATCH_STEPS)
        break;
    }
  return i;
}

gboolean
docai_read_images (ReadSession *session, guint m, const DocaiLineImage **images, guint n,
                   guint n_views, gboolean inverted, float *means, DocaiPathWords **words,
                   GError **error)
{
  for (guint done = 0, length; done < n; done += length)
    {
      length = batch_length (session, m, images + done * n_views, n - done, n_views);
      Batch batch = { session, m, images + done * n_views, length, n_views, 1, inverted, means + done,
                      words + done, { NULL } };
      if (!read_batch (&batch, error))
        return FALSE;
    }
  return TRUE;
}

static void
take_words (ReadSession *session, guint line, guint m, DocaiPathWords *words, gboolean inverted)
{
  Attempt *attempt = attempt_at (session, line, m);

  docai_path_words_free (attempt->words);
  attempt->words = words;
  attempt->inverted = inverted;
}

/* Reads lines in one direction of contrast, and takes the result where the network believes
 * in it more than in what it read before: `means`, which are brought up to date. */
static gboolean
read_lines (ReadSession *session, guint m, const guint *lines, guint n, gboolean inverted, float *means,
            GError **error)
{
  g_autofree const DocaiLineImage **images = g_new (const DocaiLineImage *, n + 1);
  g_autofree DocaiPathWords       **words = g_new0 (DocaiPathWords *, n + 1);
  gboolean                          fine;

  for (guint i = 0; i < n; i++)
    images[i] = &session->images[lines[i]];
  fine = docai_read_images (session, m, images, n, 1, inverted, means, words, error);
  for (guint i = 0; i < n; i++)
    if (words[i] != NULL)
      take_words (session, lines[i], m, words[i], inverted);
  return fine;
}

static gboolean
read_with_retry (ReadSession *session, guint m, const guint *lines, guint n, GError **error)
{
  g_autofree float *means = g_new (float, n + 1);
  g_autofree guint *doubtful = g_new (guint, n + 1);
  guint             n_doubtful = 0;

  for (guint i = 0; i < n; i++)
    means[i] = -1;
  if (!read_lines (session, m, lines, n, FALSE, means, error))
    return FALSE;
  for (guint i = 0; i < n && (session->flags & DOCAI_READ_INVERTED) != 0; i++)
    if (means[i] < invert_below)
      {
        means[n_doubtful] = means[i];
        doubtful[n_doubtful++] = lines[i];
      }
  return n_doubtful == 0 || read_lines (session, m, doubtful, n_doubtful, TRUE, means, error);
}

typedef struct {
  ReadSession *session;
  int          height;
  guint        n_lanes;
} Cutting;

static void
cut_lane (gpointer data, guint lane)
{
  const Cutting *cutting = data;
  ReadSession       *session = cutting->session;

  for (guint i = lane; i < session->n_lines; i += cutting->n_lanes)
    {
      docai_line_image_clear (&session->images[i]);
      docai_line_image_cut (session->page, &session->lines[i], cutting->height, DOCAI_CUT_USUAL,
                            &session->images[i]);
    }
}

static void
cut_images (ReadSession *session, int height)
{
  Cutting cutting = { session, height, lanes_for (session, session->n_lines) };

  if (session->image_height != height)
    docai_lanes_run (cutting.n_lanes, cut_lane, &cutting);
  session->image_height = height;
}

/* Reads `count` lines from `first` on that this model has not read yet. */
static gboolean
read_ahead (ReadSession *session, guint m, guint first, guint count, GError **error)
{
  g_autofree guint *lines = g_new (guint, session->n_lines);
  guint             n = 0;

  cut_images (session, docai_network_input_height (model_at (session, m)->network));
  for (guint line = first; line < session->n_lines && count > 0; line++)
    {
      Attempt *attempt = attempt_at (session, line, m);

      if (attempt->done)
        continue;
      attempt->done = TRUE;
      count--;
      if (image_steps (session, &session->images[line], m) >= 1)
        {
          lines[n++] = line;
          continue;
        }
      g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (DocaiPathStep));
      take_words (session, line, m, split_path (session, m, &session->images[line], nothing), FALSE);
    }
  return read_with_retry (session, m, lines, n, error);
}

/* ---- several languages ---------------------------------------------------- */

/* Joins what model m says of the line to *best. Returns the gain in words. */
static gboolean
ask (ReadSession *session, guint line, guint m, guint ahead, DocaiPathWords **best, int *gain,
     GError **error)
{
  Attempt *attempt = attempt_at (session, line, m);

  if (!attempt->done && !read_ahead (session, m, line, ahead, error))
    return FALSE;
  *gain = docai_path_words_merge (best, g_steal_pointer (&attempt->words));
  return TRUE;
}

/* The line's words in the best mixture of languages; *recent is the language
 * asked first, and becomes the one for the next line. NULL with an error. */
static DocaiPathWords *
read_line (ReadSession *session, guint line, guint *recent, GError **error)
{
  g_autoptr (DocaiPathWords) best = NULL;
  guint                      winner = *recent;
  int                        gain;

  if (!ask (session, line, *recent, *recent == 0 ? G_MAXUINT : LINES_AHEAD, &best, &gain, error))
    return NULL;
  for (guint m = 0; m < session->n_models; m++)
    {
      if (m == *recent)
        continue;
      if (docai_path_words_are_acceptable (best))
        break;
      if (!ask (session, line, m, 1, &best, &gain, error))
        return NULL;
      if (gain > 0)
        winner = m;
    }
  *recent = winner;
  return g_steal_pointer (&best);
}

/* ---- a page --------------------------------------------------------------- */

/* Without colour map, and 1, 2, 4, 8 or 32 bits. To be destroyed by the caller. */
static PIX *
plain_page (PIX *page)
{
  if (pixGetColormap (page) != NULL)
    return pixRemoveColormap (page, REMOVE_CMAP_BASED_ON_SRC);
  if (pixGetDepth (page) == 16 || pixGetDepth (page) == 24)
    return pixConvertTo8 (page, FALSE);
  return pixClone (page);
}

/* ---- a session ------------------------------------------------------------ */

static gboolean
session_begin (ReadSession *session, const DocaiReadOptions *options, GError **error)
{
  session->n_models = session->recogniser->models->len;
  session->flags = options != NULL ? options->flags : DOCAI_READ_DEFAULT;
  session->ink_threshold = options != NULL ? options->ink_threshold : 0;
  for (guint i = 0; i < session->n_lines && session->ink_threshold == 0; i++)
    if (session->lines[i].inks == NULL)
      session->ink_threshold = docai_ink_threshold (session->page);
  if ((session->flags & DOCAI_READ_INK) != 0 && !docai_session_cut_pieces (session, error))
    return FALSE;
  session->images = g_new0 (DocaiLineImage, session->n_lines + 1);
  session->attempts = g_new0 (Attempt, (gsize) session->n_lines * session->n_models + 1);
  session->beams = g_new0 (DocaiBeam *, session->n_models * LANES);
  session->allowed = g_new0 (guint8 *, session->n_models);
  for (guint m = 0; m < session->n_models; m++)
    {
      DocaiLstmModel *model = model_at (session, m);
      gboolean    with_dictionary = (session->flags & DOCAI_READ_DICTIONARIES) != 0;

      if (options != NULL)
        session->allowed[m]
          = docai_unicharset_dup_allowed (model->set, options->whitelist, options->blacklist);
      for (guint lane = 0; lane < LANES; lane++)
        session->beams[m * LANES + lane]
          = docai_beam_new (model->set, model->recoder, with_dictionary ? model->dictionary : NULL,
                            session->allowed[m], docai_network_n_codes (model->network),
                            model->null_code);
    }
  return TRUE;
}

static void
session_end (ReadSession *session)
{
  for (guint i = 0; i < session->n_lines && session->images != NULL; i++)
    docai_line_image_clear (&session->images[i]);
  for (gsize i = 0; i < (gsize) session->n_lines * session->n_models && session->attempts != NULL; i++)
    docai_path_words_free (session->attempts[i].words);
  for (guint m = 0; m < session->n_models && session->beams != NULL; m++)
    {
      for (guint lane = 0; lane < LANES; lane++)
        docai_beam_free (session->beams[m * LANES + lane]);
      g_free (session->allowed[m]);
    }
  docai_session_drop_pieces (session);
  pixDestroy (&session->page);
  g_free (session->images);
  g_free (session->attempts);
  g_free (session->beams);
  g_free (session->allowed);
}

static gboolean
read_page (ReadSession *session, Best *best, GError **error)
{
  guint recent = 0;

  for (guint i = 0; i < session->n_lines; i++)
    {
      best[i].words = read_line (session, i, &recent, error);
      best[i].model = recent;
      if (best[i].words == NULL)
        return FALSE;
    }
  return (session->flags & DOCAI_READ_AGAIN) == 0 || docai_look_again (session, best, error);
}

DocaiReading *
docai_recogniser_read (DocaiRecogniser *recogniser, PIX *page, const DocaiTextLine *lines,
                       guint n_lines, const DocaiReadOptions *options, GError **error)
{
  g_autoptr (DocaiReading) reading = g_new0 (DocaiReading, 1);
  g_autofree Best *best = NULL;
  ReadSession  session = { .recogniser = recogniser, .lines = lines, .n_lines = n_lines };
  gboolean done;

  session.page = plain_page (page);
  if (session.page == NULL)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_OCR_FAILED,
                           "the page's pixels cannot be converted");
      return NULL;
    }
  reading->lines = g_new0 (DocaiReadLine, n_lines + 1);
  reading->n_lines = n_lines;
  done = session_begin (&session, options, error);
  best = g_new0 (Best, session.n_lines + 1);
  done = done && read_page (&session, best, error);
  if (done)
    docai_session_fill_lines (&session, best, reading->lines);
  for (guint i = 0; i < session.n_lines; i++)
    docai_path_words_free (best[i].words);
  session_end (&session);
  return done ? g_steal_pointer (&reading) : NULL;
}
