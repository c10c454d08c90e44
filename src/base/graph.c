/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of stages, and sets of them as bits.
 */
#include "base/graph.h"

#include <string.h>

static const DocaiGraphStage stages[] = {
  { "probe", DOCAI_GRAPH_SOURCE },
  { "rasterize", DOCAI_GRAPH_PAGE },
  { "layout", DOCAI_GRAPH_PAGE },
  { "ocr", DOCAI_GRAPH_PAGE },
  { "table", DOCAI_GRAPH_PAGE },
  { "vlm", DOCAI_GRAPH_PAGE },
  { "extract", DOCAI_GRAPH_DOCUMENT },
  { "understand", DOCAI_GRAPH_DOCUMENT },
  { "merge", DOCAI_GRAPH_DOCUMENT },
  { NULL, DOCAI_GRAPH_SOURCE },
};

const DocaiGraphStage *
docai_graph_stages (void)
{
  return stages;
}

guint32
docai_graph_bit (const char *name)
{
  for (guint i = 0; stages[i].name != NULL; i++)
    if (g_strcmp0 (stages[i].name, name) == 0)
      return 1u << i;
  return 0;
}

guint32
docai_graph_all (void)
{
  return (1u << (G_N_ELEMENTS (stages) - 1)) - 1;
}

guint32
docai_graph_scope_set (DocaiGraphScope scope)
{
  guint32 set = 0;
  for (guint i = 0; stages[i].name != NULL; i++)
    if (stages[i].scope == scope)
      set |= 1u << i;
  return set;
}

guint32
docai_graph_parse (const char *list)
{
  guint32 set = 0;

  if (g_strcmp0 (list, "all") == 0)
    return docai_graph_all ();
  g_auto (GStrv) names = g_strsplit (list, ",", -1);
  for (char **name = names; *name != NULL; name++)
    {
      guint32 bit = docai_graph_bit (g_strstrip (*name));
      if (bit == 0)
        return 0;
      set |= bit;
    }
  return set;
}

const char *
docai_graph_scope_name (DocaiGraphScope scope)
{
  static const char *const names[] = { "source", "page", "document" };
  return names[scope];
}
