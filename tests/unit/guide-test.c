/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Images of which only parts are looked at: grids, tiles and prompts stay in the family's format, and what is left out
 * is counted.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "models/model.h"

static char *
family_dir (const char *family)
{
  return g_build_filename (g_test_get_dir (G_TEST_DIST), "tests", "data", "vlm", family, NULL);
}

/* A page with marks all over: no tile of it is blank by itself. */
static DocaiImage *
make_page (int width, int height)
{
  g_autoptr (GError) error = NULL;
  DocaiImage *image = docai_image_new (width, height, &error);
  g_assert_no_error (error);
  memset (image->data, 250, (gsize) width * (gsize) height * 3);
  for (int y = 0; y < height; y += 4)
    for (int x = y % 3; x < width; x += 5)
      memset (image->data + 3 * (y * width + x), 20, 3);
  return image;
}

static DocaiPixels *
cut (const char *family, const DocaiImage *image, const DocaiGuide *guide)
{
  g_autofree char *dir = family_dir (family);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiPreprocessor) processor = docai_preprocessor_load (dir, &error);
  g_assert_no_error (error);
  DocaiPreprocessOptions options = DOCAI_PREPROCESS_OPTIONS_INIT;
  options.guides = guide;
  DocaiPixels *pixels = docai_preprocess (processor, &image, 1, &options, &error);
  g_assert_no_error (error);
  return pixels;
}

/* Whether all values of a channel of the tile are the same. */
static gboolean
is_flat (const DocaiPixels *pixels, int tile)
{
  gsize n = (gsize) (pixels->dims[pixels->n_dims - 1] * pixels->dims[pixels->n_dims - 2]);
  for (gsize c = 0; c < 3; c++)
    {
      const float *plane = pixels->values + ((gsize) tile * 3 + c) * n;
      for (gsize i = 1; i < n; i++)
        if (plane[i] != plane[0])
          return FALSE;
    }
  return TRUE;
}

/* Boxes in the tile of row 0, column 1 only: the grid stays, the others become paper; whole views stay as they are. */
static void
test_tiles (void)
{
  static const struct { const char *family; int width, height, rows, cols, view; } families[] = {
    { "idefics3", 96, 96, 3, 3, 9 }, { "llava_next", 120, 120, 2, 2, 0 }, { "internvl", 128, 64, 1, 2, 2 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      int rows = families[i].rows, cols = families[i].cols, first = families[i].view == 0;
      const double box[1][4] = { { 1.05 / cols, 0.1 / rows, 1.5 / cols, 0.5 / rows } };
      const DocaiGuide guide = { box, 1, 0 };
      g_autoptr (DocaiImage) page = make_page (families[i].width, families[i].height);
      g_autoptr (DocaiPixels) full = cut (families[i].family, page, NULL), guided = cut (families[i].family, page, &guide);
      const DocaiImageLayout *layout = &guided->images[0];
      g_assert_cmpint (layout->rows, ==, rows);
      g_assert_cmpint (layout->cols, ==, cols);
      g_assert_cmpint (layout->n_tiles, ==, full->images[0].n_tiles);
      g_assert_cmpint (layout->left_out, ==, rows * cols - 1);
      g_assert_cmpint (full->images[0].left_out, ==, 0);
      gsize size = (gsize) (full->dims[full->n_dims - 1] * full->dims[full->n_dims - 2]) * 3;
      for (int t = 0; t < layout->n_tiles; t++)
        {
          gboolean wanted = t == families[i].view || t == first + 1;
          gboolean same = memcmp (full->values + (gsize) t * size, guided->values + (gsize) t * size, size * sizeof (float)) == 0;
          g_assert_cmpint (same, ==, wanted);
          g_assert_cmpint (is_flat (guided, t), ==, !wanted);
        }
    }
}

/* A guide that wants everything at full size changes nothing. */
static void
test_all (void)
{
  static const char *const families[] = { "idefics3", "idefics3_tied", "llava_next", "internvl", "qwen2_vl", "llava", "idefics2", "clip" };
  static const double box[1][4] = { { 0, 0, 1, 1 } };
  const DocaiGuide guide = { box, 1, 0 };
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (DocaiImage) page = make_page (111, 77);
      g_autoptr (DocaiPixels) full = cut (families[i], page, NULL), guided = cut (families[i], page, &guide);
      gsize n = sizeof (float);
      for (int d = 0; d < full->n_dims; d++)
        {
          g_assert_cmpint (full->dims[d], ==, guided->dims[d]);
          n *= (gsize) full->dims[d];
        }
      g_assert_cmpint (memcmp (full->values, guided->values, n), ==, 0);
      g_assert_cmpint (guided->images[0].full_tiles, ==, guided->images[0].n_tiles);
    }
}

/* Nothing to look at, or at little: fewer tiles, never more than without a guide. */
static void
test_sizes (void)
{
  static const double box[1][4] = { { 0.1, 0.1, 0.9, 0.9 } };
  static const struct { const char *family; int side, n_boxes, rows, cols, tiles, full; } cases[] = {
    { "idefics3", 40, 0, 0, 0, 1, 10 },      { "idefics3", 40, 1, 2, 2, 5, 10 },     { "idefics3", 20, 1, 0, 0, 1, 10 },
    { "idefics3", 4000, 1, 3, 3, 10, 10 },   { "llava_next", 20, 0, 1, 2, 3, 5 },    { "llava_next", 4000, 1, 2, 2, 5, 5 },
    { "internvl", 40, 0, 0, 0, 1, 5 },       { "internvl", 33, 1, 2, 2, 5, 5 },      { "internvl", 32, 1, 0, 0, 1, 5 },
    { "qwen2_vl", 24, 0, 6, 6, 36, 64 },     { "qwen2_vl", 4000, 1, 8, 8, 64, 64 },  { "qwen2_vl", 1, 0, 4, 4, 16, 64 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const DocaiGuide guide = { box, cases[i].n_boxes, cases[i].side };
      g_autoptr (DocaiImage) page = make_page (96, 96);
      g_autoptr (DocaiPixels) pixels = cut (cases[i].family, page, &guide);
      const DocaiImageLayout *layout = &pixels->images[0];
      g_test_message ("%s side %d: %d x %d, %d of %d", cases[i].family, cases[i].side, layout->rows, layout->cols, layout->n_tiles, layout->full_tiles);
      g_assert_cmpint (layout->rows, ==, cases[i].rows);
      g_assert_cmpint (layout->cols, ==, cases[i].cols);
      g_assert_cmpint (layout->n_tiles, ==, cases[i].tiles);
      g_assert_cmpint (layout->full_tiles, ==, cases[i].full);
    }
}

static void
generate (DocaiModel *model, const DocaiImage *image, const DocaiGuide *guide, DocaiModelAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  DocaiPreprocessOptions preprocess = DOCAI_PREPROCESS_OPTIONS_INIT;
  DocaiRequest request = DOCAI_REQUEST_INIT;
  preprocess.guides = guide;
  request.text = "What is this?";
  request.images = &image;
  request.n_images = 1;
  request.preprocess = &preprocess;
  request.max_tokens = 6;
  g_assert_true (docai_model_generate (model, &request, answer, &error));
  g_assert_no_error (error);
}

static DocaiModel *
open_model (const char *family, const char *cache_dir)
{
  g_autofree char *dir = family_dir (family);
  g_autoptr (GError) error = NULL;
  DocaiModelOptions options = DOCAI_MODEL_OPTIONS_INIT;
  options.cache_dir = cache_dir;
  options.cache_dir_bytes = 1 << 20;
  DocaiModel *model = docai_model_open (dir, &options, &error);
  g_assert_no_error (error);
  return model;
}

/* Paper is encoded once, known afterwards, in memory and on disk; the answer is the same with and without what is known. */
static void
test_counts (void)
{
  static const double box[1][4] = { { 0.05, 0.05, 0.2, 0.2 } };
  g_autofree char *cache = g_dir_make_tmp ("docai-guide-XXXXXX", NULL);
  g_autoptr (DocaiImage) page = make_page (96, 96);
  const DocaiGuide corner = { box, 1, 0 }, nothing = { NULL, 0, 40 };
  g_autoptr (DocaiModel) model = open_model ("idefics3_tied", cache), later = open_model ("idefics3_tied", cache);
  g_auto (DocaiModelAnswer) full = { 0 }, first = { 0 }, again = { 0 }, view = { 0 }, other = { 0 };

  generate (model, page, &corner, &first);
  int grid = first.tiles - 1;
  g_assert_cmpint (grid, >, 1);
  g_assert_cmpint (first.tiles_guided, ==, grid - 1);
  g_assert_cmpint (first.tiles_blank, ==, 0);
  g_assert_cmpint (first.tiles_cached, ==, grid - 2); /* all paper but the first */
  g_assert_cmpint (first.tokens_saved, ==, 0);
  g_assert_cmpfloat (first.saved_ms, >, 0);

  generate (model, page, &corner, &again);
  g_assert_cmpint (again.tiles_cached, ==, again.tiles);
  g_assert_cmpstr (again.text, ==, first.text);
  generate (later, page, &corner, &other);
  g_assert_cmpint (other.tiles_cached, ==, other.tiles);
  g_assert_cmpstr (other.text, ==, first.text);

  generate (model, page, NULL, &full);
  g_assert_cmpint (full.tiles_guided, ==, 0);
  g_assert_cmpint (full.tokens_saved, ==, 0);
  g_assert_cmpint (full.image_tokens, ==, first.image_tokens);

  generate (model, page, &nothing, &view);
  g_assert_cmpint (view.tiles, ==, 1);
  g_assert_cmpint (view.tiles_guided, ==, grid);
  g_assert_cmpint (view.image_tokens + view.tokens_saved, ==, full.image_tokens);
  g_assert_cmpint (view.prompt_tokens, <, full.prompt_tokens);

  g_autoptr (GDir) files = g_dir_open (cache, 0, NULL);
  for (const char *name; (name = g_dir_read_name (files)) != NULL;)
    {
      g_autofree char *path = g_build_filename (cache, name, NULL);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (cache), ==, 0);
}

/* Placeholders and features agree in every family that a guide changes. */
static void
test_prompts (void)
{
  static const char *const families[] = { "idefics3_tied", "llava_next", "qwen2_vl" };
  static const double box[1][4] = { { 0.55, 0.55, 0.9, 0.7 } };
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (DocaiModel) model = open_model (families[i], NULL);
      g_autoptr (DocaiImage) page = make_page (75, 105);
      g_auto (DocaiModelAnswer) full = { 0 };
      generate (model, page, NULL, &full);
      for (int side = 0; side <= 120; side += 30)
        for (int n = 0; n <= 1; n++)
          {
            const DocaiGuide guide = { box, n, side };
            g_auto (DocaiModelAnswer) answer = { 0 };
            generate (model, page, &guide, &answer);
            g_assert_cmpint (answer.tokens_saved, >=, 0);
            g_assert_cmpint (answer.image_tokens + answer.tokens_saved, ==, full.image_tokens);
          }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide/tiles", test_tiles);
  g_test_add_func ("/guide/all", test_all);
  g_test_add_func ("/guide/sizes", test_sizes);
  g_test_add_func ("/guide/counts", test_counts);
  g_test_add_func ("/guide/prompts", test_prompts);
  return g_test_run ();
}
