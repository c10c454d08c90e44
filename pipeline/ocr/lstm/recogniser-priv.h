/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What opening a recogniser, reading a page with it and the second look share.
 */
#pragma once

#include "pipeline/ocr/lstm/lineimage.h"
#include "pipeline/ocr/lstm/model.h"
#include "pipeline/ocr/lstm/recogniser.h"
#include "pipeline/ocr/lstm/words.h"

enum {
  LANE_LINES = 4, /* fewer lines are not worth a thread to be cut or to find their ink */
  MAX_LANGUAGES = 8,
  LANES = 2, /* threads that share a page's lines */
};

struct DocaiRecogniser {
  const DocaiLstmKernels *kernels;
  GPtrArray              *models; /* DocaiLstmModel, the primary language first */
  DocaiActivations       *activations[LANES];
  guint                   n_lanes; /* that have a processor */
  char                   *engine;
};

/* What one model makes of a line. */
typedef struct {
  gboolean        done, inverted;
  DocaiPathWords *words; /* NULL once they are taken */
} Attempt;

/* The reading of one page. */
typedef struct {
  DocaiRecogniser     *recogniser;
  PIX                 *page;
  const DocaiTextLine *lines; /* or pieces of them */
  guint                n_lines, n_models;
  DocaiReadFlags       flags;
  DocaiLineImage      *images; /* of each line, for models of image_height */
  int                  image_height;
  Attempt             *attempts; /* [line][model] */
  DocaiBeam          **beams;    /* [model][lane] */
  guint8             **allowed;
  int                  ink_threshold; /* 0: not needed yet */
  GArray              *pieces;  /* DocaiPiece, a line each; NULL: the lines are whole */
  GArray             **leaders; /* DocaiLeader, of each whole line; NULL as well */
  guint                n_whole;
} ReadSession;

static inline DocaiLstmModel *
model_at (const ReadSession *session, guint i)
{
  return g_ptr_array_index (session->recogniser->models, i);
}

static inline Attempt *
attempt_at (const ReadSession *session, guint line, guint model)
{
  return &session->attempts[line * session->n_models + model];
}

/* Time steps of a line's image for a model. */
static inline int
image_steps (const ReadSession *session, const DocaiLineImage *image, guint m)
{
  int x_scale = docai_network_x_scale (model_at (session, m)->network);

  return image->scaled != NULL ? pixGetWidth (image->scaled) / x_scale : 0;
}

/* The line's words while the page is read. */
typedef struct {
  DocaiPathWords *words;
  guint           model; /* that said the last of them */
} Best;

/* Reads any number of lines, each of at least one step, in one direction of contrast.
 * images[n][n_views]: 1, 2 or 4 views of each line, of the same width, on which the network has
 * to agree. means[n]: the belief to be surpassed, and then that of this reading. words[n]: owned
 * by the caller, NULL where the belief is not surpassed. */
gboolean docai_read_images (ReadSession *session, guint m, const DocaiLineImage **images, guint n,
                            guint n_views, gboolean inverted, float *means, DocaiPathWords **words,
                            GError **error);

/* Cuts doubtful lines in other ways, reads them again, and joins the better words (second-look.c). */
gboolean docai_look_again (ReadSession *session, Best *best, GError **error);

/* Threads that are worth while for work on so many lines. */
static inline guint
lanes_for (const ReadSession *session, guint n_lines)
{
  return CLAMP (n_lines / LANE_LINES, 1, session->recogniser->n_lanes);
}

/* Sets leaders aside and goes on with the lines in pieces (whole-lines.c). */
gboolean docai_session_cut_pieces (ReadSession *session, GError **error);

/* Texts and boxes of the lines given, from the best words of those read. `out` of one line for each given. */
void docai_session_fill_lines (ReadSession *session, const Best *best, DocaiReadLine *out);

/* Forgets the pieces, if there are any. */
void docai_session_drop_pieces (ReadSession *session);
