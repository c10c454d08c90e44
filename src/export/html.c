/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML: one self-contained page, well-formed as XML too, without scripts; its
 * policy forbids the browser to load anything. Every block carries its region's
 * id and its box in points.
 */
#include "export/export-priv.h"

#include <string.h>

static const char style[]
  = "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "section{border-bottom:1px solid #bbb;padding-bottom:1em}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .5em;"
    "text-align:left;vertical-align:top;white-space:pre-line}"
    "header,footer,figcaption,.page_header,.page_footer{color:#666;font-size:90%}"
    "p,li,pre{white-space:pre-line}pre{white-space:pre-wrap}.ungrounded{color:#b00}";

/* Elements of the labels; NULL: a paragraph. */
static const char *const elements[DOCAI_LABEL_COUNT] = {
  [DOCAI_LABEL_SECTION_HEADER] = "h2", [DOCAI_LABEL_TITLE] = "h1", [DOCAI_LABEL_LIST_ITEM] = "li",
  [DOCAI_LABEL_CODE] = "pre",          [DOCAI_LABEL_PAGE_HEADER] = "header",
  [DOCAI_LABEL_PAGE_FOOTER] = "footer", [DOCAI_LABEL_PICTURE] = "figure",
};

static void
append_number (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (out, g_ascii_formatd (text, sizeof text, "%.10g", value));
}

static void
append_box (GString *out, DocaiBox box)
{
  const double sides[] = { box.x0, box.y0, box.x1, box.y1 };
  g_string_append (out, " data-bbox=\"");
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      append_number (out, sides[i]);
    }
  g_string_append_c (out, '"');
}

static void
append_element (GString *out, const char *element, const char *text)
{
  g_string_append_printf (out, "<%s>", element);
  docai_export_append_escaped (out, text);
  g_string_append_printf (out, "</%s>", element);
}

static void
append_table (GString *out, const DocaiTable *table)
{
  g_autoptr (DocaiGrid) grid = docai_grid_new (table);
  g_string_append (out, "<table>\n");
  for (int row = 0; row < grid->rows; row++)
    {
      g_string_append (out, "<tr>");
      for (int column = 0; column < grid->columns; column++)
        {
          const DocaiCell *cell = docai_grid_peek (grid, row, column);
          if (cell == NULL)
            continue;
          g_string_append (out, cell->header ? "<th" : "<td");
          if (cell->column_span > 1)
            g_string_append_printf (out, " colspan=\"%d\"", cell->column_span);
          if (cell->row_span > 1)
            g_string_append_printf (out, " rowspan=\"%d\"", cell->row_span);
          g_string_append_c (out, '>');
          docai_export_append_escaped (out, cell->text);
          g_string_append (out, cell->header ? "</th>" : "</td>");
        }
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</table>");
}

static void
append_chart (GString *out, const DocaiChart *chart)
{
  for (guint s = 0; s < chart->series->len; s++)
    {
      const DocaiChartSeries *series = chart->series->pdata[s];
      g_string_append (out, "<table>");
      append_element (out, "caption", series->name != NULL ? series->name : chart->title);
      for (guint k = 0; k < series->points->len; k++)
        {
          const DocaiChartPoint *point = series->points->pdata[k];
          g_string_append (out, "<tr>");
          append_element (out, "th", point->label);
          g_string_append (out, "<td>");
          append_number (out, point->value);
          g_string_append (out, "</td></tr>");
        }
      g_string_append (out, "</table>");
    }
}

static void
append_content (GString *out, const DocaiRegion *region)
{
  gboolean checkbox = region->label == DOCAI_LABEL_CHECKBOX_SELECTED || region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED;

  if (region->label == DOCAI_LABEL_CHECKBOX_SELECTED)
    g_string_append (out, "&#x2611; ");
  else if (region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED)
    g_string_append (out, "&#x2610; ");

  if (region->table != NULL && region->table->cells->len > 0)
    append_table (out, region->table);
  else
    docai_export_append_escaped (out, checkbox ? docai_export_checkbox_text (region) : region->text);

  const DocaiPicture *picture = region->picture;
  if (picture == NULL)
    return;
  if (picture->data != NULL)
    append_chart (out, picture->data);
  if (picture->description != NULL && picture->description[0] != '\0')
    append_element (out, "figcaption", picture->description);
}

static void
append_region (GString *out, const DocaiRegion *region)
{
  const char *element = (unsigned) region->label < DOCAI_LABEL_COUNT ? elements[region->label] : NULL;
  if (region->table != NULL && region->table->cells->len > 0)
    element = "div";
  else if (element == NULL)
    element = region->picture != NULL ? "figure" : "p";
  g_string_append_printf (out, "<%s class=\"%s\"", element, docai_label_name (region->label));
  if (region->id != NULL)
    {
      g_string_append (out, " id=\"");
      docai_export_append_escaped (out, region->id);
      g_string_append_c (out, '"');
    }
  append_box (out, region->bbox);
  g_string_append_c (out, '>');
  append_content (out, region);
  g_string_append_printf (out, "</%s>\n", element);
}

static void
append_page (GString *out, const DocaiPage *page)
{
  g_string_append_printf (out, "<section id=\"p%d\"", page->number);
  append_box (out, DOCAI_BOX (0, 0, page->width, page->height));
  g_string_append (out, ">\n");
  gboolean in_list = FALSE;
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      gboolean           item = region->label == DOCAI_LABEL_LIST_ITEM && region->table == NULL;
      if (item != in_list)
        g_string_append (out, item ? "<ul style=\"list-style:none\">\n" : "</ul>\n");
      in_list = item;
      append_region (out, region);
    }
  g_string_append (out, in_list ? "</ul>\n</section>\n" : "</section>\n");
}

static void
append_value (GString *out, const char *element, const DocaiField *field)
{
  g_string_append_printf (out, "<%s%s>", element,
                          field == NULL || field->grounded ? "" : " class=\"ungrounded\"");
  if (field != NULL)
    docai_export_append_escaped (out, docai_export_field_value (field));
  g_string_append_printf (out, "</%s>", element);
}

static void
append_items (GString *out, const DocaiField *list)
{
  g_autoptr (GPtrArray) names = docai_export_item_names (list);
  g_string_append (out, "<table>");
  append_element (out, "caption", list->name);
  g_string_append (out, "\n<tr>");
  for (guint k = 0; k < names->len; k++)
    append_element (out, "th", names->pdata[k]);
  g_string_append (out, "</tr>\n");
  for (guint i = 0; i < list->items->len; i++)
    {
      const DocaiItem *item = list->items->pdata[i];
      g_string_append (out, "<tr>");
      for (guint k = 0; k < names->len; k++)
        append_value (out, "td", docai_fields_lookup (item->fields, names->pdata[k]));
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</table>\n");
}

static void
append_findings (GString *out, const DocaiDocument *document)
{
  if (document->summary != NULL && document->summary->text != NULL)
    {
      append_element (out, "p", document->summary->text);
      g_string_append_c (out, '\n');
    }
  if (document->fields->len > 0 || document->answers->len > 0)
    {
      g_string_append (out, "<dl>\n");
      for (guint i = 0; i < document->answers->len; i++)
        {
          const DocaiAnswer *answer = document->answers->pdata[i];
          append_element (out, "dt", answer->question);
          g_string_append (out, answer->grounded ? "<dd>" : "<dd class=\"ungrounded\">");
          docai_export_append_escaped (out, answer->answer);
          g_string_append (out, "</dd>\n");
        }
      for (guint i = 0; i < document->fields->len; i++)
        {
          const DocaiField *field = document->fields->pdata[i];
          if (field->items->len > 0)
            continue;
          append_element (out, "dt", field->name);
          append_value (out, "dd", field);
          g_string_append_c (out, '\n');
        }
      g_string_append (out, "</dl>\n");
    }
  for (guint i = 0; i < document->fields->len; i++)
    {
      const DocaiField *field = document->fields->pdata[i];
      if (field->items->len > 0)
        append_items (out, field);
    }
}

void
docai_export_html (const DocaiDocument *document, GString *out)
{
  const DocaiSource *source = document->source;
  const char        *name = source != NULL && source->name != NULL ? source->name : "";
  const char        *title = source != NULL && source->metadata != NULL ? source->metadata->title : NULL;
  g_string_append_printf (out,
                          "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                          "<meta charset=\"utf-8\"/>\n"
                          "<meta http-equiv=\"Content-Security-Policy\" "
                          "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
                          "<meta name=\"generator\" content=\"docai\"/>\n<style>%s</style>\n",
                          style);
  append_element (out, "title", title != NULL && title[0] != '\0' ? title : name);
  g_string_append (out, "\n</head>\n<body>\n");
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_autofree char *failure = docai_export_failure (document);
      append_element (out, "p", failure);
      g_string_append_c (out, '\n');
    }
  for (guint p = 0; p < document->pages->len; p++)
    append_page (out, document->pages->pdata[p]);
  append_findings (out, document);
  g_string_append (out, "</body>\n</html>\n");
}
