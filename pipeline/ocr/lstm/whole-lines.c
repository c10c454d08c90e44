/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the lines given to the pieces that are read, and from what was read back to whole lines, with what the ink
 * says besides.
 */
#include "pipeline/ocr/lstm/ink.h"
#include "pipeline/ocr/lstm/lanes.h"
#include "pipeline/ocr/lstm/leaders.h"
#include "pipeline/ocr/lstm/number-marks.h"
#include "pipeline/ocr/lstm/pieces.h"
#include "pipeline/ocr/lstm/reading.h"
#include "pipeline/ocr/lstm/recogniser-priv.h"

#include "base/error.h"

typedef struct {
  ReadSession *session;
  GArray     **inks; /* of each line */
  guint        n_lanes;
} Inking;

static void
ink_lane (gpointer data, guint lane)
{
  const Inking *inking = data;
  ReadSession  *session = inking->session;

  for (guint line = lane; line < session->n_lines; line += inking->n_lanes)
    {
      GArray *inks = docai_ink_find (session->page, &session->lines[line], session->ink_threshold, FALSE);

      session->leaders[line] = docai_leaders_find (inks, &session->lines[line]);
      docai_leaders_drop_inks (session->leaders[line], inks);
      inking->inks[line] = inks;
    }
}

/* Paints the leaders over, on a copy of the page. */
static gboolean
blank_leaders (ReadSession *session)
{
  PIX *page = NULL;

  for (guint line = 0; line < session->n_whole; line++)
    if (session->leaders[line]->len > 0)
      {
        if (page == NULL && (page = pixCopy (NULL, session->page)) == NULL)
          return FALSE;
        docai_leaders_blank (page, session->leaders[line]);
      }
  if (page != NULL)
    pixDestroy (&session->page);
  session->page = page != NULL ? page : session->page;
  return TRUE;
}

gboolean
docai_session_cut_pieces (ReadSession *session, GError **error)
{
  g_autofree GArray **inks = g_new0 (GArray *, session->n_lines + 1);
  Inking              inking = { session, inks, lanes_for (session, session->n_lines) };
  DocaiTextLine      *lines;

  session->n_whole = session->n_lines;
  session->leaders = g_new0 (GArray *, session->n_lines + 1);
  session->pieces = docai_pieces_new ();
  docai_lanes_run (inking.n_lanes, ink_lane, &inking);
  for (guint line = 0; line < session->n_lines; line++)
    docai_pieces_cut (&session->lines[line], line, inks[line], session->leaders[line], session->pieces);
  lines = g_new (DocaiTextLine, session->pieces->len + 1);
  for (guint i = 0; i < session->pieces->len; i++)
    lines[i] = g_array_index (session->pieces, DocaiPiece, i).line;
  session->lines = lines;
  session->n_lines = session->pieces->len;
  if (!blank_leaders (session))
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for a copy of the page");
      return FALSE;
    }
  return TRUE;
}

typedef struct {
  ReadSession   *session;
  const Best    *best;
  DocaiReadLine *out;
  guint          n_lanes;
} Filling;

static void
fill_line (const Filling *filling, guint line)
{
  ReadSession       *session = filling->session;
  DocaiReadLine     *out = &filling->out[line];
  gboolean           inverted[MAX_LANGUAGES];
  g_autoptr (GArray) inks = NULL;

  for (guint m = 0; m < session->n_models; m++)
    inverted[m] = attempt_at (session, line, m)->inverted;
  docai_read_line_fill (out, session->recogniser->models, filling->best[line].words, inverted);
  if (session->pieces != NULL && !out->inverted)
    inks = g_array_ref (g_array_index (session->pieces, DocaiPiece, line).inks);
  else
    inks = docai_ink_find (session->page, &session->lines[line], session->ink_threshold, out->inverted);
  docai_read_line_snap (out, &session->lines[line], inks);
  if ((session->flags & DOCAI_READ_INK) != 0)
    docai_number_marks_restore (out, inks);
}

static void
fill_lane (gpointer data, guint lane)
{
  const Filling *filling = data;

  for (guint line = lane; line < filling->session->n_lines; line += filling->n_lanes)
    fill_line (filling, line);
}

/* Puts the pieces together again. */
static void
join_pieces (ReadSession *session, DocaiReadLine *pieces, DocaiReadLine *out)
{
  for (guint i = 0; i < session->n_lines; i++)
    docai_pieces_join (&out[g_array_index (session->pieces, DocaiPiece, i).whole], &pieces[i]);
  for (guint line = 0; line < session->n_whole; line++)
    docai_leaders_put_back (&out[line], session->leaders[line]);
}

void
docai_session_fill_lines (ReadSession *session, const Best *best, DocaiReadLine *out)
{
  g_autofree DocaiReadLine *pieces = session->pieces != NULL ? g_new0 (DocaiReadLine, session->n_lines + 1) : NULL;
  Filling                   filling = { session, best, pieces != NULL ? pieces : out, lanes_for (session, session->n_lines) };

  docai_lanes_run (filling.n_lanes, fill_lane, &filling);
  if (pieces != NULL)
    join_pieces (session, pieces, out);
}

void
docai_session_drop_pieces (ReadSession *session)
{
  if (session->pieces == NULL)
    return;
  for (guint i = 0; i < session->n_whole; i++)
    g_clear_pointer (&session->leaders[i], g_array_unref);
  g_clear_pointer (&session->leaders, g_free);
  g_clear_pointer (&session->pieces, g_array_unref);
  g_free ((DocaiTextLine *) session->lines);
}
