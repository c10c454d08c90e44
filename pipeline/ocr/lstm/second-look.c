/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second look at doubtful lines: several views of a line, cut otherwise, are read as one,
 * and each word is taken from where it was read best.
 *
 * A network that is wrong about a line for a speck or a broken stroke is wrong otherwise about
 * another view of it. So the views' probabilities are brought together step by step before the
 * search, which asks for views that show the line's letters at the same places. What is doubtful
 * then is cut in other widths, and read in their views.
 */
#include "pipeline/ocr/lstm/lanes.h"
#include "pipeline/ocr/lstm/recogniser-priv.h"

#define N_VIEWS 4

/* Additions to the cut of a round; none of them moves letters along the line. */
static const DocaiLineCut views[N_VIEWS] = { DOCAI_CUT_USUAL, DOCAI_CUT_SOFTER, DOCAI_CUT_LOWER,
                                             DOCAI_CUT_LOWER | DOCAI_CUT_SOFTER };

/* Lines cut in one way and its views: images[line][view]. */
typedef struct {
  const guint    *lines;
  guint           n_lines, n_lanes;
  DocaiLineCut    cut;
  ReadSession    *session;
  int             height;
  DocaiLineImage *images;
} Recut;

static void
recut_lane (gpointer data, guint lane)
{
  const Recut *recut = data;
  ReadSession *session = recut->session;

  for (guint i = lane; i < recut->n_lines * N_VIEWS; i += recut->n_lanes)
    docai_line_image_cut (session->page, &session->lines[recut->lines[i / N_VIEWS]], recut->height,
                          recut->cut | views[i % N_VIEWS], &recut->images[i]);
}

/* Puts a line's views into images[N_VIEWS], where all are there and of one width. */
static gboolean
take_views (const Recut *recut, guint m, guint line, const DocaiLineImage **images)
{
  const DocaiLineImage *first = recut->images + (gsize) line * N_VIEWS;

  for (guint v = 0; v < N_VIEWS; v++)
    {
      if (image_steps (recut->session, &first[v], m) < 1
          || pixGetWidth (first[v].scaled) != pixGetWidth (first[0].scaled))
        return FALSE;
      images[v] = &first[v];
    }
  return TRUE;
}

/* Reads lines of one model and direction of contrast in the views of a cut, and joins the better
 * words. */
static gboolean
look_at_views (Recut *recut, guint m, gboolean inverted, Best *best, GError **error)
{
  ReadSession *session = recut->session;
  guint        n_images = recut->n_lines * N_VIEWS, n = 0;
  g_autofree DocaiLineImage        *memory = recut->images = g_new0 (DocaiLineImage, n_images);
  g_autofree const DocaiLineImage **images = g_new (const DocaiLineImage *, n_images);
  g_autofree DocaiPathWords       **words = g_new0 (DocaiPathWords *, recut->n_lines);
  g_autofree float                 *means = g_new (float, recut->n_lines);
  g_autofree guint                 *read = g_new (guint, recut->n_lines);
  gboolean                          fine;

  recut->height = docai_network_input_height (model_at (session, m)->network);
  recut->n_lanes = CLAMP (n_images / LANE_LINES, 1, session->recogniser->n_lanes);
  docai_lanes_run (recut->n_lanes, recut_lane, recut);
  for (guint i = 0; i < recut->n_lines; i++)
    if (take_views (recut, m, i, images + (gsize) n * N_VIEWS))
      {
        means[n] = -1;
        read[n++] = recut->lines[i];
      }
  fine = docai_read_images (session, m, images, n, N_VIEWS, inverted, means, words, error);
  for (guint i = 0; i < n; i++)
    if (words[i] != NULL)
      docai_path_words_merge (&best[read[i]].words, words[i]);
  for (guint i = 0; i < n_images; i++)
    docai_line_image_clear (&recut->images[i]);
  return fine;
}

/* The doubtful lines that model and direction of contrast have in common. */
static guint
find_doubtful (ReadSession *session, guint m, gboolean inverted, const Best *best, guint *lines)
{
  guint n = 0;

  for (guint line = 0; line < session->n_lines; line++)
    if (best[line].model == m && attempt_at (session, line, m)->inverted == inverted
        && docai_path_words_are_doubtful (best[line].words))
      lines[n++] = line;
  return n;
}

gboolean
docai_look_again (ReadSession *session, Best *best, GError **error)
{
  static const DocaiLineCut rounds[] = { DOCAI_CUT_USUAL, DOCAI_CUT_SMALLER };
  g_autofree guint *lines = g_new (guint, MAX (session->n_lines, 1));

  for (guint m = 0; m < session->n_models; m++)
    for (gboolean inverted = FALSE; inverted <= TRUE; inverted++)
      for (guint round = 0; round < G_N_ELEMENTS (rounds); round++)
        {
          guint n = find_doubtful (session, m, inverted, best, lines);
          Recut recut = { .lines = lines, .n_lines = n, .cut = rounds[round], .session = session };

          if (n > 0 && !look_at_views (&recut, m, inverted, best, error))
            return FALSE;
        }
  return TRUE;
}
