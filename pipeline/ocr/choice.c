/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of a page, decided on a sample of its lines.
 */
#include "pipeline/ocr/choice.h"

#include "base/error.h"
#include "pipeline/ocr/lstm/ink.h"

enum {
  SAMPLE_LINES = 16,
  SCRIPT_LINES = 4, /* of the sample, for scripts */
  CONTENDERS = 2,   /* languages that read the sample too */
  LEAST_WORDS = 4,  /* in a sample, to tell anything */
};

#define BADLY_READ   0.62 /* mean confidence of words */
/* In confidence and share of known words together, as letters of two scripts look alike. */
#define BETTER_READ  0.12 /* for another script */
#define CLEARLY_MORE 0.02 /* for another language */

typedef struct {
  DocaiReaders        *readers;
  DocaiLanguages      *languages;
  const char          *tessdata;
  PIX                 *raster;
  int                  ink_threshold;
  const DocaiTextLine *lines;
  guint                n_lines;
} Page;

/* What a language makes of some lines. */
typedef struct {
  DocaiReader  *reader;
  DocaiReading *reading;
  GHashTable   *words;
  double        confidence; /* mean over letters */
} Trial;

static void
trial_clear (Trial *trial)
{
  g_clear_pointer (&trial->reading, docai_reading_free);
  g_clear_pointer (&trial->words, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trial, trial_clear)

static guint
count_letters (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    n += g_unichar_isalpha (g_utf8_get_char (text)) != FALSE;
  return n;
}

static void
judge (Trial *trial)
{
  double certain = 0, letters = 0;

  trial->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < trial->reading->n_lines; i++)
    for (guint w = 0; w < trial->reading->lines[i].n_words; w++)
      {
        const DocaiReadWord *word = &trial->reading->lines[i].words[w];
        guint                n = count_letters (word->text);

        certain += n * word->confidence;
        letters += n;
        if (word->confidence > 0.4)
          docai_languages_collect (trial->words, word->text);
      }
  trial->confidence = letters > 0 ? certain / letters : 0;
}

/* Reads the sample's lines in a language. */
static gboolean
try_language (const Page *page, const char *language, const guint *sample, guint n, Trial *trial,
              GError **error)
{
  g_autofree DocaiTextLine *lines = g_new (DocaiTextLine, n + 1);

  trial->reader = docai_readers_lookup (page->readers, language, page->tessdata, error);
  if (trial->reader == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    lines[i] = page->lines[sample[i]];
  trial->reading = docai_reader_read (trial->reader, page->raster, page->ink_threshold, lines, n,
                                      error);
  if (trial->reading == NULL)
    return FALSE;
  judge (trial);
  g_debug ("sample in %s: confidence %.3f, %u words, %.3f of them known", language,
           trial->confidence, g_hash_table_size (trial->words),
           docai_languages_share (page->languages, language, trial->words));
  return TRUE;
}

static void
take_trial (Trial *best, Trial *other)
{
  trial_clear (best);
  *best = *other;
  *other = (Trial){ 0 };
}

/* A line of many characters tells more. */
static double
length_of (const DocaiTextLine *line)
{
  double height = line->x_height > 0 ? 2 * line->x_height : line->box.y1 - line->box.y0;
  return (line->box.x1 - line->box.x0) / MAX (height, 1);
}

static int
compare_lengths (gconstpointer a, gconstpointer b, gpointer lines)
{
  guint  i = *(const guint *) a, k = *(const guint *) b;
  double p = length_of ((const DocaiTextLine *) lines + i);
  double q = length_of ((const DocaiTextLine *) lines + k);

  if (p != q)
    return p > q ? -1 : 1;
  return i < k ? -1 : 1;
}

/* Indices of all lines, those of the sample first; owned by the caller. */
static guint *
order_lines (const Page *page)
{
  guint *order = g_new (guint, page->n_lines + 1);

  for (guint i = 0; i < page->n_lines; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) page->n_lines, sizeof *order, compare_lengths,
                     (gpointer) page->lines);
  return order;
}

/* How much better a trial read than another one. */
static double
gain_over (const Page *page, const Trial *trial, const Trial *other)
{
  const char *name = docai_reader_languages (trial->reader);
  const char *other_name = docai_reader_languages (other->reader);

  return trial->confidence - other->confidence
         + docai_languages_share (page->languages, name, trial->words)
         - docai_languages_share (page->languages, other_name, other->words);
}

/* A sample that the language read badly may be in another script. A few lines choose the
 * script, and the whole sample decides: some lines are noise to every language. */
static gboolean
try_scripts (const Page *page, const guint *sample, guint n, Trial *best, GError **error)
{
  g_autoptr (GPtrArray) names
    = docai_languages_other_scripts (page->languages, docai_reader_languages (best->reader));
  const char *found = NULL;
  double      most = BETTER_READ;

  for (guint i = 0; i < names->len; i++)
    {
      g_auto (Trial) trial = { 0 };
      if (!try_language (page, names->pdata[i], sample, MIN (n, SCRIPT_LINES), &trial, NULL)
          || gain_over (page, &trial, best) <= most)
        continue;
      most = gain_over (page, &trial, best);
      found = names->pdata[i];
    }
  if (found == NULL)
    return TRUE;
  g_auto (Trial) trial = { 0 };
  if (!try_language (page, found, sample, n, &trial, error))
    return FALSE;
  if (gain_over (page, &trial, best) > BETTER_READ)
    take_trial (best, &trial);
  return TRUE;
}

/* Languages for which the sample's words speak read it as well. */
static void
try_contenders (const Page *page, const guint *sample, guint n, Trial *best)
{
  const char           *current = docai_reader_languages (best->reader);
  g_autoptr (GPtrArray) names = docai_languages_rank (page->languages, best->words, current, CONTENDERS);

  for (guint i = 0; i < names->len; i++)
    {
      g_auto (Trial) trial = { 0 };
      if (!try_language (page, names->pdata[i], sample, n, &trial, NULL))
        continue;
      if (gain_over (page, &trial, best) > CLEARLY_MORE)
        take_trial (best, &trial);
    }
}

/* Reads what the sample leaves and puts both together; takes the sample's reading. */
static DocaiReading *
read_rest (const Page *page, DocaiReader *reader, DocaiReading *sample, const guint *order,
           GError **error)
{
  g_autoptr (DocaiReading) first = sample;
  guint n_rest = page->n_lines - first->n_lines;
  g_autofree DocaiTextLine *lines = g_new (DocaiTextLine, n_rest + 1);
  g_autofree gboolean      *known = g_new0 (gboolean, page->n_lines + 1);
  guint                     n = 0, at = 0;

  for (guint i = 0; i < first->n_lines; i++)
    known[order[i]] = TRUE;
  for (guint i = 0; i < page->n_lines; i++)
    if (!known[i])
      lines[n++] = page->lines[i];
  g_autoptr (DocaiReading) rest = docai_reader_read (reader, page->raster, page->ink_threshold,
                                                     lines, n, error);
  if (rest == NULL)
    return NULL;

  DocaiReading *whole = g_new0 (DocaiReading, 1);
  whole->lines = g_new0 (DocaiReadLine, page->n_lines + 1);
  whole->n_lines = page->n_lines;
  for (guint i = 0; i < first->n_lines; i++)
    whole->lines[order[i]] = first->lines[i];
  for (guint i = 0; i < page->n_lines; i++)
    if (!known[i])
      whole->lines[i] = rest->lines[at++];
  first->n_lines = rest->n_lines = 0; /* the lines have moved */
  return whole;
}

DocaiReading *
docai_choice_read (DocaiReaders *readers, DocaiLanguages *languages, const char *tessdata,
                   PIX *raster, const DocaiTextLine *lines, guint n_lines, DocaiReader **used,
                   GError **error)
{
  Page page = { readers, languages, tessdata, raster, docai_ink_threshold (raster), lines, n_lines };
  g_autofree guint *order = order_lines (&page);
  gboolean          several = docai_languages_are_several (languages);
  guint             n = several ? MIN (n_lines, SAMPLE_LINES) : n_lines;
  g_auto (Trial)    best = { 0 };
  const char       *first = docai_languages_first (languages);

  if (first == NULL)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING,
                           "no language is installed; on Debian: apt-get install tesseract-ocr-eng");
      return NULL;
    }
  if (!try_language (&page, first, order, n, &best, error))
    return NULL;
  if (several)
    {
      if (best.confidence < BADLY_READ && !try_scripts (&page, order, n, &best, error))
        return NULL;
      if (g_hash_table_size (best.words) >= LEAST_WORDS)
        try_contenders (&page, order, n, &best);
    }
  *used = best.reader;
  return read_rest (&page, best.reader, g_steal_pointer (&best.reading), order, error);
}
