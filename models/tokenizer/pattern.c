/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Patterns of normalizers and pre-tokenizers.
 */
#include "config.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include "models/tokenizer/pattern.h"

#include <pcre2.h>
#include <string.h>

#include "base/error.h"
#include "models/tokenizer/utf8.h"

#define MATCH_LIMIT 20000000u
#define HEAP_LIMIT_KIB 262144u
#define MAX_REGEX ((gsize) 1 << 16)

struct DocaiPattern {
  pcre2_code          *code; /* NULL: literal */
  pcre2_match_context *limits;
  char                *literal;
  gsize                length;
};

/* White space is the Unicode property for the reference tokenizers; PCRE2 counts U+180E to
 * \s as well. So \s and \S are spelled out. (\S within a class stays PCRE2's.) */
static char *
spell_out_space (const char *regex)
{
  static const char space[] = "\\t-\\r\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}"
                              "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";
  GString *out = g_string_new (NULL);
  gboolean in_class = FALSE;

  for (const char *p = regex; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] == 's')
        g_string_append_printf (out, in_class ? "%s" : "[%s]", space);
      else if (*p == '\\' && p[1] == 'S' && !in_class)
        g_string_append_printf (out, "[^%s]", space);
      else if (*p == '\\' && p[1] != '\0')
        g_string_append_len (out, p, 2);
      else
        {
          g_string_append_c (out, *p);
          if (*p == '[' && !in_class)
            {
              in_class = TRUE;
              if (p[1] == '^')
                g_string_append_c (out, *++p);
              if (p[1] == ']')
                g_string_append_c (out, *++p);
            }
          else if (*p == ']')
            in_class = FALSE;
          continue;
        }
      p++;
    }
  return g_string_free (out, FALSE);
}

DocaiPattern *
docai_pattern_new_regex (const char *regex, GError **error)
{
  int number;
  PCRE2_SIZE offset;
  gsize length = strlen (regex);

  if (length > MAX_REGEX)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "tokenizer: a regular expression of %" G_GSIZE_FORMAT " bytes", length);
      return NULL;
    }
  g_autoptr (DocaiPattern) self = g_new0 (DocaiPattern, 1);
  g_autofree char *spelled = spell_out_space (regex);
  self->code = pcre2_compile ((PCRE2_SPTR) spelled, PCRE2_ZERO_TERMINATED,
                              PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &number, &offset,
                              NULL);
  if (self->code == NULL)
    {
      PCRE2_UCHAR message[160];
      pcre2_get_error_message (number, message, sizeof message);
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "tokenizer: regular expression \"%.200s\" at %" G_GSIZE_FORMAT ": %s", regex,
                   (gsize) offset, (const char *) message);
      return NULL;
    }
  self->limits = pcre2_match_context_create (NULL);
  pcre2_set_match_limit (self->limits, MATCH_LIMIT);
  pcre2_set_heap_limit (self->limits, HEAP_LIMIT_KIB);
  return g_steal_pointer (&self);
}

DocaiPattern *
docai_pattern_new_literal (const char *text, gsize length)
{
  DocaiPattern *self = g_new0 (DocaiPattern, 1);

  self->literal = g_memdup2 (text, length);
  self->length = length;
  return self;
}

void
docai_pattern_free (DocaiPattern *self)
{
  if (self == NULL)
    return;
  pcre2_code_free (self->code);
  pcre2_match_context_free (self->limits);
  g_free (self->literal);
  g_free (self);
}

static void
find_literal (const DocaiPattern *self, const char *text, gsize length, GArray *ranges)
{
  const char *p = text, *end = text + length;

  if (self->length == 0)
    return;
  while ((p = memmem (p, (gsize) (end - p), self->literal, self->length)) != NULL)
    {
      DocaiRange range = { (gsize) (p - text), (gsize) (p - text) + self->length };
      g_array_append_val (ranges, range);
      p += self->length;
    }
}

gboolean
docai_pattern_find_all (const DocaiPattern *self, const char *text, gsize length, GArray *ranges,
                        GError **error)
{
  if (self->code == NULL)
    {
      find_literal (self, text, length, ranges);
      return TRUE;
    }
  pcre2_match_data *data = pcre2_match_data_create (1, NULL);
  const PCRE2_SIZE *vector = pcre2_get_ovector_pointer (data);
  int rc = 0;
  for (gsize at = 0; at < length;)
    {
      rc = pcre2_match (self->code, (PCRE2_SPTR) text, length, at, PCRE2_NO_UTF_CHECK, data,
                        self->limits);
      if (rc < 0)
        break;
      DocaiRange range = { vector[0], vector[1] };
      if (range.start < range.end && range.start >= at)
        {
          g_array_append_val (ranges, range);
          at = range.end;
        }
      else
        {
          /* An empty match (or \K behind its start): go on at the next character. */
          gsize size = 1;
          if (vector[1] > at)
            at = vector[1];
          if (at < length)
            docai_utf8_get (text + at, &size);
          at += size;
        }
    }
  pcre2_match_data_free (data);
  if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   "tokenizer: the text exceeds the limits of a regular expression (%d)", rc);
      return FALSE;
    }
  return TRUE;
}
