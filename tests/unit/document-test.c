/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model's two writings: both round-trip byte for byte, and neither takes
 * what the schema does not allow.
 */
#include "document/json.h"
#include "document/text.h"
#include "document/type.h"
#include "document/xml.h"

#include <math.h>
#include <string.h>

#define STRANGE "a<b>&\"c\" \t\n \xc3\xa9 \xe7\x99\xba \xf0\x9f\xa7\xbe ]]> "

static DocaiRegion *
make_table_region (void)
{
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_TABLE, DOCAI_BOX (10, 20, 300.123456, 40), 0.876);
  region->id = g_strdup ("p1.r1");
  region->table = docai_table_new (1, 2);
  DocaiCell *cell = docai_cell_new (0, 0, 1, 2);
  cell->text = g_strdup ("two\nlines");
  cell->header = TRUE;
  g_ptr_array_add (region->table->cells, cell);
  return region;
}

static DocaiRegion *
make_picture_region (void)
{
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_PICTURE, DOCAI_BOX (0, 0, 1, 1), 1);
  region->picture = docai_picture_new ();
  region->picture->class_name = g_strdup ("bar_chart");
  region->picture->description = g_strdup (STRANGE);
  g_ptr_array_add (region->picture->evidence, docai_evidence_new (1, DOCAI_BOX (11, 12, 13, 14), "bar <1>"));
  region->picture->data = docai_chart_new ();
  region->picture->data->title = g_strdup ("Sales");
  DocaiChartSeries *series = docai_chart_series_new ("2024");
  g_ptr_array_add (series->points, docai_chart_point_new ("Q1", 1.0 / 3));
  g_ptr_array_add (series->points, docai_chart_point_new ("Q2", -1e21));
  g_ptr_array_add (region->picture->data->series, series);
  return region;
}

static DocaiRegion *
make_text_region (void)
{
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (72, 72, 144, 96), 0.5);
  DocaiLine   *line = docai_line_new ();
  DocaiWord   *word = docai_word_new (STRANGE, DOCAI_BOX (72.005, 72, 100.999, 96), 0.991);
  word->font = 1;
  g_ptr_array_add (line->words, word);
  g_ptr_array_add (line->words, docai_word_new ("x\x01\xff y", DOCAI_BOX (101, 72, 144, 96), 2));
  line->baseline = 90.25;
  line->baseline_slope = 0.00123456789;
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
  return region;
}

static DocaiPage *
make_page (void)
{
  DocaiPage *page = docai_page_new (1, 595.276, 841.89);
  DocaiFont *font = docai_font_new ();
  font->id = 1;
  font->name = g_strdup ("Helvetica-Bold");
  font->size = 11.5;
  font->bold = TRUE;
  g_ptr_array_add (page->fonts, font);
  g_ptr_array_add (page->regions, make_table_region ());
  g_ptr_array_add (page->regions, make_picture_region ());
  g_ptr_array_add (page->regions, make_text_region ());
  g_ptr_array_add (page->links, docai_link_new (DOCAI_BOX (1, 2, 3, 4), "http://example.org/?a=1&b=2", 0));
  g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (0, 1, 100, 1.5)));
  g_ptr_array_add (page->words, docai_word_new ("loose", DOCAI_BOX (1, 1, 2, 2), 1));
  page->document_type = docai_type_new (&docai_document_type_type);
  page->document_type->label = g_strdup ("invoice");
  page->document_type->confidence = 0.9;
  return page;
}

static void
add_fields (DocaiDocument *document)
{
  DocaiField *total = docai_field_new ("InvoiceTotal", DOCAI_KIND_AMOUNT, "1234.50", "1.234,50");
  total->page = 1;
  total->bbox = DOCAI_BOX (400, 700, 450, 712);
  total->grounded = TRUE;
  g_ptr_array_add (document->fields, total);

  DocaiField *items = docai_field_new ("Items", DOCAI_KIND_STRING, NULL, NULL);
  DocaiItem  *item = docai_item_new ();
  g_ptr_array_add (item->fields, docai_field_new ("Description", DOCAI_KIND_STRING, "Bolt", "Bolt"));
  g_ptr_array_add (items->items, item);
  g_ptr_array_add (document->fields, items);
}

static DocaiDocument *
make_document (void)
{
  DocaiDocument *document = docai_document_new ();

  document->job = g_strdup ("7f3a");
  document->source->name = g_strdup ("in\nvoice \".pdf");
  document->source->bytes = G_GINT64_CONSTANT (5000000000);
  document->source->metadata = docai_metadata_new ();
  document->source->metadata->title = g_strdup (STRANGE);
  g_ptr_array_add (document->source->attachments, docai_attachment_new ("factur-x.xml"));
  g_ptr_array_add (document->source->outline, docai_outline_item_new (1, "Start", 1));
  g_ptr_array_add (document->pages, make_page ());
  add_fields (document);

  DocaiAnswer *answer = docai_answer_new ("Who?");
  answer->answer = g_strdup ("ACME");
  g_ptr_array_add (answer->evidence, docai_evidence_new (1, DOCAI_BOX (1, 2, 3, 4), "ACME"));
  g_ptr_array_add (document->answers, answer);
  document->summary = docai_summary_new ();
  docai_document_warn (document, "page_damaged", 2, "page %d: broken", 2);
  docai_document_record_stage (document, "ocr", "tesseract 5.3.0", "eng");
  docai_document_record_stage (document, "ocr", "tesseract 5.3.0", "eng");
  docai_type_normalize (&docai_document_type, document);
  return document;
}

static void
test_json_round_trip (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;
  gsize                     n, m;
  g_autofree char          *first = docai_document_to_json (document, FALSE, &n);
  g_autoptr (DocaiDocument) again = docai_document_from_json (first, n, &error);

  g_assert_no_error (error);
  docai_type_normalize (&docai_document_type, again);
  g_autofree char *second = docai_document_to_json (again, FALSE, &m);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (document->provenance->stages->len, ==, 1);
  g_assert_nonnull (strstr (first, "\"Items\":[{\"Description\":{"));
  g_assert_nonnull (strstr (first, "\"bbox\":[10.0,20.0,300.12,40.0]"));
}

static void
test_xml_round_trip (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;
  gsize                     n, m;
  g_autofree char          *first = docai_document_to_xml (document, &n);
  g_autoptr (DocaiDocument) again = docai_document_from_xml (first, n, &error);

  g_assert_no_error (error);
  g_autofree char *second = docai_document_to_xml (again, &m);
  g_assert_cmpstr (first, ==, second);

  g_autofree char *json = docai_document_to_json (document, FALSE, NULL);
  g_autofree char *json_again = docai_document_to_json (again, FALSE, NULL);
  g_assert_cmpstr (json, ==, json_again);
}

/* What the schema does not allow, each with a piece to replace. */
static const struct { const char *from, *to; } damages[] = {
  { "\"complete\"", "\"finished\"" },
  { "\"pages\":[", "\"pages\":[7," },
  { "\"schema\":\"docai/1\",", "" },
  { "\"schema\":\"docai/1\"", "\"schema\":\"docai/1\",\"extra\":1" },
  { "[10.0,20.0,300.12,40.0]", "[10.0,20.0,300.12]" },
  { "[10.0,20.0,300.12,40.0]", "[10.0,20.0,300.12,\"x\"]" },
  { "\"confidence\":0.88", "\"confidence\":1.5" },
  { "\"row_span\":1", "\"row_span\":99999999999" },
  { "\"label\":\"table\"", "\"label\":\"chart\"" },
  { "\"Items\":[{", "\"Items\":[],\"Other\":[{" },
  { "}", "" },
};

static void
test_json_refuses (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autofree char          *text = docai_document_to_json (document, FALSE, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError)  error = NULL;
      g_autoptr (GString) damaged = g_string_new (text);
      g_assert_cmpuint (g_string_replace (damaged, damages[i].from, damages[i].to, 1), ==, 1);
      g_assert_null (docai_document_from_json (damaged->str, damaged->len, &error));
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID);
    }
}

static void
test_xml_refuses (void)
{
  static const char *const bad[] = {
    "", "<document/>", "<document xmlns=\"urn:docai:1\"/>", "<x", "<document xmlns=\"urn:docai:2\"/>",
    "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><document xmlns=\"urn:docai:1\">&b;</document>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (docai_document_from_xml (bad[i], strlen (bad[i]), &error));
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID);
    }
}

static void
test_text_clean (void)
{
  g_autofree char *a = docai_text_clean ("a\x01\x1f" "b\xff\r\nc\x7f", -1);
  g_assert_cmpstr (a, ==, "ab\xef\xbf\xbd\nc");
  g_autofree char *b = docai_text_clean ("e\xcc\x81", -1);
  g_assert_cmpstr (b, ==, "\xc3\xa9");
  g_auto (GStrv) tokens = docai_text_tokens ("  (Total): \xef\xac\x81x -- 1,50\xe2\x82\xac ");
  g_assert_cmpuint (g_strv_length (tokens), ==, 3);
  g_assert_cmpstr (tokens[0], ==, "total");
  g_assert_cmpstr (tokens[1], ==, "fix");
  g_assert_cmpstr (tokens[2], ==, "1,50");
}

static void
test_geometry (void)
{
  DocaiBox a = DOCAI_BOX (0, 0, 10, 10), b = DOCAI_BOX (5, 5, 15, 15);
  g_assert_cmpfloat (docai_box_area (docai_box_intersect (a, b)), ==, 25);
  g_assert_cmpfloat_with_epsilon (docai_box_iou (a, b), 25.0 / 175, 1e-12);
  g_assert_cmpfloat (docai_box_coverage (a, b), ==, 0.25);
  g_assert_true (docai_box_is_empty (docai_box_intersect (a, DOCAI_BOX (10, 0, 20, 10))));
  g_assert_cmpfloat (docai_box_union (a, b).x1, ==, 15);
  DocaiBox c = docai_box_clip (DOCAI_BOX (-5, NAN, 20, 3), 10, 10);
  g_assert_cmpfloat (c.x0, ==, 0);
  g_assert_cmpfloat (c.y0, ==, 0);
  g_assert_cmpfloat (c.x1, ==, 10);
}

static void
test_failed_document (void)
{
  g_autoptr (DocaiDocument) document
      = docai_document_new_failed ("j1", "a.pdf", 0, "file_empty", "The file is empty.");
  g_autoptr (GError) error = NULL;
  gsize              n;
  g_autofree char   *text = docai_document_to_json (document, FALSE, &n);
  g_autoptr (DocaiDocument) again = docai_document_from_json (text, n, &error);

  g_assert_no_error (error);
  g_assert_cmpint (again->status, ==, DOCAI_STATUS_FAILED);
  g_assert_cmpstr (again->error->code, ==, "file_empty");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/json/round-trip", test_json_round_trip);
  g_test_add_func ("/document/json/refuses", test_json_refuses);
  g_test_add_func ("/document/xml/round-trip", test_xml_round_trip);
  g_test_add_func ("/document/xml/refuses", test_xml_refuses);
  g_test_add_func ("/document/text/clean", test_text_clean);
  g_test_add_func ("/document/geometry", test_geometry);
  g_test_add_func ("/document/failed", test_failed_document);
  return g_test_run ();
}
