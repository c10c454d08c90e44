/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The network's inner loops in plain C, and by that the definition of what the
 * other versions compute.
 */
#include <math.h>
#include <string.h>

#include "pipeline/ocr/lstm/kernels.h"

/* Inputs 4 k to 4 k + 3 times the four gates of a panel. */
static void
add_group (const gint8 *weights, const gint8 *input, gint32 sums[DOCAI_GATES * DOCAI_PANEL])
{
  for (int i = 0; i < DOCAI_GATES * DOCAI_PANEL; i++)
    sums[i] += weights[4 * i] * input[0] + weights[4 * i + 1] * input[1]
               + weights[4 * i + 2] * input[2] + weights[4 * i + 3] * input[3];
}

static void
multiply (const DocaiGates *gates, int panel, const guint8 *x, const guint8 *h,
          float out[DOCAI_GATES * DOCAI_PANEL])
{
  enum { N = DOCAI_GATES * DOCAI_PANEL };
  const gint8 *weights = gates->weights + (gsize) panel * (gates->n_x4 + gates->n_h4) * N * 4;
  gint32       sums[N];

  memcpy (sums, gates->bias + panel * N, sizeof sums);
  for (int k = 0; k < gates->n_x4; k++, weights += 4 * N)
    add_group (weights, (const gint8 *) x + 4 * k, sums);
  for (int k = 0; k < gates->n_h4; k++, weights += 4 * N)
    add_group (weights, (const gint8 *) h + 4 * k, sums);
  for (int i = 0; i < N; i++)
    out[i] = (float) sums[i] * gates->scale[panel * N + i];
}

static float
look_up (const float *table, float x)
{
  int index;

  x *= 256.0f;
  if (!(x < DOCAI_TABLE_SIZE - 1))
    return 1.0f;
  index = (int) x;
  return table[index] + (table[index + 1] - table[index]) * (x - (float) index);
}

static float
tanh_of (const DocaiLstmTables *tables, float x)
{
  return x < 0 ? -look_up (tables->tanh, -x) : look_up (tables->tanh, x);
}

static float
logistic_of (const DocaiLstmTables *tables, float x)
{
  return x < 0 ? 1 - look_up (tables->logistic, -x) : look_up (tables->logistic, x);
}

/* -1..1 to -127..127, half away from zero. */
static guint8
quantize (float x)
{
  x *= 127.0f;
  return (guint8) (gint8) (x >= 0 ? (int) (x + 0.5f) : -(int) (-x + 0.5f));
}

static void
lstm_step (const DocaiGates *gates, const DocaiLstmTables *tables, const DocaiLstmRow *rows,
           guint n_rows)
{
  for (int panel = 0; panel < gates->n_panels; panel++)
    for (guint r = 0; r < n_rows; r++)
      {
        float g[DOCAI_GATES * DOCAI_PANEL];

        multiply (gates, panel, rows[r].x, rows[r].h, g);
        for (int i = 0; i < DOCAI_PANEL; i++)
          {
            int   unit = panel * DOCAI_PANEL + i;
            float input = tanh_of (tables, g[i]) * logistic_of (tables, g[DOCAI_PANEL + i]);
            float state = rows[r].state[unit] * logistic_of (tables, g[2 * DOCAI_PANEL + i]);

            state += input;
            state = CLAMP (state, -100.0f, 100.0f);
            rows[r].state[unit] = state;
            rows[r].out[unit] = quantize (tanh_of (tables, state)
                                          * logistic_of (tables, g[3 * DOCAI_PANEL + i]));
          }
      }
}

static void
dense (const DocaiGates *gates, const guint8 *const *x, guint n_rows, float *out, gsize stride)
{
  for (int panel = 0; panel < gates->n_panels; panel++)
    for (guint r = 0; r < n_rows; r++)
      multiply (gates, panel, x[r], NULL,
                out + r * stride + (gsize) panel * DOCAI_GATES * DOCAI_PANEL);
}

static void
convolve (const DocaiConvolution *convolution, const DocaiLstmTables *tables, const guint8 *windows,
          DocaiWindowSteps steps, guint8 *out)
{
  gint32 best[DOCAI_PANEL];

  for (int i = 0; i < DOCAI_PANEL; i++)
    best[i] = G_MININT32;
  for (int x = 0; x < convolution->pool_x; x++)
    for (int y = 0; y < convolution->pool_y; y++)
      {
        const guint8 *window = windows + x * steps.pixel_x + y * steps.pixel_y;

        for (int i = 0; i < DOCAI_PANEL; i++)
          {
            gint32 sum = 0;

            for (int c = 0; c < 3; c++)
              for (int k = 0; k < 3; k++)
                sum += convolution->weights[(c * DOCAI_PANEL + i) * 4 + k]
                       * (gint8) window[c * steps.column + k];
            best[i] = MAX (best[i], sum);
          }
      }
  for (int i = 0; i < DOCAI_PANEL; i++)
    out[i] = quantize (
      tanh_of (tables, (float) (best[i] + convolution->bias[i]) * convolution->scale[i]));
}

const DocaiLstmKernels docai_lstm_kernels_plain = { "plain", 0, lstm_step, dense, convolve };
