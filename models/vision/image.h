/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RGB images for the models, and resizing exactly as Pillow does it: a separable
 * convolution whose filter widens when an image shrinks (antialias), horizontal pass
 * first, rounded to 8 bits after each pass.
 */
#pragma once

#include <glib.h>

/* Longest edge and largest number of pixels of any image here. */
#define DOCAI_IMAGE_MAX_EDGE (1 << 22)
#define DOCAI_IMAGE_MAX_PIXELS (G_GINT64_CONSTANT (1) << 28)

/* height rows of width pixels of three bytes R, G, B; origin top left, no padding. */
typedef struct {
  int     width, height;
  guint8 *data;
} DocaiImage;

/* The filters, with Pillow's numbers as preprocessor_config.json has them ("resample"). */
typedef enum {
  DOCAI_RESAMPLE_NEAREST  = 0,
  DOCAI_RESAMPLE_LANCZOS  = 1,
  DOCAI_RESAMPLE_BILINEAR = 2,
  DOCAI_RESAMPLE_BICUBIC  = 3,
  DOCAI_RESAMPLE_BOX      = 4,
  DOCAI_RESAMPLE_HAMMING  = 5,
} DocaiResample;

/* A black image. Errors: PIXEL_LIMIT, MEMORY_LIMIT. Free with docai_image_free. */
DocaiImage *docai_image_new (int width, int height, GError **error);
/* Copies rows of width * 3 bytes that lie stride bytes apart. */
DocaiImage *docai_image_new_from_data (const guint8 *rgb, int width, int height, gsize stride,
                                       GError **error);
void        docai_image_free (DocaiImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiImage, docai_image_free)

/* A resized copy (PIL.Image.resize). Errors as docai_image_new. */
DocaiImage *docai_image_resize (const DocaiImage *self, int width, int height,
                                DocaiResample filter, GError **error);

/* A copy of the rectangle that starts at (left, top); what lies outside the image is
 * black. The rectangle may exceed the image on every side. */
DocaiImage *docai_image_crop (const DocaiImage *self, int left, int top, int width, int height,
                              GError **error);

/* Turns by a quarter, clockwise. */
DocaiImage *docai_image_rotate90 (const DocaiImage *self, GError **error);

/* Resizes `planes` planes of in_height x in_width floats with antialias, without any
 * rounding (torch interpolate (antialias=True, align_corners=False)). `out` has
 * planes x height x width floats. Bilinear, bicubic and Lanczos. */
gboolean docai_resize_float (const float *in, int planes, int in_width, int in_height,
                             float *out, int width, int height, DocaiResample filter,
                             GError **error);
