/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Windows over a text that is too long.
 */
#include "pipeline/vlm/windows.h"

#include <string.h>

static void
check (const char *text, gsize bytes, guint most, const char *expected)
{
  g_autoptr (GPtrArray) windows = docai_vlm_windows_of_text (text, bytes, most);

  g_ptr_array_add (windows, NULL);
  g_autofree char *joined = g_strjoinv ("|", (char **) windows->pdata);
  g_assert_cmpstr (joined, ==, expected);
  g_ptr_array_remove_index (windows, windows->len - 1);
}

static void
test_words (void)
{
  check ("", 10, 4, "");
  check (" one\n two ", 7, 4, "one two");
  check ("one two", 6, 4, "one|two");
  check ("a b c d e f g h i j", 7, 9, "a b c d|d e f g|g h i j"); /* 8 bytes with the spaces: a quarter is one word */
  check ("a b c d e f g h i j", 7, 2, "a b c d|d e f g");
  check ("a b c d e", 7, 9, "a b c d|d e");
  check ("unbelievable b c", 5, 9, "unbelievable|b c");
  check ("a unbelievable", 5, 9, "a|unbelievable");
  check ("unbelievable unthinkable", 0, 9, "unbelievable|unthinkable");
}

/* Every piece stands in a window, none is too long, and each but the last goes on in the next one by a quarter at most. */
static void
test_cover (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 500; round++)
    {
      gsize sizes[60], bytes = (gsize) g_rand_int_range (random, 0, 200);
      guint n = (guint) g_rand_int_range (random, 1, 60), next = 0;
      for (guint i = 0; i < n; i++)
        sizes[i] = (gsize) g_rand_int_range (random, 1, 40);
      g_autoptr (GArray) windows = docai_vlm_windows (sizes, n, bytes, 1000);
      for (guint i = 0; i < windows->len; i++)
        {
          const DocaiVlmWindow *window = &g_array_index (windows, DocaiVlmWindow, i);
          gsize sum = 0, again = 0;
          g_assert_cmpuint (window->first, <=, next);
          g_assert_cmpuint (window->first + window->n, >, next);
          for (guint k = 0; k < window->n; k++)
            sum += sizes[window->first + k];
          for (guint k = window->first; k < next; k++)
            again += sizes[k];
          g_assert_true (sum <= bytes || window->n == 1);
          g_assert_cmpuint (again, <=, bytes / 4);
          next = window->first + window->n;
        }
      g_assert_cmpuint (next, ==, n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm-windows/words", test_words);
  g_test_add_func ("/vlm-windows/cover", test_cover);
  return g_test_run ();
}
