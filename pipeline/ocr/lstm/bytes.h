/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading little-endian numbers from bytes of a file. A reader that ran past
 * the end stays failed and gives zeros, so that a caller may read a group of
 * fields and check once.
 */
#pragma once

#include <glib.h>
#include <string.h>

typedef struct {
  const guint8 *data;
  gsize         size;
  gsize         at;
  gboolean      failed;
} DocaiBytes;

/* The next `size` bytes, lent; NULL when fewer are left. */
static inline const guint8 *
docai_bytes_take (DocaiBytes *b, gsize size)
{
  if (b->failed || size > b->size - b->at)
    {
      b->failed = TRUE;
      return NULL;
    }
  b->at += size;
  return b->data + b->at - size;
}

static inline guint8
docai_bytes_u8 (DocaiBytes *b)
{
  const guint8 *p = docai_bytes_take (b, 1);
  return p != NULL ? *p : 0;
}

static inline guint16
docai_bytes_u16 (DocaiBytes *b)
{
  const guint8 *p = docai_bytes_take (b, 2);
  return p != NULL ? (guint16) (p[0] | p[1] << 8) : 0;
}

static inline guint32
docai_bytes_u32 (DocaiBytes *b)
{
  const guint8 *p = docai_bytes_take (b, 4);
  guint32       v = 0;

  if (p != NULL)
    memcpy (&v, p, 4);
  return GUINT32_FROM_LE (v);
}

static inline gint32
docai_bytes_i32 (DocaiBytes *b)
{
  return (gint32) docai_bytes_u32 (b);
}

static inline guint64
docai_bytes_u64 (DocaiBytes *b)
{
  const guint8 *p = docai_bytes_take (b, 8);
  guint64       v = 0;

  if (p != NULL)
    memcpy (&v, p, 8);
  return GUINT64_FROM_LE (v);
}

static inline double
docai_bytes_double (DocaiBytes *b)
{
  guint64 bits = docai_bytes_u64 (b);
  double  v;

  memcpy (&v, &bits, 8);
  return v;
}

/* A string with a 32-bit length in front. Owned by the caller; NULL past the
 * end or when longer than `limit`. */
static inline char *
docai_bytes_dup_string (DocaiBytes *b, gsize limit)
{
  guint32       length = docai_bytes_u32 (b);
  const guint8 *p;

  if (length > limit)
    b->failed = TRUE;
  p = docai_bytes_take (b, length);
  return p != NULL ? g_strndup ((const char *) p, length) : NULL;
}
