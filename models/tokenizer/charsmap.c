/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SentencePiece's precompiled table: the byte size of a darts-clone double array, the
 * array of 32-bit units (little endian), then zero-terminated replacement strings.
 * A grapheme of fewer than six bytes is looked up as a whole first, and the shortest key
 * that begins it replaces all of it; otherwise each character is looked up. That is what
 * the reference tokenizers do, and models were trained with it.
 */
#include "models/tokenizer/normalizer.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/utf8.h"

struct DocaiCharsmap {
  guint8       *blob;
  const guint8 *units;
  gsize         n_units;
  const char   *texts;
  gsize         n_texts;
  DocaiPattern *grapheme;
};

DocaiCharsmap *
docai_charsmap_new (const char *base64, GError **error)
{
  gsize size, bytes = 0;
  g_autofree guint8 *blob = g_base64_decode (base64, &size);

  if (size >= 4)
    bytes = blob[0] | (gsize) blob[1] << 8 | (gsize) blob[2] << 16 | (gsize) blob[3] << 24;
  /* The last replacement ends with a zero byte, so that look-ups need no length. */
  if (size < 8 || bytes < 4 || bytes % 4 != 0 || bytes > size - 4
      || (size > 4 + bytes && blob[size - 1] != 0))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: precompiled_charsmap has a wrong size");
      return NULL;
    }
  DocaiPattern *grapheme = docai_pattern_new_regex ("\\X", error);
  if (grapheme == NULL)
    return NULL;
  DocaiCharsmap *self = g_new0 (DocaiCharsmap, 1);
  self->grapheme = grapheme;
  self->units = blob + 4;
  self->n_units = bytes / 4;
  self->texts = (const char *) blob + 4 + bytes;
  self->n_texts = size - 4 - bytes;
  self->blob = g_steal_pointer (&blob);
  return self;
}

void
docai_charsmap_free (DocaiCharsmap *self)
{
  if (self == NULL)
    return;
  docai_pattern_free (self->grapheme);
  g_free (self->blob);
  g_free (self);
}

/* FALSE outside the array. */
static gboolean
get_unit (const DocaiCharsmap *self, gsize index, guint32 *unit)
{
  if (index >= self->n_units)
    return FALSE;
  const guint8 *p = self->units + index * 4;
  *unit = p[0] | (guint32) p[1] << 8 | (guint32) p[2] << 16 | (guint32) p[3] << 24;
  return TRUE;
}

static gsize
unit_offset (guint32 unit)
{
  return (gsize) (unit >> 10) << ((unit & (1u << 9)) >> 6);
}

/* Replacement for the shortest key that begins the text, NULL when there is none. */
static const char *
lookup (const DocaiCharsmap *self, const char *text, gsize length)
{
  guint32 unit;
  gsize at = 0;

  if (!get_unit (self, 0, &unit))
    return NULL;
  at ^= unit_offset (unit);
  for (gsize i = 0; i < length && text[i] != '\0'; i++)
    {
      guint8 c = (guint8) text[i];
      at ^= c;
      if (!get_unit (self, at, &unit) || (unit & 0x800000ffu) != c)
        return NULL;
      at ^= unit_offset (unit);
      if ((unit >> 8) & 1)
        {
          if (!get_unit (self, at, &unit) || (unit & 0x7fffffffu) >= self->n_texts)
            return NULL;
          return self->texts + (unit & 0x7fffffffu);
        }
    }
  return NULL;
}

/* A replacement comes from the file and may be anything: only UTF-8 goes on. */
static void
append_replacement (GString *out, const char *text)
{
  docai_utf8_append_lossy (out, text, strlen (text));
}

gboolean
docai_charsmap_apply (const DocaiCharsmap *self, GString *text, GError **error)
{
  g_autoptr (GArray) graphemes = g_array_new (FALSE, FALSE, sizeof (DocaiRange));

  if (!docai_pattern_find_all (self->grapheme, text->str, text->len, graphemes, error))
    return FALSE;
  g_autoptr (GString) out = g_string_sized_new (text->len);
  for (guint i = 0; i < graphemes->len; i++)
    {
      DocaiRange g = g_array_index (graphemes, DocaiRange, i);
      const char *found = NULL;
      if (g.end - g.start < 6)
        found = lookup (self, text->str + g.start, g.end - g.start);
      if (found != NULL)
        {
          append_replacement (out, found);
          continue;
        }
      for (gsize at = g.start; at < g.end;)
        {
          gsize size;
          docai_utf8_get (text->str + at, &size);
          found = lookup (self, text->str + at, size);
          if (found != NULL)
            append_replacement (out, found);
          else
            g_string_append_len (out, text->str + at, size);
          at += size;
        }
    }
  g_string_truncate (text, 0);
  g_string_append_len (text, out->str, out->len);
  return TRUE;
}
