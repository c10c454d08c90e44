/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Letters: who is greeted, who signs, and the line above the salutation.
 */
#include "pipeline/ask/roles.h"

#include <math.h>
#include <string.h>

#define MOST_NAME_WORDS 9
#define SIGNED 1.45   /* of the height of typed letters: larger ones are written by hand */
#define MARGIN 8.0    /* points within which lines begin at one margin */
#define BLOCK_GAP 2.2 /* heights of a line between those of one block */

#define C(name) DOCAI_CONCEPT_##name

static gboolean
begins_with (const DocaiSegment *segment, const char *const *phrases)
{
  for (int i = 0; phrases[i] != NULL; i++)
    if (g_str_has_prefix (segment->folded, phrases[i]))
      return TRUE;
  return FALSE;
}

static const char *const salutations[]
    = { "dear ", "to whom it may concern", "sehr geehrte", "liebe", "lieber", "guten tag", "cher ", "chere ", "madame",
        "monsieur", "estimado", "estimada", "querid", "muy senor", "egregio", "gentile", "spettabile", "caro ",
        "cara ", "geachte", "beste ", "exmo", "exma", "caro senhor", "prezado", "prezada", "szanown", "drog", "hello ",
        "hi ", NULL };
static const char *const closings[]
    = { "yours", "sincerely", "kind regards", "best regards", "regards", "with kind", "with best", "best wishes",
        "respectfully", "mit freundlich", "freundliche", "mit besten", "viele gru", "beste gru", "hochachtungsvoll",
        "cordialement", "bien a vous", "veuillez agreer", "salutations", "sinceres salutations", "atentamente",
        "un cordial", "saludos", "cordialmente", "cordiali saluti", "distinti saluti", "in fede", "met vriendelijke",
        "hoogachtend", "com os melhores", "atenciosamente", "cumprimentos", "melhores cumprimentos", "z powazaniem",
        "z wyrazami", NULL };

/* The segment that begins with one of the phrases; NULL: none. */
static const DocaiSegment *
find_phrase (const DocaiAskSheet *sheet, const char *const *phrases)
{
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->words->len <= 8 && begins_with (segment, phrases))
        return segment;
    }
  return NULL;
}

/* The name that a letter is signed with: the first one below its closing. */
static void
add_sender (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (WRITE), C (PERSON), C (SENDER), C (NONE) };
  gboolean                  wrote = question->who && docai_ask_for (sheet, question, C (WRITE), may);
  const DocaiSegment       *closing = find_phrase (sheet, closings);

  if (closing == NULL || (!wrote && !docai_ask_for (sheet, question, C (SENDER), may)) || question->kind == DOCAI_ASK_DATE)
    return;
  for (guint i = (guint) closing->index + 1; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->page != closing->page || !docai_ask_is_names (segment) || fabs (segment->bbox.x0 - closing->bbox.x0) > 60
          || docai_box_height (segment->bbox) > SIGNED * docai_box_height (closing->bbox))
        continue;
      docai_ask_add_segment (segment, 0.8, finds);
      return;
    }
}

/* The segment above another one that begins at the same margin; NULL: none near it. */
static const DocaiSegment *
above_of (const DocaiAskSheet *sheet, const DocaiSegment *segment, double gap)
{
  for (int i = segment->index - 1; i >= 0; i--)
    {
      const DocaiSegment *above = docai_view_segment (sheet->view, i);
      if (above->page != segment->page || segment->bbox.y0 - above->bbox.y1 > gap)
        return NULL;
      if (fabs (above->bbox.x0 - segment->bbox.x0) < MARGIN && above->row < segment->row)
        return above;
    }
  return NULL;
}

/* Whether a name has a word that the salutation has too: "Dear Mr. Miller". */
static gboolean
is_greeted (const DocaiSegment *name, const DocaiSegment *salutation)
{
  g_auto (GStrv) words = g_strsplit_set (name->folded, " .,:", -1), greeted = g_strsplit_set (salutation->folded, " .,:!", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_utf8_strlen (words[i], -1) > 2 && g_strv_contains ((const char *const *) greeted, words[i]))
      return TRUE;
  return FALSE;
}

/* In the block of an address above the salutation, the name that is greeted, else the last line above the street. */
static void
add_receiver (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (WRITE), C (PERSON), C (SENDER), C (NONE) };
  const DocaiSegment       *salutation = find_phrase (sheet, salutations), *place = NULL, *name = NULL;

  if (salutation == NULL || !docai_ask_for (sheet, question, C (RECEIVER), may))
    return;
  for (const DocaiSegment *at = above_of (sheet, salutation, G_MAXDOUBLE); at != NULL
      && place == NULL; at = above_of (sheet, at, G_MAXDOUBLE))
    if (docai_has_postal_place (at->text))
      place = at;
  for (const DocaiSegment *at = place; at != NULL; at = above_of (sheet, at, BLOCK_GAP * docai_box_height (at->bbox)))
    {
      if (at == place || strpbrk (at->text, "0123456789") != NULL || at->words->len > MOST_NAME_WORDS)
        continue;
      gboolean greeted = is_greeted (at, salutation);
      if (name == NULL || greeted)
        name = at;
      if (greeted)
        break;
    }
  if (name != NULL)
    docai_ask_add_segment (name, 0.75, finds);
}

/* The line of its own above the salutation. */
static void
add_subject (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (TITLE), C (NONE) };
  const DocaiSegment       *salutation = find_phrase (sheet, salutations);

  if (salutation == NULL || salutation->index == 0 || !docai_ask_for (sheet, question, C (SUBJECT), may))
    return;
  const DocaiSegment *above = docai_view_segment (sheet->view, salutation->index - 1);
  if (above->page == salutation->page && above->words->len >= 2 && above->words->len <= 16
      && fabs (above->bbox.x0 - salutation->bbox.x0) < 12
      && strpbrk (above->text, ":0123456789") == NULL && !docai_has_postal_place (above->text))
    docai_ask_add_segment (above, 0.7, finds);
}

void
docai_ask_letter (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  add_sender (sheet, question, finds);
  add_receiver (sheet, question, finds);
  add_subject (sheet, question, finds);
}
