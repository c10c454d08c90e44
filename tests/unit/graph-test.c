/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The daemon's table of stages beside the pipeline's own.
 */
#include "base/graph.h"
#include "pipeline/pipeline.h"

static DocaiGraphScope
graph_scope (DocaiScope scope)
{
  switch (scope)
    {
    case DOCAI_SCOPE_SOURCE:
      return DOCAI_GRAPH_SOURCE;
    case DOCAI_SCOPE_PAGE:
      return DOCAI_GRAPH_PAGE;
    case DOCAI_SCOPE_DOCUMENT:
      return DOCAI_GRAPH_DOCUMENT;
    }
  g_assert_not_reached ();
}

static void
test_same_stages (void)
{
  const DocaiGraphStage   *named = docai_graph_stages ();
  const DocaiStage *const *coded = docai_pipeline_stages ();

  for (; named->name != NULL && *coded != NULL; named++, coded++)
    {
      g_assert_cmpstr (named->name, ==, (*coded)->name);
      g_assert_cmpint (named->scope, ==, graph_scope ((*coded)->scope));
    }
  g_assert_null (named->name);
  g_assert_null (*coded);
}

/* Every stage has a bit of its own, and the scopes divide the whole set. */
static void
test_sets (void)
{
  guint32 all = 0;

  for (const DocaiStage *const *stage = docai_pipeline_stages (); *stage != NULL; stage++)
    {
      guint32 bit = docai_graph_bit ((*stage)->name);
      g_assert_cmphex (bit, !=, 0);
      g_assert_cmphex (bit & all, ==, 0);
      g_assert_cmphex (bit & docai_graph_scope_set (graph_scope ((*stage)->scope)), ==, bit);
      g_assert_cmphex (docai_graph_parse ((*stage)->name), ==, bit);
      all |= bit;
    }
  g_assert_cmphex (docai_graph_all (), ==, all);
  g_assert_cmphex (docai_graph_parse ("all"), ==, all);
  g_assert_cmphex (docai_graph_parse ("probe, merge"), ==,
                   docai_graph_bit ("probe") | docai_graph_bit ("merge"));
  g_assert_cmphex (docai_graph_parse ("probe,unknown"), ==, 0);
  g_assert_cmphex (docai_graph_bit (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph/same-stages", test_same_stages);
  g_test_add_func ("/graph/sets", test_sets);
  return g_test_run ();
}
