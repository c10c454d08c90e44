/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stage probe: what it tells of a PDF file, and what it refuses.
 */
#include "tests/stage/pdf-builder.h"
#include "tests/stage/raster-case.h"

#include <gio/gio.h>
#include <string.h>

static void
test_description (void)
{
  g_auto (Case) c = { 0 };
  PdfBuilder *builder = pdf_builder_new ();
  pdf_builder_begin (builder,
                     "/Outlines 4 0 R /Names << /EmbeddedFiles << /Names [ (a) 7 0 R ] >> >>");
  pdf_builder_add (builder, "<< /First 5 0 R /Last 5 0 R /Count 1 >>");
  pdf_builder_add (
      builder, "<< /Title (Chapter) /Parent 4 0 R /Dest [10 0 R /Fit] /First 6 0 R /Last 6 0 R >>");
  pdf_builder_add (builder, "<< /Title (Section) /Parent 5 0 R /Dest [12 0 R /Fit] >>");
  pdf_builder_add (builder,
                   "<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /EF << /F 8 0 R >> >>");
  pdf_builder_add_stream (builder, "/Type /EmbeddedFile", "<?xml version=\"1.0\"?><a/>", 25);
  pdf_builder_add_page (builder, LETTER, "", "BT /F1 10 Tf 50 700 Td (One) Tj ET"); /* 9, 10 */
  pdf_builder_add_page (builder, LETTER, "", "BT /F1 10 Tf 50 700 Td (Two) Tj ET"); /* 11, 12 */
  pdf_builder_add (builder, "<< /Title (A title) /Author (An author) /CreationDate "
                            "(D:20240131120000+01'00') >>");
  case_write (&c, pdf_builder_finish (builder, "/Info 13 0 R"));
  g_assert_true (case_probe (&c));
  const DocaiSource *source = c.document->source;
  g_assert_cmpint (source->pages, ==, 2);
  g_assert_cmpstr (source->media_type, ==, "application/pdf");
  g_assert_cmpstr (source->metadata->title, ==, "A title");
  g_assert_cmpstr (source->metadata->author, ==, "An author");
  g_assert_cmpstr (source->metadata->created, ==, "2024-01-31T12:00:00+01:00");
  g_assert_null (source->metadata->subject);

  g_assert_cmpuint (source->outline->len, ==, 2);
  const DocaiOutlineItem *first = source->outline->pdata[0], *second = source->outline->pdata[1];
  g_assert_cmpstr (first->title, ==, "Chapter");
  g_assert_cmpint (first->level, ==, 1);
  g_assert_cmpint (first->page, ==, 1);
  g_assert_cmpstr (second->title, ==, "Section");
  g_assert_cmpint (second->level, ==, 2);
  g_assert_cmpint (second->page, ==, 2);

  g_assert_cmpuint (source->attachments->len, ==, 1);
  const DocaiAttachment *attachment = source->attachments->pdata[0];
  g_autofree char       *sum =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, "<?xml version=\"1.0\"?><a/>", 25);
  g_assert_cmpstr (attachment->name, ==, "factur-x.xml");
  g_assert_cmpstr (attachment->media_type, ==, "application/xml");
  g_assert_cmpstr (attachment->sha256, ==, sum);
  g_assert_cmpint (attachment->bytes, ==, 25);
}

static void
test_password (void)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests/data/rasterize/encrypted.pdf", NULL);
  static const struct {
    const char    *password;
    DocaiErrorCode code;
  } tries[] = { { NULL, DOCAI_ERROR_PASSWORD_REQUIRED },
                { "wrong", DOCAI_ERROR_PASSWORD_WRONG },
                { "secret", DOCAI_ERROR_COUNT } };
  for (gsize i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_auto (Case) c = { 0 };
      char *data;
      gsize length;
      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      case_write (&c, g_bytes_new_take (data, length));
      if (tries[i].password != NULL)
        g_assert_true (docai_options_set (c.options, "password", tries[i].password, NULL));
      gboolean fine = case_probe (&c);
      if (tries[i].code != DOCAI_ERROR_COUNT)
        g_assert_error (c.error, DOCAI_ERROR, (int) tries[i].code);
      else
        g_assert_true (fine && case_rasterize (&c, 1) && c.page->words->len == 1);
    }
}

/* Zeros behind two layers of deflate: a megabyte in some bytes. */
static GBytes *
deflate (GBytes *bytes)
{
  g_autoptr (GConverter) zip =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
  g_autoptr (GInputStream) in = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) through = g_converter_input_stream_new (in, zip);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_assert_cmpint (
      g_output_stream_splice (out, through, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >, 0);
  g_bytes_unref (bytes);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
test_bomb (void)
{
  gsize         length;
  GBytes       *packed = deflate (deflate (g_bytes_new_take (g_malloc0 (1 << 20), 1 << 20)));
  gconstpointer data = g_bytes_get_data (packed, &length);
  PdfBuilder   *builder = pdf_builder_new ();
  pdf_builder_begin (builder, "");
  pdf_builder_add_page (builder, LETTER, "", "");
  pdf_builder_add_stream (builder, "/Filter [/FlateDecode /FlateDecode]", data, length);
  g_auto (Case) c = { 0 };
  case_write (&c, pdf_builder_finish (builder, ""));
  g_assert_true (case_probe (&c));
  c.settings->limits.inflate_bytes = 1000 * 1000;
  g_assert_false (case_probe (&c));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_INFLATE_LIMIT);
  g_bytes_unref (packed);
}

static GBytes *
text_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
test_refusals (void)
{
  assert_refused (text_bytes (""), DOCAI_ERROR_FILE_EMPTY);
  assert_refused (text_bytes ("Dear Sir, this is no PDF.\n"), DOCAI_ERROR_TYPE_UNSUPPORTED);
  assert_refused (text_bytes ("%PDF-1.7\n"), DOCAI_ERROR_FILE_TRUNCATED);
  assert_refused (text_bytes ("%PDF-1.7\nnothing\n%%EOF\n"), DOCAI_ERROR_FILE_DAMAGED);
  PdfBuilder *builder = pdf_builder_new ();
  pdf_builder_begin (builder, "");
  assert_refused (pdf_builder_finish (builder, ""), DOCAI_ERROR_NO_PAGES);

  g_auto (Case) c = { 0 };
  case_write (&c, make_page (LETTER, ""));
  c.task.source_path = "/nonexistent/file.pdf";
  g_assert_false (case_probe (&c));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE);
}

static void
test_limits (void)
{
  g_auto (Case) c = { 0 };
  PdfBuilder *builder = pdf_builder_new ();
  pdf_builder_begin (builder, "");
  for (int i = 0; i < 3; i++)
    pdf_builder_add_page (builder, "/MediaBox [0 0 700 700]", "", "1 0 0 rg 0 0 100 100 re f");
  case_write (&c, pdf_builder_finish (builder, ""));
  g_assert_true (case_probe (&c));

  c.settings->limits.pages = 2;
  g_assert_false (case_probe (&c));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_PAGE_COUNT_LIMIT);
  g_assert_true (docai_options_set (c.options, "pages", "2-3", NULL));
  g_assert_true (case_probe (&c));
  g_assert_cmpint (c.document->source->pages, ==, 3);
  g_assert_true (docai_options_set (c.options, "pages", "7", NULL));
  g_assert_false (case_probe (&c));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_PAGE_RANGE);

  c.settings->limits.page_points = 600;
  g_assert_false (case_rasterize (&c, 1));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_PAGE_SIZE_LIMIT);
  g_assert_false (case_rasterize (&c, 4));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_PAGE_DAMAGED);

  c.settings->limits.file_bytes = 100;
  g_assert_false (case_probe (&c));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_FILE_SIZE_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/description", test_description);
  g_test_add_func ("/probe/password", test_password);
  g_test_add_func ("/probe/bomb", test_bomb);
  g_test_add_func ("/probe/refusals", test_refusals);
  g_test_add_func ("/probe/limits", test_limits);
  return g_test_run ();
}
