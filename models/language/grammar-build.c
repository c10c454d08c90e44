/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Building blocks of grammars, and what is computed once a program is complete.
 */
#include <string.h>

#include "base/error.h"
#include "models/language/grammar-priv.h"

void
grammar_fail (GrammarBuilder *b, const char *what, const char *name)
{
  if (b->error == NULL)
    b->error = g_error_new (DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "schema: %s: %.100s", what, name);
}

guint32
grammar_here (const GrammarBuilder *b)
{
  return b->ops->len;
}

guint32
grammar_emit (GrammarBuilder *b, GrammarOpKind kind, guint8 low, guint8 high)
{
  guint32 at = b->ops->len;
  GrammarOp op = { .kind = (guint8) kind, .low = low, .high = high, .next = at + 1, .other = at + 1 };

  if (at >= GRAMMAR_MAX_OPS)
    {
      grammar_fail (b, "it is too large", "use smaller bounds");
      return at - 1;
    }
  g_array_append_val (b->ops, op);
  return at;
}

void
grammar_emit_byte (GrammarBuilder *b, guint8 low, guint8 high)
{
  grammar_emit (b, OP_BYTE, low, high);
}

void
grammar_emit_text (GrammarBuilder *b, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    grammar_emit_byte (b, (guint8) text[i], (guint8) text[i]);
}

void
grammar_emit_call (GrammarBuilder *b, guint32 routine)
{
  guint32 op = grammar_emit (b, OP_CALL, 0, 0);

  g_array_index (b->ops, GrammarOp, op).other = routine;
}

guint32
grammar_emit_split (GrammarBuilder *b)
{
  return grammar_emit (b, OP_SPLIT, 0, 0);
}

guint32
grammar_emit_jump (GrammarBuilder *b)
{
  return grammar_emit (b, OP_SPLIT, 0, 0);
}

void
grammar_patch_other (GrammarBuilder *b, guint32 op, guint32 target)
{
  g_array_index (b->ops, GrammarOp, op).other = target;
}

void
grammar_patch_jump (GrammarBuilder *b, guint32 op, guint32 target)
{
  g_array_index (b->ops, GrammarOp, op).next = target;
  g_array_index (b->ops, GrammarOp, op).other = target;
}

/* ---- shortest ways ------------------------------------------------------------------ */

static guint32
capped_sum (guint32 a, guint32 b)
{
  return MIN (a + b, GRAMMAR_NEVER);
}

/* One op's values from those it leads to. TRUE when they changed. */
static gboolean
relax (GrammarOp *ops, guint32 i)
{
  GrammarOp *op = &ops[i];
  const GrammarOp *next = &ops[op->next], *other = &ops[op->other];
  guint32 distance = 0, height = 0;

  switch ((GrammarOpKind) op->kind)
    {
    case OP_BYTE:
      distance = op->low <= op->high ? capped_sum (next->distance, 1) : GRAMMAR_NEVER;
      height = op->low <= op->high ? next->height : GRAMMAR_NEVER;
      break;
    case OP_SPLIT:
      distance = MIN (next->distance, other->distance);
      height = MIN (next->height, other->height);
      break;
    case OP_CALL:
      distance = capped_sum (next->distance, other->distance);
      height = MAX (capped_sum (other->height, 1), next->height);
      break;
    case OP_RETURN:
    case OP_ACCEPT:
      break;
    }
  gboolean changed = distance != op->distance || height != op->height;
  op->distance = distance;
  op->height = height;
  return changed;
}

/* From "never" down to the least values that are consistent; code is swept backwards,
 * since nearly all of it leads forward. */
static void
shortest_ways (GArray *ops)
{
  GrammarOp *list = (GrammarOp *) (void *) ops->data;
  gboolean changed = TRUE;

  for (guint i = 0; i < ops->len; i++)
    list[i].distance = list[i].height = GRAMMAR_NEVER;
  while (changed)
    {
      changed = FALSE;
      for (guint i = ops->len; i > 0; i--)
        changed |= relax (list, i - 1);
    }
}

/* A class begins where any range begins, and behind where one ends. */
static void
find_classes (DocaiGrammar *self)
{
  gboolean begins[257] = { FALSE };

  for (guint32 i = 0; i < self->n_ops; i++)
    if (self->ops[i].kind == OP_BYTE && self->ops[i].low <= self->ops[i].high)
      begins[self->ops[i].low] = begins[self->ops[i].high + 1] = TRUE;
  begins[0] = FALSE;
  self->n_classes = 0;
  for (int byte = 0; byte < 256; byte++)
    {
      self->n_classes += begins[byte];
      self->class_of[byte] = (guint8) self->n_classes;
      self->member[self->n_classes] = (guint8) byte;
    }
  self->n_classes++;
}

DocaiGrammar *
grammar_finish (GrammarBuilder *b, guint32 start, GError **error)
{
  if (b->error == NULL)
    {
      shortest_ways (b->ops);
      const GrammarOp *first = &g_array_index (b->ops, GrammarOp, start);
      if (first->distance >= GRAMMAR_NEVER || first->height > GRAMMAR_MAX_STACK)
        grammar_fail (b, "no answer can follow it", "it contradicts itself or never ends");
    }
  if (b->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&b->error));
      return NULL;
    }
  DocaiGrammar *self = g_new0 (DocaiGrammar, 1);
  self->references = 1;
  self->n_ops = b->ops->len;
  self->ops = g_memdup2 (b->ops->data, b->ops->len * sizeof (GrammarOp));
  self->start = start;
  find_classes (self);
  return self;
}

DocaiGrammar *
docai_grammar_ref (DocaiGrammar *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
docai_grammar_unref (DocaiGrammar *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  g_free (self->ops);
  g_free (self);
}
