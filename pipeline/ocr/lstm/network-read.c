/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the tree of layers and putting its weights into the kernels' order.
 * The tree is flattened to the sequence of layers that compute something; any
 * other sequence than the one network.h speaks of is refused.
 */
#include <math.h>

#include "base/error.h"
#include "pipeline/ocr/lstm/network-priv.h"

enum {
  MAX_DEPTH = 8,
  MAX_LAYERS = 16,
  MAX_NAME = 256,
  FLAG_LEARNING_RATES = 64,
  MODE_INT8 = 1,
  MODE_DOUBLES = 128,
};

typedef enum { INPUT, CONVOLVE, TANH, MAXPOOL, SUMMARY, LSTM, REVERSED_LSTM, SOFTMAX } Kind;

typedef struct {
  const gint8  *weights; /* rows x (inputs + 1), the last column is the bias; lent */
  int           n_rows, n_inputs;
  const guint8 *scales; /* doubles, not aligned; lent */
} Matrix;

typedef struct {
  Kind   kind;
  int    n_in, n_out;
  int    x, y; /* half widths of a convolution, factors of a pool, height of the input */
  Matrix matrices[DOCAI_GATES];
} Layer;

typedef struct {
  DocaiBytes *in;
  Layer       layers[MAX_LAYERS];
  int         n_layers;
  gboolean    transposed, reversed; /* by the wrappers around the layer read now */
  GError    **error;
} Reader;

static gboolean
invalid (Reader *reader, const char *what)
{
  g_set_error (reader->error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the model's network: %s",
               what);
  return FALSE;
}

static gboolean
unsupported (Reader *reader, const char *what)
{
  g_set_error (reader->error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
               "the model's network has %s", what);
  return FALSE;
}

static gboolean
read_matrix (Reader *reader, Matrix *matrix)
{
  DocaiBytes *in = reader->in;
  guint8      mode = docai_bytes_u8 (in);
  gint32      rows, columns;
  guint32     n_scales;

  if (!in->failed && ((mode & MODE_INT8) == 0 || (mode & MODE_DOUBLES) == 0))
    return unsupported (reader, "weights that are not int8");
  rows = docai_bytes_i32 (in);
  columns = docai_bytes_i32 (in);
  docai_bytes_u8 (in); /* the filler element */
  if (in->failed || rows < 1 || rows > DOCAI_MAX_CODES || columns < 2 || columns > 8192)
    return invalid (reader, "a matrix has no valid size");
  matrix->n_rows = rows;
  matrix->n_inputs = columns - 1;
  matrix->weights = (const gint8 *) docai_bytes_take (in, (gsize) rows * (gsize) columns);
  n_scales = docai_bytes_u32 (in);
  /* Older writers padded the scales to a multiple of their vectors. */
  if (in->failed || n_scales < (guint32) rows || n_scales > (guint32) rows + 64)
    return invalid (reader, "a matrix is incomplete");
  matrix->scales = docai_bytes_take (in, (gsize) n_scales * 8);
  if (matrix->scales == NULL)
    return invalid (reader, "a matrix is incomplete");
  for (gint32 i = 0; i < rows; i++)
    {
      double scale;

      memcpy (&scale, matrix->scales + 8 * (gsize) i, 8);
      if (!(scale >= 0.0 && scale < 1e6))
        return invalid (reader, "a scale is out of range");
    }
  return TRUE;
}

static gboolean
read_lstm (Reader *reader, Layer *layer)
{
  gint32 n_inputs = docai_bytes_i32 (reader->in);

  if (reader->in->failed || layer->n_in < 1 || layer->n_in > DOCAI_MAX_UNITS || layer->n_out < 1
      || layer->n_out > DOCAI_MAX_UNITS)
    return invalid (reader, "an LSTM has no valid size");
  if (n_inputs != layer->n_in + layer->n_out)
    return unsupported (reader, "a two-dimensional LSTM");
  for (int g = 0; g < DOCAI_GATES; g++)
    {
      if (!read_matrix (reader, &layer->matrices[g]))
        return FALSE;
      if (layer->matrices[g].n_rows != layer->n_out || layer->matrices[g].n_inputs != n_inputs)
        return invalid (reader, "an LSTM's matrix does not fit");
    }
  return TRUE;
}

static gboolean
read_dense (Reader *reader, Layer *layer)
{
  if (!read_matrix (reader, &layer->matrices[0]))
    return FALSE;
  if (layer->matrices[0].n_rows != layer->n_out || layer->matrices[0].n_inputs != layer->n_in)
    return invalid (reader, "a dense layer's matrix does not fit");
  return TRUE;
}

static gboolean read_tree (Reader *reader, int depth);

static gboolean
read_children (Reader *reader, guint32 flags, int depth)
{
  guint32 count = docai_bytes_u32 (reader->in);

  if (reader->in->failed || count < 1 || count > MAX_LAYERS)
    return invalid (reader, "a group has no valid size");
  for (guint32 i = 0; i < count; i++)
    if (!read_tree (reader, depth + 1))
      return FALSE;
  if ((flags & FLAG_LEARNING_RATES) != 0)
    {
      guint32 n_rates = docai_bytes_u32 (reader->in);

      if (docai_bytes_take (reader->in, (gsize) n_rates * 4) == NULL)
        return invalid (reader, "it ends too early");
    }
  return TRUE;
}

static gboolean
read_wrapped (Reader *reader, gboolean *wrapper, guint32 flags, int depth)
{
  if (reader->transposed || reader->reversed)
    return unsupported (reader, "nested reversals");
  *wrapper = TRUE;
  if (!read_children (reader, flags, depth))
    return FALSE;
  *wrapper = FALSE;
  return TRUE;
}

static gboolean
read_leaf (Reader *reader, const char *type, Layer *layer)
{
  DocaiBytes *in = reader->in;

  if (g_str_equal (type, "Input"))
    {
      gint32 height, depth;

      layer->kind = INPUT;
      docai_bytes_i32 (in); /* batch */
      height = docai_bytes_i32 (in);
      docai_bytes_i32 (in); /* width */
      depth = docai_bytes_i32 (in);
      docai_bytes_i32 (in); /* loss */
      if (depth != 1 || height < 12 || height > 128)
        return unsupported (reader, "an input that is no grey line of fixed height");
      layer->y = height;
      return TRUE;
    }
  if (g_str_equal (type, "Convolve") || g_str_equal (type, "Maxpool"))
    {
      layer->kind = type[0] == 'C' ? CONVOLVE : MAXPOOL;
      layer->x = docai_bytes_i32 (in);
      layer->y = docai_bytes_i32 (in);
      return TRUE;
    }
  if (g_str_equal (type, "LSTM") || g_str_equal (type, "SummLSTM"))
    {
      gboolean summary = type[0] == 'S';

      layer->kind = summary ? SUMMARY : reader->reversed ? REVERSED_LSTM : LSTM;
      if (summary != reader->transposed)
        return unsupported (reader, "an LSTM in a direction that is not built");
      return read_lstm (reader, layer);
    }
  if (g_str_equal (type, "Tanh") || g_str_equal (type, "Softmax"))
    {
      layer->kind = type[0] == 'T' ? TANH : SOFTMAX;
      return read_dense (reader, layer);
    }
  return unsupported (reader, "a layer that is not built");
}

static gboolean
read_tree (Reader *reader, int depth)
{
  DocaiBytes       *in = reader->in;
  g_autofree char  *type = NULL, *name = NULL;
  guint32           flags;
  Layer             layer = { 0 };

  if (docai_bytes_u8 (in) != 0 && !in->failed)
    return unsupported (reader, "a layer of an old format");
  type = docai_bytes_dup_string (in, MAX_NAME);
  docai_bytes_u8 (in); /* training state */
  docai_bytes_u8 (in); /* needs backpropagation */
  flags = docai_bytes_u32 (in);
  layer.n_in = docai_bytes_i32 (in);
  layer.n_out = docai_bytes_i32 (in);
  docai_bytes_i32 (in); /* number of weights */
  name = docai_bytes_dup_string (in, MAX_NAME);
  if (in->failed || type == NULL)
    return invalid (reader, "it ends too early");
  if (depth > MAX_DEPTH || reader->n_layers >= MAX_LAYERS)
    return unsupported (reader, "too many layers");
  if (g_str_equal (type, "Series"))
    return read_children (reader, flags, depth);
  if (g_str_equal (type, "XYTranspose"))
    return read_wrapped (reader, &reader->transposed, flags, depth);
  if (g_str_equal (type, "RTLReversed"))
    return read_wrapped (reader, &reader->reversed, flags, depth);
  if (!read_leaf (reader, type, &layer))
    return FALSE;
  if (in->failed)
    return invalid (reader, "it ends too early");
  reader->layers[reader->n_layers++] = layer;
  return TRUE;
}

/* ---- into the kernels' order ---------------------------------------------- */

/* Puts `n_rows` rows of a matrix, from `first_row`, into gate `g` of a panel. */
static void
pack_rows (DocaiGates *gates, guint8 flip, const Matrix *matrix, int n_x, int first_row, int panel,
           int g)
{
  enum { N = DOCAI_GATES * DOCAI_PANEL };
  gsize panel_at = (gsize) panel * (gsize) (gates->n_x4 + gates->n_h4) * N * 4;

  for (int i = 0; i < DOCAI_PANEL && first_row + i < matrix->n_rows; i++)
    {
      const gint8 *row
        = matrix->weights + (gsize) (first_row + i) * (gsize) (matrix->n_inputs + 1);
      gsize  at = (gsize) panel * N + (gsize) (g * DOCAI_PANEL + i);
      gint32 sum = 0;
      double scale;

      for (int k = 0; k < matrix->n_inputs; k++)
        {
          int position = k < n_x ? k : 4 * gates->n_x4 + k - n_x;

          gates->weights[panel_at + ((gsize) (position / 4) * N + (gsize) (g * DOCAI_PANEL + i)) * 4
                         + position % 4]
            = row[k];
          sum += row[k];
        }
      memcpy (&scale, matrix->scales + 8 * (gsize) (first_row + i), 8);
      gates->bias[at] = 127 * row[matrix->n_inputs] - flip * sum;
      gates->scale[at] = (float) (scale / 127);
    }
}

static void
allocate_gates (DocaiGates *gates, int n_x, int n_h, int n_panels)
{
  gsize n = (gsize) n_panels * DOCAI_GATES * DOCAI_PANEL;

  gates->n_x4 = (n_x + 3) / 4;
  gates->n_h4 = (n_h + 3) / 4;
  gates->n_panels = n_panels;
  gates->weights = g_aligned_alloc0 (n, (gsize) (gates->n_x4 + gates->n_h4) * 4, 64);
  gates->bias = g_new0 (gint32, n);
  gates->scale = g_new0 (float, n);
}

static void
pack_lstm (DocaiLstmLayer *lstm, guint8 flip, const Layer *layer)
{
  int n_panels = (layer->n_out + DOCAI_PANEL - 1) / DOCAI_PANEL;

  lstm->n_units = layer->n_out;
  lstm->reversed = layer->kind == REVERSED_LSTM;
  allocate_gates (&lstm->gates, layer->n_in, layer->n_out, n_panels);
  for (int panel = 0; panel < n_panels; panel++)
    for (int g = 0; g < DOCAI_GATES; g++)
      pack_rows (&lstm->gates, flip, &layer->matrices[g], layer->n_in, panel * DOCAI_PANEL, panel,
                 g);
}

static void
pack_dense (DocaiGates *gates, guint8 flip, const Layer *layer)
{
  enum { N = DOCAI_GATES * DOCAI_PANEL };
  int n_panels = (layer->n_out + N - 1) / N;

  allocate_gates (gates, layer->n_in, 0, n_panels);
  for (int panel = 0; panel < n_panels; panel++)
    for (int g = 0; g < DOCAI_GATES; g++)
      pack_rows (gates, flip, &layer->matrices[0], layer->n_in, panel * N + g * DOCAI_PANEL, panel,
                 g);
}

static void
pack_convolution (DocaiConvolution *convolution, guint8 flip, const Layer *layer)
{
  const Matrix *matrix = &layer->matrices[0];

  for (int i = 0; i < layer->n_out; i++)
    {
      const gint8 *row = matrix->weights + i * 10;
      gint32       sum = 0;
      double       scale;

      for (int k = 0; k < 9; k++)
        {
          convolution->weights[(k / 3 * DOCAI_PANEL + i) * 4 + k % 3] = row[k];
          sum += row[k];
        }
      memcpy (&scale, matrix->scales + 8 * i, 8);
      convolution->bias[i] = 127 * row[9] - flip * sum;
      convolution->scale[i] = (float) (scale / 127);
    }
}

static gboolean
build (Reader *reader, DocaiNetwork *network)
{
  const Layer *layers = reader->layers;
  guint8       flip = network->kernels->flip;
  int          n = reader->n_layers, width;

  if (n < 7 || layers[0].kind != INPUT || layers[1].kind != CONVOLVE || layers[2].kind != TANH
      || layers[3].kind != MAXPOOL || layers[4].kind != SUMMARY || layers[n - 1].kind != SOFTMAX
      || n - 6 > DOCAI_MAX_LSTM_LAYERS)
    return unsupported (reader, "layers in an order that is not built");
  if (layers[1].x != 1 || layers[1].y != 1 || layers[2].n_in != 9 || layers[2].n_out > DOCAI_PANEL
      || layers[3].x < 1 || layers[3].y < 1 || layers[3].x > 4 || layers[3].y > 4)
    return unsupported (reader, "a convolution of a size that is not built");
  if (layers[4].n_in != layers[2].n_out)
    return invalid (reader, "two layers do not fit together");
  network->input_height = layers[0].y;
  network->n_features = layers[2].n_out;
  network->convolution.pool_x = layers[3].x;
  network->convolution.pool_y = layers[3].y;
  pack_convolution (&network->convolution, flip, &layers[2]);
  pack_lstm (&network->summary, flip, &layers[4]);
  width = layers[4].n_out;
  for (int i = 5; i < n; i++)
    {
      if (layers[i].n_in != width)
        return invalid (reader, "two layers do not fit together");
      width = layers[i].n_out;
      if (i == n - 1)
        break;
      if (layers[i].kind != LSTM && layers[i].kind != REVERSED_LSTM)
        return unsupported (reader, "layers in an order that is not built");
      pack_lstm (&network->layers[network->n_layers++], flip, &layers[i]);
    }
  network->n_codes = width;
  pack_dense (&network->softmax, flip, &layers[n - 1]);
  return TRUE;
}

DocaiNetwork *
docai_network_read (DocaiBytes *bytes, const DocaiLstmKernels *kernels, GError **error)
{
  g_autoptr (DocaiNetwork) network = g_new0 (DocaiNetwork, 1);
  Reader                   reader = { .in = bytes, .error = error };

  network->kernels = kernels;
  if (!read_tree (&reader, 0) || !build (&reader, network))
    return NULL;
  return g_steal_pointer (&network);
}

static void
clear_gates (DocaiGates *gates)
{
  g_aligned_free (gates->weights);
  g_free (gates->bias);
  g_free (gates->scale);
}

void
docai_network_free (DocaiNetwork *network)
{
  if (network == NULL)
    return;
  clear_gates (&network->summary.gates);
  for (int i = 0; i < DOCAI_MAX_LSTM_LAYERS; i++)
    clear_gates (&network->layers[i].gates);
  clear_gates (&network->softmax);
  g_free (network);
}
