/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading pies.
 *
 *          ┌ rim ┐          The colours are taken along circles near the rim, where no number is printed; a slice is a run
 *        .─'▔▔▔▔▔'─.        of angles of one colour. What is thin between two runs parts them. Names come from the legend by
 *       ╱ ╲   |   ╱ ╲       colour, or stand at the slices; a printed percentage that agrees with the angle is the value.
 *      (   ╲  |  ╱   )
 */
#include "pipeline/chart/pie.h"

#include "pipeline/chart/labels.h"

#include <math.h>
#include <string.h>

#define STEPS 1440       /* angles */
#define LEAST_STEPS 5    /* of a slice */
#define LEAST_RADIUS_PX 20
#define ROUND 0.08       /* by how much the sides may differ */
#define FULL 0.93        /* of the rim is coloured */
#define OUTSIDE 0.8      /* of a circle around it is not, but for leading lines */
#define FAR 0.6          /* of the radius: from the rim to a name */
#define PRINTED_AGREES 2.5 /* percent */
#define LEAST_NAMED 0.6
#define MOST_SLICES 24
#define MARK PLOT_NONE   /* between slices */

static const double depths[] = { 0.94, 0.9, 0.86, 0.82, 0.78 };

typedef struct {
  double x, y, radius; /* pixels */
} Circle;

typedef struct {
  int       first, length; /* steps; the first may lie before 0 */
  int       colour;
  GString  *name;
  ChartText *text;   /* that gave the name; NULL: the legend */
  double    near;    /* pixels from the rim to its name */
  double    printed; /* percent; negative: none */
} Slice;

static void
slice_clear (gpointer data)
{
  Slice *slice = data;

  if (slice->name != NULL)
    g_string_free (slice->name, TRUE);
}

/* ---- the circle ---------------------------------------------------------------------- */

static int
label_at (const Plot *plot, const Circle *circle, int step, double depth)
{
  double angle = 2 * G_PI * step / STEPS;
  int    x = (int) floor (circle->x + circle->radius * depth * sin (angle)), y = (int) floor (circle->y - circle->radius * depth * cos (angle));

  return x >= 0 && y >= 0 && x < plot->width && y < plot->height ? plot_label (plot, x, y) : plot->paper;
}

static double
ground_share (const Plot *plot, const Circle *circle, double depth)
{
  int n = 0;

  for (int step = 0; step < STEPS; step += 4)
    n += plot_is_ground (plot, label_at (plot, circle, step, depth));
  return n / (STEPS / 4.0);
}

static gboolean
touches (const PlotPatch *a, const PlotPatch *b)
{
  return a->x0 <= b->x1 + 5 && b->x0 <= a->x1 + 5 && a->y0 <= b->y1 + 5 && b->y0 <= a->y1 + 5;
}

/* The circle around the large patches that touch each other. */
static gboolean
find_circle (const Plot *plot, const GArray *patches, Circle *circle)
{
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (PlotPatch));
  g_autofree gboolean *used = g_new0 (gboolean, patches->len + 1);
  const PlotPatch     *largest = NULL;
  DocaiBox             box = { 0 };

  for (guint i = 0; i < patches->len; i++)
    {
      const PlotPatch *patch = &g_array_index (patches, PlotPatch, i);
      if (largest == NULL || patch->area > largest->area)
        largest = patch;
    }
  if (largest == NULL)
    return FALSE;
  g_array_append_val (taken, *largest);
  for (guint at = 0; at < taken->len && taken->len < 4 * MOST_SLICES; at++)
    for (guint i = 0; i < patches->len; i++)
      {
        const PlotPatch *patch = &g_array_index (patches, PlotPatch, i), from = g_array_index (taken, PlotPatch, at);
        if (used[i] || patch->area < 0.004 * largest->area || patch->area < 30 || !touches (patch, &from))
          continue;
        used[i] = TRUE;
        g_array_append_val (taken, *patch);
      }
  for (guint i = 0; i < taken->len; i++)
    {
      const PlotPatch *patch = &g_array_index (taken, PlotPatch, i);
      if (patch->area >= 0.02 * largest->area)
        box = docai_box_union (box, DOCAI_BOX (patch->x0, patch->y0, patch->x1, patch->y1));
    }
  double width = docai_box_width (box), height = docai_box_height (box);
  *circle = (Circle){ docai_box_center_x (box), docai_box_center_y (box), 0.25 * (width + height) };
  return circle->radius >= LEAST_RADIUS_PX && fabs (width - height) <= ROUND * MAX (width, height)
         && ground_share (plot, circle, 0.9) <= 1 - FULL && ground_share (plot, circle, 1.07) >= OUTSIDE;
}

/* ---- slices -------------------------------------------------------------------------- */

/* The colour that most depths have at an angle. */
static int
colour_at (const Plot *plot, const Circle *circle, int step)
{
  int votes[PLOT_MOST_COLOURS] = { 0 }, best = MARK, most = 0;

  for (guint d = 0; d < G_N_ELEMENTS (depths); d++)
    {
      int label = label_at (plot, circle, step, depths[d]);
      if (label == PLOT_NONE || plot_is_ground (plot, label))
        continue;
      if (++votes[label] > most)
        {
          most = votes[label];
          best = label;
        }
    }
  return most * 2 > (int) G_N_ELEMENTS (depths) ? best : MARK;
}

/* Runs of one colour around the circle, from a place where one begins. What is between them is shared by both. */
static GArray *
find_slices (const Plot *plot, const Circle *circle)
{
  GArray *slices = g_array_new (FALSE, FALSE, sizeof (Slice));
  int     colours[STEPS], start = 0;

  g_array_set_clear_func (slices, slice_clear);
  for (int step = 0; step < STEPS; step++)
    colours[step] = colour_at (plot, circle, step);
  for (int step = 1; step < STEPS; step++)
    if (colours[step] != colours[step - 1])
      {
        start = step;
        break;
      }
  for (int i = 0, end; i < STEPS; i = end)
    {
      int colour = colours[(start + i) % STEPS];
      for (end = i + 1; end < STEPS && colours[(start + end) % STEPS] == colour;)
        end++;
      Slice slice = { .first = start + i, .length = end - i, .colour = colour, .near = G_MAXDOUBLE, .printed = -1 };
      if (colour != MARK && slice.length >= LEAST_STEPS)
        g_array_append_val (slices, slice);
    }
  for (guint i = 0; slices->len >= 2 && i < slices->len; i++)
    {
      Slice *slice = &g_array_index (slices, Slice, i), *next = &g_array_index (slices, Slice, (i + 1) % slices->len);
      int    gap = next->first + (i + 1 == slices->len ? STEPS : 0) - slice->first - slice->length;
      slice->length += gap / 2;
      next->first -= gap - gap / 2;
      next->length += gap - gap / 2;
    }
  return slices;
}

static double
share_of (const Slice *slice)
{
  return 100.0 * slice->length / STEPS;
}

static gboolean
is_whole (const GArray *slices)
{
  double sum = 0;

  for (guint i = 0; i < slices->len; i++)
    sum += share_of (&g_array_index (slices, Slice, i));
  return slices->len >= 2 && slices->len <= MOST_SLICES && fabs (sum - 100) < 1;
}

/* The box around the slice, from the middle to the rim. */
static DocaiBox
slice_box (const Circle *circle, const Slice *slice)
{
  DocaiBox box = DOCAI_BOX (circle->x, circle->y, circle->x, circle->y);

  for (int i = 0; i <= slice->length; i++)
    {
      double angle = 2 * G_PI * (slice->first + i) / STEPS, x = circle->x + circle->radius * sin (angle), y = circle->y - circle->radius * cos (angle);
      box = DOCAI_BOX (MIN (box.x0, x), MIN (box.y0, y), MAX (box.x1, x), MAX (box.y1, y));
    }
  return box;
}

/* ---- names --------------------------------------------------------------------------- */

static Slice *
slice_at (GArray *slices, const Circle *circle, double x, double y)
{
  double angle = atan2 (x - circle->x, circle->y - y), step = angle / (2 * G_PI) * STEPS;

  for (guint i = 0; i < slices->len; i++)
    {
      Slice *slice = &g_array_index (slices, Slice, i);
      for (int turn = -1; turn <= 2; turn++)
        if (step + turn * STEPS >= slice->first && step + turn * STEPS < slice->first + slice->length)
          return slice;
    }
  return NULL;
}

/* The point of the text that is nearest to the middle of the circle, and how far from the rim it is. */
static double
nearest_point (const ChartText *text, const Circle *circle, double *x, double *y)
{
  *x = CLAMP (circle->x, text->box.x0, text->box.x1);
  *y = CLAMP (circle->y, text->box.y0, text->box.y1);
  return hypot (*x - circle->x, *y - circle->y) - circle->radius;
}

/* A word at the end that is a percentage: its value, and the text without it. */
static double
split_percent (const ChartText *text, char **name)
{
  const ChartWord *last = text->words->pdata[text->words->len - 1];
  ChartNumber      number;
  const char      *word = *last->text == '(' ? last->text + 1 : last->text;
  g_autofree char *bare = g_strndup (word, strlen (word) - (g_str_has_suffix (word, ")") ? 1 : 0));

  *name = g_strdup (text->text);
  if (!chart_number_parse (bare, FALSE, &number) || !number.percent)
    {
      /* "12 %" */
      if (!text->is_number || !text->number.percent)
        return -1;
      (*name)[0] = '\0';
      return text->number.values[0];
    }
  char *at = g_strrstr (*name, last->text);
  if (at != NULL)
    *at = '\0';
  g_strchomp (*name);
  return number.values[0];
}

static gboolean
agrees (const Slice *slice, double percent)
{
  return slice != NULL && percent >= 0 && fabs (share_of (slice) - percent) <= PRINTED_AGREES;
}

/* Gives a text to the slice at which it stands: its percentage, and, outside, its name. */
static void
take_text (const ChartView *view, GArray *slices, const Circle *circle, ChartText *text, gboolean named)
{
  double x, y, out = nearest_point (text, circle, &x, &y);
  g_autofree char *name = NULL;
  double  percent = split_percent (text, &name);
  double  middle_x = docai_box_center_x (text->box), middle_y = docai_box_center_y (text->box);
  Slice  *slice = slice_at (slices, circle, middle_x, middle_y), *nearest = slice_at (slices, circle, x, y);

  if (out > FAR * circle->radius || slice == NULL)
    return;
  /* beside the rim the nearest point tells better, unless the number speaks for the other */
  if (nearest != NULL && nearest != slice && out > 0 && (percent < 0 || (agrees (nearest, percent) && !agrees (slice, percent))))
    slice = nearest;
  if (agrees (slice, percent))
    {
      slice->printed = percent;
      text->used = TRUE;
    }
  gboolean inside = hypot (middle_x - circle->x, middle_y - circle->y) < 0.95 * circle->radius;
  if (named || *name == '\0' || (inside && text->is_number) || (percent >= 0 && slice->printed != percent))
    return;
  if (slice->name != NULL && (inside || out > slice->near + 1.6 * view->size))
    return;
  if (slice->name != NULL && out >= slice->near - 1.6 * view->size)
    g_string_append_printf (slice->name, " %s", name);
  else
    {
      if (slice->text != NULL)
        slice->text->used = FALSE; /* it was farther, as a title is */
      if (slice->name == NULL)
        slice->name = g_string_new (NULL);
      g_string_assign (slice->name, name);
      slice->text = text;
    }
  slice->near = MIN (slice->near, MAX (out, 0));
  text->used = TRUE;
}

/* Names by the legend. FALSE when not all slices have one of their own. */
static gboolean
take_legend (const ChartView *view, GArray *slices, const GArray *patches)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < slices->len; i++)
    {
      const Slice *slice = &g_array_index (slices, Slice, i);
      for (guint k = 0; k < i; k++)
        if (g_array_index (slices, Slice, k).colour == slice->colour)
          return FALSE;
      const char *name = labels_of_colour (view, patches, slice->colour);
      g_ptr_array_add (names, (gpointer) name);
    }
  for (guint i = 0; i < slices->len; i++)
    if (names->pdata[i] == NULL)
      return FALSE;
  for (guint i = 0; i < slices->len; i++)
    g_array_index (slices, Slice, i).name = g_string_new (names->pdata[i]);
  return TRUE;
}

static int
compare_heights (gconstpointer a, gconstpointer b)
{
  const ChartText *x = *(ChartText *const *) a, *y = *(ChartText *const *) b;

  return x->box.y0 < y->box.y0 ? -1 : x->box.y0 > y->box.y0;
}

static void
name_slices (const ChartView *view, GArray *slices, const Circle *circle, const GArray *patches)
{
  gboolean named = take_legend (view, slices, patches);

  for (guint i = 0; !named && i < view->texts->len; i++)
    ((ChartText *) view->texts->pdata[i])->used = FALSE;
  g_autoptr (GPtrArray) texts = g_ptr_array_copy (view->texts, NULL, NULL);
  g_ptr_array_set_free_func (texts, NULL);
  g_ptr_array_sort (texts, compare_heights);
  for (guint i = 0; i < texts->len; i++)
    {
      ChartText *text = texts->pdata[i];
      if (!text->used && text->words->len > 0)
        take_text (view, slices, circle, text, named);
    }
}

static DocaiChart *
chart_of (const ChartView *view, GArray *slices, const Circle *circle)
{
  g_autoptr (DocaiChart) chart = docai_chart_new ();
  DocaiChartSeries      *series = docai_chart_series_new ("");

  g_ptr_array_add (chart->series, series);
  for (guint i = 0; i < slices->len; i++)
    {
      const Slice *slice = &g_array_index (slices, Slice, i);
      if (slice->name == NULL || slice->name->len == 0)
        continue;
      DocaiChartPoint *point = docai_chart_point_new (slice->name->str, slice->printed >= 0 ? slice->printed : round (10 * share_of (slice)) / 10);
      point->printed = slice->printed >= 0;
      point->bbox = slice_box (circle, slice);
      g_ptr_array_add (series->points, point);
    }
  if (series->points->len < 2 || series->points->len < LEAST_NAMED * slices->len)
    return NULL;
  labels_take_titles (view, DOCAI_BOX (circle->x - circle->radius, circle->y - circle->radius, circle->x + circle->radius, circle->y + circle->radius),
                      FALSE, chart);
  g_clear_pointer (&chart->x_axis, g_free);
  g_clear_pointer (&chart->y_axis, g_free);
  return g_steal_pointer (&chart);
}

DocaiChart *
pie_read (const ChartView *view)
{
  g_autoptr (GArray) patches = plot_patches (view->plot, TRUE, 6);
  Circle circle;

  for (guint i = 0; i < view->texts->len; i++)
    ((ChartText *) view->texts->pdata[i])->used = FALSE;
  if (patches == NULL || !find_circle (view->plot, patches, &circle))
    return NULL;
  g_autoptr (GArray) slices = find_slices (view->plot, &circle);
  if (!is_whole (slices))
    return NULL;
  name_slices (view, slices, &circle, patches);
  return chart_of (view, slices, &circle);
}
