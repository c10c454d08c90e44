/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text that tells where it stands: segments of a page's lines, and places of answers.
 */
#include "pipeline/vlm/ground.h"
#include "pipeline/vlm/segments.h"

#include <string.h>

/* A line at y with words of 10 points height at these left ends, each 20 points wide. */
static void
add_line (DocaiPage *page, double y, const char *words, const double *lefts)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (0, y, 200, y + 10), 1);
  DocaiLine     *line = docai_line_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (line->words, docai_word_new (parts[i], DOCAI_BOX (lefts[i], y, lefts[i] + 20, y + 10), 1));
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  g_ptr_array_add (page->regions, region);
}

static DocaiPage *
make_page (void)
{
  DocaiPage *page = docai_page_new (1, 200, 400);

  add_line (page, 40, "Invoice No. 4711", (double[]) { 10, 33, 100 });
  add_line (page, 395, "<|x10|> < 5", (double[]) { 0, 22, 45 });
  return page;
}

/* Words with gaps below 0.7 of their height are one segment; brackets that could spell a mark are none. */
static void
test_segments (void)
{
  g_autoptr (DocaiPage) page = make_page ();
  g_autoptr (GPtrArray) all = docai_vlm_segments_new (page, DOCAI_BOX (0, 0, 200, 400));
  g_autofree char      *text = docai_vlm_segments_head (all, 1000);

  g_assert_cmpstr (text, ==, "<|x05|><|y11|>Invoice No.<|x50|><|y11|>4711<|x00|><|y99|>|x10| 5");
}

/* Places are those of the area: a chart's of the chart. What lies elsewhere is not told. */
static void
test_area (void)
{
  g_autoptr (DocaiPage) page = make_page ();
  g_autoptr (GPtrArray) inside = docai_vlm_segments_new (page, DOCAI_BOX (0, 40, 200, 60));
  g_autofree char      *text = docai_vlm_segments_head (inside, 1000);

  g_assert_cmpstr (text, ==, "<|x05|><|y25|>Invoice No.<|x50|><|y25|>4711");
}

static void
test_head (void)
{
  g_autoptr (DocaiPage) page = make_page ();
  g_autoptr (GPtrArray) all = docai_vlm_segments_new (page, DOCAI_BOX (0, 0, 200, 400));
  g_autofree char      *one = docai_vlm_segments_head (all, 3), *two = docai_vlm_segments_head (all, strlen ("Invoice No.4711"));
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree char      *empty = docai_vlm_segments_head (none, 100);

  g_assert_cmpstr (one, ==, "<|x05|><|y11|>Invoice No.");
  g_assert_cmpstr (two, ==, "<|x05|><|y11|>Invoice No.<|x50|><|y11|>4711");
  g_assert_cmpstr (empty, ==, "");
}

/* Each window begins where the last quarter of the one before does. */
static void
test_windows (void)
{
  g_autoptr (DocaiPage) page = make_page ();
  g_autoptr (GPtrArray) all = docai_vlm_segments_new (page, DOCAI_BOX (0, 0, 200, 400));
  g_autoptr (GPtrArray) windows = docai_vlm_segments_windows (all, 16, 8);

  g_assert_cmpuint (windows->len, ==, 2);
  g_assert_cmpstr (windows->pdata[0], ==, "<|x05|><|y11|>Invoice No.<|x50|><|y11|>4711");
  g_assert_cmpstr (windows->pdata[1], ==, "<|x50|><|y11|>4711<|x00|><|y99|>|x10| 5");
}

static void
test_take (void)
{
  static const char *const without[] = { "", "4711", "4711<|x05|>", "4711<|y05|><|x05|>", "4711<|x05|><|y10|> more", "a<|x-1|><|y10|>", "<|x" };
  char   good[] = "12.50 EUR <|x50|><|y10|>";
  double x, y;

  g_assert_true (docai_vlm_place_take (good, DOCAI_BOX (100, 100, 300, 500), &x, &y));
  g_assert_cmpstr (good, ==, "12.50 EUR");
  g_assert_cmpfloat_with_epsilon (x, 201, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, 142, 1e-9);
  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    {
      g_autofree char *answer = g_strdup (without[i]);
      g_assert_false (docai_vlm_place_take (answer, DOCAI_BOX (0, 0, 1, 1), &x, &y));
      g_assert_cmpstr (answer, ==, without[i]);
    }
}

/* Of several places where an answer's words stand, the one that is meant. */
static void
test_nearest (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage                *page = docai_page_new (1, 200, 400);

  add_line (page, 40, "Net 720.00", (double[]) { 10, 100 });
  add_line (page, 80, "Total 720.00", (double[]) { 10, 100 });
  g_ptr_array_add (document->pages, page);
  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  const DocaiGroundPlace     places[] = { { 1, 100, 46 }, { 1, 99, 84 }, { 2, 100, 84 } };
  const double               tops[] = { 40, 80, 40 };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (DocaiAnswer) answer = docai_answer_new ("How much?");
      g_assert_true (docai_ground_phrase_near (index, "720.00", &places[i], answer->evidence));
      g_assert_cmpuint (answer->evidence->len, ==, 1);
      g_assert_cmpfloat (((DocaiEvidence *) answer->evidence->pdata[0])->bbox.y0, ==, tops[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm-segments/segments", test_segments);
  g_test_add_func ("/vlm-segments/area", test_area);
  g_test_add_func ("/vlm-segments/head", test_head);
  g_test_add_func ("/vlm-segments/windows", test_windows);
  g_test_add_func ("/vlm-segments/take", test_take);
  g_test_add_func ("/vlm-segments/nearest", test_nearest);
  return g_test_run ();
}
