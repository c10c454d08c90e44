/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The SQLite adapter. WAL with synchronous NORMAL never waits for the disk at
 * a commit; accepting switches to FULL, which does, and brings along whatever was
 * committed before.
 */
#include "docaid/store.h"

#include <sqlite3.h>
#include <string.h>

typedef enum {
  SQL_INSERT,
  SQL_UPDATE,
  SQL_DELETE,
  SQL_LOAD,
  SQL_FIND_KEY,
  SQL_FIND_RESULT,
  SQL_LIST,
  SQL_LIST_STATE,
  SQL_QUEUED,
  SQL_ENDED,
  SQL_ENDED_SINCE,
  SQL_COUNT,
  SQL_ENDED_BYTES,
  SQL_LAST_ID,
  SQL_PUT_TASK,
  SQL_TASKS,
  SQL_CLEAR_TASKS,
  SQL_STATEMENTS
} Statement;

struct Store {
  sqlite3      *db;
  sqlite3_stmt *statements[SQL_STATEMENTS];
  gboolean      machine_restarted;
};

static const char schema[] =
  "PRAGMA journal_mode=WAL;"
  "PRAGMA synchronous=NORMAL;"
  "PRAGMA cache_size=-2048;"
  "PRAGMA foreign_keys=OFF;"
  "CREATE TABLE IF NOT EXISTS job("
  " seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
  " bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, media_type TEXT, options TEXT NOT NULL,"
  " options_key TEXT NOT NULL, priority INTEGER NOT NULL, state INTEGER NOT NULL,"
  " pages INTEGER NOT NULL, done INTEGER NOT NULL, submitted_ms INTEGER NOT NULL,"
  " started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, code TEXT, text TEXT,"
  " json_bytes INTEGER NOT NULL, xml_bytes INTEGER NOT NULL, duplicate_of TEXT, submit_key TEXT, vision TEXT);"
  "CREATE INDEX IF NOT EXISTS job_state ON job(state, priority, seq);"
  "CREATE INDEX IF NOT EXISTS job_by_state ON job(state, seq);"
  "CREATE INDEX IF NOT EXISTS job_result ON job(sha256, options_key, seq) WHERE state=2;"
  "CREATE INDEX IF NOT EXISTS job_ended ON job(ended_ms) WHERE ended_ms>0;"
  "CREATE TABLE IF NOT EXISTS task("
  " job INTEGER NOT NULL, page INTEGER NOT NULL, done INTEGER NOT NULL, dead INTEGER NOT NULL,"
  " attempts INTEGER NOT NULL, code TEXT, text TEXT, PRIMARY KEY(job, page)) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS boot(id TEXT NOT NULL);";

/* After the columns that older stores lack have been added. */
static const char last_of_schema[] =
  "CREATE UNIQUE INDEX IF NOT EXISTS job_key ON job(submit_key) WHERE submit_key IS NOT NULL;"
  "PRAGMA user_version=3;";

#define COLUMNS \
  "seq,id,name,bytes,sha256,media_type,options,options_key,priority,state,pages,done," \
  "submitted_ms,started_ms,ended_ms,code,text,json_bytes,xml_bytes,duplicate_of,submit_key,vision"

static const char *const sql[SQL_STATEMENTS] = {
  [SQL_INSERT] = "INSERT INTO job(" COLUMNS ") VALUES(NULL,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
                 "?13,?14,?15,?16,?17,?18,?19,?20,?21,?22)",
  [SQL_UPDATE] = "UPDATE job SET media_type=?6, options=?7, priority=?9, state=?10, pages=?11,"
                 " done=?12, started_ms=?14, ended_ms=?15, code=?16, text=?17, json_bytes=?18,"
                 " xml_bytes=?19, duplicate_of=?20, vision=?22 WHERE seq=?1",
  [SQL_DELETE] = "DELETE FROM job WHERE seq=?1",
  [SQL_LOAD] = "SELECT " COLUMNS " FROM job WHERE id=?1",
  [SQL_FIND_KEY] = "SELECT " COLUMNS " FROM job WHERE submit_key=?1",
  [SQL_FIND_RESULT] = "SELECT " COLUMNS " FROM job WHERE sha256=?1 AND options_key=?2 AND state=2"
                      " ORDER BY seq DESC LIMIT 1",
  [SQL_LIST] = "SELECT " COLUMNS " FROM job WHERE seq<?1 ORDER BY seq DESC LIMIT ?2",
  [SQL_LIST_STATE] = "SELECT " COLUMNS " FROM job INDEXED BY job_by_state WHERE state=?3 AND seq<?1"
                     " ORDER BY seq DESC LIMIT ?2",
  [SQL_QUEUED] = "SELECT " COLUMNS " FROM job INDEXED BY job_state"
                 " WHERE state=0 AND priority=?1 ORDER BY seq LIMIT ?2",
  [SQL_ENDED] = "SELECT " COLUMNS " FROM job WHERE ended_ms>0 AND ended_ms<=?1"
                " ORDER BY ended_ms LIMIT ?2",
  [SQL_ENDED_SINCE] = "SELECT " COLUMNS " FROM job WHERE ended_ms>0 AND ended_ms>=?1"
                      " ORDER BY ended_ms DESC LIMIT ?2",
  [SQL_COUNT] = "SELECT COUNT(*) FROM job WHERE state=?1",
  [SQL_ENDED_BYTES] = "SELECT COALESCE(SUM(bytes+json_bytes+xml_bytes),0) FROM job WHERE ended_ms>0",
  [SQL_LAST_ID] = "SELECT id FROM job ORDER BY seq DESC LIMIT 1",
  [SQL_PUT_TASK] = "INSERT OR REPLACE INTO task(job,page,done,dead,attempts,code,text)"
                   " VALUES(?1,?2,?3,?4,?5,?6,?7)",
  [SQL_TASKS] = "SELECT page,done,dead,attempts,code,text FROM task WHERE job=?1 ORDER BY page",
  [SQL_CLEAR_TASKS] = "DELETE FROM task WHERE job=?1",
};

static gboolean
set_error (Store *store, GError **error)
{
  int problem = sqlite3_errcode (store->db);
  g_set_error (error, DOCAI_ERROR,
               problem == SQLITE_FULL || problem == SQLITE_IOERR ? DOCAI_ERROR_SPOOL_FULL
                                                                 : DOCAI_ERROR_INTERNAL,
               "the store: %s", sqlite3_errmsg (store->db));
  return FALSE;
}

static gboolean
exec (Store *store, const char *text, GError **error)
{
  return sqlite3_exec (store->db, text, NULL, NULL, NULL) == SQLITE_OK || set_error (store, error);
}

static gint64
pragma_number (Store *store, const char *text)
{
  sqlite3_stmt *statement = NULL;
  gint64 number = 0;

  if (sqlite3_prepare_v2 (store->db, text, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

/* Adds a column that a store made by an older docai lacks. */
static gboolean
add_column (Store *store, const char *name, GError **error)
{
  g_autofree char *known = g_strdup_printf ("SELECT COUNT(*) FROM pragma_table_info('job') WHERE name='%s'", name);
  g_autofree char *change = g_strdup_printf ("ALTER TABLE job ADD COLUMN %s TEXT", name);

  return pragma_number (store, known) == 1 || exec (store, change, error);
}

/* Makes the tables, or brings those of an older docai up to date. */
static gboolean
make_schema (Store *store, GError **error)
{
  return exec (store, schema, error) && add_column (store, "submit_key", error) && add_column (store, "vision", error)
         && exec (store, last_of_schema, error);
}

/* Compares the kernel's boot id with the one stored. */
static gboolean
check_boot (Store *store, GError **error)
{
  g_autofree char *id = NULL;
  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
    id = g_strdup ("unknown");
  g_strstrip (id);

  sqlite3_stmt *statement = NULL;
  sqlite3_prepare_v2 (store->db, "SELECT id FROM boot", -1, &statement, NULL);
  store->machine_restarted
    = sqlite3_step (statement) == SQLITE_ROW
      && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), id) != 0;
  sqlite3_finalize (statement);

  char *change = sqlite3_mprintf ("BEGIN; DELETE FROM boot; INSERT INTO boot VALUES(%Q);"
                                  "%s COMMIT;",
                                  id, store->machine_restarted ? "DELETE FROM task WHERE done;" : "");
  gboolean good = exec (store, change, error);
  sqlite3_free (change);
  return good;
}

gboolean
store_machine_restarted (const Store *store)
{
  return store->machine_restarted;
}

Store *
store_open (const char *path, GError **error)
{
  g_autoptr (Store) store = g_new0 (Store, 1);

  if (sqlite3_open_v2 (path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)
      != SQLITE_OK)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: %s", path,
                   store->db != NULL ? sqlite3_errmsg (store->db) : "no memory");
      return NULL;
    }
  sqlite3_busy_timeout (store->db, 2000);
  if (!make_schema (store, error) || !check_boot (store, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  for (int i = 0; i < SQL_STATEMENTS; i++)
    if (sqlite3_prepare_v3 (store->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                            &store->statements[i], NULL)
        != SQLITE_OK)
      {
        set_error (store, error);
        return NULL;
      }
  return g_steal_pointer (&store);
}

void
store_close (Store *store)
{
  if (store == NULL)
    return;
  for (int i = 0; i < SQL_STATEMENTS; i++)
    sqlite3_finalize (store->statements[i]);
  sqlite3_close (store->db);
  g_free (store);
}

static sqlite3_stmt *
begin (Store *store, Statement which)
{
  sqlite3_stmt *statement = store->statements[which];
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return statement;
}

/* Runs a statement that gives no rows. */
static gboolean
finish (Store *store, sqlite3_stmt *statement, GError **error)
{
  gboolean good = sqlite3_step (statement) == SQLITE_DONE || set_error (store, error);
  sqlite3_reset (statement);
  return good;
}

static void
bind_text (sqlite3_stmt *statement, int at, const char *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, at, text, -1, SQLITE_STATIC);
}

static void
bind_row (sqlite3_stmt *statement, const JobRow *row, gboolean insert)
{
  if (insert)
    {
      bind_text (statement, 2, row->id);
      bind_text (statement, 3, row->name);
      sqlite3_bind_int64 (statement, 4, row->bytes);
      bind_text (statement, 5, row->sha256);
      bind_text (statement, 8, row->options_key);
      sqlite3_bind_int64 (statement, 13, row->submitted_ms);
      bind_text (statement, 21, row->submit_key);
    }
  else
    sqlite3_bind_int64 (statement, 1, row->seq);
  bind_text (statement, 6, row->media_type);
  bind_text (statement, 7, row->options);
  sqlite3_bind_int (statement, 9, row->priority);
  sqlite3_bind_int (statement, 10, (int) row->state);
  sqlite3_bind_int (statement, 11, row->pages);
  sqlite3_bind_int (statement, 12, row->done);
  sqlite3_bind_int64 (statement, 14, row->started_ms);
  sqlite3_bind_int64 (statement, 15, row->ended_ms);
  bind_text (statement, 16, row->code);
  bind_text (statement, 17, row->text);
  sqlite3_bind_int64 (statement, 18, row->json_bytes);
  sqlite3_bind_int64 (statement, 19, row->xml_bytes);
  bind_text (statement, 20, row->duplicate_of);
  bind_text (statement, 22, row->vision);
}

static char *
column_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static JobRow *
read_row (sqlite3_stmt *statement)
{
  JobRow *row = g_new0 (JobRow, 1);
  int state = sqlite3_column_int (statement, 9);

  row->seq = sqlite3_column_int64 (statement, 0);
  row->id = column_text (statement, 1);
  row->name = column_text (statement, 2);
  row->bytes = sqlite3_column_int64 (statement, 3);
  row->sha256 = column_text (statement, 4);
  row->media_type = column_text (statement, 5);
  row->options = column_text (statement, 6);
  row->options_key = column_text (statement, 7);
  row->priority = CLAMP (sqlite3_column_int (statement, 8), 0, 1);
  row->state = state >= 0 && state < JOB_STATES ? (JobState) state : JOB_FAILED;
  row->pages = sqlite3_column_int (statement, 10);
  row->done = sqlite3_column_int (statement, 11);
  row->submitted_ms = sqlite3_column_int64 (statement, 12);
  row->started_ms = sqlite3_column_int64 (statement, 13);
  row->ended_ms = sqlite3_column_int64 (statement, 14);
  row->code = column_text (statement, 15);
  row->text = column_text (statement, 16);
  row->json_bytes = sqlite3_column_int64 (statement, 17);
  row->xml_bytes = sqlite3_column_int64 (statement, 18);
  row->duplicate_of = column_text (statement, 19);
  row->submit_key = column_text (statement, 20);
  row->vision = column_text (statement, 21);
  return row;
}

static GPtrArray *
read_rows (sqlite3_stmt *statement)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) job_row_free);
  int step;

  while ((step = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rows, read_row (statement));
  if (step != SQLITE_DONE)
    g_warning ("the store: %s", sqlite3_errmsg (sqlite3_db_handle (statement)));
  sqlite3_reset (statement);
  return rows;
}

static gboolean
insert_rows (Store *store, GPtrArray *rows, GError **error)
{
  if (!exec (store, "BEGIN IMMEDIATE", error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      JobRow *row = rows->pdata[i];
      sqlite3_stmt *statement = begin (store, SQL_INSERT);
      bind_row (statement, row, TRUE);
      if (!finish (store, statement, error))
        {
          exec (store, "ROLLBACK", NULL);
          return FALSE;
        }
      row->seq = sqlite3_last_insert_rowid (store->db);
    }
  if (exec (store, "COMMIT", error))
    return TRUE;
  exec (store, "ROLLBACK", NULL);
  return FALSE;
}

gboolean
store_accept (Store *store, GPtrArray *rows, GError **error)
{
  if (!exec (store, "PRAGMA synchronous=FULL", error))
    return FALSE;
  gboolean good = insert_rows (store, rows, error);
  exec (store, "PRAGMA synchronous=NORMAL", NULL);
  return good;
}

gboolean
store_update (Store *store, const JobRow *row, GError **error)
{
  sqlite3_stmt *statement = begin (store, SQL_UPDATE);
  bind_row (statement, row, FALSE);
  return finish (store, statement, error);
}

gboolean
store_delete (Store *store, gint64 seq, GError **error)
{
  sqlite3_stmt *statement = begin (store, SQL_DELETE);
  sqlite3_bind_int64 (statement, 1, seq);
  return finish (store, statement, error) && store_clear_tasks (store, seq, error);
}

static JobRow *
read_one (sqlite3_stmt *statement)
{
  JobRow *row = sqlite3_step (statement) == SQLITE_ROW ? read_row (statement) : NULL;
  sqlite3_reset (statement);
  return row;
}

JobRow *
store_load (Store *store, const char *id)
{
  sqlite3_stmt *statement = begin (store, SQL_LOAD);
  bind_text (statement, 1, id);
  return read_one (statement);
}

JobRow *
store_find_key (Store *store, const char *submit_key)
{
  sqlite3_stmt *statement = begin (store, SQL_FIND_KEY);
  bind_text (statement, 1, submit_key);
  return read_one (statement);
}

JobRow *
store_find_result (Store *store, const char *sha256, const char *options_key)
{
  sqlite3_stmt *statement = begin (store, SQL_FIND_RESULT);
  bind_text (statement, 1, sha256);
  bind_text (statement, 2, options_key);
  return read_one (statement);
}

GPtrArray *
store_list (Store *store, int state, gint64 before, int limit)
{
  sqlite3_stmt *statement = begin (store, state < 0 ? SQL_LIST : SQL_LIST_STATE);
  sqlite3_bind_int64 (statement, 1, before > 0 ? before : G_MAXINT64);
  sqlite3_bind_int (statement, 2, limit);
  if (state >= 0)
    sqlite3_bind_int (statement, 3, state);
  return read_rows (statement);
}

static GPtrArray *
read_range (Store *store, Statement which, gint64 bound, int limit)
{
  sqlite3_stmt *statement = begin (store, which);
  sqlite3_bind_int64 (statement, 1, bound);
  sqlite3_bind_int (statement, 2, limit);
  return read_rows (statement);
}

GPtrArray *
store_queued (Store *store, int priority, int limit)
{
  return read_range (store, SQL_QUEUED, priority, limit);
}

GPtrArray *
store_ended (Store *store, gint64 before_ms, int limit)
{
  return read_range (store, SQL_ENDED, before_ms, limit);
}

GPtrArray *
store_ended_since (Store *store, gint64 since_ms, int limit)
{
  return read_range (store, SQL_ENDED_SINCE, since_ms, limit);
}

gboolean
store_requeue_running (Store *store, GError **error)
{
  return exec (store, "UPDATE job SET state=0 WHERE state=1", error);
}

static gint64
read_number (sqlite3_stmt *statement)
{
  gint64 number = sqlite3_step (statement) == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return number;
}

gint64
store_count (Store *store, JobState state)
{
  sqlite3_stmt *statement = begin (store, SQL_COUNT);
  sqlite3_bind_int (statement, 1, (int) state);
  return read_number (statement);
}

gint64
store_ended_bytes (Store *store)
{
  return read_number (begin (store, SQL_ENDED_BYTES));
}

char *
store_last_id (Store *store)
{
  sqlite3_stmt *statement = begin (store, SQL_LAST_ID);
  char *id = sqlite3_step (statement) == SQLITE_ROW ? column_text (statement, 0) : NULL;
  sqlite3_reset (statement);
  return id;
}

gboolean
store_put_task (Store *store, gint64 seq, const TaskRow *task, GError **error)
{
  sqlite3_stmt *statement = begin (store, SQL_PUT_TASK);
  sqlite3_bind_int64 (statement, 1, seq);
  sqlite3_bind_int (statement, 2, task->page);
  sqlite3_bind_int (statement, 3, task->done);
  sqlite3_bind_int (statement, 4, task->dead);
  sqlite3_bind_int (statement, 5, task->attempts);
  bind_text (statement, 6, task->code);
  bind_text (statement, 7, task->text);
  return finish (store, statement, error);
}

static void
task_row_free (gpointer data)
{
  TaskRow *task = data;
  g_free (task->code);
  g_free (task->text);
  g_free (task);
}

GPtrArray *
store_tasks (Store *store, gint64 seq)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func (task_row_free);
  sqlite3_stmt *statement = begin (store, SQL_TASKS);

  sqlite3_bind_int64 (statement, 1, seq);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      TaskRow *task = g_new0 (TaskRow, 1);
      task->page = sqlite3_column_int (statement, 0);
      task->done = sqlite3_column_int (statement, 1);
      task->dead = sqlite3_column_int (statement, 2);
      task->attempts = sqlite3_column_int (statement, 3);
      task->code = column_text (statement, 4);
      task->text = column_text (statement, 5);
      g_ptr_array_add (tasks, task);
    }
  sqlite3_reset (statement);
  return tasks;
}

gboolean
store_clear_tasks (Store *store, gint64 seq, GError **error)
{
  sqlite3_stmt *statement = begin (store, SQL_CLEAR_TASKS);
  sqlite3_bind_int64 (statement, 1, seq);
  return finish (store, statement, error);
}
