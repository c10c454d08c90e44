/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small PDF files written byte by byte.
 */
#include "tests/stage/pdf-builder.h"

#include <string.h>

struct PdfBuilder {
  GPtrArray *objects; /* GString: bodies */
  GString   *kids;
  int        n_pages;
  char      *catalog;
};

static void
free_body (gpointer body)
{
  g_string_free (body, TRUE);
}

PdfBuilder *
pdf_builder_new (void)
{
  PdfBuilder *builder = g_new0 (PdfBuilder, 1);
  builder->objects = g_ptr_array_new_with_free_func (free_body);
  builder->kids = g_string_new (NULL);
  return builder;
}

int
pdf_builder_add (PdfBuilder *builder, const char *format, ...)
{
  GString *body = g_string_new (NULL);
  va_list  list;
  va_start (list, format);
  g_string_append_vprintf (body, format, list);
  va_end (list);
  g_ptr_array_add (builder->objects, body);
  return (int) builder->objects->len;
}

int
pdf_builder_add_stream (PdfBuilder *builder, const char *entries, const void *data, gsize length)
{
  int      number = pdf_builder_add (builder, "<< %s /Length %zu >>\nstream\n", entries, length);
  GString *body = builder->objects->pdata[number - 1];
  g_string_append_len (body, data, (gssize) length);
  g_string_append (body, "\nendstream");
  return number;
}

void
pdf_builder_begin (PdfBuilder *builder, const char *catalog)
{
  builder->catalog = g_strdup (catalog);
  pdf_builder_add (builder, " ");
  pdf_builder_add (builder, " ");
  pdf_builder_add (builder, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
                            "/Encoding /WinAnsiEncoding >>");
}

void
pdf_builder_add_page (PdfBuilder *builder, const char *entries, const char *xobjects,
                      const char *content)
{
  int stream = pdf_builder_add_stream (builder, "", content, strlen (content));
  int page = pdf_builder_add (builder,
                              "<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << "
                              "/Font << /F1 3 0 R >> /XObject << %s >> >> >>",
                              entries, stream, xobjects);
  g_string_append_printf (builder->kids, "%d 0 R ", page);
  builder->n_pages++;
}

GBytes *
pdf_builder_finish (PdfBuilder *builder, const char *trailer)
{
  if (builder->catalog != NULL)
    {
      g_string_printf (builder->objects->pdata[0], "<< /Type /Catalog /Pages 2 0 R %s >>",
                       builder->catalog);
      g_string_printf (builder->objects->pdata[1], "<< /Type /Pages /Kids [ %s] /Count %d >>",
                       builder->kids->str, builder->n_pages);
    }
  GString *file = g_string_new ("%PDF-1.7\n");
  g_autoptr (GString) table = g_string_new ("0000000000 65535 f \n");
  for (guint i = 0; i < builder->objects->len; i++)
    {
      GString *body = builder->objects->pdata[i];
      g_string_append_printf (table, "%010zu 00000 n \n", file->len);
      g_string_append_printf (file, "%u 0 obj\n", i + 1);
      g_string_append_len (file, body->str, (gssize) body->len);
      g_string_append (file, "\nendobj\n");
    }
  gsize start = file->len;
  g_string_append_printf (file, "xref\n0 %u\n%strailer\n<< /Size %u /Root 1 0 R %s >>\n",
                          builder->objects->len + 1, table->str, builder->objects->len + 1,
                          trailer);
  g_string_append_printf (file, "startxref\n%zu\n%%%%EOF\n", start);
  g_ptr_array_unref (builder->objects);
  g_string_free (builder->kids, TRUE);
  g_free (builder->catalog);
  g_free (builder);
  return g_string_free_to_bytes (file);
}
