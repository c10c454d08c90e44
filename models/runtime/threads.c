/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pool: one loop at a time, its steps handed out by an atomic counter.
 */
#include "models/runtime/threads.h"

struct DocaiThreads {
  int       n_threads;
  GThread **threads; /* n_threads - 1 */
  GMutex    lock;
  GCond     start, done;
  guint     generation; /* counts the loops; guarded by lock */
  int       active;     /* helpers inside the current loop; guarded by lock */
  gboolean  quit;
  DocaiStep step;
  void     *data;
  int       n_steps;
  int       next; /* atomic */
};

typedef struct {
  DocaiThreads *pool;
  int           index;
} Helper;

static void
take_steps (DocaiThreads *self, int thread)
{
  for (int step; (step = g_atomic_int_add (&self->next, 1)) < self->n_steps;)
    self->step (self->data, step, thread);
}

static gpointer
helper_main (gpointer data)
{
  g_autofree Helper *helper = data;
  DocaiThreads *self = helper->pool;
  guint seen = 0;
  g_mutex_lock (&self->lock);
  for (;;)
    {
      while (!self->quit && (self->generation == seen || self->step == NULL))
        g_cond_wait (&self->start, &self->lock);
      if (self->quit)
        break;
      seen = self->generation;
      self->active++;
      g_mutex_unlock (&self->lock);
      take_steps (self, helper->index);
      g_mutex_lock (&self->lock);
      if (--self->active == 0)
        g_cond_signal (&self->done);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

DocaiThreads *
docai_threads_new (int n_threads)
{
  DocaiThreads *self = g_new0 (DocaiThreads, 1);
  self->n_threads = CLAMP (n_threads, 1, 64);
  g_mutex_init (&self->lock);
  g_cond_init (&self->start);
  g_cond_init (&self->done);
  self->threads = g_new0 (GThread *, self->n_threads);
  for (int i = 1; i < self->n_threads; i++)
    {
      Helper *helper = g_new (Helper, 1);
      *helper = (Helper) { self, i };
      self->threads[i - 1] = g_thread_new ("docai-kernel", helper_main, helper);
    }
  return self;
}

void
docai_threads_free (DocaiThreads *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_broadcast (&self->start);
  g_mutex_unlock (&self->lock);
  for (int i = 1; i < self->n_threads; i++)
    g_thread_join (self->threads[i - 1]);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->start);
  g_cond_clear (&self->done);
  g_free (self->threads);
  g_free (self);
}

int
docai_threads_count (const DocaiThreads *self)
{
  return self->n_threads;
}

/* A helper that wakes late finds step NULL or the next loop: it never touches a loop that
 * has been left, because leaving waits for `active` and clears `step` under the lock. */
void
docai_threads_run (DocaiThreads *self, int n_steps, DocaiStep step, void *data)
{
  if (self->n_threads == 1 || n_steps <= 1)
    {
      for (int i = 0; i < n_steps; i++)
        step (data, i, 0);
      return;
    }
  g_mutex_lock (&self->lock);
  self->step = step;
  self->data = data;
  self->n_steps = n_steps;
  g_atomic_int_set (&self->next, 0);
  self->generation++;
  g_cond_broadcast (&self->start);
  g_mutex_unlock (&self->lock);
  take_steps (self, 0);
  g_mutex_lock (&self->lock);
  while (self->active > 0)
    g_cond_wait (&self->done, &self->lock);
  self->step = NULL;
  g_mutex_unlock (&self->lock);
}
