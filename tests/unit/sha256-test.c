/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sums against a published value and against GLib, all at once and in pieces of
 * every size around the block's.
 */
#include "base/sha256.h"

static void
test_known (void)
{
  g_autofree char *nothing = docai_sha256_of ("", 0);
  g_autofree char *abc = docai_sha256_of ("abc", 3);

  g_assert_cmpstr (nothing, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_cmpstr (abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_lengths (void)
{
  guint8 data[1000];

  for (guint i = 0; i < sizeof data; i++)
    data[i] = (guint8) (i * i * 31 + i / 7);
  for (gsize n = 0; n <= sizeof data; n++)
    {
      g_autofree char *ours = docai_sha256_of (data, n);
      g_autofree char *theirs = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, n);
      g_assert_cmpstr (ours, ==, theirs);
    }
}

static void
test_pieces (void)
{
  guint8           data[1000] = { 1, 2, 3 };
  g_autofree char *whole = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, sizeof data);

  for (gsize piece = 1; piece < 200; piece++)
    {
      g_autoptr (DocaiSha256) sum = docai_sha256_new ();
      for (gsize at = 0; at < sizeof data; at += piece)
        docai_sha256_update (sum, data + at, MIN (piece, sizeof data - at));
      g_autofree char *hex = docai_sha256_finish (sum);
      g_assert_cmpstr (hex, ==, whole);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sha256/known", test_known);
  g_test_add_func ("/sha256/lengths", test_lengths);
  g_test_add_func ("/sha256/pieces", test_pieces);
  return g_test_run ();
}
