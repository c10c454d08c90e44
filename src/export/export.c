/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing a writer, and what the writers share.
 */
#include "export/export-priv.h"

#include "document/json.h"
#include "document/xml.h"

#include <math.h>
#include <string.h>

/* Places of a table beyond which it is not drawn as a grid: more than any page holds. */
#define GRID_MAX_PLACES (1 << 20)

#define PLAIN_DPI 300.0

static const struct {
  const char *name;
  void (*write) (const DocaiDocument *document, GString *out);
} formats[DOCAI_FORMAT_COUNT] = {
  [DOCAI_FORMAT_JSON] = { "json", NULL },
  [DOCAI_FORMAT_XML] = { "xml", NULL },
  [DOCAI_FORMAT_MARKDOWN] = { "md", docai_export_markdown },
  [DOCAI_FORMAT_TEXT] = { "txt", docai_export_text },
  [DOCAI_FORMAT_CSV] = { "csv", docai_export_csv },
  [DOCAI_FORMAT_HTML] = { "html", docai_export_html },
  [DOCAI_FORMAT_HOCR] = { "hocr", docai_export_hocr },
  [DOCAI_FORMAT_ALTO] = { "alto", docai_export_alto },
};

const char *
docai_format_name (DocaiFormat format)
{
  g_return_val_if_fail ((unsigned) format < DOCAI_FORMAT_COUNT, NULL);
  return formats[format].name;
}

gboolean
docai_format_lookup (const char *name, DocaiFormat *format)
{
  for (int i = 0; i < DOCAI_FORMAT_COUNT; i++)
    if (g_strcmp0 (name, formats[i].name) == 0)
      {
        *format = (DocaiFormat) i;
        return TRUE;
      }
  return FALSE;
}

const char *
docai_format_names (void)
{
  return "json|xml|md|txt|csv|html|hocr|alto";
}

char *
docai_export (const DocaiDocument *document, DocaiFormat format, gsize *length)
{
  g_return_val_if_fail ((unsigned) format < DOCAI_FORMAT_COUNT, NULL);
  if (format == DOCAI_FORMAT_JSON)
    return docai_document_to_json (document, TRUE, length);
  if (format == DOCAI_FORMAT_XML)
    return docai_document_to_xml (document, length);

  GString *out = g_string_new (NULL);
  formats[format].write (document, out);
  *length = out->len;
  return g_string_free (out, FALSE);
}

DocaiGrid *
docai_grid_new (const DocaiTable *table)
{
  DocaiGrid *grid = g_new0 (DocaiGrid, 1);
  if (table->rows <= 0 || table->columns <= 0 || table->rows > GRID_MAX_PLACES / table->columns)
    return grid;
  grid->rows = table->rows;
  grid->columns = table->columns;
  grid->places = g_new0 (const DocaiCell *, (gsize) table->rows * table->columns);

  g_autofree gboolean *header = g_new0 (gboolean, table->rows);
  for (guint i = 0; i < table->cells->len; i++)
    {
      const DocaiCell *cell = table->cells->pdata[i];
      if (cell->row < 0 || cell->row >= grid->rows || cell->column < 0
          || cell->column >= grid->columns)
        continue;
      grid->places[(gsize) cell->row * grid->columns + cell->column] = cell;
      /* Only a header in a top row makes a header row; row headers stand beside. */
      if (cell->header && cell->column > 0)
        header[cell->row] = TRUE;
      else if (cell->header && grid->columns == 1)
        header[cell->row] = TRUE;
    }
  while (grid->header_rows < grid->rows && header[grid->header_rows])
    grid->header_rows++;
  return grid;
}

void
docai_grid_free (DocaiGrid *grid)
{
  if (grid == NULL)
    return;
  g_free (grid->places);
  g_free (grid);
}

const DocaiCell *
docai_grid_peek (const DocaiGrid *grid, int row, int column)
{
  return grid->places[(gsize) row * grid->columns + column];
}

/* Whether the line ends in a letter and a hyphen; `stem` becomes its length
 * without the hyphen. */
static gboolean
ends_in_hyphen (const char *line, gsize length, gsize *stem)
{
  static const char *const hyphens[] = { "-", "\xE2\x80\x90" /* U+2010 */, "\xC2\xAD" /* soft */ };
  for (guint i = 0; i < G_N_ELEMENTS (hyphens); i++)
    {
      gsize width = strlen (hyphens[i]);
      if (length <= width || memcmp (line + length - width, hyphens[i], width) != 0)
        continue;
      const char *before = g_utf8_find_prev_char (line, line + length - width);
      *stem = length - width;
      return before != NULL && g_unichar_isalpha (g_utf8_get_char (before));
    }
  return FALSE;
}

char *
docai_export_flow (const char *text)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      const char *clean = g_strstrip (*line);
      gsize       stem = 0;
      if (clean[0] == '\0')
        continue;
      if (out->len > 0 && g_unichar_islower (g_utf8_get_char (clean))
          && ends_in_hyphen (out->str, out->len, &stem))
        g_string_truncate (out, stem);
      else if (out->len > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, clean);
    }
  return g_string_free (out, FALSE);
}

GPtrArray *
docai_export_item_names (const DocaiField *field)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < field->items->len; i++)
    {
      const DocaiItem *item = field->items->pdata[i];
      for (guint k = 0; k < item->fields->len; k++)
        {
          const DocaiField *part = item->fields->pdata[k];
          if (part->name != NULL
              && !g_ptr_array_find_with_equal_func (names, part->name, g_str_equal, NULL))
            g_ptr_array_add (names, part->name);
        }
    }
  return names;
}

const char *
docai_export_field_value (const DocaiField *field)
{
  if (field->value != NULL)
    return field->value;
  return field->content != NULL ? field->content : "";
}

static void
add_plain_line (GPtrArray *lines, const char *text, DocaiBox bbox)
{
  if (text == NULL || text[0] == '\0')
    return;
  DocaiLine *line = docai_line_new ();
  line->text = g_strdup (text);
  line->bbox = bbox;
  g_ptr_array_add (lines, line);
}

const char *
docai_export_checkbox_text (const DocaiRegion *region)
{
  static const gunichar signs[] = { 0x2610, 0x2611, 0x2612, 0x25A1, 0x25A0, 0x274F, 0x2750, 0x2751, 0x2752, 0x1F5F5,
                                    0x1F5F7, 0x1F5F9, 0x2BBD, 0xF0FD, 0xF0FE, 0xF052, 0xF053, 0xF0A8, 0xF06F };
  const char           *text = region->text != NULL ? region->text : "";
  gunichar              first = g_utf8_get_char (text);

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (first == signs[i])
      {
        text = g_utf8_next_char (text);
        while (*text == ' ' || *text == '\n')
          text++;
        break;
      }
  if (g_str_has_prefix (text, "[ ] ") || g_str_has_prefix (text, "[_] ") || g_ascii_strncasecmp (text, "[x] ", 4) == 0)
    text += 4;
  else if (g_str_has_prefix (text, "[] "))
    text += 3;
  return text;
}

GPtrArray *
docai_export_lines (const DocaiRegion *region)
{
  if (region->lines->len > 0)
    return g_ptr_array_ref (region->lines);
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_line_free);
  if (region->table != NULL && region->table->cells->len > 0)
    for (guint i = 0; i < region->table->cells->len; i++)
      {
        const DocaiCell *cell = region->table->cells->pdata[i];
        add_plain_line (lines, cell->text, cell->bbox);
      }
  else
    add_plain_line (lines, region->text, region->bbox);
  return lines;
}

void
docai_export_append_escaped (GString *out, const char *text)
{
  if (text == NULL)
    return;
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_string_append (out, escaped);
}

double
docai_export_page_dpi (const DocaiPage *page)
{
  return page->dpi >= 1 && page->dpi <= 10000 ? page->dpi : PLAIN_DPI;
}

int
docai_export_pixels (double points, double dpi)
{
  double pixels = round (points * dpi / 72);
  return isfinite (pixels) ? (int) CLAMP (pixels, 0, G_MAXINT) : 0;
}

char *
docai_export_failure (const DocaiDocument *document)
{
  const DocaiFailure *failure = document->error;
  return g_strdup_printf ("The document could not be read: %s (%s)",
                          failure != NULL && failure->text != NULL ? failure->text : "unknown",
                          failure != NULL && failure->code != NULL ? failure->code : "internal");
}
