/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an evaluation runs in: scratch memory, threads, and a sink for the tensors on
 * the way, which the fixtures' check reads. One evaluation at a time.
 */
#pragma once

#include "models/runtime/arena.h"
#include "models/runtime/threads.h"

/* Receives a named tensor of `count` floats; `values` only lives during the call. */
typedef void (*DocaiTrace) (void *data, const char *name, const float *values, gsize count);

typedef struct {
  DocaiArena   *arena;
  DocaiThreads *threads;
  DocaiTrace    trace; /* or NULL */
  void         *trace_data;
} DocaiRun;

/* n_threads: 1 unless the process is alone on its machine. */
DocaiRun *docai_run_new  (int n_threads);
void      docai_run_free (DocaiRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiRun, docai_run_free)

/* Hands a tensor to the sink, if there is one. */
void docai_run_trace (DocaiRun *self, const char *name, const float *values, gsize count);
