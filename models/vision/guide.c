/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where to look in an image.
 */
#include "models/vision/guide.h"

#define BINS 32
#define PAPER 224 /* a background as light as this in all channels is paper */

gboolean
docai_guide_wants (const DocaiGuide *self, double x0, double y0, double x1, double y1)
{
  for (int i = 0; i < self->n_boxes; i++)
    {
      const double *box = self->boxes[i];
      if (box[0] < x1 && box[2] > x0 && box[1] < y1 && box[3] > y0)
        return TRUE;
    }
  return FALSE;
}

/* The value in the middle of the fullest bin of a channel. */
static guint8
most_frequent (const DocaiImage *tile, int channel)
{
  gsize counts[BINS] = { 0 }, n = (gsize) tile->width * (gsize) tile->height;
  int best = 0;

  for (gsize i = 0; i < n; i++)
    counts[tile->data[3 * i + (gsize) channel] * BINS / 256]++;
  for (int i = 1; i < BINS; i++)
    if (counts[i] > counts[best])
      best = i;
  return (guint8) (best * 256 / BINS + 128 / BINS);
}

void
docai_guide_blank (DocaiImage *tile)
{
  gsize n = (gsize) tile->width * (gsize) tile->height;
  guint8 colour[3];
  gboolean paper = TRUE;

  for (int c = 0; c < 3; c++)
    {
      colour[c] = most_frequent (tile, c);
      paper = paper && colour[c] >= PAPER;
    }
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      tile->data[3 * i + c] = paper ? 255 : colour[c];
}

void
docai_guide_size (const DocaiGuide *self, int width, int height, double *to_width, double *to_height)
{
  double longest = MAX (width, height), scale = self->side > 0 ? MIN (self->side / longest, 1) : 1;

  *to_width = MAX (width * scale, 1);
  *to_height = MAX (height * scale, 1);
}
