/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts as data: numbers and axes, and charts that are drawn here, with texts as they would have been read.
 */
#include "pipeline/chart/axis.h"
#include "pipeline/chart/chart.h"

#include <allheaders.h>
#include <math.h>

/* ---- numbers and axes ---------------------------------------------------------------- */

static void
test_numbers (void)
{
  static const struct { const char *text; double first, second; } good[] = {
    { "0", 0, 0 }, { "12", 12, 0 }, { "0.25", 0.25, 0 }, { "1,200", 1200, 1.2 }, { "1.200", 1.2, 1200 }, { "-5", -5, 0 },
    { "\u22123.5", -3.5, 0 }, { "15 %", 15, 0 }, { "15%", 15, 0 }, { "20k", 20000, 0 }, { "$1.5M", 1.5e6, 0 }, { "\u20ac 3", 3, 0 },
    { "1 234 567", 1234567, 0 }, { "1,234,567.5", 1234567.5, 0 }, { "0,5", 0.5, 0 }, { "3e4", 30000, 0 }, { "10\u00b3", 1000, 0 },
    { "2,5 Mio", 2.5e6, 0 },
  };
  static const char *const bad[] = { "", "-", "May", "2019-20", "1.2.3", "12,34,5", "Q1", "%", "1234567890123456", "10a", "18-24", "..5" };
  ChartNumber number;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (chart_number_parse (good[i].text, FALSE, &number));
      g_assert_cmpfloat_with_epsilon (number.values[0], good[i].first, 1e-9 * MAX (fabs (good[i].first), 1));
      g_assert_cmpint (number.n_values, ==, good[i].second != 0 ? 2 : 1);
      if (number.n_values > 1)
        g_assert_cmpfloat_with_epsilon (number.values[1], good[i].second, 1e-9);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (chart_number_parse (bad[i], FALSE, &number));
  g_assert_true (chart_number_parse ("oO", TRUE, &number) && number.values[0] == 0 && number.doubtful);
  g_assert_true (chart_number_parse ("14000 -", TRUE, &number) && number.values[0] == 14000);
  g_assert_false (chart_number_parse ("may", TRUE, &number));
}

static void
set_tick (ChartTick *tick, double at, const char *text)
{
  tick->at = at;
  g_assert_true (chart_number_parse (text, TRUE, &tick->number));
}

static void
test_axis (void)
{
  ChartTick ticks[6];
  ChartAxis axis;

  set_tick (&ticks[0], 400, "0");
  set_tick (&ticks[1], 300, "500");
  set_tick (&ticks[2], 200, "1,000");
  set_tick (&ticks[3], 100.5, "1,500");
  set_tick (&ticks[4], 0, "7"); /* misread */
  g_assert_true (chart_axis_fit (ticks, 5, &axis));
  g_assert_false (axis.logarithmic);
  g_assert_cmpuint (axis.n_ticks, ==, 4);
  g_assert_cmpfloat_with_epsilon (chart_axis_value (&axis, 250), 750, 3);
  g_assert_cmpfloat_with_epsilon (chart_axis_place (&axis, 750), 250, 1);
  g_assert_cmpfloat (chart_axis_round (&axis, 250, 751.3782), ==, 751);

  /* powers of ten at even steps */
  set_tick (&ticks[0], 300, "1");
  set_tick (&ticks[1], 200, "10");
  set_tick (&ticks[2], 100, "100");
  set_tick (&ticks[3], 0, "1000");
  g_assert_true (chart_axis_fit (ticks, 4, &axis));
  g_assert_true (axis.logarithmic);
  g_assert_cmpfloat_with_epsilon (chart_axis_value (&axis, 150), 31.62, 0.1);

  /* numbers that make none */
  set_tick (&ticks[0], 300, "17");
  set_tick (&ticks[1], 200, "3");
  set_tick (&ticks[2], 100, "41");
  set_tick (&ticks[3], 0, "12");
  g_assert_false (chart_axis_fit (ticks, 4, &axis));
  g_assert_false (chart_axis_fit (ticks, 2, &axis));
  g_assert_false (chart_axis_fit (ticks, 0, &axis));
  for (guint i = 0; i < 6; i++)
    set_tick (&ticks[i], 50, "3");
  g_assert_false (chart_axis_fit (ticks, 6, &axis));
}

/* ---- drawing ------------------------------------------------------------------------- */

typedef struct {
  PIX       *pix;
  GPtrArray *texts;
} Drawing;

static Drawing
drawing_new (int width, int height)
{
  Drawing drawing = { pixCreate (width, height, 32), g_ptr_array_new_with_free_func ((GDestroyNotify) chart_text_free) };

  pixSetAll (drawing.pix);
  return drawing;
}

static void
drawing_clear (Drawing *drawing)
{
  pixDestroy (&drawing->pix);
  g_ptr_array_unref (drawing->texts);
}

static void
fill (Drawing *drawing, int x0, int y0, int x1, int y1, guint rgb)
{
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      pixSetPixel (drawing->pix, x, y, rgb << 8);
}

/* A text as if it had been read, around a middle. */
static void
put_text (Drawing *drawing, const char *text, double x, double y)
{
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_word_free);
  double     half = 4.0 * (double) g_utf8_strlen (text, -1);

  g_ptr_array_add (words, chart_word_new (text, DOCAI_BOX (x - half, y - 7, x + half, y + 7)));
  g_ptr_array_add (drawing->texts, chart_text_new (words, 0, 10));
}

/* Labels 0, 10 ... 50 along y, 60 pixels apart, and lines of a grid. */
static void
put_value_axis (Drawing *drawing)
{
  for (int i = 0; i <= 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", 10 * i);
      put_text (drawing, text, 30, 350 - 60 * i);
      fill (drawing, 50, 350 - 60 * i, 480, 351 - 60 * i, 0xcccccc);
    }
}

static const DocaiChartPoint *
point_at (const DocaiChart *chart, guint series, guint point)
{
  g_assert_cmpuint (chart->series->len, >, series);
  const DocaiChartSeries *one = chart->series->pdata[series];
  g_assert_cmpuint (one->points->len, >, point);
  return one->points->pdata[point];
}

static void
check_point (const DocaiChart *chart, guint series, guint at, const char *label, double value)
{
  const DocaiChartPoint *point = point_at (chart, series, at);

  g_assert_cmpstr (point->label, ==, label);
  g_assert_cmpfloat_with_epsilon (point->value, value, 0.4);
}

static DocaiChart *
measure (const Drawing *drawing, const char *name)
{
  return chart_measure (drawing->pix, drawing->texts, &name);
}

static void
test_bars (void)
{
  static const char *const names[] = { "May", "June", "July" };
  static const double values[] = { 40, 15, 27.5 };
  Drawing drawing = drawing_new (500, 420);

  put_value_axis (&drawing);
  put_text (&drawing, "Sales", 250, 15);
  for (int i = 0; i < 3; i++)
    {
      fill (&drawing, 90 + 130 * i, 350 - (int) (6 * values[i]), 160 + 130 * i, 350, 0x1f77b4);
      put_text (&drawing, names[i], 125 + 130 * i, 370);
    }
  g_autoptr (DocaiChart) chart = measure (&drawing, "bar_chart");
  g_assert_nonnull (chart);
  g_assert_cmpstr (chart->title, ==, "Sales");
  g_assert_cmpuint (chart->series->len, ==, 1);
  for (guint i = 0; i < 3; i++)
    check_point (chart, 0, i, names[i], values[i]);
  g_assert_cmpfloat_with_epsilon (point_at (chart, 0, 1)->bbox.x0, 220, 1.5);
  g_assert_cmpfloat_with_epsilon (point_at (chart, 0, 1)->bbox.y0, 260, 1.5);
  g_assert_false (point_at (chart, 0, 1)->printed);

  /* the number at the bar is better than its length */
  put_text (&drawing, "27.4", 385, 350 - 165 - 12);
  g_autoptr (DocaiChart) printed = measure (&drawing, "bar_chart");
  g_assert_nonnull (printed);
  g_assert_true (point_at (printed, 0, 2)->printed);
  g_assert_cmpfloat (point_at (printed, 0, 2)->value, ==, 27.4);
  drawing_clear (&drawing);
}

static void
test_stacked (void)
{
  Drawing drawing = drawing_new (600, 420);

  put_value_axis (&drawing);
  for (int i = 0; i < 3; i++)
    {
      fill (&drawing, 90 + 130 * i, 350 - 60 * (i + 1), 160 + 130 * i, 350, 0x1f77b4);
      fill (&drawing, 90 + 130 * i, 350 - 60 * (i + 1) - 90, 160 + 130 * i, 350 - 60 * (i + 1), 0xff7f0e);
      put_text (&drawing, i == 0 ? "a" : i == 1 ? "b" : "c", 125 + 130 * i, 370);
    }
  fill (&drawing, 500, 100, 512, 110, 0x1f77b4);
  put_text (&drawing, "Men", 535, 105);
  fill (&drawing, 500, 130, 512, 140, 0xff7f0e);
  put_text (&drawing, "Women", 543, 135);
  g_autoptr (DocaiChart) chart = measure (&drawing, "bar_chart");
  g_assert_nonnull (chart);
  g_assert_cmpuint (chart->series->len, ==, 2);
  g_assert_cmpstr (((DocaiChartSeries *) chart->series->pdata[0])->name, ==, "Men");
  g_assert_cmpstr (((DocaiChartSeries *) chart->series->pdata[1])->name, ==, "Women");
  for (guint i = 0; i < 3; i++)
    {
      check_point (chart, 0, i, i == 0 ? "a" : i == 1 ? "b" : "c", 10 * (i + 1));
      check_point (chart, 1, i, i == 0 ? "a" : i == 1 ? "b" : "c", 15);
    }
  drawing_clear (&drawing);
}

static void
test_lying_groups (void)
{
  Drawing drawing = drawing_new (600, 420);

  for (int i = 0; i <= 4; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d %%", 25 * i);
      put_text (&drawing, text, 120 + 100 * i, 390);
    }
  for (int i = 0; i < 3; i++)
    {
      fill (&drawing, 120, 40 + 110 * i, 120 + 80 * (i + 1), 70 + 110 * i, 0x208020);
      fill (&drawing, 120, 70 + 110 * i, 120 + 40 * (i + 1), 100 + 110 * i, 0xd02020);
      put_text (&drawing, i == 0 ? "North" : i == 1 ? "South" : "West", 70, 70 + 110 * i);
    }
  g_autoptr (DocaiChart) chart = measure (&drawing, "bar_chart");
  g_assert_nonnull (chart);
  g_assert_cmpuint (chart->series->len, ==, 2);
  for (guint i = 0; i < 3; i++)
    {
      check_point (chart, 0, i, i == 0 ? "North" : i == 1 ? "South" : "West", 20 * (i + 1));
      check_point (chart, 1, i, i == 0 ? "North" : i == 1 ? "South" : "West", 10 * (i + 1));
    }
  drawing_clear (&drawing);
}

/* Without an axis that holds, nothing is said. */
static void
test_silence (void)
{
  static const char *const classes[] = { "bar_chart", "line_chart", "pie_chart", "scatter_chart", "photograph", NULL };
  Drawing drawing = drawing_new (500, 420);

  for (int i = 0; i < 3; i++)
    {
      fill (&drawing, 90 + 130 * i, 200 + 30 * i, 160 + 130 * i, 350, 0x1f77b4);
      put_text (&drawing, i == 0 ? "a" : i == 1 ? "b" : "c", 125 + 130 * i, 370);
    }
  put_text (&drawing, "17", 30, 350);
  put_text (&drawing, "3", 30, 250);
  put_text (&drawing, "41", 30, 150);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autoptr (DocaiChart) chart = measure (&drawing, classes[i]);
      g_assert_null (chart);
    }
  drawing_clear (&drawing);
}

/* ---- hostile pictures ---------------------------------------------------------------- */

static DocaiReading *
read_nothing (gpointer data, PIX *sheet, const DocaiTextLine *lines, guint n_lines)
{
  guint *n = data;

  for (guint i = 0; i < n_lines; i++)
    {
      const DocaiPixelBox *box = &lines[i].box;
      g_assert_true (box->x0 >= 0 && box->y0 >= 0 && box->x1 <= pixGetWidth (sheet) && box->y1 <= pixGetHeight (sheet));
    }
  *n += n_lines;
  return NULL;
}

static void
look_at (PIX *pix)
{
  guint n = 0;
  g_autoptr (GPtrArray) texts = chart_texts_read (pix, NULL, read_nothing, &n);
  static const char *const classes[] = { "bar_chart", "line_chart", "pie_chart", NULL };

  g_assert_cmpuint (texts->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      const char *name = classes[i];
      g_autoptr (DocaiChart) chart = chart_measure (pix, texts, &name);
      g_assert_null (chart);
    }
}

static void
test_hostile (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 500 }, { 500, 1 }, { 3, 3 }, { 60, 60 }, { 300, 200 }, { 3000, 45 }, { 45, 3000 } };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int way = 0; way < 4; way++)
      {
        PIX *pix = pixCreate (sizes[i][0], sizes[i][1], way == 3 ? 8 : 32);
        for (int y = 0; y < sizes[i][1] && way > 0; y++)
          for (int x = 0; x < sizes[i][0]; x++)
            pixSetPixel (pix, x, y, way == 1 ? 0xffffff00 : way == 2 ? g_rand_int (rand) & 0xffffff00 : g_rand_int (rand) & 0xff);
        look_at (pix);
        pixDestroy (&pix);
      }
}

/* Letters that stand level, upwards and slanted make one piece each. */
static void
test_pieces (void)
{
  Drawing drawing = drawing_new (900, 900);
  guint   n = 0;

  for (int i = 0; i < 6; i++)
    {
      fill (&drawing, 300 + 14 * i, 100, 304 + 14 * i, 116, 0);
      fill (&drawing, 304 + 14 * i, 100, 309 + 14 * i, 103, 0);
      fill (&drawing, 100, 500 - 14 * i, 116, 504 - 14 * i, 0);
      fill (&drawing, 113, 504 - 14 * i, 116, 509 - 14 * i, 0);
    }
  g_autoptr (GPtrArray) texts = chart_texts_read (drawing.pix, NULL, read_nothing, &n);
  g_assert_cmpuint (n, ==, 2);
  drawing_clear (&drawing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/numbers", test_numbers);
  g_test_add_func ("/chart/axis", test_axis);
  g_test_add_func ("/chart/bars", test_bars);
  g_test_add_func ("/chart/stacked", test_stacked);
  g_test_add_func ("/chart/lying-groups", test_lying_groups);
  g_test_add_func ("/chart/silence", test_silence);
  g_test_add_func ("/chart/pieces", test_pieces);
  g_test_add_func ("/chart/hostile", test_hostile);
  return g_test_run ();
}
