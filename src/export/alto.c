/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ALTO 4.4: what libraries and archives keep beside a scan. Boxes in pixels.
 */
#include "export/export-priv.h"

#include <math.h>

/* Position and size; ALTO has corner and extent, not two corners. */
static void
append_box (GString *out, DocaiBox box, double dpi)
{
  int x = docai_export_pixels (box.x0, dpi), y = docai_export_pixels (box.y0, dpi);
  g_string_append_printf (out, " HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\"", x, y,
                          MAX (docai_export_pixels (box.x1, dpi) - x, 0),
                          MAX (docai_export_pixels (box.y1, dpi) - y, 0));
}

static void
append_string (GString *out, const char *text, DocaiBox box, double confidence, double dpi)
{
  char wc[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (out, "<String");
  append_box (out, box, dpi);
  g_string_append_printf (out, " WC=\"%s\" CONTENT=\"",
                          g_ascii_formatd (wc, sizeof wc, "%.2f", CLAMP (confidence, 0, 1)));
  g_autofree char *one_line = g_strdelimit (g_strdup (text != NULL ? text : ""), "\n\t", ' ');
  docai_export_append_escaped (out, one_line);
  g_string_append (out, "\"/>");
}

/* The blank between two words, where there is room for it. */
static void
append_space (GString *out, const DocaiWord *before, const DocaiWord *after, double dpi)
{
  append_box (g_string_append (out, "<SP"),
              DOCAI_BOX (before->bbox.x1, before->bbox.y0, MAX (after->bbox.x0, before->bbox.x1),
                         before->bbox.y1),
              dpi);
  g_string_append (out, "/>");
}

static void
append_line (GString *out, const DocaiLine *line, const DocaiRegion *region, const char *id,
             guint number, double dpi)
{
  g_string_append_printf (out, "<TextLine ID=\"line_%s_%u\"", id, number);
  append_box (out, line->bbox, dpi);
  g_string_append_c (out, '>');
  for (guint w = 0; w < line->words->len; w++)
    {
      const DocaiWord *word = line->words->pdata[w];
      if (w > 0)
        append_space (out, line->words->pdata[w - 1], word, dpi);
      append_string (out, word->text, word->bbox, word->confidence, dpi);
    }
  if (line->words->len == 0)
    append_string (out, line->text, line->bbox, region->confidence, dpi);
  g_string_append (out, "</TextLine>\n");
}

static void
append_region (GString *out, const DocaiRegion *region, int page, guint number, double dpi)
{
  g_autoptr (GPtrArray) lines = docai_export_lines (region);
  g_autofree char *id = g_strdup_printf ("%d_%u", page, number);
  const char      *element = lines->len > 0                    ? "TextBlock"
                             : region->label == DOCAI_LABEL_PICTURE ? "Illustration"
                                                                       : "GraphicalElement";
  g_string_append_printf (out, "<%s ID=\"block_%s\"", element, id);
  append_box (out, region->bbox, dpi);
  g_string_append_printf (out, " TAGREFS=\"label_%s\"", docai_label_name (region->label));
  if (lines->len == 0)
    {
      g_string_append (out, "/>\n");
      return;
    }
  g_string_append (out, ">\n");
  for (guint k = 0; k < lines->len; k++)
    append_line (out, lines->pdata[k], region, id, k + 1, dpi);
  g_string_append_printf (out, "</%s>\n", element);
}

static void
append_page (GString *out, const DocaiPage *page)
{
  double dpi = docai_export_page_dpi (page);
  int    width = docai_export_pixels (page->width, dpi);
  int    height = docai_export_pixels (page->height, dpi);
  g_string_append_printf (out,
                          "<Page ID=\"page_%d\" PHYSICAL_IMG_NR=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\">\n"
                          "<PrintSpace HPOS=\"0\" VPOS=\"0\" WIDTH=\"%d\" HEIGHT=\"%d\">\n",
                          page->number, page->number, width, height, width, height);
  for (guint r = 0; r < page->regions->len; r++)
    append_region (out, page->regions->pdata[r], page->number, r + 1, dpi);
  g_string_append (out, "</PrintSpace>\n</Page>\n");
}

void
docai_export_alto (const DocaiDocument *document, GString *out)
{
  g_string_append (out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" "
                        "SCHEMAVERSION=\"4.4\">\n<Description>\n"
                        "<MeasurementUnit>pixel</MeasurementUnit>\n"
                        "<sourceImageInformation><fileName>");
  docai_export_append_escaped (out, document->source != NULL ? document->source->name : NULL);
  g_string_append (out, "</fileName></sourceImageInformation>\n");
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_autofree char *failure = docai_export_failure (document);
      g_string_append (out, "<Processing ID=\"docai\"><processingStepDescription>");
      docai_export_append_escaped (out, failure);
      g_string_append (out, "</processingStepDescription></Processing>\n");
    }
  g_string_append (out, "</Description>\n<Tags>\n");
  for (int label = 0; label < DOCAI_LABEL_COUNT; label++)
    g_string_append_printf (out, "<LayoutTag ID=\"label_%s\" LABEL=\"%s\"/>\n",
                            docai_label_name (label), docai_label_name (label));
  g_string_append (out, "</Tags>\n<Layout>\n");
  for (guint p = 0; p < document->pages->len; p++)
    append_page (out, document->pages->pdata[p]);
  g_string_append (out, "</Layout>\n</alto>\n");
}
