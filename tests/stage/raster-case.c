/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/stage/raster-case.h"

#include "tests/stage/pdf-builder.h"

#include <glib/gstdio.h>
#include <math.h>


void
case_write (Case *c, GBytes *bytes)
{
  gsize         length;
  gconstpointer data = g_bytes_get_data (bytes, &length);
  int           fd = g_file_open_tmp ("docai-XXXXXX.bin", &c->path, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (c->path, data, (gssize) length, NULL));
  g_bytes_unref (bytes);
  c->options = docai_options_new ();
  c->settings = docai_settings_new ();
  c->task = (DocaiTask){ c->path, "test.pdf", c->options, c->settings, NULL };
}

gboolean
case_probe (Case *c)
{
  g_clear_error (&c->error);
  g_clear_pointer (&c->document, docai_document_free);
  c->document = docai_document_new ();
  return docai_probe_stage.run (NULL, &c->task, c->document, NULL, &c->error);
}

gboolean
case_rasterize (Case *c, int number)
{
  g_clear_error (&c->error);
  g_clear_pointer (&c->page, docai_page_free);
  c->page = docai_page_new (number, 0, 0);
  return docai_rasterize_stage.run (NULL, &c->task, c->document, c->page, &c->error);
}

void
case_read (Case *c, GBytes *bytes)
{
  case_write (c, bytes);
  g_assert_true (case_probe (c));
  g_assert_true (case_rasterize (c, 1));
  g_assert_no_error (c->error);
}

void
case_clear (Case *c)
{
  docai_rasterize_stage.close (NULL);
  g_unlink (c->path);
  g_free (c->path);
  docai_options_free (c->options);
  docai_settings_free (c->settings);
  docai_document_free (c->document);
  docai_page_free (c->page);
  g_clear_error (&c->error);
}


void
assert_refused (GBytes *bytes, DocaiErrorCode code)
{
  g_auto (Case) c = { 0 };
  case_write (&c, bytes);
  g_assert_false (case_probe (&c));
  g_assert_error (c.error, DOCAI_ERROR, (int) code);
}

GBytes *
make_page (const char *entries, const char *content)
{
  PdfBuilder *builder = pdf_builder_new ();
  pdf_builder_begin (builder, "");
  pdf_builder_add_page (builder, entries, "", content);
  return pdf_builder_finish (builder, "");
}

void
assert_near (double a, double b, double tolerance)
{
  if (!(fabs (a - b) <= tolerance))
    g_error ("%g is not within %g of %g", a, tolerance, b);
}

void
assert_box (DocaiBox box, DocaiBox truth, double tolerance)
{
  assert_near (box.x0, truth.x0, tolerance);
  assert_near (box.y0, truth.y0, tolerance);
  assert_near (box.x1, truth.x1, tolerance);
  assert_near (box.y1, truth.y1, tolerance);
}
