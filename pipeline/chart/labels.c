/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of categories, series and axes.
 */
#include "pipeline/chart/labels.h"

#include <math.h>
#include <string.h>

#define LEAST_CONFIDENCE 0.5
#define EVEN 1.4    /* the widest step of names by the narrowest */
#define FAR 5.0     /* of the letters' height: from the plot to its names */
#define ROW 0.8
#define NEXT_ROW 1.5
#define KEY_GAP 3.0 /* from a key to its name */
#define LEGEND_ROW 0.8

/* ---- categories ---------------------------------------------------------------------- */

/* A word, or a turned line, that may name a place. */
typedef struct {
  ChartText  *text;
  const char *word;
  gsize       length;
  double      at;   /* along the axis */
  double      near; /* across it, from the plot */
} Name;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const Name *x = a, *y = b;

  return x->at != y->at ? (x->at < y->at ? -1 : 1) : 0;
}

static void
add_name (GArray *names, ChartText *text, const char *word, gsize length, DocaiBox box, gboolean upright, double edge)
{
  Name name = { text, word, length, docai_box_center_x (box), box.y0 - edge };

  if (!upright)
    name = (Name){ text, word, length, docai_box_center_y (box), edge - box.x1 };
  g_array_append_val (names, name);
}

/* The number of years that were read as one word: "200820092010" has three. */
static guint
count_years (const char *word)
{
  gsize length = strlen (word);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (word[i]) || (i % 4 == 0 && word[i] != '1' && word[i] != '2'))
      return 1;
  return length % 4 == 0 && length >= 8 ? (guint) length / 4 : 1;
}

static void
add_words (GArray *names, ChartText *text, double edge)
{
  for (guint i = 0; i < text->words->len; i++)
    {
      const ChartWord *word = text->words->pdata[i];
      guint            n = count_years (word->text);
      double           step = docai_box_width (word->box) / n;
      for (guint k = 0; k < n; k++)
        {
          DocaiBox box = DOCAI_BOX (word->box.x0 + k * step, word->box.y0, word->box.x0 + (k + 1) * step, word->box.y1);
          add_name (names, text, word->text + (n > 1 ? 4 * k : 0), n > 1 ? 4 : strlen (word->text), box, TRUE, edge);
        }
    }
}

/* The words on the side of the names, as near as names are. */
static GArray *
collect_names (const ChartView *view, gboolean upright, double edge)
{
  GArray *names = g_array_new (FALSE, FALSE, sizeof (Name));

  for (guint i = 0; i < view->texts->len; i++)
    {
      ChartText *text = view->texts->pdata[i];
      double     near = upright ? text->box.y0 - edge : edge - text->box.x1;
      if (text->used || near < -0.6 * view->size || near > (upright ? FAR : 3 * FAR) * view->size || (!upright && text->turn != 0))
        continue;
      if (text->turn == 0 && upright)
        add_words (names, text, edge);
      else
        {
          DocaiBox box = text->box;
          /* a slanted name ends below its place */
          if (text->turn != 0 && text->turn != 90)
            box.x0 = box.x1 - 1.2 * text->size;
          add_name (names, text, text->text, strlen (text->text), box, upright, edge);
        }
    }
  return names;
}

/* Keeps the first row of names below the plot, and the next ones as long as they are names still. */
static void
keep_rows (const ChartView *view, GArray *names)
{
  double row = G_MAXDOUBLE, last;

  for (guint i = 0; i < names->len; i++)
    row = MIN (row, g_array_index (names, Name, i).near);
  last = row;
  for (;;)
    {
      /* the pieces of the row that comes next */
      g_autoptr (GPtrArray) pieces = g_ptr_array_new ();
      double next = G_MAXDOUBLE;
      for (guint i = 0; i < names->len; i++)
        {
          const Name *name = &g_array_index (names, Name, i);
          if (name->near > last + ROW * view->size && name->near < next)
            next = name->near;
        }
      for (guint i = 0; i < names->len; i++)
        {
          const Name *name = &g_array_index (names, Name, i);
          if (fabs (name->near - next) < ROW * view->size && !g_ptr_array_find (pieces, name->text, NULL))
            g_ptr_array_add (pieces, name->text);
        }
      if (pieces->len < 2 || next - last > (NEXT_ROW + 0.7) * view->size)
        break;
      last = next;
    }
  for (guint i = names->len; i-- > 0;)
    {
      const Name *name = &g_array_index (names, Name, i);
      if (name->near > last + ROW * view->size && name->text->turn == 0)
        g_array_remove_index (names, i);
    }
}

static GArray *
names_at (const ChartView *view, gboolean upright, double edge)
{
  GArray *names = collect_names (view, upright, edge);

  if (upright)
    keep_rows (view, names);
  return names;
}

/* Without the marks that ticks and frames leave at the ends. */
static char *
clean (const char *text, gsize length)
{
  static const char *const marks[] = { "|", "_", "‘", "’", "'", "`", "—", "\"", "“", "”", "~", "=", "- ", "– ", "— ", ". ", NULL };
  char    *made = g_strstrip (g_strndup (text, length));
  gboolean more = TRUE;

  while (more)
    {
      more = FALSE;
      for (guint i = 0; marks[i] != NULL; i++)
        {
          if (g_str_has_prefix (made, marks[i]))
            {
              memmove (made, made + strlen (marks[i]), strlen (made + strlen (marks[i])) + 1);
              more = TRUE;
            }
          if (g_str_has_suffix (made, marks[i]))
            {
              made[strlen (made) - strlen (marks[i])] = '\0';
              more = TRUE;
            }
        }
      g_strstrip (made);
    }
  return made;
}

char *
labels_clean (const char *text)
{
  return clean (text, strlen (text));
}

static int
nearest_place (const GArray *places, double at)
{
  int best = -1;

  for (guint i = 0; i < places->len; i++)
    if (best < 0 || fabs (g_array_index (places, double, i) - at) < fabs (g_array_index (places, double, (guint) best) - at))
      best = (int) i;
  return best;
}

/* Half of the way to the next place. */
static double
reach_of (const GArray *places, guint i, double alone)
{
  double reach = G_MAXDOUBLE, at = g_array_index (places, double, i);

  if (i > 0)
    reach = MIN (reach, at - g_array_index (places, double, i - 1));
  if (i + 1 < places->len)
    reach = MIN (reach, g_array_index (places, double, i + 1) - at);
  return reach < G_MAXDOUBLE ? 0.6 * reach : alone;
}

static int
compare_reading (gconstpointer a, gconstpointer b)
{
  const Name *x = a, *y = b;

  if (x->text == y->text)
    return x->at < y->at ? -1 : x->at > y->at;
  return x->near != y->near ? (x->near < y->near ? -1 : 1) : x->at < y->at ? -1 : x->at > y->at;
}

/* In a lying chart a lower line of a name is farther down. */
static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const Name *x = a, *y = b;

  return x->at < y->at ? -1 : x->at > y->at;
}

/* Several numbers are no name but the ticks of another axis. */
static gboolean
is_numbers (const char *name)
{
  g_auto (GStrv) words = g_strsplit (name, " ", -1);
  ChartNumber    number;
  guint          n = 0;

  for (guint i = 0; words[i] != NULL; i++, n++)
    if (!chart_number_parse (words[i], FALSE, &number))
      return FALSE;
  return n > 1;
}

GPtrArray *
labels_of_places (const ChartView *view, const GArray *places, gboolean upright, double edge)
{
  GPtrArray *labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) names = names_at (view, upright, edge);

  g_ptr_array_set_size (labels, (int) places->len);
  g_array_sort (names, upright ? compare_reading : compare_lines);
  for (guint i = 0; i < names->len; i++)
    {
      const Name *name = &g_array_index (names, Name, i);
      int         place = nearest_place (places, name->at);
      if (name->text->confidence < LEAST_CONFIDENCE)
        continue;
      if (place < 0 || fabs (g_array_index (places, double, (guint) place) - name->at) > reach_of (places, (guint) place, 6 * view->size))
        continue;
      char *before = labels->pdata[place], *word = clean (name->word, name->length);
      name->text->used = TRUE;
      labels->pdata[place] = before == NULL || *word == '\0' ? (before != NULL ? g_strdup (before) : g_strdup (word))
                                                               : g_strdup_printf ("%s %s", before, word);
      g_free (before);
      g_free (word);
    }
  for (guint i = 0; i < labels->len; i++)
    if (labels->pdata[i] != NULL && is_numbers (labels->pdata[i]))
      g_clear_pointer (&labels->pdata[i], g_free);
  return labels;
}

/* The middles of the pieces of text, or of their words. */
static GArray *
middles_of (const ChartView *view, const GArray *names, gboolean upright, gboolean by_word)
{
  GArray          *places = g_array_new (FALSE, FALSE, sizeof (double));
  const ChartText *last = NULL;

  for (guint i = 0; i < names->len; i++)
    {
      const Name *name = &g_array_index (names, Name, i);
      double      at = name->text->turn != 0 || !upright || by_word ? name->at : docai_box_center_x (name->text->box);
      if ((by_word || name->text != last) && (places->len == 0 || at - g_array_index (places, double, places->len - 1) > 0.8 * view->size))
        g_array_append_val (places, at);
      last = name->text;
    }
  return places;
}

static gboolean
is_even (const GArray *places)
{
  double narrow = G_MAXDOUBLE, wide = 0;

  for (guint i = 1; i < places->len; i++)
    {
      double step = g_array_index (places, double, i) - g_array_index (places, double, i - 1);
      narrow = MIN (narrow, step);
      wide = MAX (wide, step);
    }
  return places->len < 3 || wide <= EVEN * narrow;
}

GArray *
labels_places (const ChartView *view, gboolean upright, double edge)
{
  g_autoptr (GArray) names = names_at (view, upright, edge);

  g_array_sort (names, compare_names);
  GArray *places = middles_of (view, names, upright, FALSE);
  if (!upright || is_even (places))
    return places;
  /* neighbours that were taken for one piece */
  GArray *words = middles_of (view, names, upright, TRUE);
  if (!is_even (words))
    {
      g_array_unref (words);
      return places;
    }
  g_array_unref (places);
  return words;
}

gboolean
labels_are_even (const GArray *places)
{
  return is_even (places);
}

guint
labels_count (const ChartView *view, gboolean upright, double edge)
{
  g_autoptr (GArray) places = labels_places (view, upright, edge);

  return places->len;
}

/* ---- series -------------------------------------------------------------------------- */

static gboolean
is_key_of (const ChartView *view, const PlotPatch *patch, int colour)
{
  int w = patch->x1 - patch->x0, h = patch->y1 - patch->y0;

  return patch->colour == colour && w >= 3 && h >= 2 && w <= 6 * view->size && h <= 2.4 * view->size;
}

const char *
labels_of_colour (const ChartView *view, const GArray *keys, int colour)
{
  ChartText *best = NULL;
  double     least = G_MAXDOUBLE;

  for (guint i = 0; i < keys->len; i++)
    {
      const PlotPatch *key = &g_array_index (keys, PlotPatch, i);
      double           middle = 0.5 * (key->y0 + key->y1);
      if (!is_key_of (view, key, colour))
        continue;
      for (guint k = 0; k < view->texts->len; k++)
        {
          ChartText *text = view->texts->pdata[k];
          double     right = text->box.x0 - key->x1, left = key->x0 - text->box.x1;
          double     gap = right > -0.5 * view->size ? right : left > -0.5 * view->size ? left + 1.5 * view->size : G_MAXDOUBLE;
          if (text->used || text->turn != 0 || fabs (docai_box_center_y (text->box) - middle) > LEGEND_ROW * view->size
              || gap > KEY_GAP * view->size || gap >= least)
            continue;
          least = gap;
          best = text;
        }
    }
  if (best == NULL)
    return NULL;
  best->used = TRUE;
  char *cleaned = labels_clean (best->text);
  g_free (best->text);
  best->text = cleaned;
  return best->text;
}

/* ---- titles -------------------------------------------------------------------------- */

static void
take_name (ChartText *text, char **name)
{
  char *cleaned = labels_clean (text->text);

  if (*name != NULL)
    {
      char *joined = g_strdup_printf ("%s %s", *name, cleaned);
      g_free (*name);
      g_free (cleaned);
      *name = joined;
    }
  else
    *name = cleaned;
  text->used = TRUE;
}

static gboolean
is_name (const ChartText *text)
{
  gboolean letter = FALSE;

  for (const char *p = text->text; *p != '\0' && !letter; p = g_utf8_next_char (p))
    letter = g_unichar_isalpha (g_utf8_get_char (p));
  return !text->used && letter && g_utf8_strlen (text->text, -1) >= 2;
}

/* The highest line above the plot, with those below it that have its size. */
static void
take_title (const ChartView *view, DocaiBox plot, char **title)
{
  ChartText *best = NULL;

  for (guint i = 0; i < view->texts->len; i++)
    {
      ChartText *text = view->texts->pdata[i];
      if (is_name (text) && text->confidence >= LEAST_CONFIDENCE && text->turn == 0 && docai_box_center_y (text->box) < plot.y0 && (best == NULL || text->box.y0 < best->box.y0 - 2))
        best = text;
    }
  if (best == NULL)
    return;
  take_name (best, title);
  for (guint i = 0; i < view->texts->len; i++)
    {
      ChartText *text = view->texts->pdata[i];
      gboolean   beside = fabs (docai_box_center_y (text->box) - docai_box_center_y (best->box)) < 0.6 * best->size && text->box.x0 > best->box.x1
                        && text->box.x0 - best->box.x1 < 2 * best->size;
      gboolean   below = text->box.y0 > best->box.y0 && text->box.y0 - best->box.y1 < 0.9 * best->size && docai_box_center_y (text->box) < plot.y0;
      if (is_name (text) && text->turn == 0 && fabs (text->size - best->size) < 0.2 * best->size && (beside || below))
        take_name (text, title);
    }
}

void
labels_take_titles (const ChartView *view, DocaiBox plot, gboolean lying, DocaiChart *chart)
{
  char **level = lying ? &chart->y_axis : &chart->x_axis, **standing = lying ? &chart->x_axis : &chart->y_axis;

  take_title (view, plot, &chart->title);
  for (guint i = 0; i < view->texts->len; i++)
    {
      ChartText *text = view->texts->pdata[i];
      if (text->confidence < LEAST_CONFIDENCE)
        continue;
      double     middle = docai_box_center_y (text->box), across = docai_box_center_x (text->box);
      if (!is_name (text))
        continue;
      if (text->turn == 90 && *standing == NULL && middle > plot.y0 && middle < plot.y1
          && (text->box.x1 < plot.x0 + view->size || text->box.x0 > plot.x1 - view->size))
        take_name (text, standing);
      else if (text->turn == 0 && *level == NULL && text->box.y0 > plot.y1 && across > plot.x0 && across < plot.x1)
        take_name (text, level);
    }
}
