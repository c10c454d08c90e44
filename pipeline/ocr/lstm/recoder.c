/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Building the tree of codes. While it grows, each node holds its steps in two
 * arrays; they are packed when it is complete.
 */
#include "pipeline/ocr/lstm/recoder.h"

#include "base/error.h"

enum { MAX_CODE = 1 << 17 };

typedef struct {
  GArray *finals; /* DocaiCodeStep */
  GArray *nexts;
} Growing;

static void
growing_clear (gpointer data)
{
  Growing *node = data;

  g_array_unref (node->finals);
  g_array_unref (node->nexts);
}

static int
add_node (GArray *nodes)
{
  Growing node = { g_array_new (FALSE, FALSE, sizeof (DocaiCodeStep)),
                   g_array_new (FALSE, FALSE, sizeof (DocaiCodeStep)) };

  g_array_append_val (nodes, node);
  return (int) nodes->len - 1;
}

static DocaiCodeStep *
find_step (GArray *steps, int code)
{
  for (guint i = 0; i < steps->len; i++)
    if (g_array_index (steps, DocaiCodeStep, i).code == code)
      return &g_array_index (steps, DocaiCodeStep, i);
  return NULL;
}

/* The node after `code`, made where there is none. `direct` maps the root's
 * codes to nodes, because a root has thousands. */
static int
descend (GArray *nodes, int at, int code, int *direct)
{
  DocaiCodeStep  step = { code, -1 };
  DocaiCodeStep *found = NULL;

  if (at == 0 && direct[code] >= 0)
    return direct[code];
  if (at != 0)
    found = find_step (g_array_index (nodes, Growing, at).nexts, code);
  if (found != NULL)
    return found->target;
  step.target = add_node (nodes);
  g_array_append_val (g_array_index (nodes, Growing, at).nexts, step);
  if (at == 0)
    direct[code] = step.target;
  return step.target;
}

/* Where two characters share a code the later one has it. */
static void
add_final (GArray *nodes, int at, int code, int unichar, int *direct)
{
  DocaiCodeStep  step = { code, unichar };
  GArray        *finals = g_array_index (nodes, Growing, at).finals;
  DocaiCodeStep *found = NULL;

  if (at == 0 && direct[code] >= 0)
    found = &g_array_index (finals, DocaiCodeStep, direct[code]);
  else if (at != 0)
    found = find_step (finals, code);
  if (found != NULL)
    {
      found->target = unichar;
      return;
    }
  if (at == 0)
    direct[code] = (int) finals->len;
  g_array_append_val (finals, step);
}

static DocaiRecoder *
pack (GArray *nodes, int code_range, int max_length)
{
  DocaiRecoder *recoder = g_new0 (DocaiRecoder, 1);
  GArray       *finals = g_array_new (FALSE, FALSE, sizeof (DocaiCodeStep));
  GArray       *nexts = g_array_new (FALSE, FALSE, sizeof (DocaiCodeStep));

  recoder->n_nodes = nodes->len;
  recoder->nodes = g_new0 (DocaiCodeNode, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      const Growing *node = &g_array_index (nodes, Growing, i);

      recoder->nodes[i] = (DocaiCodeNode){ finals->len, node->finals->len, nexts->len,
                                           node->nexts->len };
      g_array_append_vals (finals, node->finals->data, node->finals->len);
      g_array_append_vals (nexts, node->nexts->data, node->nexts->len);
    }
  recoder->finals = (DocaiCodeStep *) (void *) g_array_free (finals, FALSE);
  recoder->nexts = (DocaiCodeStep *) (void *) g_array_free (nexts, FALSE);
  recoder->code_range = code_range;
  recoder->max_length = max_length;
  return recoder;
}

static DocaiRecoder *
set_damaged (GError **error)
{
  g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "the model's table of codes is not valid");
  return NULL;
}

DocaiRecoder *
docai_recoder_read (DocaiBytes *bytes, const DocaiUnicharset *set, GError **error)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (Growing));
  g_autofree int    *direct_nodes = NULL, *direct_finals = NULL;
  guint32            count = docai_bytes_u32 (bytes);
  int                range = 0, max_length = 0;

  if (bytes->failed || count == 0 || count > set->n_chars + 1)
    return set_damaged (error);
  g_array_set_clear_func (nodes, growing_clear);
  add_node (nodes);
  direct_nodes = g_new (int, MAX_CODE);
  direct_finals = g_new (int, MAX_CODE);
  memset (direct_nodes, 0xff, MAX_CODE * sizeof (int));
  memset (direct_finals, 0xff, MAX_CODE * sizeof (int));
  for (guint32 id = 0; id < count; id++)
    {
      int    codes[DOCAI_MAX_CODE_LENGTH];
      gint32 length;
      int    at = 0;

      docai_bytes_u8 (bytes); /* a flag that only training uses */
      length = docai_bytes_i32 (bytes);
      if (bytes->failed || length < 1 || length > DOCAI_MAX_CODE_LENGTH)
        return set_damaged (error);
      for (int i = 0; i < length; i++)
        {
          codes[i] = docai_bytes_i32 (bytes);
          if (bytes->failed || codes[i] < 0 || codes[i] >= MAX_CODE)
            return set_damaged (error);
          range = MAX (range, codes[i] + 1);
        }
      for (int i = 0; i + 1 < length; i++)
        at = descend (nodes, at, codes[i], direct_nodes);
      add_final (nodes, at, codes[length - 1], (int) id, direct_finals);
      max_length = MAX (max_length, length);
      if (id == DOCAI_UNICHAR_SPACE && (length != 1 || codes[0] != 0))
        return set_damaged (error);
    }
  return pack (nodes, range, max_length);
}

DocaiRecoder *
docai_recoder_new_direct (const DocaiUnicharset *set)
{
  DocaiRecoder *recoder = g_new0 (DocaiRecoder, 1);

  recoder->n_nodes = 1;
  recoder->code_range = (int) set->n_chars + 1;
  recoder->max_length = 1;
  recoder->nodes = g_new0 (DocaiCodeNode, 1);
  recoder->nodes[0].n_finals = set->n_chars + 1;
  recoder->finals = g_new (DocaiCodeStep, set->n_chars + 1);
  for (guint i = 0; i <= set->n_chars; i++)
    recoder->finals[i] = (DocaiCodeStep){ (int) i, (int) i };
  return recoder;
}

void
docai_recoder_free (DocaiRecoder *recoder)
{
  if (recoder == NULL)
    return;
  g_free (recoder->nodes);
  g_free (recoder->finals);
  g_free (recoder->nexts);
  g_free (recoder);
}
