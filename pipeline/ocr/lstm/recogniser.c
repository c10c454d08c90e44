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
#include "pipeline/ocr/lstm/lineimage.h"
#include "pipeline/ocr/lstm/reading.h"

enum {
  BATCH_STEPS = 16384, /* time steps evaluated together */
  LINES_AHEAD = 12,    /* in a language that is not the primary one */
  STEPS_AT_ONCE = 48,  /* of the softmax */
  LANE_LINES = 8,      /* fewer lines are not worth a thread */
};

static const float invert_below = 0.7f;

/* ---- lines in one language ------------------------------------------------ */

typedef struct {
  gboolean        done, inverted;
  DocaiPathWords *words; /* NULL once they are taken */
} Attempt;

typedef struct {
  DocaiRecogniser     *recogniser;
  PIX                 *page;
  const DocaiTextLine *lines;
  guint                n_lines, n_models;
  DocaiReadFlags       flags;
  DocaiLineImage      *images; /* of each line, for models of image_height */
  int                  image_height;
  Attempt             *attempts; /* [line][model] */
  DocaiBeam          **beams;    /* [model][lane] */
  guint8             **allowed;
  int                  ink_threshold; /* 0: not needed yet */
} Session;

static DocaiLstmModel *
model_at (const Session *session, guint i)
{
  return g_ptr_array_index (session->recogniser->models, i);
}

static Attempt *
attempt_at (const Session *session, guint line, guint model)
{
  return &session->attempts[line * session->n_models + model];
}

/* The probabilities' walk: the search goes along, and the network's own mean
 * belief in the characters it says is returned. Owned by the caller: the path. */
static GArray *
search_line (const Session *session, guint m, guint lane, guint slot, float *mean)
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

      docai_network_probabilities (model->network, activations, slot, t, n, p);
      for (int i = 0; i < n; i++)
        {
          const float *step = p + (gsize) i * (gsize) n_codes;
          int          best = 0;

          for (int code = 1; code < n_codes; code++)
            if (step[code] > step[best])
              best = code;
          if (best != model->null_code)
            {
              sum += (int) (127 * step[best]);
              count++;
            }
          docai_beam_step (beam, step);
        }
    }
  *mean = count > 0 ? (float) ((double) sum / (double) count / 127) : 0.0f;
  return docai_beam_dup_path (beam);
}

static void
finish_attempt (Session *session, guint line, guint m, GArray *path, gboolean inverted)
{
  DocaiLstmModel           *model = model_at (session, m);
  const DocaiLineImage *image = &session->images[line];
  Attempt              *attempt = attempt_at (session, line, m);
  gboolean              with_dictionary = (session->flags & DOCAI_READ_DICTIONARIES) != 0;

  docai_path_words_free (attempt->words);
  attempt->inverted = inverted;
  attempt->words = docai_path_words_split (
    path, model->set, with_dictionary ? model->dictionary : NULL, m, image->crop.x0,
    image->crop.x1, (float) docai_network_x_scale (model->network) / image->factor);
}

/* Lines that are read together, in one direction of contrast. Lane k of the
 * threads takes the lines k, k + n_lanes, ... of the batch. What it writes of the
 * session belongs to its lines alone. */
typedef struct {
  Session     *session;
  guint        model;
  const guint *lines;
  guint        n, n_lanes;
  gboolean     inverted;
  float       *means; /* of each line */
} Batch;

typedef struct {
  Batch   *batch;
  guint    index;
  GThread *thread;
  gboolean fine;
  GError  *error;
} Lane;

/* The pixels of the lane's lines; owned by the caller, NULL without memory. */
static guint8 *
fill_inputs (const Lane *lane, DocaiNetworkInput *inputs, guint n)
{
  const Batch *batch = lane->batch;
  Session     *session = batch->session;
  int          height = docai_network_input_height (model_at (session, batch->model)->network);
  gsize        bytes = 0;
  guint8      *memory;

  for (guint i = 0; i < n; i++)
    {
      guint line = batch->lines[lane->index + i * batch->n_lanes];

      inputs[i].width = pixGetWidth (session->images[line].scaled);
      inputs[i].stride = (gsize) height + 8;
      bytes += inputs[i].stride * (gsize) inputs[i].width;
    }
  memory = g_try_malloc0 (bytes + 8);
  bytes = 0;
  for (guint i = 0; i < n && memory != NULL; i++)
    {
      guint line = batch->lines[lane->index + i * batch->n_lanes];

      inputs[i].columns = memory + bytes;
      bytes += inputs[i].stride * (gsize) inputs[i].width;
      docai_line_image_fill (&session->images[line], batch->inverted,
                             session->recogniser->kernels->flip, &inputs[i]);
    }
  return memory;
}

static gpointer
read_lane (gpointer data)
{
  Lane           *lane = data;
  Batch          *batch = lane->batch;
  Session        *session = batch->session;
  DocaiLstmModel *model = model_at (session, batch->model);
  guint n = (batch->n - lane->index + batch->n_lanes - 1) / batch->n_lanes;
  g_autofree DocaiNetworkInput *inputs = g_new0 (DocaiNetworkInput, n);
  g_autofree guint8            *memory = fill_inputs (lane, inputs, n);

  lane->fine = FALSE;
  if (memory == NULL)
    {
      g_set_error_literal (&lane->error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                           "the lines need too much memory");
      return NULL;
    }
  if (!docai_network_run (model->network, inputs, n, session->recogniser->activations[lane->index],
                          &lane->error))
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      guint              at = lane->index + i * batch->n_lanes;
      float              mean;
      g_autoptr (GArray) path = search_line (session, batch->model, lane->index, i, &mean);

      if (!batch->inverted || mean > batch->means[at])
        finish_attempt (session, batch->lines[at], batch->model, path, batch->inverted);
      batch->means[at] = mean;
    }
  lane->fine = TRUE;
  return NULL;
}

/* Reads lines in one direction of contrast; fills each one's mean belief, and
 * takes the result where it is above the mean already there. */
static gboolean
read_batch (Session *session, guint m, const guint *lines, guint n, gboolean inverted,
            float *means, GError **error)
{
  Batch batch = { session, m, lines, n, 1, inverted, means };
  Lane  lanes[LANES];
  gboolean fine = TRUE;

  if (n >= LANES * LANE_LINES)
    batch.n_lanes = session->recogniser->n_lanes;
  for (guint i = 0; i < batch.n_lanes; i++)
    lanes[i] = (Lane){ &batch, i, NULL, FALSE, NULL };
  for (guint i = 1; i < batch.n_lanes; i++)
    lanes[i].thread = g_thread_try_new ("lines", read_lane, &lanes[i], NULL);
  for (guint i = 0; i < batch.n_lanes; i++)
    {
      if (lanes[i].thread != NULL)
        g_thread_join (lanes[i].thread);
      else
        read_lane (&lanes[i]);
      if (!lanes[i].fine && fine)
        g_propagate_error (error, g_steal_pointer (&lanes[i].error));
      fine = fine && lanes[i].fine;
      g_clear_error (&lanes[i].error);
    }
  return fine;
}

static gboolean
read_with_retry (Session *session, guint m, const guint *batch, guint n, GError **error)
{
  g_autofree float *means = g_new0 (float, n);
  g_autofree guint *doubtful = g_new (guint, n);
  guint             n_doubtful = 0;

  if (!read_batch (session, m, batch, n, FALSE, means, error))
    return FALSE;
  for (guint i = 0; i < n && (session->flags & DOCAI_READ_INVERTED) != 0; i++)
    if (means[i] < invert_below)
      {
        means[n_doubtful] = means[i];
        doubtful[n_doubtful++] = batch[i];
      }
  return n_doubtful == 0 || read_batch (session, m, doubtful, n_doubtful, TRUE, means, error);
}

static void
cut_images (Session *session, int height)
{
  if (session->image_height == height)
    return;
  for (guint i = 0; i < session->n_lines; i++)
    {
      docai_line_image_clear (&session->images[i]);
      docai_line_image_cut (session->page, &session->lines[i], height, DOCAI_CUT_USUAL, &session->images[i]);
    }
  session->image_height = height;
}

static int
line_steps (const Session *session, guint line, guint m)
{
  PIX *scaled = session->images[line].scaled;

  return scaled != NULL ? pixGetWidth (scaled) / docai_network_x_scale (model_at (session, m)->network)
                        : 0;
}

/* How many of the lines, from the first on, the network takes at once. */
static guint
batch_length (const Session *session, guint m, const guint *lines, guint n)
{
  int   steps = 0;
  guint i;

  for (i = 0; i < n; i++)
    {
      steps += line_steps (session, lines[i], m);
      if (i > 0 && steps > BATCH_STEPS)
        break;
    }
  return i;
}

/* Reads `count` lines from `first` on that this model has not read yet. */
static gboolean
read_ahead (Session *session, guint m, guint first, guint count, GError **error)
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
      if (line_steps (session, line, m) >= 1)
        {
          lines[n++] = line;
          continue;
        }
      g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (DocaiPathStep));
      finish_attempt (session, line, m, nothing, FALSE);
    }
  for (guint done = 0, length; done < n; done += length)
    {
      length = batch_length (session, m, lines + done, n - done);
      if (!read_with_retry (session, m, lines + done, length, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- several languages ---------------------------------------------------- */

/* Joins what model m says of the line to *best. Returns the gain in words. */
static gboolean
ask (Session *session, guint line, guint m, guint ahead, DocaiPathWords **best, int *gain,
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
read_line (Session *session, guint line, guint *recent, GError **error)
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

/* ---- a second look --------------------------------------------------------- */

/* The line's words while the page is read. */
typedef struct {
  DocaiPathWords *words;
  guint           model; /* that said the last of them */
} Best;

/* Reads the lines again, already cut anew, and joins the better words. */
static gboolean
read_again (Session *session, guint m, gboolean inverted, const guint *lines, guint n, Best *best,
            GError **error)
{
  g_autofree float *means = g_new (float, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    means[i] = -1;
  for (guint done = 0, length; done < n; done += length)
    {
      length = batch_length (session, m, lines + done, n - done);
      if (!read_batch (session, m, lines + done, length, inverted, means + done, error))
        return FALSE;
    }
  for (guint i = 0; i < n; i++)
    docai_path_words_merge (&best[lines[i]].words,
                            g_steal_pointer (&attempt_at (session, lines[i], m)->words));
  return TRUE;
}

/* Cuts the model's doubtful lines of one direction of contrast in another way and reads them. */
static gboolean
look_again (Session *session, guint m, gboolean inverted, DocaiLineCut cut, Best *best, GError **error)
{
  g_autofree guint *lines = g_new (guint, MAX (session->n_lines, 1));
  int               height = docai_network_input_height (model_at (session, m)->network);
  guint             n = 0;

  for (guint line = 0; line < session->n_lines; line++)
    {
      DocaiLineImage *image = &session->images[line];

      if (best[line].model != m || attempt_at (session, line, m)->inverted != inverted
          || !docai_path_words_are_doubtful (best[line].words))
        continue;
      docai_line_image_clear (image);
      docai_line_image_cut (session->page, &session->lines[line], height, cut, image);
      if (line_steps (session, line, m) >= 1)
        lines[n++] = line;
    }
  return read_again (session, m, inverted, lines, n, best, error);
}

static gboolean
look_again_at_doubtful (Session *session, Best *best, GError **error)
{
  static const DocaiLineCut cuts[] = { DOCAI_CUT_SMALLER, DOCAI_CUT_WIDER, DOCAI_CUT_SOFTER,
                                       DOCAI_CUT_SMALLER | DOCAI_CUT_SOFTER };

  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    for (guint m = 0; m < session->n_models; m++)
      if (!look_again (session, m, FALSE, cuts[i], best, error)
          || !look_again (session, m, TRUE, cuts[i], best, error))
        return FALSE;
  return TRUE;
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

static void
fill_line (Session *session, guint line, const DocaiPathWords *words, DocaiReadLine *out)
{
  gboolean inverted[MAX_LANGUAGES];

  for (guint m = 0; m < session->n_models; m++)
    inverted[m] = attempt_at (session, line, m)->inverted;
  if (session->lines[line].inks == NULL && session->ink_threshold == 0)
    session->ink_threshold = docai_ink_threshold (session->page);
  docai_read_line_fill (out, session->recogniser->models, words, inverted, session->page,
                        &session->lines[line], session->ink_threshold);
}

static void
session_begin (Session *session, const DocaiReadOptions *options)
{
  session->n_models = session->recogniser->models->len;
  session->images = g_new0 (DocaiLineImage, session->n_lines + 1);
  session->attempts = g_new0 (Attempt, (gsize) session->n_lines * session->n_models + 1);
  session->beams = g_new0 (DocaiBeam *, session->n_models * LANES);
  session->allowed = g_new0 (guint8 *, session->n_models);
  session->flags = options != NULL ? options->flags : DOCAI_READ_DEFAULT;
  session->ink_threshold = options != NULL ? options->ink_threshold : 0;
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
}

static void
session_end (Session *session)
{
  for (guint i = 0; i < session->n_lines; i++)
    docai_line_image_clear (&session->images[i]);
  for (gsize i = 0; i < (gsize) session->n_lines * session->n_models; i++)
    docai_path_words_free (session->attempts[i].words);
  for (guint m = 0; m < session->n_models; m++)
    {
      for (guint lane = 0; lane < LANES; lane++)
        docai_beam_free (session->beams[m * LANES + lane]);
      g_free (session->allowed[m]);
    }
  pixDestroy (&session->page);
  g_free (session->images);
  g_free (session->attempts);
  g_free (session->beams);
  g_free (session->allowed);
}

static gboolean
read_page (Session *session, Best *best, GError **error)
{
  guint recent = 0;

  for (guint i = 0; i < session->n_lines; i++)
    {
      best[i].words = read_line (session, i, &recent, error);
      best[i].model = recent;
      if (best[i].words == NULL)
        return FALSE;
    }
  return (session->flags & DOCAI_READ_AGAIN) == 0 || look_again_at_doubtful (session, best, error);
}

DocaiReading *
docai_recogniser_read (DocaiRecogniser *recogniser, PIX *page, const DocaiTextLine *lines,
                       guint n_lines, const DocaiReadOptions *options, GError **error)
{
  g_autoptr (DocaiReading) reading = g_new0 (DocaiReading, 1);
  g_autofree Best *best = g_new0 (Best, n_lines + 1);
  Session  session = { .recogniser = recogniser, .lines = lines, .n_lines = n_lines };
  gboolean done;

  session.page = plain_page (page);
  if (session.page == NULL)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_OCR_FAILED,
                           "the page's pixels cannot be converted");
      return NULL;
    }
  session_begin (&session, options);
  reading->lines = g_new0 (DocaiReadLine, n_lines + 1);
  reading->n_lines = n_lines;
  done = read_page (&session, best, error);
  for (guint i = 0; i < n_lines; i++)
    {
      if (done)
        fill_line (&session, i, best[i].words, &reading->lines[i]);
      docai_path_words_free (best[i].words);
    }
  session_end (&session);
  return done ? g_steal_pointer (&reading) : NULL;
}
