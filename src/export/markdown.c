/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Markdown (CommonMark with GitHub's tables): the text in reading order, lines
 * of a paragraph joined, then summary, answers and fields. Running heads and
 * page numbers are left out. What would be taken for markup is escaped.
 */
#include "export/export-priv.h"

#include <string.h>

static gboolean
is_word (const char *at)
{
  return *at != '\0' && g_unichar_isalnum (g_utf8_get_char (at));
}

/* Whether a paragraph that starts so would become something else: a heading, a
 * quote, a list, a rule. The number of characters before the one to escape, or -1. */
static int
find_block_mark (const char *text)
{
  if (text[0] == '#' || text[0] == '>')
    return 0;
  if (text[0] == '=' || strncmp (text, "---", 3) == 0 || strncmp (text, "~~~", 3) == 0)
    return 0;
  if ((text[0] == '-' || text[0] == '+') && (text[1] == ' ' || text[1] == '\0'))
    return 0;
  int digits = (int) strspn (text, "0123456789");
  if (digits > 0 && digits < 10 && (text[digits] == '.' || text[digits] == ')')
      && (text[digits + 1] == ' ' || text[digits + 1] == '\0'))
    return digits;
  return -1;
}

/* One line of text with its markup escaped. */
static void
append_inline (GString *out, const char *text, gboolean block_start)
{
  int mark = block_start ? find_block_mark (text) : -1;
  for (const char *at = text; *at != '\0'; at++)
    {
      gboolean escape = at - text == mark || strchr ("\\`*[]<|~", *at) != NULL;
      /* An underscore inside a word is no emphasis; an ampersand alone no entity. */
      if (*at == '_')
        escape = at == text || !is_word (at + 1) || !g_ascii_isalnum (at[-1]);
      else if (*at == '&')
        escape = at[1] == '#' || g_ascii_isalpha (at[1]);
      if (*at == '\n')
        g_string_append (out, "<br>");
      else
        {
          if (escape)
            g_string_append_c (out, '\\');
          g_string_append_c (out, *at);
        }
    }
}

static void
append_flow (GString *out, const char *text, gboolean block_start)
{
  g_autofree char *flow = docai_export_flow (text);
  append_inline (out, flow, block_start);
}

static void
append_code (GString *out, const char *text)
{
  int longest = 2;
  for (const char *at = text; *at != '\0'; at++)
    if (*at == '`')
      {
        int run = (int) strspn (at, "`");
        longest = MAX (longest, run);
        at += run - 1;
      }
  g_autofree char *fence = g_strnfill (longest + 1, '`');
  g_string_append_printf (out, "%s\n%s\n%s\n", fence, text, fence);
}

/* The text of a place with the headers of all header rows above it joined; a
 * header that spans columns counts for each of them. */
static char *
join_headers (const DocaiGrid *grid, int column)
{
  GString *text = g_string_new (NULL);
  for (int row = 0; row < grid->header_rows; row++)
    for (int from = column; from >= 0; from--)
      {
        const DocaiCell *cell = docai_grid_peek (grid, row, from);
        if (cell == NULL)
          continue;
        if (MAX (cell->column_span, 1) > column - from && cell->text != NULL && cell->text[0] != '\0')
          g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", cell->text);
        break;
      }
  return g_string_free (text, FALSE);
}

static void
append_table (GString *out, const DocaiTable *table)
{
  g_autoptr (DocaiGrid) grid = docai_grid_new (table);
  if (grid->rows == 0)
    return;
  g_string_append_c (out, '|');
  for (int column = 0; column < grid->columns; column++)
    {
      g_autofree char *header = join_headers (grid, column);
      g_string_append_c (out, ' ');
      append_flow (out, header, FALSE);
      g_string_append (out, " |");
    }
  g_string_append (out, "\n|");
  for (int column = 0; column < grid->columns; column++)
    g_string_append (out, " --- |");
  g_string_append_c (out, '\n');
  for (int row = grid->header_rows; row < grid->rows; row++)
    {
      g_string_append_c (out, '|');
      for (int column = 0; column < grid->columns; column++)
        {
          const DocaiCell *cell = docai_grid_peek (grid, row, column);
          g_string_append_c (out, ' ');
          if (cell != NULL && cell->text != NULL)
            append_inline (out, cell->text, FALSE);
          g_string_append (out, " |");
        }
      g_string_append_c (out, '\n');
    }
}

static void
append_chart (GString *out, const DocaiChart *chart)
{
  for (guint s = 0; s < chart->series->len; s++)
    {
      const DocaiChartSeries *series = chart->series->pdata[s];
      if (series->points->len == 0)
        continue;
      g_string_append (out, "\n| ");
      append_flow (out, chart->x_axis, FALSE);
      g_string_append (out, " | ");
      append_flow (out, series->name != NULL ? series->name : chart->y_axis, FALSE);
      g_string_append (out, " |\n| --- | --- |\n");
      for (guint k = 0; k < series->points->len; k++)
        {
          const DocaiChartPoint *point = series->points->pdata[k];
          char                   value[G_ASCII_DTOSTR_BUF_SIZE];
          g_string_append (out, "| ");
          append_flow (out, point->label, FALSE);
          g_string_append_printf (out, " | %s |\n", g_ascii_formatd (value, sizeof value, "%.10g", point->value));
        }
    }
}

static void
append_picture (GString *out, const DocaiRegion *region)
{
  const DocaiPicture *picture = region->picture;
  gboolean            described = picture != NULL && picture->description != NULL && picture->description[0] != '\0';
  gboolean            lettered = region->text != NULL && region->text[0] != '\0';
  g_string_append (out, "> *Picture");
  if (picture != NULL && picture->class_name != NULL)
    {
      g_string_append (out, " (");
      append_inline (out, picture->class_name, FALSE);
      g_string_append_c (out, ')');
    }
  g_string_append_c (out, '*');
  if (described || lettered)
    {
      g_string_append (out, ": ");
      append_flow (out, described ? picture->description : region->text, FALSE);
    }
  g_string_append_c (out, '\n');
  if (described && lettered)
    {
      g_string_append (out, ">\n> ");
      append_flow (out, region->text, FALSE);
      g_string_append_c (out, '\n');
    }
  if (picture != NULL && picture->data != NULL)
    append_chart (out, picture->data);
}

/* The item without the bullet that it has on the page; numbers stay. */
static const char *
skip_bullet (const char *text)
{
  static const char *const bullets[] = { "•", "◦", "▪", "‣", "·", "●", "○", "■", "–", "-", "*" };
  for (guint i = 0; i < G_N_ELEMENTS (bullets); i++)
    if (g_str_has_prefix (text, bullets[i]) && text[strlen (bullets[i])] == ' ')
      return text + strlen (bullets[i]) + 1;
  return text;
}

static void
append_list_item (GString *out, const char *text)
{
  g_autofree char *flow = docai_export_flow (text);
  const char      *item = skip_bullet (flow);
  int              digits = (int) strspn (item, "0123456789");
  if (digits > 0 && digits < 10 && (item[digits] == '.' || item[digits] == ')')
      && item[digits + 1] == ' ')
    {
      g_string_append_len (out, item, digits + 2);
      item += digits + 2;
    }
  else
    g_string_append (out, "- ");
  append_inline (out, item, TRUE);
  g_string_append_c (out, '\n');
}

static void
append_marked (GString *out, const char *before, const char *text, const char *after)
{
  g_string_append (out, before);
  append_flow (out, text, before[0] == '\0');
  g_string_append_printf (out, "%s\n", after);
}

static void
append_region (GString *out, const DocaiRegion *region)
{
  const char *text = region->text != NULL ? region->text : "";
  if (region->table != NULL && region->table->cells->len > 0)
    append_table (out, region->table);
  else if (region->label == DOCAI_LABEL_PICTURE)
    append_picture (out, region);
  else if (region->label == DOCAI_LABEL_CHECKBOX_SELECTED)
    append_marked (out, "- [x] ", docai_export_checkbox_text (region), "");
  else if (region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED)
    append_marked (out, "- [ ] ", docai_export_checkbox_text (region), "");
  else if (text[0] == '\0')
    return;
  else if (region->label == DOCAI_LABEL_TITLE)
    append_marked (out, "# ", text, "");
  else if (region->label == DOCAI_LABEL_SECTION_HEADER)
    append_marked (out, "## ", text, "");
  else if (region->label == DOCAI_LABEL_LIST_ITEM)
    append_list_item (out, text);
  else if (region->label == DOCAI_LABEL_CAPTION)
    append_marked (out, "*", text, "*");
  else if (region->label == DOCAI_LABEL_CODE)
    append_code (out, text);
  else
    append_marked (out, "", text, "");
}

static gboolean
is_list_like (const DocaiRegion *region)
{
  return region != NULL
         && (region->label == DOCAI_LABEL_LIST_ITEM || region->label == DOCAI_LABEL_CHECKBOX_SELECTED
             || region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED);
}

static void
append_pages (GString *out, const DocaiDocument *document)
{
  const DocaiRegion *previous = NULL;
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len; r++)
        {
          const DocaiRegion *region = page->regions->pdata[r];
          if (region->label == DOCAI_LABEL_PAGE_HEADER || region->label == DOCAI_LABEL_PAGE_FOOTER)
            continue;
          gsize before = out->len;
          if (before > 0 && !(is_list_like (previous) && is_list_like (region)))
            g_string_append_c (out, '\n');
          gsize start = out->len;
          append_region (out, region);
          if (out->len == start)
            g_string_truncate (out, before);
          else
            previous = region;
        }
    }
}

static void
append_answers (GString *out, const DocaiDocument *document)
{
  for (guint i = 0; i < document->answers->len; i++)
    {
      const DocaiAnswer *answer = document->answers->pdata[i];
      g_string_append (out, "\n**");
      append_flow (out, answer->question, FALSE);
      g_string_append (out, "** ");
      append_flow (out, answer->answer, FALSE);
      g_string_append (out, answer->grounded ? "\n" : " *(not found on the page)*\n");
    }
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
        g_string_append (out, "\n| Field | Value | Page |\n| --- | --- | --- |\n");
      begun = TRUE;
      g_string_append (out, "| ");
      append_inline (out, field->name != NULL ? field->name : "", FALSE);
      g_string_append (out, " | ");
      append_inline (out, docai_export_field_value (field), FALSE);
      if (field->grounded && field->page > 0)
        g_string_append_printf (out, " | %d |\n", field->page);
      else
        g_string_append (out, " | not found |\n");
    }
}

static void
append_items (GString *out, const DocaiField *list)
{
  g_autoptr (GPtrArray) names = docai_export_item_names (list);
  g_string_append (out, "\n|");
  for (guint k = 0; k < names->len; k++)
    {
      g_string_append_c (out, ' ');
      append_inline (out, names->pdata[k], FALSE);
      g_string_append (out, " |");
    }
  g_string_append (out, "\n|");
  for (guint k = 0; k < names->len; k++)
    g_string_append (out, " --- |");
  g_string_append_c (out, '\n');
  for (guint i = 0; i < list->items->len; i++)
    {
      const DocaiItem *item = list->items->pdata[i];
      g_string_append_c (out, '|');
      for (guint k = 0; k < names->len; k++)
        {
          const DocaiField *part = docai_fields_lookup (item->fields, names->pdata[k]);
          g_string_append_c (out, ' ');
          if (part != NULL)
            append_inline (out, docai_export_field_value (part), FALSE);
          g_string_append (out, " |");
        }
      g_string_append_c (out, '\n');
    }
}

void
docai_export_markdown (const DocaiDocument *document, GString *out)
{
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_autofree char *failure = docai_export_failure (document);
      g_string_append (out, "> ");
      append_inline (out, failure, FALSE);
      g_string_append_c (out, '\n');
      return;
    }
  append_pages (out, document);
  gboolean summary = document->summary != NULL && document->summary->text != NULL;
  if (!summary && document->answers->len == 0 && document->fields->len == 0)
    return;
  g_string_append (out, out->len > 0 ? "\n---\n" : "---\n");
  if (summary)
    {
      g_string_append (out, "\n**Summary:** ");
      append_flow (out, document->summary->text, FALSE);
      g_string_append_c (out, '\n');
    }
  append_answers (out, document);
  append_fields (out, document->fields);
  for (guint i = 0; i < document->fields->len; i++)
    {
      const DocaiField *field = document->fields->pdata[i];
      if (field->items->len > 0)
        append_items (out, field);
    }
}
