/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages for questions.
 */
#include "pipeline/vlm/pages.h"

#include "document/text.h"
#include "pipeline/layout/skew.h"
#include "pipeline/rasterize/rasterize.h"
#include "pipeline/vlm/crop.h"
#include "pipeline/vlm/guide.h"
#include "pipeline/vlm/session.h"

#include <allheaders.h>
#include <math.h>
#include <string.h>

#define LEAST_LETTERS 3   /* of a word that tells pages apart; numbers do */
#define PICTURE_SCORE 0.5 /* beside words, whose scores are about 1 */
#define DOUBT_SCORE 0.5

/* ---- scores ------------------------------------------------------------------------ */

/* The words of the page's regions as a set. */
static GHashTable *
words_of (const DocaiPage *page)
{
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      g_auto (GStrv) tokens = docai_text_tokens (region->text != NULL ? region->text : "");
      for (guint k = 0; tokens[k] != NULL; k++)
        g_hash_table_add (words, g_strdup (tokens[k]));
    }
  return words;
}

/* A word counts by how few pages have it, squared: one rare word tells more than two common ones. */
static void
score_word (const GPtrArray *pages, const char *word, double *scores)
{
  guint  n_with = 0;
  double weight;

  for (guint i = 0; i < pages->len; i++)
    n_with += g_hash_table_contains (pages->pdata[i], word);
  weight = n_with > 0 ? log (1 + (double) pages->len / n_with) : 0;
  for (guint i = 0; i < pages->len; i++)
    if (g_hash_table_contains (pages->pdata[i], word))
      scores[i] += weight * weight;
}

static double
score_looks (const DocaiPage *page)
{
  gboolean picture = FALSE;

  for (guint i = 0; i < page->regions->len && !picture; i++)
    picture = ((DocaiRegion *) page->regions->pdata[i])->label == DOCAI_LABEL_PICTURE;
  return (picture ? PICTURE_SCORE : 0) + DOUBT_SCORE * docai_vlm_guide_doubt (page);
}

GPtrArray *
docai_vlm_pages_words (const DocaiDocument *document)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);

  for (guint i = 0; i < document->pages->len; i++)
    g_ptr_array_add (pages, words_of (document->pages->pdata[i]));
  return pages;
}

double *
docai_vlm_pages_score (const DocaiDocument *document, const GPtrArray *pages, const char *text)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) words = docai_text_tokens (text);
  double *scores = g_new0 (double, document->pages->len + 1);

  for (guint i = 0; i < document->pages->len; i++)
    scores[i] = score_looks (document->pages->pdata[i]);
  for (guint i = 0; words[i] != NULL; i++)
    if ((g_utf8_strlen (words[i], -1) >= LEAST_LETTERS || g_ascii_isdigit (*words[i])) && g_hash_table_add (seen, words[i]))
      score_word (pages, words[i], scores);
  return scores;
}

static int
compare_scores (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *scores = data;
  guint x = *(const guint *) a, y = *(const guint *) b;

  return scores[x] != scores[y] ? (scores[x] < scores[y] ? 1 : -1) : x < y ? -1 : x > y;
}

guint *
docai_vlm_pages_rank (guint n, const double *scores)
{
  guint *ranked = g_new (guint, n + 1);

  for (guint i = 0; i < n; i++)
    ranked[i] = i;
  if (n > 0)
    g_qsort_with_data (ranked, (int) n, sizeof *ranked, compare_scores, (gpointer) scores);
  return ranked;
}

/* Marks the best pages until `take` refuses one. */
typedef gboolean (*Take) (gpointer data, guint page);

static gboolean *
take_best (guint n, const double *scores, Take take, gpointer data)
{
  gboolean         *taken = g_new0 (gboolean, n + 1);
  g_autofree guint *ranked = docai_vlm_pages_rank (n, scores);

  for (guint i = 0; i < n && take (data, ranked[i]); i++)
    taken[ranked[i]] = TRUE;
  return taken;
}

/* ---- text -------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *parts; /* char *, each page's */
  gsize      left;
} Room;

static gboolean
take_text (gpointer data, guint page)
{
  Room *room = data;
  gsize length = strlen (room->parts->pdata[page]);
  gboolean any = room->left > 0;

  room->left -= MIN (length, room->left);
  return any;
}

char *
docai_vlm_pages_text (const DocaiDocument *document, const double *scores, gsize bytes)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString)   text = g_string_new (NULL);
  Room                  room = { parts, bytes };

  for (guint i = 0; i < document->pages->len; i++)
    {
      const DocaiPage *page = document->pages->pdata[i];
      g_autofree char *part = docai_vlm_page_text (page, bytes);
      g_ptr_array_add (parts, g_strdup_printf ("[page %d]\n%s\n", page->number, part));
    }
  g_autofree gboolean *taken = take_best (parts->len, scores, take_text, &room);
  for (guint i = 0; i < parts->len; i++)
    if (taken[i])
      g_string_append (text, parts->pdata[i]);
  if (text->len > bytes)
    {
      const char *end = g_utf8_find_prev_char (text->str, text->str + bytes + 1);
      g_string_truncate (text, end != NULL ? (gsize) (end - text->str) : 0);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- pictures ------------------------------------------------------------------------ */

gboolean
docai_vlm_pages_draw (const DocaiTask *task, DocaiPage *page, double dpi, DocaiVlmLook *look, GError **error)
{
  *look = (DocaiVlmLook){ page->raster == NULL, page->dpi };
  if (page->raster != NULL)
    return TRUE;
  if (!docai_rasterize_render (task, page, dpi, 32, error))
    return FALSE;
  if (!page->scanned || page->skew == 0)
    return TRUE;
  PIX *straight = skew_straighten (page->raster, page->skew);
  if (straight == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for the page's picture");
      return FALSE;
    }
  docai_page_take_raster (page, straight);
  return TRUE;
}

void
docai_vlm_pages_put_back (DocaiPage *page, const DocaiVlmLook *look)
{
  if (!look->drawn)
    return;
  docai_page_drop_raster (page);
  page->dpi = look->dpi;
}

/* Adds the page's picture; the page stays as it is. */
static gboolean
show_page (const DocaiTask *task, DocaiPage *page, int side, gboolean guided, DocaiVlmRequest *request, GError **error)
{
  DocaiBox area = DOCAI_BOX (0, 0, page->width, page->height);
  DocaiVlmLook look;
  g_autoptr (GArray) looks = guided ? docai_vlm_guide_boxes (page, area, TRUE) : NULL;
  gboolean good = docai_vlm_pages_draw (task, page, DOCAI_VLM_LOOK_DPI, &look, error)
                  && docai_crop_add (request, page, area, looks, guided ? docai_vlm_guide_side (looks, area, side) : side, error);

  docai_vlm_pages_put_back (page, &look);
  return good;
}

static gboolean
take_counted (gpointer data, guint page)
{
  int *left = data;

  return (*left)-- > 0;
}

void
docai_vlm_pages_show (const DocaiTask *task, DocaiDocument *document, const double *scores, int most, int side,
                      gboolean guided, DocaiVlmRequest *request)
{
  g_autofree gboolean *taken = take_best (document->pages->len, scores, take_counted, &most);

  for (guint i = 0; i < document->pages->len; i++)
    {
      g_autoptr (GError) error = NULL;
      DocaiPage *page = document->pages->pdata[i];
      if (!taken[i] || page->width <= 0 || page->height <= 0)
        continue;
      if (!show_page (task, page, side, guided, request, &error))
        docai_document_warn (document, docai_error_name (docai_error_code_of (error)), page->number,
                             "the page is not shown to the model: %s", error->message);
    }
}
