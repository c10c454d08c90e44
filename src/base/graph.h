/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names and scopes of the stages, for who deals out work without being able to
 * do it. pipeline.c holds the same table with the code; a test compares them.
 */
#pragma once

#include <glib.h>

typedef enum { DOCAI_GRAPH_SOURCE, DOCAI_GRAPH_PAGE, DOCAI_GRAPH_DOCUMENT } DocaiGraphScope;

typedef struct {
  const char     *name;
  DocaiGraphScope scope;
} DocaiGraphStage;

/* The stages in order; a NULL name ends them. Static. */
const DocaiGraphStage *docai_graph_stages (void);

/* The bit of a stage in a set; 0 for an unknown name. */
guint32 docai_graph_bit (const char *name);

/* The set of all stages, or of those of one scope. */
guint32 docai_graph_all (void);
guint32 docai_graph_scope_set (DocaiGraphScope scope);

/* The set named by a list ("all", "probe,rasterize"); 0 when a name is unknown. */
guint32 docai_graph_parse (const char *list);

const char *docai_graph_scope_name (DocaiGraphScope scope);
