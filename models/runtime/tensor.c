/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Element types and quantisation.
 */
#include "models/runtime/tensor.h"

#include <string.h>

#include "models/runtime/kernels.h"

const char *
docai_dtype_name (DocaiDtype dtype)
{
  static const char *const names[] = { "f32", "f16", "bf16", "int8", "int4" };
  return (unsigned) dtype < G_N_ELEMENTS (names) ? names[dtype] : "unknown";
}

gsize
docai_dtype_row_bytes (DocaiDtype dtype, int cols)
{
  switch (dtype)
    {
    case DOCAI_F32:
      return (gsize) cols * 4;
    case DOCAI_F16:
    case DOCAI_BF16:
      return (gsize) cols * 2;
    case DOCAI_Q8:
      return (gsize) cols;
    case DOCAI_Q4:
      return (gsize) cols / 2;
    }
  return 0;
}

gsize
docai_matrix_bytes (const DocaiMatrix *self)
{
  gsize bytes = docai_dtype_row_bytes (self->dtype, self->cols) * (gsize) self->rows;
  if (self->dtype == DOCAI_Q8)
    bytes += (gsize) self->rows * sizeof (float);
  if (self->dtype == DOCAI_Q4)
    bytes += (gsize) self->rows * (gsize) (self->cols / DOCAI_Q4_GROUP) * sizeof (float);
  return bytes;
}

float
docai_f16_to_float (guint16 bits)
{
  guint32 sign = (guint32) (bits & 0x8000) << 16, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  union { guint32 u; float f; } x;
  if (exponent == 31)
    x.u = sign | 0x7f800000u | fraction << 13;
  else if (exponent != 0)
    x.u = sign | (exponent + 112) << 23 | fraction << 13;
  else
    {
      x.f = (float) fraction * 0x1p-24f;
      x.u |= sign;
    }
  return x.f;
}

guint16
docai_float_to_bf16 (float value)
{
  union { float f; guint32 u; } x = { value };
  if ((x.u & 0x7fffffffu) > 0x7f800000u)
    return (guint16) (x.u >> 16 | 64);
  return (guint16) ((x.u + 0x7fffu + (x.u >> 16 & 1)) >> 16);
}

void
docai_matrix_row (const DocaiMatrix *self, int row, float *out)
{
  const guint8 *data = (const guint8 *) self->data + docai_dtype_row_bytes (self->dtype, self->cols) * (gsize) row;
  const DocaiKernels *kernels = docai_kernels ();
  int groups = self->cols / DOCAI_Q4_GROUP;
  switch (self->dtype)
    {
    case DOCAI_F32:
      memcpy (out, data, (gsize) self->cols * sizeof (float));
      break;
    case DOCAI_F16:
      kernels->widen_f16 ((const guint16 *) data, self->cols, out);
      break;
    case DOCAI_BF16:
      kernels->widen_bf16 ((const guint16 *) data, self->cols, out);
      break;
    case DOCAI_Q8:
      kernels->widen_q8 ((const gint8 *) data, self->scales[row], self->cols, out);
      break;
    case DOCAI_Q4:
      kernels->widen_q4 (data, self->scales + (gsize) row * (gsize) groups, self->cols, out);
      break;
    }
}

void
docai_quantize_rows (DocaiDtype dtype, const float *x, int rows, int cols, guint8 *data, float *scales)
{
  const DocaiKernels *kernels = docai_kernels ();
  int groups = cols / DOCAI_Q4_GROUP;
  for (int r = 0; r < rows; r++, x += cols, data += docai_dtype_row_bytes (dtype, cols))
    if (dtype == DOCAI_Q8)
      scales[r] = kernels->quantize_q8 (x, cols, (gint8 *) data);
    else
      for (int g = 0; g < groups; g++)
        *scales++ = kernels->quantize_q4 (x + g * DOCAI_Q4_GROUP, data + g * DOCAI_Q4_GROUP / 2);
}
