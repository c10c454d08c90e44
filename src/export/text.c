/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plain text: regions in reading order, an empty line between them, lines broken
 * as on the page, tables in columns, a form feed between pages.
 */
#include "export/export-priv.h"

#include <string.h>

#define COLUMN_GAP 2
#define COLUMN_MAX 60 /* a wider cell pushes the rest of its row to the right */

/* Columns that a text takes on a terminal. */
static int
display_width (const char *text)
{
  int width = 0;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
append_table (GString *out, const DocaiTable *table)
{
  g_autoptr (DocaiGrid) grid = docai_grid_new (table);
  g_autofree int *widths = g_new0 (int, MAX (grid->columns, 1));
  for (int pass = 0; pass < 2; pass++)
    for (int row = 0; row < grid->rows; row++)
      {
        int at = 0, want = 0;
        for (int column = 0; column < grid->columns; column++)
          {
            const DocaiCell *cell = docai_grid_peek (grid, row, column);
            g_autofree char *text = docai_export_flow (cell != NULL ? cell->text : NULL);
            int              width = display_width (text);
            if (pass == 0 && (cell == NULL || cell->column_span <= 1))
              widths[column] = MAX (widths[column], MIN (width, COLUMN_MAX));
            if (pass == 1 && text[0] != '\0')
              {
                int gap = at == 0 ? want : MAX (want - at, 1);
                g_string_append_printf (out, "%*s%s", gap, "", text);
                at += gap + width;
              }
            want += widths[column] + COLUMN_GAP;
          }
        if (pass == 1)
          g_string_append_c (out, '\n');
      }
}

static void
append_region (GString *out, const DocaiRegion *region)
{
  if (region->table != NULL && region->table->cells->len > 0)
    {
      append_table (out, region->table);
      return;
    }
  if (region->label == DOCAI_LABEL_CHECKBOX_SELECTED)
    g_string_append (out, "[x] ");
  else if (region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED)
    g_string_append (out, "[ ] ");
  if (region->label == DOCAI_LABEL_CHECKBOX_SELECTED || region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED)
    g_string_append (out, docai_export_checkbox_text (region));
  else if (region->text != NULL && region->text[0] != '\0')
    g_string_append (out, region->text);
  else if (region->picture != NULL && region->picture->description != NULL && region->picture->description[0] != '\0')
    g_string_append_printf (out, "[%s]", region->picture->description);
}

void
docai_export_text (const DocaiDocument *document, GString *out)
{
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_autofree char *failure = docai_export_failure (document);
      g_string_append_printf (out, "%s\n", failure);
      return;
    }
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      gsize            page_start = out->len;
      for (guint r = 0; r < page->regions->len; r++)
        {
          gsize before = out->len;
          if (before > page_start)
            g_string_append_c (out, '\n');
          gsize start = out->len;
          append_region (out, page->regions->pdata[r]);
          if (out->len == start)
            {
              g_string_truncate (out, before);
              continue;
            }
          if (out->str[out->len - 1] != '\n')
            g_string_append_c (out, '\n');
        }
      if (p + 1 < document->pages->len)
        g_string_append_c (out, '\f');
    }
}
