/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small pool for loops whose steps are independent. Threads take one step after the
 * other, so that a core that is busy elsewhere only gets fewer of them. Between two loops a
 * thread looks out for the next one for some microseconds, then sleeps; nobody spins longer.
 */
#pragma once

#include <glib.h>

typedef struct DocaiThreads DocaiThreads;

/* One step of a loop; `thread` is below the pool's size and unique while it runs. */
typedef void (*DocaiStep) (void *data, int step, int thread);

/* n_threads includes the caller of docai_threads_run; clamped to 1 ... 64. */
DocaiThreads *docai_threads_new   (int n_threads);
void          docai_threads_free  (DocaiThreads *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiThreads, docai_threads_free)

int           docai_threads_count (const DocaiThreads *self);

/* Runs steps 0 ... n_steps - 1 and returns when all are done. */
void docai_threads_run (DocaiThreads *self, int n_steps, DocaiStep step, void *data);
