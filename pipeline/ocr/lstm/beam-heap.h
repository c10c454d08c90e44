/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nodes of the search, and the small heaps that hold the best of them.
 */
#pragma once

#include <glib.h>

enum { DOCAI_BEAM_MAX_WIDTH = 16, DOCAI_BEAM_TOP = 5 };

/* A time step of a path. */
typedef struct {
  guint64 hash; /* of the codes of the path */
  gint32  code, unichar;
  gint32  previous; /* node of the step before */
  gint32  places;   /* where in the dictionaries: first of n_places; -1: outside */
  gint32  tree;     /* node of the recoder */
  float   certainty, score;
  guint8  n_places;
  guint8  kind;
  guint8  starts_dictionary : 1, starts_word : 1, ends_word : 1, duplicate : 1;
} DocaiBeamNode;

/* The best nodes of a beam, the worst of them on top of a binary heap. */
typedef struct {
  guint8        n, width;
  guint8        order[DOCAI_BEAM_MAX_WIDTH + 1]; /* the heap: indices of nodes */
  DocaiBeamNode nodes[DOCAI_BEAM_MAX_WIDTH + 1];
} DocaiBeamHeap;

/* Whether a node of this score would get a place. */
gboolean docai_beam_heap_wants (const DocaiBeamHeap *heap, float score);

/* Takes the node if it is better than what the heap holds; of two paths that
 * say the same the better stays. */
void docai_beam_heap_push (DocaiBeamHeap *heap, const DocaiBeamNode *node);

/* The codes of the largest probabilities, the largest first; returns how many. */
int docai_beam_find_top (const float *p, int n, int codes[DOCAI_BEAM_TOP]);
