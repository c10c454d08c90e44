/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tiles that show nothing.
 */
#include "models/vision/blank.h"

#include <math.h>

/* In normalised values, whose unit is a fourth to a half of the range from black to white: what noise of
 * compression makes of paper (some 6 of 255 levels), and the step of means. */
#define MAX_SPREAD 0.05f
#define STEP 0.03125f

gboolean
docai_blank_level (float *tile, int channels, gsize count)
{
  for (gsize c = 0; c < (gsize) channels; c++)
    {
      const float *plane = tile + c * count;
      for (gsize i = 1; i < count; i++)
        if (!(fabsf (plane[i] - plane[0]) <= MAX_SPREAD))
          return FALSE;
    }
  for (gsize c = 0; c < (gsize) channels; c++)
    {
      float *plane = tile + c * count;
      double sum = 0;
      for (gsize i = 0; i < count; i++)
        sum += plane[i];
      float level = rintf ((float) (sum / (double) count) / STEP) * STEP;
      for (gsize i = 0; i < count; i++)
        plane[i] = level;
    }
  return TRUE;
}
