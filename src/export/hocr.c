/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hOCR 1.2 as OCR tools write it: page, area, paragraph, line, word; boxes in
 * pixels at the resolution that `scan_res` names.
 */
#include "export/export-priv.h"

#include <math.h>

static void
append_box (GString *out, DocaiBox box, double dpi)
{
  g_string_append_printf (out, "bbox %d %d %d %d", docai_export_pixels (box.x0, dpi),
                          docai_export_pixels (box.y0, dpi), docai_export_pixels (box.x1, dpi),
                          docai_export_pixels (box.y1, dpi));
}

static const char *
line_class (DocaiLabel label)
{
  switch (label)
    {
    case DOCAI_LABEL_PAGE_HEADER:
    case DOCAI_LABEL_TITLE:
    case DOCAI_LABEL_SECTION_HEADER:
      return "ocr_header";
    case DOCAI_LABEL_PAGE_FOOTER:
      return "ocr_footer";
    case DOCAI_LABEL_CAPTION:
      return "ocr_caption";
    default:
      return "ocr_line";
    }
}

static void
append_line (GString *out, const DocaiLine *line, const char *id, guint number, DocaiLabel label,
             double dpi)
{
  g_string_append_printf (out, "<span class=\"%s\" id=\"line_%s_%u\" title=\"", line_class (label),
                          id, number);
  append_box (out, line->bbox, dpi);
  g_string_append (out, "\">");
  for (guint w = 0; w < line->words->len; w++)
    {
      const DocaiWord *word = line->words->pdata[w];
      g_string_append_printf (out, "%s<span class=\"ocrx_word\" id=\"word_%s_%u_%u\" title=\"",
                              w > 0 ? " " : "", id, number, w + 1);
      append_box (out, word->bbox, dpi);
      g_string_append_printf (out, "; x_wconf %d\">", (int) round (CLAMP (word->confidence, 0, 1) * 100));
      docai_export_append_escaped (out, word->text);
      g_string_append (out, "</span>");
    }
  if (line->words->len == 0)
    docai_export_append_escaped (out, line->text);
  g_string_append (out, "</span>\n");
}

static void
append_region (GString *out, const DocaiRegion *region, int page, guint number, double dpi)
{
  g_autoptr (GPtrArray) lines = docai_export_lines (region);
  g_autofree char *id = g_strdup_printf ("%d_%u", page, number);
  gboolean         photo = region->label == DOCAI_LABEL_PICTURE && lines->len == 0;
  g_string_append_printf (out, "<div class=\"%s\" id=\"block_%s\" title=\"",
                          photo ? "ocr_photo" : "ocr_carea", id);
  append_box (out, region->bbox, dpi);
  g_string_append (out, "\">");
  if (lines->len > 0)
    {
      g_string_append_printf (out, "\n<p class=\"ocr_par\" id=\"par_%s\" title=\"", id);
      append_box (out, region->bbox, dpi);
      g_string_append (out, "\">\n");
      for (guint k = 0; k < lines->len; k++)
        append_line (out, lines->pdata[k], id, k + 1, region->label, dpi);
      g_string_append (out, "</p>\n");
    }
  g_string_append (out, "</div>\n");
}

/* The name inside title="image &quot;...&quot;": its own quotes and semicolons
 * would end it. */
static void
append_image_name (GString *out, const DocaiDocument *document)
{
  const char *name = document->source != NULL ? document->source->name : NULL;
  g_autofree char *plain = g_strdelimit (g_strdup (name != NULL ? name : ""), "\";\\\n", '_');
  docai_export_append_escaped (out, plain);
}

void
docai_export_hocr (const DocaiDocument *document, GString *out)
{
  g_string_append (out,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
                   "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
                   "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title></title>\n"
                   "<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n"
                   "<meta name=\"ocr-system\" content=\"docai\"/>\n"
                   "<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea ocr_par ocr_line "
                   "ocr_header ocr_footer ocr_caption ocr_photo ocrx_word\"/>\n</head>\n<body>\n");
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_autofree char *failure = docai_export_failure (document);
      g_string_append (out, "<p>");
      docai_export_append_escaped (out, failure);
      g_string_append (out, "</p>\n");
    }
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      double           dpi = docai_export_page_dpi (page);
      g_string_append_printf (out, "<div class=\"ocr_page\" id=\"page_%d\" title=\"image &quot;",
                              page->number);
      append_image_name (out, document);
      g_string_append (out, "&quot;; ");
      append_box (out, DOCAI_BOX (0, 0, page->width, page->height), dpi);
      g_string_append_printf (out, "; ppageno %d; scan_res %d %d\">\n", page->number - 1,
                              (int) round (dpi), (int) round (dpi));
      for (guint r = 0; r < page->regions->len; r++)
        append_region (out, page->regions->pdata[r], page->number, r + 1, dpi);
      g_string_append (out, "</div>\n");
    }
  g_string_append (out, "</body>\n</html>\n");
}
