/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The surroundings of an evaluation.
 */
#include "models/runtime/run.h"

DocaiRun *
docai_run_new (int n_threads)
{
  DocaiRun *self = g_new0 (DocaiRun, 1);
  self->arena = docai_arena_new ();
  self->threads = docai_threads_new (n_threads);
  return self;
}

void
docai_run_free (DocaiRun *self)
{
  if (self == NULL)
    return;
  docai_threads_free (self->threads);
  docai_arena_free (self->arena);
  g_free (self);
}

void
docai_run_trace (DocaiRun *self, const char *name, const float *values, gsize count)
{
  if (self->trace != NULL)
    self->trace (self->trace_data, name, values, count);
}
