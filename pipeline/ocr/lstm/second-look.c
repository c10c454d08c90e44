/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second look at doubtful lines: cut in other ways they may be read better, and each
 * word is taken from where it was read best.
 */
#include "pipeline/ocr/lstm/lanes.h"
#include "pipeline/ocr/lstm/recogniser-priv.h"

/* Lines cut in several ways: images[cut][line]. */
typedef struct {
  const guint    *lines;
  guint           n_lines, n_cuts, n_lanes;
  const DocaiLineCut *cuts;
  ReadSession        *session;
  int             height;
  DocaiLineImage *images;
} Recut;

static void
recut_lane (gpointer data, guint lane)
{
  const Recut *recut = data;
  ReadSession     *session = recut->session;

  for (guint i = lane; i < recut->n_lines * recut->n_cuts; i += recut->n_lanes)
    docai_line_image_cut (session->page, &session->lines[recut->lines[i % recut->n_lines]],
                          recut->height, recut->cuts[i / recut->n_lines], &recut->images[i]);
}

/* Joins to the lines' words what their images gave, one cut after the other, as long as the
 * line is doubtful. Takes over the words. */
static void
join_cuts (const Recut *recut, const guint *read, guint n, DocaiPathWords **words, Best *best)
{
  for (guint i = 0; i < n; i++)
    {
      guint line = recut->lines[read[i] % recut->n_lines];

      if (words[i] != NULL && docai_path_words_are_doubtful (best[line].words))
        docai_path_words_merge (&best[line].words, g_steal_pointer (&words[i]));
      docai_path_words_free (words[i]);
    }
}

/* Reads lines of one model and direction of contrast in some other cuts. */
static gboolean
look_at_cuts (Recut *recut, guint m, gboolean inverted, Best *best, GError **error)
{
  ReadSession *session = recut->session;
  guint    n_images = recut->n_lines * recut->n_cuts, n = 0;
  g_autofree DocaiLineImage        *memory = recut->images = g_new0 (DocaiLineImage, n_images);
  g_autofree const DocaiLineImage **images = g_new (const DocaiLineImage *, n_images);
  g_autofree DocaiPathWords       **words = g_new0 (DocaiPathWords *, n_images);
  g_autofree float                 *means = g_new (float, n_images);
  g_autofree guint                 *read = g_new (guint, n_images);
  gboolean                          fine;

  recut->height = docai_network_input_height (model_at (session, m)->network);
  recut->n_lanes = CLAMP (n_images / LANE_LINES, 1, session->recogniser->n_lanes);
  docai_lanes_run (recut->n_lanes, recut_lane, recut);
  for (guint i = 0; i < n_images; i++)
    {
      if (image_steps (session, &recut->images[i], m) < 1)
        continue;
      means[n] = -1;
      images[n] = &recut->images[i];
      read[n++] = i;
    }
  fine = docai_read_images (session, m, images, n, inverted, means, words, error);
  join_cuts (recut, read, n, words, best);
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

/* One cut helps most lines that can be helped; for the rest the others are read together. */
gboolean
docai_look_again (ReadSession *session, Best *best, GError **error)
{
  static const DocaiLineCut cuts[] = { DOCAI_CUT_SMALLER, DOCAI_CUT_WIDER, DOCAI_CUT_SOFTER,
                                       DOCAI_CUT_SMALLER | DOCAI_CUT_SOFTER };
  static const guint        rounds[] = { 1, G_N_ELEMENTS (cuts) - 1 };
  g_autofree guint         *lines = g_new (guint, MAX (session->n_lines, 1));

  for (guint m = 0; m < session->n_models; m++)
    for (gboolean inverted = FALSE; inverted <= TRUE; inverted++)
      for (guint round = 0, first = 0; round < G_N_ELEMENTS (rounds); first += rounds[round++])
        {
          guint n = find_doubtful (session, m, inverted, best, lines);
          Recut recut = { .lines = lines, .n_lines = n, .n_cuts = rounds[round],
                          .cuts = cuts + first, .session = session };

          if (n > 0 && !look_at_cuts (&recut, m, inverted, best, error))
            return FALSE;
        }
  return TRUE;
}
