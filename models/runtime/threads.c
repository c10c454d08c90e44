/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pool: one loop at a time, its steps handed out by an atomic counter.
 */
#include "models/runtime/threads.h"

/* Some 10 to 30 microseconds. */
#define MAX_PAUSES 500

struct DocaiThreads {
  int       n_threads;
  GThread **threads; /* n_threads - 1 */
  GMutex    lock;
  GCond     start, done;
  guint     generation; /* atomic: counts the loops; written under lock */
  int       active;     /* atomic: helpers inside the current loop; written under lock */
  int       asleep;     /* helpers that wait for `start`; guarded by lock */
  gboolean  waiting;    /* the caller waits for `done`; guarded by lock */
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

static inline void
pause_a_little (void)
{
#if defined __x86_64__
  __builtin_ia32_pause ();
#endif
}

/* Waiting for the next loop of an evaluation, which mostly comes after a few microseconds: no
 * longer than waking a sleeping thread takes. */
static void
await_generation (const DocaiThreads *self, guint seen)
{
  for (int i = 0; i < MAX_PAUSES && (guint) g_atomic_int_get ((const gint *) &self->generation) == seen; i++)
    pause_a_little ();
}

static void
await_helpers (const DocaiThreads *self)
{
  for (int i = 0; i < MAX_PAUSES && g_atomic_int_get (&self->active) > 0; i++)
    pause_a_little ();
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
        {
          self->asleep++;
          g_cond_wait (&self->start, &self->lock);
          self->asleep--;
        }
      if (self->quit)
        break;
      seen = self->generation;
      g_atomic_int_inc (&self->active);
      g_mutex_unlock (&self->lock);
      take_steps (self, helper->index);
      g_mutex_lock (&self->lock);
      if (g_atomic_int_dec_and_test (&self->active) && self->waiting)
        g_cond_signal (&self->done);
      g_mutex_unlock (&self->lock);
      await_generation (self, seen);
      g_mutex_lock (&self->lock);
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
  g_atomic_int_inc ((gint *) &self->generation);
  if (self->asleep > 0)
    g_cond_broadcast (&self->start);
  g_mutex_unlock (&self->lock);
  take_steps (self, 0);
  await_helpers (self);
  g_mutex_lock (&self->lock);
  self->waiting = TRUE;
  while (g_atomic_int_get (&self->active) > 0)
    g_cond_wait (&self->done, &self->lock);
  self->waiting = FALSE;
  self->step = NULL;
  g_mutex_unlock (&self->lock);
}
