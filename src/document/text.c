/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Clean text.
 */
#include "document/text.h"

#include <string.h>

static gboolean
is_allowed (gunichar c)
{
  if (c < 0x20)
    return c == '\n' || c == '\t';
  if (c >= 0x7f && c < 0xa0)
    return FALSE;
  return c != 0xfffe && c != 0xffff && c != 0xfeff && c <= 0x10ffff;
}

static gboolean
is_clean_ascii (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!((text[i] >= 0x20 && text[i] < 0x7f) || text[i] == '\n'))
      return FALSE;
  return TRUE;
}

char *
docai_text_clean (const char *text, gssize length)
{
  gsize n = length >= 0 ? strnlen (text, (gsize) length) : strlen (text);

  if (is_clean_ascii (text, n))
    return g_strndup (text, n);

  g_autofree char    *valid = g_utf8_make_valid (text, (gssize) n);
  g_autoptr (GString) kept = g_string_sized_new (n);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (is_allowed (c))
        g_string_append_unichar (kept, c);
    }
  return g_utf8_normalize (kept->str, (gssize) kept->len, G_NORMALIZE_NFC);
}

void
docai_text_clean_in_place (char **text)
{
  if (*text == NULL || is_clean_ascii (*text, strlen (*text)))
    return;
  char *clean = docai_text_clean (*text, -1);
  g_free (*text);
  *text = clean;
}

/* The part of [start, end) between its first and last letter or digit. */
static char *
trim_punctuation (const char *start, const char *end)
{
  while (start < end && !g_unichar_isalnum (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (end > start)
    {
      const char *last = g_utf8_prev_char (end);
      if (g_unichar_isalnum (g_utf8_get_char (last)))
        break;
      end = last;
    }
  return g_strndup (start, (gsize) (end - start));
}

char **
docai_text_tokens (const char *text)
{
  g_autofree char      *clean = docai_text_clean (text, -1);
  g_autofree char      *compatible = g_utf8_normalize (clean, -1, G_NORMALIZE_NFKC);
  g_autofree char      *folded = g_utf8_casefold (compatible, -1);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new ();

  for (const char *p = folded; *p != '\0';)
    {
      const char *start = p;
      while (*p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      char *token = trim_punctuation (start, p);
      if (*token != '\0')
        g_ptr_array_add (tokens, token);
      else
        g_free (token);
      if (*p != '\0')
        p = g_utf8_next_char (p);
    }
  g_ptr_array_add (tokens, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&tokens), FALSE);
}

gboolean
docai_text_is_right_to_left (gunichar letter)
{
  return (letter >= 0x590 && letter <= 0x8FF) || (letter >= 0xFB1D && letter <= 0xFDFF) || (letter >= 0xFE70 && letter <= 0xFEFF);
}

gboolean
docai_text_has_letter_or_digit (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

gboolean
docai_text_has_digit (const char *text)
{
  return strpbrk (text, "0123456789") != NULL;
}
