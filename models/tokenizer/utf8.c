/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UTF-8 that may hold U+0000, and character classes.
 */
#include "models/tokenizer/utf8.h"

/* Length of the longest valid beginning of a sequence at p, and whether it is whole. */
static gsize
scan_sequence (const guint8 *p, gsize left, gboolean *whole)
{
  guint8 low = 0x80, high = 0xbf;
  gsize need;

  *whole = FALSE;
  if (p[0] < 0x80)
    {
      *whole = TRUE;
      return 1;
    }
  if (p[0] >= 0xc2 && p[0] <= 0xdf)
    need = 2;
  else if (p[0] >= 0xe0 && p[0] <= 0xef)
    need = 3;
  else if (p[0] >= 0xf0 && p[0] <= 0xf4)
    need = 4;
  else
    return 1;
  if (p[0] == 0xe0)
    low = 0xa0;
  else if (p[0] == 0xed)
    high = 0x9f;
  else if (p[0] == 0xf0)
    low = 0x90;
  else if (p[0] == 0xf4)
    high = 0x8f;
  for (gsize i = 1; i < need; i++)
    {
      if (i >= left || p[i] < low || p[i] > high)
        return i;
      low = 0x80;
      high = 0xbf;
    }
  *whole = TRUE;
  return need;
}

gsize
docai_utf8_sequence (const char *p, gsize left)
{
  gboolean whole;

  if (left == 0)
    return 0;
  gsize n = scan_sequence ((const guint8 *) p, left, &whole);
  return whole ? n : 0;
}

void
docai_utf8_append_lossy (GString *out, const char *text, gsize length)
{
  gsize start = 0, i = 0;

  while (i < length)
    {
      gboolean whole;
      gsize n = scan_sequence ((const guint8 *) text + i, length - i, &whole);
      if (!whole)
        {
          g_string_append_len (out, text + start, i - start);
          g_string_append (out, "\xef\xbf\xbd");
          start = i + n;
        }
      i += n;
    }
  g_string_append_len (out, text + start, length - start);
}

gunichar
docai_utf8_get (const char *p, gsize *size)
{
  const guint8 *s = (const guint8 *) p;

  if (s[0] < 0x80)
    {
      *size = 1;
      return s[0];
    }
  if (s[0] < 0xe0)
    {
      *size = 2;
      return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
    }
  if (s[0] < 0xf0)
    {
      *size = 3;
      return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    }
  *size = 4;
  return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
}

gboolean
docai_unichar_is_space (gunichar c)
{
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680
         || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f
         || c == 0x205f || c == 0x3000;
}

gboolean
docai_unichar_is_number (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);
  return type == G_UNICODE_DECIMAL_NUMBER || type == G_UNICODE_LETTER_NUMBER
         || type == G_UNICODE_OTHER_NUMBER;
}

gboolean
docai_unichar_is_punct (gunichar c)
{
  if (c < 0x80)
    return g_ascii_ispunct ((gchar) c);
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
docai_unichar_is_mark (gunichar c)
{
  return g_unichar_ismark (c);
}

gboolean
docai_unichar_is_word (gunichar c)
{
  if (c == '_' || g_unichar_isalpha (c) || g_unichar_ismark (c) || c == 0x200c || c == 0x200d)
    return TRUE;
  GUnicodeType type = g_unichar_type (c);
  return type == G_UNICODE_DECIMAL_NUMBER || type == G_UNICODE_LETTER_NUMBER
         || type == G_UNICODE_CONNECT_PUNCTUATION;
}
