/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV (RFC 4180, CRLF): the fields, then each list of items, then the tables of
 * the pages in reading order, an empty line between two blocks.
 *
 * A document must not run formulas in its reader's spreadsheet: a cell that
 * begins like one and is no number gets an apostrophe in front.
 */
#include "export/export-priv.h"

#include <string.h>

static gboolean
is_number (const char *text)
{
  text += text[0] == '+' || text[0] == '-';
  return g_ascii_isdigit (text[0]) && text[strspn (text, "0123456789.,' %")] == '\0';
}

static void
append_cell (GString *out, const char *text, gboolean first)
{
  if (!first)
    g_string_append_c (out, ',');
  if (text == NULL || text[0] == '\0')
    return;
  const char *guard = strchr ("=+-@\t\r", text[0]) != NULL && !is_number (text) ? "'" : "";
  if (strpbrk (text, ",\"\r\n") == NULL && text[0] != ' ')
    {
      g_string_append_printf (out, "%s%s", guard, text);
      return;
    }
  g_string_append_printf (out, "\"%s", guard);
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
begin_block (GString *out)
{
  if (out->len > 0)
    g_string_append (out, "\r\n");
}

static void
append_fields (GString *out, const GPtrArray *fields)
{
  gboolean begun = FALSE;
  for (guint i = 0; i < fields->len; i++)
    {
      const DocaiField *field = fields->pdata[i];
      if (field->items->len > 0)
        continue;
      if (!begun)
        g_string_append (out, "field,value,content,page,confidence,grounded\r\n");
      begun = TRUE;
      append_cell (out, field->name, TRUE);
      append_cell (out, field->value, FALSE);
      append_cell (out, field->content, FALSE);
      char confidence[G_ASCII_DTOSTR_BUF_SIZE];
      g_ascii_formatd (confidence, sizeof confidence, "%.2f", field->confidence);
      if (field->page > 0)
        g_string_append_printf (out, ",%d", field->page);
      else
        g_string_append_c (out, ',');
      g_string_append_printf (out, ",%s,%s\r\n", confidence, field->grounded ? "true" : "false");
    }
}

static void
append_items (GString *out, const DocaiField *list)
{
  g_autoptr (GPtrArray) names = docai_export_item_names (list);
  begin_block (out);
  append_cell (out, list->name, TRUE);
  for (guint k = 0; k < names->len; k++)
    append_cell (out, names->pdata[k], FALSE);
  g_string_append (out, "\r\n");
  for (guint i = 0; i < list->items->len; i++)
    {
      const DocaiItem *item = list->items->pdata[i];
      g_string_append_printf (out, "%u", i + 1);
      for (guint k = 0; k < names->len; k++)
        {
          const DocaiField *part = docai_fields_lookup (item->fields, names->pdata[k]);
          append_cell (out, part != NULL ? docai_export_field_value (part) : NULL, FALSE);
        }
      g_string_append (out, "\r\n");
    }
}

static void
append_table (GString *out, const DocaiTable *table)
{
  g_autoptr (DocaiGrid) grid = docai_grid_new (table);
  if (grid->rows == 0)
    return;
  begin_block (out);
  for (int row = 0; row < grid->rows; row++)
    {
      for (int column = 0; column < grid->columns; column++)
        {
          const DocaiCell *cell = docai_grid_peek (grid, row, column);
          append_cell (out, cell != NULL ? cell->text : NULL, column == 0);
        }
      g_string_append (out, "\r\n");
    }
}

void
docai_export_csv (const DocaiDocument *document, GString *out)
{
  if (document->status == DOCAI_STATUS_FAILED)
    {
      const DocaiFailure *failure = document->error;
      g_string_append (out, "error,text\r\n");
      append_cell (out, failure != NULL ? failure->code : "internal", TRUE);
      append_cell (out, failure != NULL ? failure->text : NULL, FALSE);
      g_string_append (out, "\r\n");
      return;
    }
  append_fields (out, document->fields);
  for (guint i = 0; i < document->fields->len; i++)
    {
      const DocaiField *field = document->fields->pdata[i];
      if (field->items->len > 0)
        append_items (out, field);
    }
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len; r++)
        {
          const DocaiRegion *region = page->regions->pdata[r];
          if (region->table != NULL)
            append_table (out, region->table);
        }
    }
}
