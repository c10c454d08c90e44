/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the table of characters: a count, then a line each of
 *   text properties [numbers,...] script other-case direction mirror text ...
 * where older files leave fields out from the end or the numbers altogether.
 */
#include "pipeline/ocr/lstm/unicharset.h"

#include <stdlib.h>

#include "base/error.h"

enum { MAX_CHARS = 1 << 17, MAX_FIELDS = 8 };

/* The next line without its end; NULL at the end of the bytes. Owned by the caller. */
static char *
take_line (DocaiBytes *b)
{
  const guint8 *start = b->data + b->at;
  const guint8 *end;
  gsize         length;

  if (b->failed || b->at >= b->size)
    return NULL;
  end = memchr (start, '\n', b->size - b->at);
  length = end != NULL ? (gsize) (end - start) : b->size - b->at;
  b->at += length + (end != NULL);
  if (length > 0 && start[length - 1] == '\r')
    length--;
  return g_strndup ((const char *) start, MIN (length, 512));
}

static gboolean
is_unspaced_script (const char *script)
{
  static const char *const names[] = { "Han", "Thai", "Hangul", "Hiragana", "Katakana", NULL };

  return g_strv_contains (names, script);
}

/* What makes a whole language write without spaces; Hangul does not. */
static gboolean
is_unspaced_language_script (const char *script)
{
  static const char *const names[] = { "Han", "Katakana", "Thai", NULL };

  return g_strv_contains (names, script);
}

typedef struct {
  guint left_to_right, right_to_left;
} Directions;

static gboolean
parse_char (DocaiUnicharset *set, char *line, DocaiUnichar *unichar, Directions *directions)
{
  char *fields[MAX_FIELDS];
  guint n = 0, script;
  char *end;

  for (char *p = strtok_r (line, " \t", &end); p != NULL && n < MAX_FIELDS;
       p = strtok_r (NULL, " \t", &end))
    fields[n++] = p;
  if (n < 2 || strlen (fields[0]) >= sizeof unichar->text || !g_utf8_validate (fields[0], -1, NULL))
    return FALSE;
  g_strlcpy (unichar->text, strcmp (fields[0], "NULL") == 0 ? " " : fields[0],
             sizeof unichar->text);
  unichar->flags = strtoul (fields[1], NULL, 16) & 15;
  script = n > 2 && strchr (fields[2], ',') != NULL && strlen (fields[2]) > 1 ? 3 : 2;
  if (n > script && is_unspaced_script (fields[script]))
    unichar->flags |= DOCAI_UNICHAR_UNSPACED;
  if (n > script && is_unspaced_language_script (fields[script]))
    set->space_delimited = FALSE;
  if (n > script + 2)
    {
      int direction = atoi (fields[script + 2]); /* as ICU numbers them */

      directions->left_to_right += direction == 0;
      directions->right_to_left += direction == 1 || direction == 13 || direction == 5;
    }
  else
    directions->left_to_right++;
  return TRUE;
}

DocaiUnicharset *
docai_unicharset_read (DocaiBytes *bytes, GError **error)
{
  g_autoptr (DocaiUnicharset) set = g_new0 (DocaiUnicharset, 1);
  g_autofree char            *head = take_line (bytes);
  long                        count = head != NULL ? strtol (head, NULL, 10) : 0;
  Directions                  directions = { 0 };

  if (count <= 0 || count > MAX_CHARS)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                           "the model's character table has no valid size");
      return NULL;
    }
  set->n_chars = (guint) count;
  set->chars = g_new0 (DocaiUnichar, set->n_chars);
  set->space_delimited = TRUE;
  for (guint i = 0; i < set->n_chars; i++)
    {
      g_autofree char *line = take_line (bytes);

      if (line == NULL || !parse_char (set, line, &set->chars[i], &directions))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "line %u of the model's character table is not valid", i + 2);
          return NULL;
        }
    }
  set->right_to_left = directions.right_to_left > directions.left_to_right;
  return g_steal_pointer (&set);
}

void
docai_unicharset_free (DocaiUnicharset *set)
{
  if (set == NULL)
    return;
  g_free (set->chars);
  g_free (set);
}

/* Marks the characters of the set that the list is made of, longest first. */
static void
mark (const DocaiUnicharset *set, const char *list, guint8 value, guint8 *allowed)
{
  for (const char *p = list; *p != '\0';)
    {
      gsize best = 0;
      guint best_id = 0;

      for (guint i = 0; i < set->n_chars; i++)
        {
          gsize length = strlen (set->chars[i].text);

          if (length > best && strncmp (p, set->chars[i].text, length) == 0)
            {
              best = length;
              best_id = i;
            }
        }
      if (best > 0)
        allowed[best_id] = value;
      p = best > 0 ? p + best : g_utf8_next_char (p);
    }
}

guint8 *
docai_unicharset_dup_allowed (const DocaiUnicharset *set, const char *whitelist,
                              const char *blacklist)
{
  gboolean white = whitelist != NULL && *whitelist != '\0' && g_utf8_validate (whitelist, -1, NULL);
  gboolean black = blacklist != NULL && *blacklist != '\0' && g_utf8_validate (blacklist, -1, NULL);
  guint8  *allowed;

  if (!white && !black)
    return NULL;
  allowed = g_malloc (set->n_chars);
  memset (allowed, !white, set->n_chars);
  if (white)
    mark (set, whitelist, 1, allowed);
  if (black)
    mark (set, blacklist, 0, allowed);
  allowed[DOCAI_UNICHAR_SPACE] = 1;
  return allowed;
}
