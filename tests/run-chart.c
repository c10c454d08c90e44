/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Measures charts in image files, for tests and measuring: run-chart [--class NAME] [--texts] FILE... writes one line of JSON
 * a file with the chart's data, or null. Without --class every kind is tried.
 */
#include "document/json.h"
#include "pipeline/chart/chart.h"
#include "pipeline/ocr/readers.h"
#include "pipeline/raster.h"

#include <allheaders.h>
#include <jansson.h>
#include <stdio.h>

static char    *class_name = NULL;
static gboolean show_texts = FALSE, show_time = FALSE;
static char   **files = NULL;

static const GOptionEntry entries[] = {
  { "class", 'c', 0, G_OPTION_ARG_STRING, &class_name, "bar_chart, line_chart, pie_chart", "NAME" },
  { "texts", 't', 0, G_OPTION_ARG_NONE, &show_texts, "Write what was read too", NULL },
  { "time", 'T', 0, G_OPTION_ARG_NONE, &show_time, "Tell milliseconds on standard error", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE..." },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static DocaiReading *
read_sheet (gpointer data, PIX *sheet, const DocaiTextLine *lines, guint n_lines)
{
  g_autoptr (GError) error = NULL;
  DocaiReader       *reader = docai_readers_lookup (data, "eng", NULL, &error);
  DocaiReading      *reading = reader != NULL ? docai_reader_read (reader, sheet, 0, lines, n_lines, &error) : NULL;

  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  return reading;
}

static json_t *
json_of (const DocaiChart *chart)
{
  json_t *series = json_array ();

  for (guint i = 0; i < chart->series->len; i++)
    {
      const DocaiChartSeries *one = chart->series->pdata[i];
      json_t *points = json_array ();
      for (guint k = 0; k < one->points->len; k++)
        {
          const DocaiChartPoint *p = one->points->pdata[k];
          json_array_append_new (points, json_pack ("{s:s, s:f, s:b, s:[f,f,f,f]}", "label", p->label, "value", p->value, "printed", p->printed,
                                                    "bbox", p->bbox.x0, p->bbox.y0, p->bbox.x1, p->bbox.y1));
        }
      json_array_append_new (series, json_pack ("{s:s, s:o}", "name", one->name, "points", points));
    }
  return json_pack ("{s:s*, s:s*, s:s*, s:o}", "title", chart->title, "x_axis", chart->x_axis, "y_axis", chart->y_axis, "series", series);
}

static void
run_file (DocaiReaders *readers, const char *path)
{
  g_autoptr (DocaiPix) raw = pixRead (path);
  g_autoptr (DocaiPix) picture = raw != NULL ? pixConvertTo32 (raw) : NULL;
  gint64 start = g_get_monotonic_time ();

  if (picture == NULL)
    {
      printf ("null\n");
      return;
    }
  g_autoptr (GPtrArray)  texts = chart_texts_read (picture, NULL, read_sheet, readers);
  const char *name = class_name;
  gint64 read = g_get_monotonic_time ();
  g_autoptr (DocaiChart) chart = chart_measure (picture, texts, &name);
  if (show_time)
    fprintf (stderr, "%s: %.1f ms reading, %.1f ms measuring\n", path, (double) (read - start) / 1e3, (double) (g_get_monotonic_time () - read) / 1e3);
  for (guint i = 0; show_texts && i < texts->len; i++)
    {
      const ChartText *text = texts->pdata[i];
      fprintf (stderr, "%3d %5.1f [%.0f %.0f %.0f %.0f] %s\n", text->turn, text->size, text->box.x0, text->box.y0, text->box.x1, text->box.y1, text->text);
    }
  json_t *json = chart != NULL ? json_of (chart) : json_null ();
  g_autofree char *line = json_dumps (json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION (12));
  printf ("%s\n", line);
  json_decref (json);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  DocaiReaders              *readers = docai_readers_new ();

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  for (char **file = files; file != NULL && *file != NULL; file++)
    run_file (readers, *file);
  docai_readers_free (readers);
  return 0;
}
