/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looking up edges. All targets and the last node's end are checked when the
 * automaton is read, so that a walk never leaves the array.
 */
#include "pipeline/ocr/lstm/dawg.h"

#include "base/error.h"

enum { MAGIC = 42, LAST_EDGE = 1, BACKWARD = 2, WORD_END = 4, FLAG_BITS = 3, MAX_CHARS = 1 << 20 };

static guint64
load_edge (const DocaiDawg *dawg, gint32 edge)
{
  guint64 v;

  memcpy (&v, dawg->edges + 8 * (gsize) edge, 8);
  return GUINT64_FROM_LE (v);
}

static int
char_of (const DocaiDawg *dawg, guint64 edge)
{
  return (int) (edge & ((G_GUINT64_CONSTANT (1) << dawg->char_bits) - 1));
}

static guint
flags_of (const DocaiDawg *dawg, guint64 edge)
{
  return (edge >> dawg->char_bits) & 7;
}

static guint64
target_of (const DocaiDawg *dawg, guint64 edge)
{
  return edge >> (dawg->char_bits + FLAG_BITS);
}

/* An edge slot that holds nothing: all target bits set, all others clear. */
static gboolean
is_empty (const DocaiDawg *dawg, guint64 edge)
{
  return edge == (~G_GUINT64_CONSTANT (0) << (dawg->char_bits + FLAG_BITS));
}

gboolean
docai_dawg_read (DocaiDawg *dawg, DocaiBytes *bytes, GError **error)
{
  guint16 magic = docai_bytes_u16 (bytes);
  gint32  n_chars = docai_bytes_i32 (bytes);
  gint32  n_edges = docai_bytes_i32 (bytes);

  if (bytes->failed || magic != MAGIC || n_chars <= 0 || n_chars > MAX_CHARS || n_edges <= 0
      || (dawg->edges = docai_bytes_take (bytes, 8 * (gsize) n_edges)) == NULL)
    goto damaged;
  dawg->n_edges = n_edges;
  dawg->char_bits = 0;
  while ((1 << dawg->char_bits) < n_chars + 1)
    dawg->char_bits++;
  for (gint32 i = 0; i < n_edges; i++)
    {
      guint64 edge = load_edge (dawg, i);

      if (!is_empty (dawg, edge) && target_of (dawg, edge) >= (guint64) n_edges)
        goto damaged;
    }
  if ((flags_of (dawg, load_edge (dawg, n_edges - 1)) & LAST_EDGE) == 0)
    goto damaged;
  dawg->n_first = 0;
  if (!is_empty (dawg, load_edge (dawg, 0))
      && (flags_of (dawg, load_edge (dawg, 0)) & BACKWARD) == 0)
    do
      dawg->n_first++;
    while ((flags_of (dawg, load_edge (dawg, dawg->n_first - 1)) & LAST_EDGE) == 0);
  return TRUE;

damaged:
  g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "a word list of the model is damaged");
  return FALSE;
}

static gint32
find_first (const DocaiDawg *dawg, int unichar, gboolean final)
{
  gint32 low = 0, high = dawg->n_first - 1;

  while (low <= high)
    {
      gint32  middle = (low + high) / 2;
      guint64 edge = load_edge (dawg, middle);
      int     here = char_of (dawg, edge);

      if (here == unichar && (!final || (flags_of (dawg, edge) & WORD_END) != 0))
        return middle;
      if (unichar > here)
        low = middle + 1;
      else
        high = middle - 1;
    }
  return DOCAI_DAWG_NONE;
}

gint32
docai_dawg_find (const DocaiDawg *dawg, gint32 node, int unichar, gboolean final)
{
  if (node == 0)
    return find_first (dawg, unichar, final);
  if (node == DOCAI_DAWG_NONE || is_empty (dawg, load_edge (dawg, node)))
    return DOCAI_DAWG_NONE;
  for (;; node++)
    {
      guint64 edge = load_edge (dawg, node);

      if (char_of (dawg, edge) == unichar && (!final || (flags_of (dawg, edge) & WORD_END) != 0))
        return node;
      if ((flags_of (dawg, edge) & LAST_EDGE) != 0)
        return DOCAI_DAWG_NONE;
    }
}

gint32
docai_dawg_node_after (const DocaiDawg *dawg, gint32 edge)
{
  guint64 target;

  if (edge == DOCAI_DAWG_NONE)
    return 0;
  target = target_of (dawg, load_edge (dawg, edge));
  return target == 0 || target >= (guint64) dawg->n_edges ? DOCAI_DAWG_NONE : (gint32) target;
}

gboolean
docai_dawg_ends_word (const DocaiDawg *dawg, gint32 edge)
{
  return (flags_of (dawg, load_edge (dawg, edge)) & WORD_END) != 0;
}
