/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From network outputs ("codes") to characters. Most scripts have one code a
 * character; Han, Hangul and the Indic scripts spell a character with several.
 * The codes form a tree: its root is the state between characters.
 */
#pragma once

#include "pipeline/ocr/lstm/unicharset.h"

enum { DOCAI_MAX_CODE_LENGTH = 9 };

/* A step in the tree. Order is the file's, and matters for equal scores. */
typedef struct {
  int code;
  int target; /* a character where the code ends one, a node where it goes on */
} DocaiCodeStep;

typedef struct {
  guint first_final, n_finals; /* in finals: codes that end a character here */
  guint first_next, n_nexts;   /* in nexts: codes that go on to another node */
} DocaiCodeNode;

typedef struct {
  DocaiCodeNode *nodes; /* node 0 is the root */
  guint          n_nodes;
  DocaiCodeStep *finals;
  DocaiCodeStep *nexts;
  int            code_range; /* codes are below this */
  int            max_length; /* of a character */
} DocaiRecoder;

/* Reads the table. MODEL_INVALID. */
DocaiRecoder *docai_recoder_read (DocaiBytes *bytes, const DocaiUnicharset *set, GError **error);

/* Each character is its own code, and one more is the null. */
DocaiRecoder *docai_recoder_new_direct (const DocaiUnicharset *set);
void          docai_recoder_free (DocaiRecoder *recoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiRecoder, docai_recoder_free)
