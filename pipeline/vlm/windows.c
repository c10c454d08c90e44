/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Windows over a long text.
 */
#include "pipeline/vlm/windows.h"

#include <string.h>

/* How many pieces from `first` on have at most `bytes`, or step -1: pieces before `first`. */
static guint
count_pieces (const gsize *sizes, guint n, guint first, int step, gsize bytes)
{
  guint count = 0;
  gsize sum = 0;

  for (guint i = first; i < n; i += (guint) step, count++) /* before the first piece i is beyond the last */
    {
      sum += sizes[i];
      if (sum > bytes)
        break;
    }
  return count;
}

GArray *
docai_vlm_windows (const gsize *sizes, guint n, gsize bytes, guint most)
{
  GArray        *windows = g_array_new (FALSE, FALSE, sizeof (DocaiVlmWindow));
  DocaiVlmWindow window = { 0, 0 };

  for (;;)
    {
      guint fitting = count_pieces (sizes, n, window.first, 1, bytes);
      window.n = MAX (fitting, window.first < n ? 1 : 0);
      g_array_append_val (windows, window);
      guint end = window.first + window.n;
      if (end >= n || windows->len >= most)
        return windows;
      guint again = count_pieces (sizes, n, end - 1, -1, bytes / 4);
      window.first = MAX (end - again, window.first + 1);
      while (window.first < end && count_pieces (sizes, n, window.first, 1, bytes) <= end - window.first)
        window.first++; /* the next piece is long */
    }
}

GPtrArray *
docai_vlm_windows_of_text (const char *text, gsize bytes, guint most)
{
  g_auto (GStrv)        parts = g_strsplit_set (text, " \t\r\n", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GArray)    sizes = g_array_new (FALSE, FALSE, sizeof (gsize));
  GPtrArray            *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      {
        gsize size = strlen (parts[i]) + 1;
        g_ptr_array_add (words, parts[i]);
        g_array_append_val (sizes, size);
      }
  g_autoptr (GArray) windows = docai_vlm_windows ((const gsize *) (gconstpointer) sizes->data, words->len, bytes + 1, most); /* no space at the end */
  for (guint i = 0; i < windows->len; i++)
    {
      const DocaiVlmWindow *window = &g_array_index (windows, DocaiVlmWindow, i);
      g_autoptr (GString)   joined = g_string_new (NULL);
      for (guint k = window->first; k < window->first + window->n; k++)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? " " : "", (const char *) words->pdata[k]);
      g_ptr_array_add (texts, g_string_free (g_steal_pointer (&joined), FALSE));
    }
  return texts;
}
