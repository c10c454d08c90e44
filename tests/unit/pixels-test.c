/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Our operations on pixels give what Leptonica's give, bit by bit, for all sizes and places.
 */
#include <allheaders.h>

#include "pipeline/pixels.h"

static PIX *
make_noise (GRand *random, int width, int height, int depth)
{
  PIX *pix = pixCreate (width, height, depth);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      pixSetPixel (pix, x, y, depth == 32 ? g_rand_int (random) & 0xffffff00
                                          : (guint32) g_rand_int_range (random, 0, 256));
  return pix;
}

static void
assert_same (PIX *ours, PIX *theirs)
{
  l_int32 same = 0;

  g_assert_nonnull (ours);
  g_assert_nonnull (theirs);
  pixEqual (ours, theirs, &same);
  g_assert_true (same);
  pixDestroy (&ours);
  pixDestroy (&theirs);
}

static void
test_cut (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int i = 0; i < 400; i++)
    {
      int  width = g_rand_int_range (random, 1, 90), height = g_rand_int_range (random, 1, 12);
      int  x0 = g_rand_int_range (random, 0, width), y0 = g_rand_int_range (random, 0, height);
      int  w = g_rand_int_range (random, 1, width - x0 + 1), h = g_rand_int_range (random, 1, height - y0 + 1);
      PIX *pix = make_noise (random, width, height, i % 4 == 0 ? 32 : 8);
      BOX *box = boxCreate (x0, y0, w, h);

      assert_same (docai_pixels_cut (pix, x0, y0, w, h), pixClipRectangle (pix, box, NULL));
      boxDestroy (&box);
      pixDestroy (&pix);
    }
}

static void
test_below (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (int i = 0; i < 200; i++)
    {
      PIX *pix = make_noise (random, g_rand_int_range (random, 1, 140), g_rand_int_range (random, 1, 9),
                             i % 4 == 0 ? 32 : 8);
      PIX *grey = pixConvertTo8 (pix, FALSE);
      int  threshold = g_rand_int_range (random, 0, 256);

      assert_same (docai_pixels_below (pix, threshold), pixThresholdToBinary (grey, threshold));
      pixDestroy (&grey);
      pixDestroy (&pix);
    }
}

static void
test_scale (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (int i = 0; i < 600; i++)
    {
      int   width = g_rand_int_range (random, 3, 400), height = g_rand_int_range (random, 3, 150);
      float x = (float) g_rand_double_range (random, 0.06, 1.2);
      float y = i % 3 == 0 ? (float) g_rand_double_range (random, 0.06, 1.2) : x;
      PIX  *pix = make_noise (random, width, height, i % 8 == 0 ? 32 : 8);

      if (i % 10 == 1)
        x = y = 1.0f / (float) (1 << g_rand_int_range (random, 1, 4));
      if (x * (float) width >= 2 && y * (float) height >= 2)
        assert_same (docai_pixels_scale (pix, x, y), pixScale (pix, x, y));
      pixDestroy (&pix);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setMsgSeverity (L_SEVERITY_NONE);
  g_test_add_func ("/pixels/cut", test_cut);
  g_test_add_func ("/pixels/below", test_below);
  g_test_add_func ("/pixels/scale", test_scale);
  return g_test_run ();
}
