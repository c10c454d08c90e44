/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Papers of typed words, and the extract stage run on them.
 */
#pragma once

#include "pipeline/stage.h"

/* Adds a line at (x, y) points, words typed 5 points a letter, 10 high. */
static inline void
add_typed (DocaiRegion *region, double x, double y, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  DocaiLine     *line = docai_line_new ();

  for (guint w = 0; words[w] != NULL; w++)
    {
      double length = 5.0 * (double) g_utf8_strlen (words[w], -1);
      g_ptr_array_add (line->words, docai_word_new (words[w], DOCAI_BOX (x, y, x + length, y + 10), 0.9));
      x += length + 4;
    }
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
}

/* Runs the stage with the option "extract". */
static inline void
run_extract (DocaiDocument *document, const char *extract)
{
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (GError)        error = NULL;
  DocaiTask                 task = { "/dev/null", "x.pdf", options, settings, NULL };

  g_assert_true (docai_options_set (options, "extract", extract, NULL));
  g_assert_true (docai_extract_stage.run (NULL, &task, document, NULL, &error));
}
