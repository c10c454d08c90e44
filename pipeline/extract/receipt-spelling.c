/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names and addresses of till slips as they are spelled: worn print is read as
 * what looks like it, and specks of dirt as signs beside the words.
 */
#include "pipeline/extract/receipt-spelling.h"

#include <string.h>

/* The text with each match of the pattern replaced; frees the text. */
static char *
replace_all (char *text, const char *pattern, const char *replacement, gboolean caseless)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, caseless ? G_REGEX_CASELESS : 0, 0, NULL);
  char              *replaced = g_regex_replace (regex, text, -1, 0, replacement, 0, NULL);

  g_free (text);
  return replaced;
}

/* Signs that reading puts for letters among capitals. */
static char *
repair_letters (const char *text)
{
  char *repaired = replace_all (g_strdup (text), "(?<=\\p{Lu})[|!](?= |\\n|$)", "I", FALSE);

  repaired = replace_all (repaired, "(?<![ \\d])\u00a5|\u00a5(?=\\p{L})", "Y", FALSE);
  repaired = replace_all (repaired, "\u00a7(?=\\d{4}(?!\\d))", "5", FALSE);
  repaired = replace_all (repaired, "\u2019", "'", FALSE);
  /* "D.1.Y.": a digit among initials. */
  repaired = replace_all (repaired, "(?<=\\p{Lu}\\.)[1|](?=\\.(?: ?\\p{Lu}|$))", "I", FALSE);
  repaired = replace_all (repaired, "(?<=\\p{Lu}\\.)0(?=\\.(?: ?\\p{Lu}|$))", "O", FALSE);
  return replace_all (repaired, "_", " ", FALSE);
}

/* Takes a registration number in brackets off the end: its digits may be worn. */
static char *
drop_registration (char *name)
{
  g_autoptr (GRegex)     regex = g_regex_new ("\\s*[({\\[][^(){}\\[\\]]*[)}\\]]?$", 0, 0, NULL);
  g_autoptr (GMatchInfo) info = NULL;
  int                    start, end, digits = 0;

  name = replace_all (name, "\\s*[({\\[]?\\s*(?:co|reg|roc|company|registration)?[ .,]*(?:reg)?[ .,]*(?:no)?[ .,:;]*"
                            "[A-Z]{0,3}\\d[\\d ]{3,}[ -]*[A-Z\\d]?\\s*[)}\\]]?$", "", TRUE);
  if (!g_regex_match (regex, name, 0, &info))
    return name;
  g_match_info_fetch_pos (info, 0, &start, &end);
  for (int i = start; i < end; i++)
    digits += g_ascii_isdigit (name[i]) != 0;
  if (start > 0 && (digits >= 4 || g_regex_match_simple ("\\d.*-\\p{Lu}\\W*$", name + start, 0, 0)))
    name[start] = '\0';
  return name;
}

int
docai_letter_distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  int   row[16];

  if (n >= G_N_ELEMENTS (row))
    return 99;
  for (gsize j = 0; j <= n; j++)
    row[j] = (int) j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      int diagonal = row[0];
      row[0] = (int) i + 1;
      for (gsize j = 0; j < n; j++)
        {
          int above = row[j + 1];
          row[j + 1] = MIN (diagonal + (a[i] != b[j]), MIN (above, row[j]) + 1);
          diagonal = above;
        }
    }
  return row[n];
}

/* "SIN BHD", "SDN BELD": two words of which one is right and the other nearly. */
static char *
repair_legal_form (char *name)
{
  g_auto (GStrv) words = g_strsplit (name, " ", -1);
  guint          n = g_strv_length (words);

  for (guint i = 0; i + 1 < n; i++)
    {
      if (strcmp (words[i], "SDN.") == 0 || strchr (words[i + 1], '.') != NULL)
        continue;
      int first = docai_letter_distance (words[i], "SDN"), second = docai_letter_distance (words[i + 1], "BHD");
      if (first + second == 0 || first + second > 2 || (first > 0 && second > 0) || strlen (words[i + 1]) < 3)
        continue;
      g_free (words[i]);
      words[i] = g_strdup ("SDN");
      g_free (words[i + 1]);
      words[i + 1] = g_strdup ("BHD");
      g_free (name);
      return g_strjoinv (" ", words);
    }
  return name;
}

/* Specks beside a name in capitals read as small letters: "THAI RESTAURANT eh". */
static char *
drop_small_ends (char *name)
{
  int n_capitals = 0, n_small = 0;

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      n_capitals += g_unichar_isupper (g_utf8_get_char (p)) != 0;
      n_small += g_unichar_islower (g_utf8_get_char (p)) != 0;
    }
  if (n_capitals < 6 || n_small > 4)
    return name;
  return replace_all (name, "^[\\p{Ll}\\W]{1,3}\\s+|\\s+[\\p{Ll}\\W]{1,3}$", "", FALSE);
}

char *
docai_receipt_spell_name (const char *text)
{
  char *name = drop_registration (repair_letters (text));

  name = replace_all (name, "\\b[S5$][DO0U][NH]([.,]? ?)[B8][HN][DO0U]\\b", "SDN\\1BHD", FALSE);
  name = repair_legal_form (name);
  name = replace_all (name, "(?<=[\\p{Lu}] )[S5]/[B8]$", "S/B", FALSE);
  name = replace_all (name, "(?<=BHD|LTD)(\\.?) ?\\([^)]*\\d[^)]*\\)?$", "\\1", TRUE);
  name = replace_all (name, "(?<=\\() +| +(?=\\))", "", FALSE);
  name = replace_all (name, "^(MR|MRS|MS|DR|ST),(?= )", "\\1.", TRUE);
  name = replace_all (name, "(?<=SDN BHD)[.,]$", "", TRUE);
  /* Where the first of two short forms has its stop, the second has one too. */
  name = replace_all (name, "(?<=\\bSDN)[.,]( ?BHD)[.,]?$", ".\\1.", TRUE);
  name = drop_small_ends (name);
  name = replace_all (name, "^[^\\p{L}\\d(]+|[^\\p{L}\\d).!&'\"]+$", "", FALSE);
  return g_strstrip (name);
}

/* ---- addresses ------------------------------------------------------------------------ */

/* Words of addresses, which worn print makes others of: "BANOAR", "Jajan", "SER]". */
static const char *const place_words[] = {
  "JALAN", "JLN", "TAMAN", "TMN", "BANDAR", "LORONG", "PERSIARAN", "PERINDUSTRIAN", "KAWASAN", "SEKSYEN", "KAMPUNG",
  "LEBUH", "JOHOR", "BAHRU", "SELANGOR", "LUMPUR", "DARUL", "EHSAN", "SERI", "BUKIT", "MALAYSIA", "SINGAPORE", "STREET",
  "ROAD", "AVENUE", "BOULEVARD", "SQUARE", "FLOOR", "GROUND", "BUILDING", "INDUSTRIAL", "SECTION", "LONDON", "STRASSE",
  "PLATZ", "DEUTSCHLAND", "FRANCE", "PARIS", "AMSTERDAM", "STRAAT", "ESPANA", "MADRID", "ITALIA", "PLAZA", NULL
};

/* One letter for all that look like it. */
static char
shape_of (char c)
{
  static const char *const alike[] = { "OD0Q", "IL1|!][J", "S5$", "B8", "NHM", "UV", "EF", "G6", "T7", "A4", "Z2", NULL };

  c = g_ascii_toupper (c);
  for (int i = 0; alike[i] != NULL; i++)
    if (strchr (alike[i], c) != NULL)
      return alike[i][0];
  return c;
}

/* The word of addresses that has this shape, in the word's own case; NULL: it is
 * one already, or none. Owned by the caller. */
static char *
repair_place_word (const char *word, gsize length)
{
  const char *found = NULL;

  for (int i = 0; place_words[i] != NULL; i++)
    {
      gsize at = 0;
      if (strlen (place_words[i]) != length)
        continue;
      if (g_ascii_strncasecmp (word, place_words[i], length) == 0)
        return NULL;
      while (at < length && shape_of (word[at]) == shape_of (place_words[i][at]))
        at++;
      if (at == length)
        found = place_words[i];
    }
  if (found == NULL)
    return NULL;
  char *repaired = g_strdup (found);
  for (gsize i = 1; i < length && g_ascii_islower (word[1]); i++)
    repaired[i] = g_ascii_tolower (repaired[i]);
  return repaired;
}

static char *
repair_places (char *text)
{
  g_autoptr (GString) repaired = g_string_new (NULL);

  for (const char *at = text; *at != '\0';)
    {
      gsize            length = strcspn (at, " \n,.-()/");
      g_autofree char *word = length > 2 && g_ascii_isalpha (at[0]) ? repair_place_word (at, length) : NULL;
      if (word != NULL)
        g_string_append (repaired, word);
      else
        g_string_append_len (repaired, at, (gssize) length);
      at += length;
      if (*at != '\0')
        g_string_append_c (repaired, *at++);
    }
  g_free (text);
  return g_string_free (g_steal_pointer (&repaired), FALSE);
}

char *
docai_receipt_spell_address (const char *text)
{
  char *address = repair_letters (text);

  address = replace_all (address, "^[^\\p{L}\\d#(]+|[^\\p{L}\\d.)]+$", "", FALSE);
  address = replace_all (address, "(?<![\\p{L}\\d])(?:[$S]5|\\$[Ss])(?=\\d{1,2}[A-Z]?/\\d)", "SS", FALSE);
  address = replace_all (address, "\\n[^\\p{L}\\d#($]+", "\n", FALSE);
  address = replace_all (address, "(?<=[\\p{L}\\d,.)])[^\\p{L}\\d,.)$]+\\n", "\n", FALSE);
  /* A stop after the last line is print and no part of the address, but for short forms. */
  address = replace_all (address, "(?<=\\p{L}{4})\\.$", "", FALSE);
  return repair_places (address);
}
