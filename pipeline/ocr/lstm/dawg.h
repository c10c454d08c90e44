/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One directed acyclic word graph: an array of 64-bit edges, each with a
 * character, three flags and the edge at which its target node starts.
 */
#pragma once

#include "pipeline/ocr/lstm/bytes.h"

#define DOCAI_DAWG_NONE (-1)
#define DOCAI_DAWG_PATTERN 0 /* the character that stands for a whole class */

typedef struct {
  const guint8 *edges; /* lent, 8 bytes each, little endian, not aligned */
  gint32        n_edges;
  gint32        n_first; /* edges of the first node, sorted by character */
  guint         char_bits;
} DocaiDawg;

/* Reads and checks an automaton; it points into the bytes. MODEL_INVALID. */
gboolean docai_dawg_read (DocaiDawg *dawg, DocaiBytes *bytes, GError **error);

/* The edge out of a node (the first is 0) for a character; with `final` only
 * one on which a word ends. NONE where there is none, and from NONE. */
gint32 docai_dawg_find (const DocaiDawg *dawg, gint32 node, int unichar, gboolean final);

/* The node an edge leads to: the first for NONE, NONE where nothing follows. */
gint32 docai_dawg_node_after (const DocaiDawg *dawg, gint32 edge);

gboolean docai_dawg_ends_word (const DocaiDawg *dawg, gint32 edge);
