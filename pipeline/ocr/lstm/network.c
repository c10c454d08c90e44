/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Evaluating the network for a batch of lines. Between the layers the lines lie
 * one behind the other in arrays of time steps; a layer along the line takes
 * the same step of all lines together, so that its weights are fetched once.
 */
#include "pipeline/ocr/lstm/network.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "pipeline/ocr/lstm/network-priv.h"

enum {
  MAX_STEPS = 1 << 18,  /* of a batch */
  SUMMARY_COLUMNS = 48, /* columns whose states stay in the cache */
};

struct DocaiActivations {
  guint   n_lines;
  int    *n_steps;
  gsize  *first;  /* a line's first time step in the arrays */
  guint  *longest; /* lines by length, the longest first */
  gsize   total;
  guint8 *data[2];
  gsize   capacity[2];
  float  *states;
  gsize   states_capacity;
  int     current; /* which of data holds the last layer's output */
};

DocaiActivations *
docai_activations_new (void)
{
  return g_new0 (DocaiActivations, 1);
}

void
docai_activations_free (DocaiActivations *a)
{
  if (a == NULL)
    return;
  g_free (a->n_steps);
  g_free (a->first);
  g_free (a->longest);
  g_free (a->data[0]);
  g_free (a->data[1]);
  g_free (a->states);
  g_free (a);
}

int
docai_network_input_height (const DocaiNetwork *network)
{
  return network->input_height;
}

int
docai_network_n_codes (const DocaiNetwork *network)
{
  return network->n_codes;
}

int
docai_network_x_scale (const DocaiNetwork *network)
{
  return network->convolution.pool_x;
}

static gsize
padded (int n_units)
{
  return (gsize) (n_units + DOCAI_PANEL - 1) / DOCAI_PANEL * DOCAI_PANEL;
}

static gboolean
grow (gpointer memory, gsize *capacity, gsize bytes)
{
  gpointer *p = memory;

  if (bytes <= *capacity)
    return TRUE;
  g_free (*p);
  *p = g_try_malloc (bytes);
  *capacity = *p != NULL ? bytes : 0;
  return *p != NULL;
}

/* ---- noise at the edges --------------------------------------------------- */

/* The generator is the minimal standard one; the seed is the model's number of
 * samples, and its first draw is not used. */
void
docai_network_seed (DocaiNetwork *network, gint32 sample_iteration)
{
  guint64 seed = (guint64) ((gint64) sample_iteration * 0x10000001);

  network->noise_seed = seed % 2147483647;
  if (network->noise_seed == 0)
    network->noise_seed = 1;
  network->noise_seed = network->noise_seed * 48271 % 2147483647;
}

typedef struct {
  guint64 state;
  guint8  flip;
} Noise;

static guint8
draw (Noise *noise)
{
  double x;

  noise->state = noise->state * 48271 % 2147483647;
  x = 127 * 2.0 * (double) noise->state / 2147483647 - 127;
  return (guint8) ((x >= 0 ? (int) (x + 0.5) : -(int) (-x + 0.5)) ^ noise->flip);
}

/* ---- convolution and pooling ---------------------------------------------- */

enum { WINDOW = 12 }; /* bytes of a window: 3 columns of 3 pixels and one spare */

/* The windows of all pixels at the image's border, filled with noise where they
 * reach outside. Order matters: it is that of the generator's draws. */
typedef struct {
  guint8 *rows[2];    /* of the top and the bottom row, [width][WINDOW] */
  guint8 *columns[2]; /* of the first and the last column, [height][WINDOW] */
} BorderWindows;

static void
fill_window (const DocaiNetworkInput *input, int height, int x, int y, Noise *noise, guint8 *out)
{
  for (int c = 0; c < 3; c++)
    for (int r = 0; r < 3; r++)
      {
        int px = x + c - 1, py = y + r - 1;

        out[4 * c + r] = px < 0 || px >= input->width || py < 0 || py >= height
                           ? draw (noise)
                           : input->columns[(gsize) px * input->stride + (gsize) py];
      }
}

static void
fill_border (const DocaiNetwork *network, const DocaiNetworkInput *input, BorderWindows *border)
{
  Noise noise = { network->noise_seed, network->kernels->flip };
  int   height = network->input_height;

  for (int y = 0; y < height; y++)
    {
      gboolean whole = y == 0 || y == height - 1;

      for (int x = 0; x < input->width; x += whole ? 1 : MAX (1, input->width - 1))
        {
          guint8 window[WINDOW] = { 0 };

          fill_window (input, height, x, y, &noise, window);
          if (whole)
            memcpy (border->rows[y != 0] + (gsize) x * WINDOW, window, WINDOW);
          if (x == 0 || x == input->width - 1)
            memcpy (border->columns[x != 0] + y * WINDOW, window, WINDOW);
        }
    }
}

static void
convolve_border_cell (const DocaiNetwork *network, const DocaiNetworkInput *input,
                      const BorderWindows *border, int x0, int y0, guint8 *out)
{
  const DocaiConvolution *convolution = &network->convolution;
  guint8                  windows[16 * WINDOW];
  DocaiWindowSteps        steps = { (gsize) convolution->pool_y * WINDOW, WINDOW, 4 };
  guint8                 *to = windows;

  for (int x = x0; x < x0 + convolution->pool_x; x++)
    for (int y = y0; y < y0 + convolution->pool_y; y++, to += WINDOW)
      {
        if (y == 0 || y == network->input_height - 1)
          memcpy (to, border->rows[y != 0] + (gsize) x * WINDOW, WINDOW);
        else if (x == 0 || x == input->width - 1)
          memcpy (to, border->columns[x != 0] + y * WINDOW, WINDOW);
        else
          for (int c = 0; c < 3; c++)
            memcpy (to + 4 * c, input->columns + (gsize) (x + c - 1) * input->stride + y - 1, 4);
      }
  network->kernels->convolve (convolution, docai_lstm_tables (), windows, steps, out);
}

/* out[step][pooled row][16] */
static void
convolve_line (const DocaiNetwork *network, const DocaiNetworkInput *input, int n_steps,
               guint8 *out)
{
  const DocaiConvolution *convolution = &network->convolution;
  const DocaiLstmTables      *tables = docai_lstm_tables ();
  DocaiWindowSteps        steps = { input->stride, 1, input->stride };
  gsize                   row_bytes = (gsize) input->width * WINDOW;
  g_autofree guint8      *memory = g_malloc (2 * row_bytes + 256 * WINDOW);
  BorderWindows           border = { { memory, memory + row_bytes },
                                     { memory + 2 * row_bytes, memory + 2 * row_bytes + 128 * WINDOW } };
  int                     n_rows = network->input_height / convolution->pool_y;

  fill_border (network, input, &border);
  for (int t = 0; t < n_steps; t++)
    for (int r = 0; r < n_rows; r++, out += DOCAI_PANEL)
      {
        int x0 = t * convolution->pool_x, x1 = x0 + convolution->pool_x;
        int y0 = r * convolution->pool_y, y1 = y0 + convolution->pool_y;

        if (x0 == 0 || y0 == 0 || x1 >= input->width || y1 >= network->input_height)
          convolve_border_cell (network, input, &border, x0, y0, out);
        else
          network->kernels->convolve (
            convolution, tables, input->columns + (gsize) (x0 - 1) * input->stride + y0 - 1, steps,
            out);
      }
}

/* ---- recurrent layers ----------------------------------------------------- */

/* Reads each column from top to bottom and keeps what the last step says. */
static void
run_summary (const DocaiNetwork *network, DocaiActivations *a, const guint8 *in, guint8 *out)
{
  enum { N = SUMMARY_COLUMNS };
  const DocaiLstmLayer *layer = &network->summary;
  gsize                 stride = padded (layer->n_units);
  int                   n_rows = network->input_height / network->convolution.pool_y;
  g_autofree guint8    *hidden = g_malloc (3 * N * stride);
  DocaiLstmRow          rows[N];

  memset (hidden + 2 * N * stride, network->kernels->flip, stride);
  for (gsize column = 0; column < a->total; column += N)
    {
      guint n = (guint) MIN (N, a->total - column);

      memset (a->states, 0, n * stride * sizeof (float));
      for (int y = 0; y < n_rows; y++)
        {
          for (guint i = 0; i < n; i++)
            {
              gsize from = (y % 2 == 0 ? N + i : i) * stride, to = (y % 2 == 0 ? i : N + i) * stride;

              rows[i].x = in + ((column + i) * (gsize) n_rows + (gsize) y) * DOCAI_PANEL;
              rows[i].h = hidden + (y == 0 ? 2 * N * stride : from);
              rows[i].out = y == n_rows - 1 ? out + (column + i) * stride : hidden + to;
              rows[i].state = a->states + i * stride;
            }
          network->kernels->lstm_step (&layer->gates, docai_lstm_tables (), rows, n);
        }
    }
}

static void
run_layer (const DocaiNetwork *network, const DocaiLstmLayer *layer, DocaiActivations *a,
           const guint8 *in, gsize in_stride, guint8 *out)
{
  gsize                     stride = padded (layer->n_units);
  g_autofree DocaiLstmRow  *rows = g_new (DocaiLstmRow, a->n_lines);
  g_autofree guint8        *zero = g_malloc (stride);
  guint                     n = a->n_lines;

  memset (zero, network->kernels->flip, stride);
  memset (a->states, 0, a->n_lines * stride * sizeof (float));
  for (int s = 0; n > 0; s++)
    {
      while (n > 0 && a->n_steps[a->longest[n - 1]] <= s)
        n--;
      for (guint i = 0; i < n; i++)
        {
          guint line = a->longest[i];
          int   t = layer->reversed ? a->n_steps[line] - 1 - s : s;
          gsize at = a->first[line] + (gsize) t;
          gsize before = layer->reversed ? at + 1 : at - 1;

          rows[i].x = in + at * in_stride;
          rows[i].h = s == 0 ? zero : out + before * stride;
          rows[i].out = out + at * stride;
          rows[i].state = a->states + i * stride;
        }
      if (n > 0)
        network->kernels->lstm_step (&layer->gates, docai_lstm_tables (), rows, n);
    }
}

static int
compare_lengths (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const int *n_steps = user_data;
  guint      x = *(const guint *) a, y = *(const guint *) b;

  if (n_steps[x] != n_steps[y])
    return n_steps[x] > n_steps[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Places for the lines and the largest layer. */
static gboolean
prepare (const DocaiNetwork *network, const DocaiNetworkInput *inputs, guint n_inputs,
         DocaiActivations *a)
{
  gsize pooled = (gsize) (network->input_height / network->convolution.pool_y) * DOCAI_PANEL;
  gsize widest = padded (network->summary.n_units);

  a->n_lines = n_inputs;
  a->n_steps = g_renew (int, a->n_steps, n_inputs);
  a->first = g_renew (gsize, a->first, n_inputs);
  a->longest = g_renew (guint, a->longest, n_inputs);
  a->total = 0;
  for (guint i = 0; i < n_inputs; i++)
    {
      a->n_steps[i] = inputs[i].width / network->convolution.pool_x;
      a->first[i] = a->total;
      a->longest[i] = i;
      a->total += (gsize) a->n_steps[i];
    }
  g_qsort_with_data (a->longest, (gint) n_inputs, sizeof (guint), compare_lengths, a->n_steps);
  for (int i = 0; i < network->n_layers; i++)
    widest = MAX (widest, padded (network->layers[i].n_units));
  return a->total <= MAX_STEPS
         && grow (&a->data[0], &a->capacity[0], a->total * MAX (pooled, widest))
         && grow (&a->data[1], &a->capacity[1], a->total * widest)
         && grow (&a->states, &a->states_capacity,
                  MAX (n_inputs, SUMMARY_COLUMNS) * widest * sizeof (float));
}

gboolean
docai_network_run (const DocaiNetwork *network, const DocaiNetworkInput *inputs, guint n_inputs,
                   DocaiActivations *a, GError **error)
{
  gsize n_rows = (gsize) (network->input_height / network->convolution.pool_y);
  gsize stride = padded (network->summary.n_units);

  if (!prepare (network, inputs, n_inputs, a))
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                           "the lines are too long to be read together");
      return FALSE;
    }
  for (guint i = 0; i < n_inputs; i++)
    if (a->n_steps[i] > 0)
      convolve_line (network, &inputs[i], a->n_steps[i],
                     a->data[0] + a->first[i] * n_rows * DOCAI_PANEL);
  run_summary (network, a, a->data[0], a->data[1]);
  a->current = 1;
  for (int i = 0; i < network->n_layers; i++)
    {
      run_layer (network, &network->layers[i], a, a->data[a->current], stride,
                 a->data[1 - a->current]);
      a->current = 1 - a->current;
      stride = padded (network->layers[i].n_units);
    }
  return TRUE;
}

int
docai_activations_n_steps (const DocaiActivations *a, guint i)
{
  return a->n_steps[i];
}

/* ---- softmax -------------------------------------------------------------- */

static void
softmax (const float *in, int n, float *out)
{
  float largest = in[0], total = 0;

  for (int i = 1; i < n; i++)
    largest = MAX (largest, in[i]);
  for (int i = 0; i < n; i++)
    {
      float x = in[i] - largest;

      out[i] = expf (MAX (x, -86.0f));
      total += out[i];
    }
  for (int i = 0; i < n; i++)
    out[i] /= total;
}

void
docai_network_probabilities (const DocaiNetwork *network, DocaiActivations *a, guint i, int first,
                             int n, float *out)
{
  enum { BLOCK = 12 };
  gsize units = network->n_layers > 0 ? padded (network->layers[network->n_layers - 1].n_units)
                                      : padded (network->summary.n_units);
  gsize             stride = (gsize) network->softmax.n_panels * DOCAI_GATES * DOCAI_PANEL;
  g_autofree float *sums = g_new (float, BLOCK * stride);
  const guint8     *in = a->data[a->current] + (a->first[i] + (gsize) first) * units;

  for (int t = 0; t < n; t += BLOCK)
    {
      const guint8 *rows[BLOCK];
      guint         n_rows = (guint) MIN (BLOCK, n - t);

      for (guint r = 0; r < n_rows; r++)
        rows[r] = in + ((gsize) t + r) * units;
      network->kernels->dense (&network->softmax, rows, n_rows, sums, stride);
      for (guint r = 0; r < n_rows; r++)
        softmax (sums + r * stride, network->n_codes,
                 out + ((gsize) t + r) * (gsize) network->n_codes);
    }
}
