/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decoders of tokenizer.json. Each step changes the list of tokens; what is left is joined.
 */
#include "models/tokenizer/decoder.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/pattern.h"
#include "models/tokenizer/pretokenizer.h"
#include "models/tokenizer/utf8.h"


typedef enum {
  STEP_BYTE_LEVEL, STEP_REPLACE, STEP_BYTE_FALLBACK, STEP_FUSE, STEP_STRIP, STEP_METASPACE,
  STEP_WORDPIECE, STEP_BPE,
} StepKind;

typedef struct {
  StepKind      kind;
  DocaiPattern *pattern;     /* STEP_REPLACE, STEP_METASPACE, STEP_BPE */
  char         *content;     /* new text; STEP_STRIP the character; STEP_WORDPIECE the prefix */
  gint64        start, stop; /* STEP_STRIP */
  gboolean      flag;        /* STEP_METASPACE a prefix was added; STEP_WORDPIECE clean-up */
} Step;

struct DocaiDecoder {
  GPtrArray *steps;
  gboolean   plain; /* no decoder in the file */
};

static void
step_free (gpointer data)
{
  Step *step = data;

  docai_pattern_free (step->pattern);
  g_free (step->content);
  g_free (step);
}

/* ---- reading ------------------------------------------------------------------- */

static gboolean
read_replace (Step *step, const json_t *json, GError **error)
{
  const json_t *pattern = json_object_get (json, "pattern");
  const char *literal = docai_json_string (pattern, "String", NULL);
  const char *regex = docai_json_string (pattern, "Regex", NULL);

  step->kind = STEP_REPLACE;
  step->content = g_strdup (docai_json_string (json, "content", ""));
  if (literal != NULL)
    step->pattern = docai_pattern_new_literal (literal, strlen (literal));
  else if (regex != NULL)
    step->pattern = docai_pattern_new_regex (regex, error);
  else
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                 "tokenizer: decoder Replace has no pattern");
  return step->pattern != NULL;
}

static gboolean
read_metaspace (Step *step, const json_t *json)
{
  const char *mark = docai_json_string (json, "replacement", "\xe2\x96\x81");
  const char *fallback = docai_json_bool (json, "add_prefix_space", TRUE) ? "always" : "never";

  step->kind = STEP_METASPACE;
  step->pattern = docai_pattern_new_literal (mark, strlen (mark));
  step->content = g_strdup (" ");
  step->flag = strcmp (docai_json_string (json, "prepend_scheme", fallback), "never") != 0;
  return TRUE;
}

static gboolean
read_step (GPtrArray *steps, const json_t *json, const char *type, GError **error)
{
  Step *step = g_new0 (Step, 1);

  g_ptr_array_add (steps, step);
  if (strcmp (type, "ByteLevel") == 0)
    step->kind = STEP_BYTE_LEVEL;
  else if (strcmp (type, "ByteFallback") == 0)
    step->kind = STEP_BYTE_FALLBACK;
  else if (strcmp (type, "Fuse") == 0)
    step->kind = STEP_FUSE;
  else if (strcmp (type, "Replace") == 0)
    return read_replace (step, json, error);
  else if (strcmp (type, "Metaspace") == 0)
    return read_metaspace (step, json);
  else if (strcmp (type, "Strip") == 0)
    {
      step->kind = STEP_STRIP;
      step->content = g_strdup (docai_json_string (json, "content", " "));
      step->start = docai_json_int (json, "start", 0);
      step->stop = docai_json_int (json, "stop", 0);
    }
  else if (strcmp (type, "WordPiece") == 0)
    {
      step->kind = STEP_WORDPIECE;
      step->content = g_strdup (docai_json_string (json, "prefix", "##"));
      step->flag = docai_json_bool (json, "cleanup", TRUE);
    }
  else if (strcmp (type, "BPEDecoder") == 0)
    {
      const char *suffix = docai_json_string (json, "suffix", "</w>");
      step->kind = STEP_BPE;
      step->pattern = docai_pattern_new_literal (suffix, strlen (suffix));
      step->content = g_strdup (" ");
    }
  else
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "tokenizer: decoder \"%s\"",
                   type);
      return FALSE;
    }
  return TRUE;
}

DocaiDecoder *
docai_decoder_new (const json_t *json, GError **error)
{
  g_autoptr (DocaiDecoder) self = g_new0 (DocaiDecoder, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->plain = json == NULL || json_is_null (json);
  if (!self->plain
      && !docai_json_read_steps (self->steps, json, "a decoder", "decoders",
                                 read_step, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
docai_decoder_free (DocaiDecoder *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->steps);
  g_free (self);
}

/* ---- steps --------------------------------------------------------------------- */

static gboolean
replace_all (const DocaiPattern *pattern, const char *content, GString *text, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (DocaiRange));

  if (!docai_pattern_find_all (pattern, text->str, text->len, ranges, error))
    return FALSE;
  if (ranges->len == 0)
    return TRUE;
  g_autoptr (GString) out = g_string_sized_new (text->len);
  gsize start = 0;
  for (guint i = 0; i < ranges->len; i++)
    {
      DocaiRange r = g_array_index (ranges, DocaiRange, i);
      g_string_append_len (out, text->str + start, r.start - start);
      g_string_append (out, content);
      start = r.end;
    }
  g_string_append_len (out, text->str + start, text->len - start);
  g_string_truncate (text, 0);
  g_string_append_len (text, out->str, out->len);
  return TRUE;
}

static int
byte_token (const char *token, gsize length)
{
  if (length != 6 || memcmp (token, "<0x", 3) != 0 || token[5] != '>')
    return -1;
  int high = g_ascii_xdigit_value (token[3]), low = g_ascii_xdigit_value (token[4]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Bytes of a token in GPT-2's alphabet, or the token itself when it has other characters. */
static void
append_byte_level (const char *token, gsize length, GString *out)
{
  gsize before = out->len;

  for (gsize at = 0, size; at < length; at += size)
    {
      int byte = docai_byte_level_byte (docai_utf8_get (token + at, &size));
      if (byte < 0)
        {
          g_string_truncate (out, before);
          g_string_append_len (out, token, length);
          return;
        }
      g_string_append_c (out, (gchar) byte);
    }
}

/* Replaces all tokens by one. */
static void
keep_only (GPtrArray *tokens, GString *text)
{
  g_ptr_array_set_size (tokens, 0);
  g_ptr_array_add (tokens, text);
}

static void
apply_byte_level (GPtrArray *tokens)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      const GString *token = g_ptr_array_index (tokens, i);
      append_byte_level (token->str, token->len, bytes);
    }
  docai_utf8_append_lossy (text, bytes->str, bytes->len);
  keep_only (tokens, text);
}

/* A run of byte tokens becomes its text, or one U+FFFD a byte when it is not UTF-8. */
static void
flush_bytes (GString *bytes, GPtrArray *out)
{
  gsize at = 0, size;

  if (bytes->len == 0)
    return;
  while (at < bytes->len && (size = docai_utf8_sequence (bytes->str + at, bytes->len - at)) > 0)
    at += size;
  GString *text = g_string_new (NULL);
  if (at == bytes->len)
    g_string_append_len (text, bytes->str, bytes->len);
  else
    for (gsize i = 0; i < bytes->len; i++)
      g_string_append (text, "\xef\xbf\xbd");
  g_ptr_array_add (out, text);
  g_string_truncate (bytes, 0);
}

static void
free_string (gpointer data)
{
  g_string_free (data, TRUE);
}

static void
apply_byte_fallback (GPtrArray *tokens)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new ();
  g_autoptr (GString) bytes = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      const GString *token = g_ptr_array_index (tokens, i);
      int byte = byte_token (token->str, token->len);
      if (byte >= 0)
        {
          g_string_append_c (bytes, (gchar) byte);
          continue;
        }
      flush_bytes (bytes, out);
      g_ptr_array_add (out, g_string_new_len (token->str, (gssize) token->len));
    }
  flush_bytes (bytes, out);
  g_ptr_array_set_size (tokens, 0);
  for (guint i = 0; i < out->len; i++)
    g_ptr_array_add (tokens, g_ptr_array_index (out, i));
}

static void
apply_fuse (GPtrArray *tokens)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      const GString *token = g_ptr_array_index (tokens, i);
      g_string_append_len (text, token->str, token->len);
    }
  keep_only (tokens, text);
}

static void
apply_strip (const Step *step, GString *token)
{
  gsize n = strlen (step->content);

  if (n == 0)
    return;
  for (gint64 i = 0; i < step->start && g_str_has_prefix (token->str, step->content); i++)
    g_string_erase (token, 0, (gssize) n);
  for (gint64 i = 0; i < step->stop && g_str_has_suffix (token->str, step->content); i++)
    g_string_truncate (token, token->len - n);
}

/* Spaces that the tokenizer put before punctuation and contractions, taken out again. */
static void
clean_up (GString *token)
{
  static const char *const pairs[][2] = {
    { " .", "." },     { " ?", "?" },   { " !", "!" },   { " ,", "," },
    { " ' ", "'" },    { " n't", "n't" }, { " 'm", "'m" }, { " do not", " don't" },
    { " 's", "'s" },   { " 've", "'ve" }, { " 're", "'re" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_replace (token, pairs[i][0], pairs[i][1], 0);
}

static void
apply_wordpiece (const Step *step, GString *token, gboolean first)
{
  if (!first && *step->content != '\0' && g_str_has_prefix (token->str, step->content))
    g_string_erase (token, 0, (gssize) strlen (step->content));
  else if (!first)
    g_string_prepend_c (token, ' ');
  if (step->flag)
    clean_up (token);
}

static gboolean
apply_to_token (const Step *step, GString *token, gboolean first, gboolean last, GError **error)
{
  switch (step->kind)
    {
    case STEP_REPLACE:
      return replace_all (step->pattern, step->content, token, error);
    case STEP_METASPACE:
      return replace_all (step->pattern, first && step->flag ? "" : " ", token, error);
    case STEP_BPE:
      return replace_all (step->pattern, last ? "" : " ", token, error);
    case STEP_STRIP:
      apply_strip (step, token);
      return TRUE;
    case STEP_WORDPIECE:
      apply_wordpiece (step, token, first);
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
apply_step (const Step *step, GPtrArray *tokens, GError **error)
{
  switch (step->kind)
    {
    case STEP_BYTE_LEVEL:
      apply_byte_level (tokens);
      return TRUE;
    case STEP_BYTE_FALLBACK:
      apply_byte_fallback (tokens);
      return TRUE;
    case STEP_FUSE:
      apply_fuse (tokens);
      return TRUE;
    default:
      for (guint i = 0; i < tokens->len; i++)
        if (!apply_to_token (step, g_ptr_array_index (tokens, i), i == 0, i + 1 == tokens->len,
                             error))
          return FALSE;
      return TRUE;
    }
}

char *
docai_decoder_join (const DocaiDecoder *self, GPtrArray *tokens, GError **error)
{
  GString *text = g_string_new (NULL);

  g_ptr_array_set_free_func (tokens, free_string);
  for (guint i = 0; i < self->steps->len; i++)
    if (!apply_step (g_ptr_array_index (self->steps, i), tokens, error))
      {
        g_string_free (text, TRUE);
        return NULL;
      }
  for (guint i = 0; i < tokens->len; i++)
    {
      const GString *token = g_ptr_array_index (tokens, i);
      if (self->plain && i > 0)
        g_string_append_c (text, ' ');
      docai_utf8_append_lossy (text, token->str, token->len);
    }
  return g_string_free (text, FALSE);
}

void
docai_decoder_token_bytes (const DocaiDecoder *self, const char *token, gsize length, GString *out)
{
  g_autoptr (GString) text = g_string_new_len (token, (gssize) length);

  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = g_ptr_array_index (self->steps, i);
      if (step->kind == STEP_BYTE_LEVEL)
        {
          append_byte_level (text->str, text->len, out);
          return;
        }
      int byte = step->kind == STEP_BYTE_FALLBACK ? byte_token (text->str, text->len) : -1;
      if (byte >= 0)
        {
          g_string_append_c (out, (gchar) byte);
          return;
        }
      if (step->kind == STEP_STRIP || step->kind == STEP_FUSE)
        continue;
      if (step->kind == STEP_WORDPIECE && step->flag)
        {
          Step without = *step;
          without.flag = FALSE;
          apply_wordpiece (&without, text, FALSE);
        }
      else
        apply_to_token (step, text, FALSE, FALSE, NULL);
    }
  if (self->plain)
    g_string_append_c (out, ' ');
  g_string_append_len (out, text->str, text->len);
}
