/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scheduler's core with a clock that the test turns.
 */
#include "docaid/sched.h"

#include <string.h>

static const SchedLimits limits = { .attempts = 3, .retry_ms = 100, .lease_ms = 1000, .lost_ms = 400 };

typedef struct {
  Sched *sched;
  gint64 now;
  gint64 wake;
  GPtrArray *actions; /* SchedAction of the last run */
} World;

static void
run (World *world)
{
  SchedAction *action;
  g_ptr_array_set_size (world->actions, 0);
  while ((action = sched_next_action (world->sched)) != NULL)
    g_ptr_array_add (world->actions, action);
  world->wake = sched_run (world->sched, world->now);
  while ((action = sched_next_action (world->sched)) != NULL)
    g_ptr_array_add (world->actions, action);
}

static World *
world_new (int n_workers)
{
  World *world = g_new0 (World, 1);
  world->sched = sched_new (&limits);
  world->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) sched_action_free);
  for (int i = 1; i <= n_workers; i++)
    sched_add_worker (world->sched, i, docai_graph_all (), 0);
  return world;
}

static void
world_free (World *world)
{
  sched_free (world->sched);
  g_ptr_array_unref (world->actions);
  g_free (world);
}

/* The nth action of a kind in the last run; NULL: there is none. */
static const SchedAction *
find (World *world, SchedActionKind kind, int n)
{
  for (guint i = 0; i < world->actions->len; i++)
    {
      const SchedAction *action = world->actions->pdata[i];
      if (action->kind == kind && n-- == 0)
        return action;
    }
  return NULL;
}

static SchedLease
assigned (World *world, int n)
{
  const SchedAction *action = find (world, SCHED_ASSIGN, n);
  g_assert_nonnull (action);
  return action->lease;
}

static void
add_job (World *world, gint64 job, SchedPriority priority, int n_pages)
{
  g_autofree int *pages = g_new (int, n_pages);
  for (int i = 0; i < n_pages; i++)
    pages[i] = i + 1;
  sched_add_job (world->sched, job, priority);
  sched_set_pages (world->sched, job, pages, n_pages);
}

static void
test_life (void)
{
  World *world = world_new (1);
  int pages[] = { 2, 5 };

  run (world);
  g_assert_cmpint (world->wake, ==, 400);
  sched_add_job (world->sched, 7, PRIORITY_BATCH);
  run (world);
  SchedLease source = assigned (world, 0);
  g_assert_cmpint (source.scope, ==, DOCAI_GRAPH_SOURCE);
  g_assert_cmpint (source.job, ==, 7);
  g_assert_nonnull (sched_peek_lease (world->sched, 1, source.lease));
  g_assert_null (sched_peek_lease (world->sched, 1, source.lease + 1));
  g_assert_null (sched_peek_lease (world->sched, 2, source.lease));
  sched_done (world->sched, 1, world->now);
  sched_set_pages (world->sched, 7, pages, 2);
  for (int i = 0; i < 2; i++)
    {
      run (world);
      SchedLease page = assigned (world, 0);
      g_assert_cmpint (page.scope, ==, DOCAI_GRAPH_PAGE);
      g_assert_cmpint (page.page, ==, pages[i]);
      g_assert_cmpstr (docai_graph_stages ()[page.first].name, ==, "rasterize");
      g_assert_cmpstr (docai_graph_stages ()[page.last].name, ==, "vlm");
      sched_done (world->sched, 1, world->now);
    }
  run (world);
  g_assert_cmpint (assigned (world, 0).scope, ==, DOCAI_GRAPH_DOCUMENT);
  g_assert_false (sched_is_idle (world->sched));
  sched_done (world->sched, 1, world->now);
  sched_remove_job (world->sched, 7);
  run (world);
  g_assert_null (find (world, SCHED_ASSIGN, 0));
  g_assert_true (sched_is_idle (world->sched));
  world_free (world);
}

static void
test_attempts (void)
{
  World *world = world_new (1);
  add_job (world, 1, PRIORITY_BATCH, 2);
  run (world);
  gint64 waits[] = { 100, 200 };
  for (int attempt = 0; attempt < 2; attempt++)
    {
      sched_failed (world->sched, 1, DOCAI_ERROR_INTERNAL, "boom", world->now);
      run (world);
      g_assert_cmpint (find (world, SCHED_RETRIED, 0)->attempts, ==, attempt + 1);
      /* Page 2 goes on meanwhile. */
      if (attempt == 0)
        {
          g_assert_cmpint (assigned (world, 0).page, ==, 2);
          sched_done (world->sched, 1, world->now);
          run (world);
        }
      g_assert_null (find (world, SCHED_ASSIGN, 0));
      g_assert_cmpint (world->wake, ==, world->now + waits[attempt]);
      world->now = world->wake;
      sched_heartbeat (world->sched, 1, world->now);
      run (world);
      g_assert_cmpint (assigned (world, 0).page, ==, 1);
    }
  sched_failed (world->sched, 1, DOCAI_ERROR_WORKER_LOST, "gone", world->now);
  run (world);
  const SchedAction *dead = find (world, SCHED_UNIT_DEAD, 0);
  g_assert_nonnull (dead);
  g_assert_cmpint (dead->code, ==, DOCAI_ERROR_ATTEMPTS_EXHAUSTED);
  g_assert_nonnull (strstr (dead->text, "gone"));
  g_assert_cmpint (assigned (world, 0).scope, ==, DOCAI_GRAPH_DOCUMENT);
  world_free (world);
}

typedef struct {
  DocaiErrorCode  code;
  SchedActionKind outcome;
} Class;

static void
test_classes (void)
{
  static const Class classes[] = {
    { DOCAI_ERROR_PAGE_DAMAGED, SCHED_UNIT_DEAD },   { DOCAI_ERROR_PIXEL_LIMIT, SCHED_UNIT_DEAD },
    { DOCAI_ERROR_TIME_LIMIT, SCHED_RETRIED },       { DOCAI_ERROR_MEMORY_LIMIT, SCHED_RETRIED },
    { DOCAI_ERROR_LANGUAGE_MISSING, SCHED_REFUSED }, { DOCAI_ERROR_PASSWORD_WRONG, SCHED_REFUSED },
    { DOCAI_ERROR_SPOOL_FULL, SCHED_RETRIED },       { DOCAI_ERROR_VLM_UNREACHABLE, SCHED_RETRIED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      World *world = world_new (1);
      add_job (world, 1, PRIORITY_BATCH, 2);
      run (world);
      sched_failed (world->sched, 1, classes[i].code, "why", 0);
      run (world);
      const SchedAction *action = world->actions->pdata[0];
      g_assert_cmpint (action->kind, ==, classes[i].outcome);
      g_assert_cmpstr (action->text, ==, "why");
      /* A full disk is nobody's attempt. */
      if (classes[i].code == DOCAI_ERROR_SPOOL_FULL)
        g_assert_cmpint (action->attempts, ==, 0);
      world_free (world);
    }
}

static void
test_leases (void)
{
  World *world = world_new (2);
  add_job (world, 1, PRIORITY_BATCH, 2);
  run (world);
  gint64 slow = assigned (world, 0).worker, mute = assigned (world, 1).worker;
  /* One gives signs of life but does not end; the other is silent. */
  for (world->now = 100; world->now < 400; world->now += 100)
    sched_heartbeat (world->sched, slow, world->now);
  run (world);
  g_assert_cmpint (find (world, SCHED_REVOKE, 0)->lease.worker, ==, mute);
  g_assert_cmpint (find (world, SCHED_RETRIED, 0)->code, ==, DOCAI_ERROR_WORKER_LOST);
  g_assert_null (find (world, SCHED_REVOKE, 1));
  sched_remove_worker (world->sched, mute, DOCAI_ERROR_WORKER_LOST, "killed", world->now);
  for (; world->now < 1000; world->now += 100)
    sched_heartbeat (world->sched, slow, world->now);
  run (world);
  g_assert_cmpint (find (world, SCHED_REVOKE, 0)->lease.worker, ==, slow);
  g_assert_cmpint (find (world, SCHED_RETRIED, 0)->code, ==, DOCAI_ERROR_TIME_LIMIT);
  /* Revoked means: never again, and its answers are nobody's. */
  world->now = 5000;
  run (world);
  g_assert_null (find (world, SCHED_ASSIGN, 0));
  world_free (world);
}

static void
test_fair (void)
{
  World *world = world_new (3);
  add_job (world, 1, PRIORITY_BATCH, 100);
  run (world);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (assigned (world, i).job, ==, 1);
  add_job (world, 2, PRIORITY_BATCH, 2);
  add_job (world, 3, PRIORITY_INTERACTIVE, 1);
  sched_done (world->sched, 1, 0);
  run (world);
  g_assert_cmpint (assigned (world, 0).job, ==, 3);
  sched_done (world->sched, 2, 0);
  run (world);
  g_assert_cmpint (assigned (world, 0).job, ==, 2);
  world_free (world);
}

static void
test_remove_revokes (void)
{
  World *world = world_new (2);
  add_job (world, 1, PRIORITY_BATCH, 3);
  run (world);
  sched_remove_job (world->sched, 1);
  run (world);
  g_assert_nonnull (find (world, SCHED_REVOKE, 1));
  g_assert_null (find (world, SCHED_RETRIED, 0));
  world_free (world);
}

static void
test_stages (void)
{
  World *world = world_new (0);
  sched_add_worker (world->sched, 1, docai_graph_parse ("rasterize,layout"), 0);
  sched_add_worker (world->sched, 2, docai_graph_parse ("ocr"), 0);
  sched_add_worker (world->sched, 3, docai_graph_parse ("table,vlm"), 0);
  add_job (world, 1, PRIORITY_BATCH, 1);
  const gint64 order[] = { 1, 2, 3 };
  for (int i = 0; i < 3; i++)
    {
      run (world);
      SchedLease lease = assigned (world, 0);
      g_assert_cmpint (lease.worker, ==, order[i]);
      g_assert_cmpint (lease.continues, ==, i > 0);
      sched_done (world->sched, order[i], 0);
    }
  run (world);
  g_assert_nonnull (find (world, SCHED_UNIT_DONE, 0));
  g_assert_null (find (world, SCHED_ASSIGN, 0));
  sched_add_worker (world->sched, 4, docai_graph_all (), 0);
  run (world);
  g_assert_cmpint (assigned (world, 0).scope, ==, DOCAI_GRAPH_DOCUMENT);
  world_free (world);
}

static void
test_restore (void)
{
  World *world = world_new (1);
  add_job (world, 1, PRIORITY_BATCH, 3);
  sched_restore_page (world->sched, 1, 1, TRUE, FALSE, 0);
  sched_restore_page (world->sched, 1, 3, FALSE, TRUE, 3);
  sched_restore_page (world->sched, 1, 2, FALSE, FALSE, 2);
  sched_restore_page (world->sched, 1, 99, TRUE, FALSE, 0);
  run (world);
  g_assert_cmpint (assigned (world, 0).page, ==, 2);
  sched_failed (world->sched, 1, DOCAI_ERROR_INTERNAL, "boom", 0);
  run (world);
  g_assert_nonnull (find (world, SCHED_UNIT_DEAD, 0));
  world_free (world);
}

/* A drained worker ends what it does and gets nothing more. */
static void
test_drain (void)
{
  World *world = world_new (1);
  add_job (world, 1, PRIORITY_BATCH, 2);
  run (world);
  sched_drain_worker (world->sched, 1);
  sched_done (world->sched, 1, 0);
  run (world);
  g_assert_nonnull (find (world, SCHED_UNIT_DONE, 0));
  g_assert_null (find (world, SCHED_ASSIGN, 0));
  world_free (world);
}

/* Whatever happens in whatever order: every page ends exactly once. */
static void
test_random (void)
{
  for (int round = 0; round < 200; round++)
    {
      World *world = world_new (0);
      int n_done = 0, n_workers = 0, n_pages = g_test_rand_int_range (1, 12);
      gboolean document = FALSE;
      add_job (world, 1, PRIORITY_BATCH, n_pages);
      for (int step = 0; step < 3000 && !document; step++)
        {
          run (world);
          for (guint i = 0; i < world->actions->len; i++)
            {
              const SchedAction *action = world->actions->pdata[i];
              gboolean page = action->lease.scope == DOCAI_GRAPH_PAGE;
              n_done += page && (action->kind == SCHED_UNIT_DONE || action->kind == SCHED_UNIT_DEAD);
              document |= action->kind == SCHED_ASSIGN && action->lease.scope == DOCAI_GRAPH_DOCUMENT;
              if (action->kind == SCHED_REVOKE)
                sched_remove_worker (world->sched, action->lease.worker, DOCAI_ERROR_WORKER_LOST, "x",
                                     world->now);
              if (action->kind != SCHED_ASSIGN || document
                  || sched_peek_lease (world->sched, action->lease.worker, action->lease.lease) == NULL)
                continue;
              int fate = g_test_rand_int_range (0, 5);
              if (fate <= 1)
                sched_done (world->sched, action->lease.worker, world->now);
              else if (fate == 2)
                sched_failed (world->sched, action->lease.worker, DOCAI_ERROR_INTERNAL, "x", world->now);
              else if (fate == 3)
                sched_remove_worker (world->sched, action->lease.worker, DOCAI_ERROR_WORKER_LOST, "x",
                                     world->now);
            }
          if (step % 3 == 0 && n_workers < 3000)
            sched_add_worker (world->sched, ++n_workers, docai_graph_all (), world->now);
          world->now += g_test_rand_int_range (0, 200);
        }
      g_assert_true (document);
      g_assert_cmpint (n_done, ==, n_pages);
      world_free (world);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sched/life", test_life);
  g_test_add_func ("/sched/attempts", test_attempts);
  g_test_add_func ("/sched/classes", test_classes);
  g_test_add_func ("/sched/leases", test_leases);
  g_test_add_func ("/sched/fair", test_fair);
  g_test_add_func ("/sched/remove-revokes", test_remove_revokes);
  g_test_add_func ("/sched/stages", test_stages);
  g_test_add_func ("/sched/restore", test_restore);
  g_test_add_func ("/sched/drain", test_drain);
  g_test_add_func ("/sched/random", test_random);
  return g_test_run ();
}
