/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes in the texts of models.
 */
#include <math.h>
#include <string.h>

#include "models/language/places.h"
#include "models/vision/blank.h"

static void
assert_place (const GArray *places, guint i, double x0, double y0, double x1, double y1, const char *label)
{
  const double expected[4] = { x0, y0, x1, y1 };
  g_assert_cmpuint (places->len, >, i);
  const DocaiPlace *place = &g_array_index (places, DocaiPlace, i);
  for (int k = 0; k < 4; k++)
    g_assert_cmpfloat (fabs (place->box[k] - expected[k]), <, 1e-9);
  g_assert_cmpstr (place->label, ==, label);
}

static void
test_kosmos2 (void)
{
  g_autofree char *plain = NULL;
  g_autoptr (GArray) places = docai_places_parse (
      "<grounding> An image of<phrase> a snowman</phrase><object><patch_index_0044><patch_index_0863></object> by"
      "<phrase> two fires</phrase><object><patch_index_0005><patch_index_0005></delimiter_of_multi_objects/><patch_index_0000><patch_index_0031></object>.",
      NULL, &plain);
  g_assert_cmpstr (plain, ==, " An image of a snowman by two fires.");
  g_assert_cmpuint (places->len, ==, 3);
  assert_place (places, 0, 12.5 / 32, 1.5 / 32, 31.5 / 32, 26.5 / 32, "a snowman");
  assert_place (places, 1, 5.0 / 32, 0, 6.0 / 32, 1.0 / 32, "two fires"); /* one patch: all of it */
  assert_place (places, 2, 0, 0, 1, 1.0 / 32, "two fires");               /* a row: all of it */
  const DocaiPlaceFrame grid = { .patch_grid = 8 };
  g_autoptr (GArray) small = docai_places_parse ("<patch_index_0000><patch_index_0063>", &grid, NULL);
  assert_place (small, 0, 0.5 / 8, 0.5 / 8, 7.5 / 8, 7.5 / 8, "");
}

static void
test_boxes (void)
{
  g_autofree char *plain = NULL;
  g_autoptr (GArray) places = docai_places_parse ("<ref>total</ref><box>(100,200),(300,400)</box> and <ref>bars</ref><box>[[0, 0, 500, 1000], [900,5,600,7]]</box>; "
                                                  "<|object_ref_start|>title<|object_ref_end|><|box_start|>(10,20),(30,40)<|box_end|>",
                                                  NULL, &plain);
  g_assert_cmpstr (plain, ==, "total and bars; title");
  g_assert_cmpuint (places->len, ==, 4);
  assert_place (places, 0, 0.1, 0.2, 0.3, 0.4, "total");
  assert_place (places, 1, 0, 0, 0.5, 1, "bars");
  assert_place (places, 2, 0.6, 0.005, 0.9, 0.007, "bars"); /* corners in any order */
  assert_place (places, 3, 0.01, 0.02, 0.03, 0.04, "title");
}

static void
test_locations (void)
{
  g_autofree char *plain = NULL;
  g_autoptr (GArray) places = docai_places_parse ("<doctag><text><loc_50><loc_100><loc_250><loc_500>First line</text></doctag>", NULL, &plain);
  g_assert_cmpstr (plain, ==, "<doctag><text>First line</text></doctag>");
  assert_place (places, 0, 0.1, 0.2, 0.5, 1, "First line");
}

/* Pixels of the image as the model had it, and PaliGemma's order. */
static void
test_frames (void)
{
  const DocaiPlaceFrame frame = { .width = 280, .height = 560 };
  g_autofree char *plain = NULL;
  g_autoptr (GArray) places = docai_places_parse ("<|box_start|>(28,56),(140,280)<|box_end|> {\"bbox_2d\": [28, 56, 140, 280], \"label\": \"a bar\"}"
                                                  "{\"bbox_2d\": [0.1, 0.1, 0.5, 0.5]} <box>(300,1),(2,2)</box>", &frame, NULL);
  g_assert_cmpuint (places->len, ==, 3); /* the last one lies outside */
  for (guint i = 0; i < places->len; i++)
    assert_place (places, i, 0.1, 0.1, 0.5, 0.5, i == 1 ? "a bar" : "");
  g_autoptr (GArray) swapped = docai_places_parse ("<loc0256><loc0512><loc0768><loc1023> a bar ; <loc0000><loc0000><loc0512><loc0256> a cell", NULL, &plain);
  g_assert_cmpuint (swapped->len, ==, 2);
  assert_place (swapped, 0, 0.5, 0.25, 1023.0 / 1024, 0.75, "a bar");
  assert_place (swapped, 1, 0, 0, 0.25, 0.5, "a cell");
  g_assert_cmpstr (plain, ==, " a bar ;  a cell");
}

static void
test_json (void)
{
  const char *text = "[{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"a bar\"}, {\"bbox\": [0.1, 0.2, 0.3, 0.4]}]";
  g_autofree char *plain = NULL;
  g_autoptr (GArray) places = docai_places_parse (text, NULL, &plain);
  g_assert_cmpstr (plain, ==, text);
  g_assert_cmpuint (places->len, ==, 2);
  assert_place (places, 0, 0.1, 0.2, 0.3, 0.4, "a bar");
  assert_place (places, 1, 0.1, 0.2, 0.3, 0.4, "");
}

/* What is no box stays text, whatever it is. */
static void
test_nonsense (void)
{
  static const char *const texts[] = { "", "<", "<box>", "<box>(1,2),(3)</box>", "<box>(1,2),(3,-4)</box>", "<patch_index_0001>", "<patch_index_9999><patch_index_0001>",
                                       "<loc_1><loc_2><loc_3>", "<loc_9999><loc_1><loc_1><loc_1>", "\"bbox\": [1, 2", "\"bbox\": [1e999, 1, 1, 1]", "<|box_start|>" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *plain = NULL;
      g_autoptr (GArray) places = docai_places_parse (texts[i], NULL, &plain);
      g_assert_cmpuint (places->len, ==, 0);
      g_assert_cmpstr (plain, ==, texts[i]);
    }
}

static void
test_blank (void)
{
  float paper[3 * 64], other[3 * 64];
  for (int i = 0; i < 3 * 64; i++)
    {
      paper[i] = 0.95f + (float) (i % 7) * 0.005f;
      other[i] = 0.96f + (float) (i % 3) * 0.005f;
    }
  g_assert_true (docai_blank_level (paper, 3, 64));
  g_assert_true (docai_blank_level (other, 3, 64));
  g_assert_cmpmem (paper, sizeof paper, other, sizeof other); /* two pieces of the same paper */
  g_assert_cmpfloat (fabsf (paper[0] - 0.965f), <, 0.02f);
  float written[3 * 64];
  memcpy (written, paper, sizeof written);
  written[100] -= 0.2f;
  g_assert_false (docai_blank_level (written, 3, 64));
  g_assert_cmpfloat (written[99], ==, paper[99]);
  written[100] = NAN;
  g_assert_false (docai_blank_level (written, 3, 64));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/places/kosmos2", test_kosmos2);
  g_test_add_func ("/places/boxes", test_boxes);
  g_test_add_func ("/places/locations", test_locations);
  g_test_add_func ("/places/json", test_json);
  g_test_add_func ("/places/frames", test_frames);
  g_test_add_func ("/places/nonsense", test_nonsense);
  g_test_add_func ("/places/blank", test_blank);
  return g_test_run ();
}
