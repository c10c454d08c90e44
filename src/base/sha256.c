/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 (FIPS 180-4) by Nettle.
 */
#include "base/sha256.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>

struct DocaiSha256 {
  struct sha256_ctx state;
};

DocaiSha256 *
docai_sha256_new (void)
{
  DocaiSha256 *sum = g_new (DocaiSha256, 1);

  sha256_init (&sum->state);
  return sum;
}

void
docai_sha256_free (DocaiSha256 *sum)
{
  g_free (sum);
}

void
docai_sha256_update (DocaiSha256 *sum, gconstpointer data, gsize length)
{
  if (length > 0)
    sha256_update (&sum->state, length, data);
}

char *
docai_sha256_finish (DocaiSha256 *sum)
{
  guint8 digest[SHA256_DIGEST_SIZE];
  char  *hex = g_malloc0 (BASE16_ENCODE_LENGTH (sizeof digest) + 1);

  sha256_digest (&sum->state, sizeof digest, digest);
  base16_encode_update (hex, sizeof digest, digest);
  return hex;
}

char *
docai_sha256_of (gconstpointer data, gsize length)
{
  g_autoptr (DocaiSha256) sum = docai_sha256_new ();

  docai_sha256_update (sum, data, length);
  return docai_sha256_finish (sum);
}
