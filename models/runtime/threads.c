/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pool: one loop at a time, its steps handed out by an atomic counter.
 *
 * Loops of a decoder's token are some microseconds long, so no lock is taken where threads look out for each
 * other. `gate` says all that a helper must know, in one word that changes atomically:
 *
 *     generation of the loop (24 bits) | open (1 bit) | helpers inside (7 bits)
 *
 * A helper goes in by adding one to an open gate, and out by taking it off again; the caller closes the gate when no
 * step is left, waits until nobody is inside, and only then changes what the steps read. A helper that comes late
 * finds the gate closed. Lock and conditions serve those alone who have looked out long enough and sleep.
 */
#include "models/runtime/threads.h"

/* Some 10 to 30 microseconds. */
#define MAX_PAUSES 500

#define OPEN 0x80u
#define INSIDE 0x7fu
#define GENERATION_SHIFT 8

struct DocaiThreads {
  int       n_threads;
  GThread **threads; /* n_threads - 1 */
  guint     gate;    /* atomic */
  int       next;    /* atomic: the step to take */
  int       asleep;  /* atomic: helpers that wait for `start`; written under lock */
  int       waiting; /* atomic: the caller waits for `done`; written under lock */
  int       quit;    /* atomic; written under lock */
  GMutex    lock;
  GCond     start, done;
  /* Of the loop whose gate is open. */
  DocaiStep step;
  void     *data;
  int       n_steps;
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

static guint
gate_of (const DocaiThreads *self)
{
  return (guint) g_atomic_int_get ((const gint *) &self->gate);
}

static gboolean
is_new (guint gate, guint seen)
{
  return (gate & OPEN) != 0 && gate >> GENERATION_SHIFT != seen;
}

/* Waits for a loop other than `seen`, or the end. The next loop of an evaluation mostly comes after a few
 * microseconds, so the thread looks out for no longer than waking it would take, then sleeps. The caller opens the gate
 * and then looks who is asleep, here it is the other way round: one of the two notices. */
static guint
await_loop (DocaiThreads *self, guint seen)
{
  guint gate = gate_of (self);
  for (int i = 0; i < MAX_PAUSES && !is_new (gate, seen); i++)
    {
      pause_a_little ();
      gate = gate_of (self);
    }
  if (is_new (gate, seen))
    return gate;
  g_mutex_lock (&self->lock);
  g_atomic_int_inc (&self->asleep);
  while (!is_new (gate = gate_of (self), seen) && !g_atomic_int_get (&self->quit))
    g_cond_wait (&self->start, &self->lock);
  g_atomic_int_add (&self->asleep, -1);
  g_mutex_unlock (&self->lock);
  return gate;
}

/* Goes in, unless the gate has been closed or another loop's opened. */
static gboolean
enter (DocaiThreads *self, guint gate)
{
  guint generation = gate >> GENERATION_SHIFT;
  for (; (gate & OPEN) != 0 && gate >> GENERATION_SHIFT == generation; gate = gate_of (self))
    if (g_atomic_int_compare_and_exchange ((gint *) &self->gate, (gint) gate, (gint) (gate + 1)))
      return TRUE;
  return FALSE;
}

static void
leave (DocaiThreads *self)
{
  guint gate = (guint) g_atomic_int_add ((gint *) &self->gate, -1) - 1;
  if ((gate & (OPEN | INSIDE)) != 0 || !g_atomic_int_get (&self->waiting))
    return;
  g_mutex_lock (&self->lock);
  g_cond_signal (&self->done);
  g_mutex_unlock (&self->lock);
}

static gpointer
helper_main (gpointer data)
{
  g_autofree Helper *helper = data;
  DocaiThreads *self = helper->pool;
  for (guint seen = 0; !g_atomic_int_get (&self->quit);)
    {
      guint gate = await_loop (self, seen);
      if (!is_new (gate, seen) || !enter (self, gate))
        continue;
      seen = gate >> GENERATION_SHIFT;
      take_steps (self, helper->index);
      leave (self);
    }
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
  g_atomic_int_set (&self->quit, TRUE);
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

/* Opens the gate to the next generation. */
static void
begin (DocaiThreads *self)
{
  g_atomic_int_set (&self->next, 0);
  g_atomic_int_set ((gint *) &self->gate, (gint) (((gate_of (self) >> GENERATION_SHIFT) + 1) << GENERATION_SHIFT | OPEN));
  if (g_atomic_int_get (&self->asleep) == 0)
    return;
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->start);
  g_mutex_unlock (&self->lock);
}

/* Closes the gate and waits for those inside. */
static void
end (DocaiThreads *self)
{
  g_atomic_int_and (&self->gate, ~OPEN);
  for (int i = 0; i < MAX_PAUSES && (gate_of (self) & INSIDE) != 0; i++)
    pause_a_little ();
  if ((gate_of (self) & INSIDE) == 0)
    return;
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->waiting, TRUE);
  while ((gate_of (self) & INSIDE) != 0)
    g_cond_wait (&self->done, &self->lock);
  g_atomic_int_set (&self->waiting, FALSE);
  g_mutex_unlock (&self->lock);
}

void
docai_threads_run (DocaiThreads *self, int n_steps, DocaiStep step, void *data)
{
  if (self->n_threads == 1 || n_steps <= 1)
    {
      for (int i = 0; i < n_steps; i++)
        step (data, i, 0);
      return;
    }
  self->step = step;
  self->data = data;
  self->n_steps = n_steps;
  begin (self);
  take_steps (self, 0);
  end (self);
}
