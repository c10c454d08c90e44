/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Normalizers of tokenizer.json.
 */
#include "models/tokenizer/normalizer.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/utf8.h"

#define MAX_EXPANDED ((gsize) 256 << 20)

typedef enum {
  NORM_UNICODE, NORM_LOWERCASE, NORM_REPLACE, NORM_STRIP, NORM_STRIP_ACCENTS, NORM_PREPEND,
  NORM_CHARSMAP, NORM_BERT,
} StepKind;

typedef struct {
  StepKind       kind;
  GNormalizeMode mode;         /* NORM_UNICODE */
  DocaiPattern  *pattern;      /* NORM_REPLACE */
  char          *content;      /* NORM_REPLACE, NORM_PREPEND */
  gboolean       left, right;  /* NORM_STRIP */
  gboolean       clean, chinese, accents, lowercase; /* NORM_BERT */
  DocaiCharsmap *charsmap;
} Step;

struct DocaiNormalizer {
  GPtrArray *steps;
};

static void
step_free (gpointer data)
{
  Step *step = data;

  docai_pattern_free (step->pattern);
  docai_charsmap_free (step->charsmap);
  g_free (step->content);
  g_free (step);
}

/* ---- reading ------------------------------------------------------------ */

static DocaiPattern *
read_pattern (const json_t *pattern, GError **error)
{
  const char *regex = docai_json_string (pattern, "Regex", NULL);
  const char *literal = docai_json_string (pattern, "String", NULL);

  if (regex != NULL)
    return docai_pattern_new_regex (regex, error);
  if (literal != NULL)
    return docai_pattern_new_literal (literal, strlen (literal));
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
               "tokenizer: a pattern is neither String nor Regex");
  return NULL;
}

static gboolean
read_bert (Step *step, const json_t *json)
{
  step->kind = NORM_BERT;
  step->clean = docai_json_bool (json, "clean_text", TRUE);
  step->chinese = docai_json_bool (json, "handle_chinese_chars", TRUE);
  step->lowercase = docai_json_bool (json, "lowercase", TRUE);
  step->accents = docai_json_bool (json, "strip_accents", step->lowercase);
  return TRUE;
}

static gboolean
read_step (GPtrArray *steps, const json_t *json, const char *type, GError **error)
{
  Step *step = g_new0 (Step, 1);
  static const struct { const char *name; StepKind kind; GNormalizeMode mode; } plain[] = {
    { "NFC", NORM_UNICODE, G_NORMALIZE_NFC },   { "NFD", NORM_UNICODE, G_NORMALIZE_NFD },
    { "NFKC", NORM_UNICODE, G_NORMALIZE_NFKC }, { "NFKD", NORM_UNICODE, G_NORMALIZE_NFKD },
    { "Lowercase", NORM_LOWERCASE, 0 },         { "StripAccents", NORM_STRIP_ACCENTS, 0 },
    { "Strip", NORM_STRIP, 0 },
  };

  g_ptr_array_add (steps, step);
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    if (strcmp (type, plain[i].name) == 0)
      {
        step->kind = plain[i].kind;
        step->mode = plain[i].mode;
        step->left = docai_json_bool (json, "strip_left", TRUE);
        step->right = docai_json_bool (json, "strip_right", TRUE);
        return TRUE;
      }
  if (strcmp (type, "BertNormalizer") == 0)
    return read_bert (step, json);
  if (strcmp (type, "Replace") == 0)
    {
      step->kind = NORM_REPLACE;
      step->content = g_strdup (docai_json_string (json, "content", ""));
      step->pattern = read_pattern (json_object_get (json, "pattern"), error);
      return step->pattern != NULL;
    }
  if (strcmp (type, "Prepend") == 0)
    {
      step->kind = NORM_PREPEND;
      step->content = g_strdup (docai_json_string (json, "prepend", ""));
      return TRUE;
    }
  if (strcmp (type, "Precompiled") == 0)
    {
      step->kind = NORM_CHARSMAP;
      step->charsmap = docai_charsmap_new (docai_json_string (json, "precompiled_charsmap", ""),
                                           error);
      return step->charsmap != NULL;
    }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "tokenizer: normalizer \"%s\"",
               type);
  return FALSE;
}

DocaiNormalizer *
docai_normalizer_new (const json_t *json, GError **error)
{
  g_autoptr (DocaiNormalizer) self = g_new0 (DocaiNormalizer, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  if (json != NULL && !json_is_null (json)
      && !docai_json_read_steps (self->steps, json, "a normalizer", "normalizers",
                                 read_step, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
docai_normalizer_free (DocaiNormalizer *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->steps);
  g_free (self);
}

/* ---- applying ----------------------------------------------------------- */

static void
take_over (GString *text, GString *from)
{
  g_string_truncate (text, 0);
  g_string_append_len (text, from->str, from->len);
}

/* GLib stops at a zero byte, so the text is normalised between zero bytes. */
static void
apply_unicode (GString *text, GNormalizeMode mode)
{
  g_autoptr (GString) out = g_string_sized_new (text->len);
  gboolean ascii = TRUE;

  for (gsize i = 0; i < text->len && ascii; i++)
    ascii = (guint8) text->str[i] < 0x80;
  if (ascii)
    return;
  for (gsize start = 0; start <= text->len;)
    {
      gsize n = strnlen (text->str + start, text->len - start);
      g_autofree char *part = g_utf8_normalize (text->str + start, (gssize) n, mode);
      if (part != NULL)
        g_string_append (out, part);
      if (start + n < text->len)
        g_string_append_c (out, '\0');
      start += n + 1;
    }
  take_over (text, out);
}

/* GLib knows letters only; Roman numerals and circled letters have a lower case too. */
static gunichar
lower_char (gunichar c)
{
  if (c >= 0x2160 && c <= 0x216f)
    return c + 16;
  if (c >= 0x24b6 && c <= 0x24cf)
    return c + 26;
  return g_unichar_tolower (c);
}

/* Character by character, as the reference does: no context rules, and U+0130 is the only
 * character whose lower case is two. */
static void
apply_lowercase (GString *text)
{
  g_autoptr (GString) out = g_string_sized_new (text->len);

  for (gsize at = 0, size; at < text->len; at += size)
    {
      gunichar c = docai_utf8_get (text->str + at, &size);
      if (c == 0x130)
        g_string_append (out, "i\xcc\x87");
      else
        g_string_append_unichar (out, lower_char (c));
    }
  take_over (text, out);
}

static gboolean
apply_replace (const Step *step, GString *text, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (DocaiRange));

  if (!docai_pattern_find_all (step->pattern, text->str, text->len, ranges, error))
    return FALSE;
  if (ranges->len == 0)
    return TRUE;
  g_autoptr (GString) out = g_string_sized_new (text->len);
  gsize start = 0;
  for (guint i = 0; i < ranges->len; i++)
    {
      DocaiRange r = g_array_index (ranges, DocaiRange, i);
      g_string_append_len (out, text->str + start, r.start - start);
      g_string_append (out, step->content);
      start = r.end;
      if (out->len > MAX_EXPANDED)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                       "tokenizer: the text grows too long when normalised");
          return FALSE;
        }
    }
  g_string_append_len (out, text->str + start, text->len - start);
  take_over (text, out);
  return TRUE;
}

static void
apply_strip (const Step *step, GString *text)
{
  gsize start = 0, end = text->len, size;

  while (step->left && start < end)
    {
      if (!docai_unichar_is_space (docai_utf8_get (text->str + start, &size)))
        break;
      start += size;
    }
  while (step->right && end > start)
    {
      const char *p = g_utf8_prev_char (text->str + end);
      if (!docai_unichar_is_space (docai_utf8_get (p, &size)))
        break;
      end = (gsize) (p - text->str);
    }
  g_string_truncate (text, end);
  g_string_erase (text, 0, (gssize) start);
}

static void
drop_marks (GString *text, gboolean nonspacing_only)
{
  g_autoptr (GString) out = g_string_sized_new (text->len);

  for (gsize at = 0, size; at < text->len; at += size)
    {
      gunichar c = docai_utf8_get (text->str + at, &size);
      gboolean drop = nonspacing_only ? g_unichar_type (c) == G_UNICODE_NON_SPACING_MARK
                                      : docai_unichar_is_mark (c);
      if (!drop)
        g_string_append_len (out, text->str + at, size);
    }
  take_over (text, out);
}

/* What BERT counts as a control character: category C without unassigned code points, but
 * not tab and line ends. */
static gboolean
is_bert_control (gunichar c)
{
  if (c == '\t' || c == '\n' || c == '\r')
    return FALSE;
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_chinese (gunichar c)
{
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf)
         || (c >= 0x20000 && c <= 0x2a6df) || (c >= 0x2a700 && c <= 0x2b73f)
         || (c >= 0x2b740 && c <= 0x2b81f) || (c >= 0x2b920 && c <= 0x2ceaf)
         || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

static void
apply_bert (const Step *step, GString *text)
{
  g_autoptr (GString) out = g_string_sized_new (text->len);

  for (gsize at = 0, size; at < text->len; at += size)
    {
      gunichar c = docai_utf8_get (text->str + at, &size);
      if (step->clean && (c == 0 || c == 0xfffd || is_bert_control (c)))
        continue;
      if (step->clean && docai_unichar_is_space (c))
        g_string_append_c (out, ' ');
      else if (step->chinese && is_chinese (c))
        {
          g_string_append_c (out, ' ');
          g_string_append_len (out, text->str + at, size);
          g_string_append_c (out, ' ');
        }
      else
        g_string_append_len (out, text->str + at, size);
    }
  take_over (text, out);
  if (step->accents)
    {
      apply_unicode (text, G_NORMALIZE_NFD);
      drop_marks (text, TRUE);
    }
  if (step->lowercase)
    apply_lowercase (text);
}

static gboolean
apply_step (const Step *step, GString *text, GError **error)
{
  switch (step->kind)
    {
    case NORM_UNICODE:
      apply_unicode (text, step->mode);
      return TRUE;
    case NORM_LOWERCASE:
      apply_lowercase (text);
      return TRUE;
    case NORM_REPLACE:
      return apply_replace (step, text, error);
    case NORM_STRIP:
      apply_strip (step, text);
      return TRUE;
    case NORM_STRIP_ACCENTS:
      drop_marks (text, FALSE);
      return TRUE;
    case NORM_PREPEND:
      if (text->len > 0)
        g_string_prepend (text, step->content);
      return TRUE;
    case NORM_CHARSMAP:
      return docai_charsmap_apply (step->charsmap, text, error);
    case NORM_BERT:
      apply_bert (step, text);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

gboolean
docai_normalizer_apply (const DocaiNormalizer *self, GString *text, GError **error)
{
  for (guint i = 0; self != NULL && i < self->steps->len; i++)
    if (!apply_step (g_ptr_array_index (self->steps, i), text, error))
      return FALSE;
  return TRUE;
}
