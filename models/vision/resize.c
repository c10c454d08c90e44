/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resizing by separable convolution as Pillow's Resample.c (up to version 11) does it:
 * the horizontal pass first; coefficients in double, normalised, then as integers of 22
 * fractional bits; each pass sums in 32 bits, rounds and clips to 8 bits. The float variant
 * keeps the same coefficients without rounding, which is what torch's antialiased
 * interpolation computes.
 */
#include "models/vision/image.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/runtime/kernels.h"

static double
filter_box (double x)
{
  return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
}

static double
filter_bilinear (double x)
{
  x = fabs (x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

static double
filter_hamming (double x)
{
  x = fabs (x);
  if (x == 0.0)
    return 1.0;
  if (x >= 1.0)
    return 0.0;
  x *= G_PI;
  return sin (x) / x * (0.54 + 0.46 * cos (x));
}

static double
filter_bicubic (double x)
{
  const double a = -0.5;

  x = fabs (x);
  if (x < 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
}

static double
sinc (double x)
{
  return x == 0.0 ? 1.0 : sin (x * G_PI) / (x * G_PI);
}

static double
filter_lanczos (double x)
{
  return x >= -3.0 && x < 3.0 ? sinc (x) * sinc (x / 3) : 0.0;
}

static const struct {
  double (*weight) (double);
  double support;
} filters[] = {
  [DOCAI_RESAMPLE_LANCZOS] = { filter_lanczos, 3.0 },
  [DOCAI_RESAMPLE_BILINEAR] = { filter_bilinear, 1.0 },
  [DOCAI_RESAMPLE_BICUBIC] = { filter_bicubic, 2.0 },
  [DOCAI_RESAMPLE_BOX] = { filter_box, 0.5 },
  [DOCAI_RESAMPLE_HAMMING] = { filter_hamming, 1.0 },
};

/* For each output position the first input position, their number, and the weights. */
typedef struct {
  int     ksize;
  int    *first, *count; /* [out] */
  double *weights;       /* [out, ksize] */
  gint32 *fixed;         /* [out, ksize], of DOCAI_RESIZE_BITS */
} Coefficients;

static void
coefficients_clear (Coefficients *c)
{
  g_free (c->first);
  g_free (c->count);
  g_free (c->weights);
  g_free (c->fixed);
}

static void
fill_row (Coefficients *c, int i, int in_size, double scale, double support, double inverse,
          double (*weight) (double))
{
  double center = (i + 0.5) * scale, sum = 0;
  double *w = c->weights + (gsize) i * (gsize) c->ksize;
  int first = (int) (center - support + 0.5), end = (int) (center + support + 0.5);

  first = MAX (first, 0);
  end = MIN (end, in_size);
  for (int k = 0; k < end - first; k++)
    {
      w[k] = weight ((k + first - center + 0.5) * inverse);
      sum += w[k];
    }
  for (int k = 0; k < end - first; k++)
    if (sum != 0.0)
      w[k] /= sum;
  c->first[i] = first;
  c->count[i] = MAX (end - first, 0);
}

static gboolean
coefficients_init (Coefficients *c, int in_size, int out_size, DocaiResample filter, gboolean fixed,
                   GError **error)
{
  double scale = (double) in_size / out_size, wide = MAX (scale, 1.0);
  double support = filters[filter].support * wide;

  c->ksize = (int) ceil (support) * 2 + 1;
  gsize n = (gsize) c->ksize * (gsize) out_size;
  c->first = g_new (int, out_size);
  c->count = g_new (int, out_size);
  c->weights = g_try_new0 (double, n);
  c->fixed = fixed ? g_try_new0 (gint32, n) : NULL;
  if (c->weights == NULL || (fixed && c->fixed == NULL))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory to resize an image");
      return FALSE;
    }
  for (int i = 0; i < out_size; i++)
    fill_row (c, i, in_size, scale, support, 1.0 / wide, filters[filter].weight);
  for (gsize i = 0; fixed && i < n; i++)
    c->fixed[i] = (gint32) ((c->weights[i] < 0 ? -0.5 : 0.5) + c->weights[i] * (1 << DOCAI_RESIZE_BITS));
  return TRUE;
}

static void
horizontal_pass (const DocaiImage *in, DocaiImage *out, const Coefficients *c)
{
  for (gsize y = 0; y < (gsize) in->height; y++)
    docai_kernels ()->mix_pixels (in->data + y * (gsize) in->width * 3, c->first, c->count, c->fixed, (gsize) c->ksize,
                                  out->width, out->data + y * (gsize) out->width * 3);
}

static void
vertical_pass (const DocaiImage *in, DocaiImage *out, const Coefficients *c)
{
  gsize n = (gsize) in->width * 3;

  for (gsize y = 0; y < (gsize) out->height; y++)
    docai_kernels ()->mix_rows (in->data + (gsize) c->first[y] * n, n, c->fixed + y * (gsize) c->ksize, c->count[y], n,
                                out->data + y * n);
}

/* Positions are summed up step by step, as Pillow does: the rounding is part of the result. */
static DocaiImage *
resize_nearest (const DocaiImage *in, int width, int height, GError **error)
{
  DocaiImage *out = docai_image_new (width, height, error);
  double sx = (double) in->width / width, sy = (double) in->height / height, from_y = sy * 0.5;

  for (int y = 0; out != NULL && y < height; y++, from_y += sy)
    {
      gsize row = (gsize) MIN ((int) from_y, in->height - 1) * (gsize) in->width;
      double from_x = sx * 0.5;
      for (int x = 0; x < width; x++, from_x += sx)
        memcpy (out->data + ((gsize) y * (gsize) width + (gsize) x) * 3,
                in->data + (row + (gsize) MIN ((int) from_x, in->width - 1)) * 3, 3);
    }
  return out;
}

/* One pass in one direction. */
static DocaiImage *
run_pass (const DocaiImage *in, gboolean horizontal, int size, DocaiResample filter, GError **error)
{
  Coefficients c = { 0 };
  g_autoptr (DocaiImage) out = docai_image_new (horizontal ? size : in->width,
                                                horizontal ? in->height : size, error);

  gboolean ok = out != NULL
                && coefficients_init (&c, horizontal ? in->width : in->height, size, filter, TRUE,
                                      error);
  if (ok && horizontal)
    horizontal_pass (in, out, &c);
  else if (ok)
    vertical_pass (in, out, &c);
  coefficients_clear (&c);
  return ok ? g_steal_pointer (&out) : NULL;
}

DocaiImage *
docai_image_resize (const DocaiImage *self, int width, int height, DocaiResample filter,
                    GError **error)
{
  if (width == self->width && height == self->height)
    return docai_image_crop (self, 0, 0, width, height, error);
  if (width < 1 || height < 1 || filter == DOCAI_RESAMPLE_NEAREST)
    return resize_nearest (self, width, height, error);
  if (width == self->width)
    return run_pass (self, FALSE, height, filter, error);
  g_autoptr (DocaiImage) wide = run_pass (self, TRUE, width, filter, error);
  if (wide == NULL || height == self->height)
    return g_steal_pointer (&wide);
  return run_pass (wide, FALSE, height, filter, error);
}

gboolean
docai_resize_float (const float *in, int planes, int in_width, int in_height, float *out, int width,
                    int height, DocaiResample filter, GError **error)
{
  Coefficients cx = { 0 }, cy = { 0 };
  gsize in_plane = (gsize) in_width * (gsize) in_height;
  g_autofree float *rows = g_try_new (float, (gsize) width * (gsize) in_height);

  g_return_val_if_fail (filter != DOCAI_RESAMPLE_NEAREST, FALSE);
  if (rows == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory to resize an image");
  gboolean ok = rows != NULL && coefficients_init (&cx, in_width, width, filter, FALSE, error)
                && coefficients_init (&cy, in_height, height, filter, FALSE, error);
  for (int p = 0; ok && p < planes; p++)
    {
      const float *plane = in + (gsize) p * in_plane;
      for (int y = 0; y < in_height; y++)
        for (int x = 0; x < width; x++)
          {
            const double *k = cx.weights + (gsize) x * (gsize) cx.ksize;
            const float *row = plane + (gsize) y * (gsize) in_width + cx.first[x];
            float sum = 0;
            for (int i = 0; i < cx.count[x]; i++)
              sum += row[i] * (float) k[i];
            rows[(gsize) y * (gsize) width + (gsize) x] = sum;
          }
      for (int y = 0; y < height; y++)
        {
          const double *k = cy.weights + (gsize) y * (gsize) cy.ksize;
          float *to = out + ((gsize) p * (gsize) height + (gsize) y) * (gsize) width;
          memset (to, 0, (gsize) width * sizeof *to);
          for (int j = 0; j < cy.count[y]; j++)
            for (int x = 0; x < width; x++)
              to[x] += rows[(gsize) (cy.first[y] + j) * (gsize) width + (gsize) x] * (float) k[j];
        }
    }
  coefficients_clear (&cx);
  coefficients_clear (&cy);
  return ok;
}
