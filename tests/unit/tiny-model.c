/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing a model file.
 */
#include "tests/unit/tiny-model.h"

#include <string.h>

enum { N_ENTRIES = 24, FEATURES = 16, SUMMARY = 16, UNITS = 20, CODES = 6 };

static void
put_u8 (GByteArray *out, guint8 v)
{
  g_byte_array_append (out, &v, 1);
}

static void
put_u32 (GByteArray *out, guint32 v)
{
  v = GUINT32_TO_LE (v);
  g_byte_array_append (out, (const guint8 *) &v, 4);
}

static void
put_u64 (GByteArray *out, guint64 v)
{
  v = GUINT64_TO_LE (v);
  g_byte_array_append (out, (const guint8 *) &v, 8);
}

static void
put_string (GByteArray *out, const char *s)
{
  put_u32 (out, (guint32) strlen (s));
  g_byte_array_append (out, (const guint8 *) s, (guint) strlen (s));
}

static void
put_layer (GByteArray *out, const char *type, guint32 n_in, guint32 n_out)
{
  put_u8 (out, 0);
  put_string (out, type);
  put_u8 (out, 0);
  put_u8 (out, 0);
  put_u32 (out, 0);
  put_u32 (out, n_in);
  put_u32 (out, n_out);
  put_u32 (out, 0);
  put_string (out, "x");
}

static void
put_matrix (GByteArray *out, GRand *random, guint32 rows, guint32 inputs)
{
  put_u8 (out, 1 | 128);
  put_u32 (out, rows);
  put_u32 (out, inputs + 1);
  put_u8 (out, 0);
  for (guint32 i = 0; i < rows * (inputs + 1); i++)
    put_u8 (out, (guint8) g_rand_int_range (random, -127, 128));
  put_u32 (out, rows);
  for (guint32 i = 0; i < rows; i++)
    {
      double  scale = g_rand_double_range (random, 0.004, 0.03);
      guint64 bits;

      memcpy (&bits, &scale, 8);
      put_u64 (out, bits);
    }
}

static void
put_lstm (GByteArray *out, GRand *random, const char *type, guint32 n_in, guint32 n_out)
{
  put_layer (out, type, n_in, n_out);
  put_u32 (out, n_in + n_out);
  for (int gate = 0; gate < 4; gate++)
    put_matrix (out, random, n_out, n_in + n_out);
}

static void
put_network (GByteArray *out, GRand *random)
{
  put_layer (out, "Series", 36, CODES);
  put_u32 (out, 7);
  put_layer (out, "Input", 36, 1);
  put_u32 (out, 1);
  put_u32 (out, 36);
  put_u32 (out, 0);
  put_u32 (out, 1);
  put_u32 (out, 0);
  put_layer (out, "Series", 1, FEATURES);
  put_u32 (out, 2);
  put_layer (out, "Convolve", 1, 9);
  put_u32 (out, 1);
  put_u32 (out, 1);
  put_layer (out, "Tanh", 9, FEATURES);
  put_matrix (out, random, FEATURES, 9);
  put_layer (out, "Maxpool", FEATURES, FEATURES);
  put_u32 (out, 3);
  put_u32 (out, 3);
  put_layer (out, "XYTranspose", FEATURES, SUMMARY);
  put_u32 (out, 1);
  put_lstm (out, random, "SummLSTM", FEATURES, SUMMARY);
  put_lstm (out, random, "LSTM", SUMMARY, UNITS);
  put_layer (out, "RTLReversed", UNITS, UNITS);
  put_u32 (out, 1);
  put_lstm (out, random, "LSTM", UNITS, UNITS);
  put_layer (out, "Softmax", UNITS, CODES);
  put_matrix (out, random, CODES, UNITS);
  put_string (out, "[1,36,0,1 tiny]");
  put_u32 (out, 1 | 64);
  put_u32 (out, 1000); /* training iterations */
  put_u32 (out, 4321); /* samples */
  put_u32 (out, CODES - 1);
  for (int i = 0; i < 3; i++)
    put_u32 (out, 0);
}

static void
put_dawg (GByteArray *out, const guint64 *edges, guint32 n)
{
  put_u8 (out, 42);
  put_u8 (out, 0);
  put_u32 (out, 6);
  put_u32 (out, n);
  for (guint32 i = 0; i < n; i++)
    put_u64 (out, edges[i]);
}

static void
put_recoder (GByteArray *out)
{
  static const int codes[][3] = { { 1, 0 }, { 1, 1 }, { 1, 2 }, { 2, 3, 1 }, { 1, 4 }, { 1, 5 } };

  put_u32 (out, G_N_ELEMENTS (codes));
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      put_u8 (out, 1);
      put_u32 (out, (guint32) codes[i][0]);
      for (int k = 0; k < codes[i][0]; k++)
        put_u32 (out, (guint32) codes[i][1 + k]);
    }
}

GBytes *
tiny_model_new (guint32 seed)
{
  /* Three bits of character, three flags (last 1, backward 2, word end 4), target. */
  static const guint64 words[] = { 1 | 1 << 3 | 1 << 6, 2 | 5 << 3 };
  static const guint64 punctuation[] = { 0 | 5 << 3 };
  static const char    unicharset[] = "6\nNULL 0 Common 0\n"
                                      "a 3 0,255,0,255,0,0,0,0,0,0 Latin 1 0 1 a\n"
                                      "b 3 0,255,0,255 Latin 2\nc 3 Latin 3\n1 8 Common 4\n"
                                      "|Broken|0|1 f Common 5 10 5\n";
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GByteArray       *parts[N_ENTRIES] = { NULL };
  GByteArray       *file = g_byte_array_new ();
  guint64           at = 4 + 8 * N_ENTRIES;

  for (int i = 17; i <= 22; i++)
    parts[i] = g_byte_array_new ();
  put_network (parts[17], random);
  put_dawg (parts[18], punctuation, G_N_ELEMENTS (punctuation));
  put_dawg (parts[19], words, G_N_ELEMENTS (words));
  put_dawg (parts[20], punctuation, G_N_ELEMENTS (punctuation));
  g_byte_array_append (parts[21], (const guint8 *) unicharset, sizeof unicharset - 1);
  put_recoder (parts[22]);
  put_u32 (file, N_ENTRIES);
  for (int i = 0; i < N_ENTRIES; i++)
    {
      put_u64 (file, parts[i] != NULL ? at : ~G_GUINT64_CONSTANT (0));
      at += parts[i] != NULL ? parts[i]->len : 0;
    }
  for (int i = 0; i < N_ENTRIES; i++)
    if (parts[i] != NULL)
      {
        g_byte_array_append (file, parts[i]->data, parts[i]->len);
        g_byte_array_unref (parts[i]);
      }
  return g_byte_array_free_to_bytes (file);
}
