/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of messages. schemas/protocol.json is this table in print; a test
 * compares them.
 */
#include "base/wire.h"

#include <string.h>

#define REQUIRED TRUE
#define OPTIONAL FALSE
#define INT_MAX63 G_MAXINT64

#define SEQ { "seq", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "number of the request, echoed in every answer to it" }
#define JOB { "job", DOCAI_WIRE_STRING, REQUIRED, 1, 64, "id of the job" }
#define LEASE { "task", DOCAI_WIRE_INT, REQUIRED, 1, INT_MAX63, "number of the task's lease" }
#define END { NULL, DOCAI_WIRE_STRING, OPTIONAL, 0, 0, NULL }
#define MEMBERS(...) ((const DocaiWireMember[]) { __VA_ARGS__, END })
#define CLIENT_ASKS DOCAI_FROM_CLIENT
#define CLIENT_GETS DOCAI_TO_CLIENT
#define WORKER_SAYS DOCAI_FROM_WORKER
#define WORKER_GETS DOCAI_TO_WORKER

static const DocaiWireSpec specs[DOCAI_MSG_COUNT] = {
  [DOCAI_MSG_HELLO] = { "HELLO", CLIENT_ASKS, DOCAI_DATA_NONE, "WELCOME",
    MEMBERS (SEQ,
      { "client", DOCAI_WIRE_STRING, OPTIONAL, 0, 256, "name and version of the client, for the log" }),
    "Greets the daemon. Not required before other requests." },
  [DOCAI_MSG_WELCOME] = { "WELCOME", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ,
      { "version", DOCAI_WIRE_STRING, REQUIRED, 0, 64, "version of docai" },
      { "protocol", DOCAI_WIRE_INT, REQUIRED, 1, 1, "version of the protocol" },
      { "private", DOCAI_WIRE_BOOL, REQUIRED, 0, 0, "whether the daemon obeys SHUTDOWN" },
      { "inline_max", DOCAI_WIRE_INT, REQUIRED, 0, 0, "bytes of a file that may travel inside SUBMIT, or of one CHUNK" },
      { "file_max", DOCAI_WIRE_INT, REQUIRED, 0, 0, "bytes of the largest file that is accepted" }),
    "Answers HELLO." },
  [DOCAI_MSG_SUBMIT] = { "SUBMIT", CLIENT_ASKS, DOCAI_DATA_OPTIONAL, "ACCEPTED CREDIT ERROR EVENT",
    MEMBERS (SEQ,
      { "name", DOCAI_WIRE_STRING, REQUIRED, 1, 1024, "the file's name, as it shall stand in the result" },
      { "size", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "bytes of the file" },
      { "options", DOCAI_WIRE_OBJECT, OPTIONAL, 0, 0, "options of the job, by name" },
      { "again", DOCAI_WIRE_BOOL, OPTIONAL, 0, 0, "true: do not answer from an earlier result of the same file" },
      { "follow", DOCAI_WIRE_BOOL, OPTIONAL, 0, 0, "true: send the job's events with this seq, as FOLLOW does" },
      { "key", DOCAI_WIRE_STRING, OPTIONAL, 1, 128, "name of this submission, chosen by the client: a file submitted again with its key is answered by the job that has it, and is not stored twice" }),
    "Submits a file. The data frame holds the whole file (size bytes, at most inline_max); "
    "without it the daemon answers CREDIT and the file follows in CHUNKs." },
  [DOCAI_MSG_CREDIT] = { "CREDIT", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ,
      { "offset", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "CHUNKs may be sent up to this offset of the file, no further" }),
    "Permits CHUNKs. Sent again with a larger offset as the bytes are stored." },
  [DOCAI_MSG_CHUNK] = { "CHUNK", CLIENT_ASKS, DOCAI_DATA_REQUIRED, "CREDIT ACCEPTED ERROR",
    MEMBERS (
      { "seq", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "the seq of the SUBMIT" },
      { "offset", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "where the data stands in the file: without gaps, in order" }),
    "A part of a file. The last one is answered by ACCEPTED; an ERROR ends the upload." },
  [DOCAI_MSG_ACCEPTED] = { "ACCEPTED", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ, JOB,
      { "duplicate_of", DOCAI_WIRE_STRING, OPTIONAL, 1, 64, "the earlier job whose result this job has got" }),
    "The file is stored safely and the job will end, whatever happens." },
  [DOCAI_MSG_STATUS] = { "STATUS", CLIENT_ASKS, DOCAI_DATA_NONE, "JOB ERROR",
    MEMBERS (SEQ, JOB), "Asks for one job." },
  [DOCAI_MSG_JOB] = { "JOB", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ,
      { "job", DOCAI_WIRE_OBJECT, REQUIRED, 0, 0, "the job: see \"job\" in this file" }),
    "Answers STATUS and FOLLOW." },
  [DOCAI_MSG_LIST] = { "LIST", CLIENT_ASKS, DOCAI_DATA_NONE, "JOBS ERROR",
    MEMBERS (SEQ,
      { "state", DOCAI_WIRE_STRING, OPTIONAL, 1, 32, "only jobs in this state" },
      { "limit", DOCAI_WIRE_INT, OPTIONAL, 1, 500, "jobs in the answer; 100 if not given" },
      { "before", DOCAI_WIRE_INT, OPTIONAL, 1, INT_MAX63, "the `next` of the answer before" }),
    "Asks for jobs, the newest first, page by page." },
  [DOCAI_MSG_JOBS] = { "JOBS", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ,
      { "jobs", DOCAI_WIRE_ARRAY, REQUIRED, 0, 0, "jobs: see \"job\" in this file" },
      { "next", DOCAI_WIRE_INT, OPTIONAL, 1, INT_MAX63, "`before` of the LIST that continues; not there at the end" }),
    "Answers LIST." },
  [DOCAI_MSG_FOLLOW] = { "FOLLOW", CLIENT_ASKS, DOCAI_DATA_NONE, "JOB OK ERROR EVENT",
    MEMBERS (SEQ,
      { "job", DOCAI_WIRE_STRING, OPTIONAL, 1, 64, "id of the job; without it: all jobs" }),
    "Asks for events. The answer is JOB (one job) or OK (all jobs); then EVENTs come with the "
    "same seq. Following one job ends with the event of its final state; a job that has "
    "ended already gives that event at once." },
  [DOCAI_MSG_UNFOLLOW] = { "UNFOLLOW", CLIENT_ASKS, DOCAI_DATA_NONE, "OK",
    MEMBERS (SEQ,
      { "follow", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "seq of the FOLLOW or SUBMIT" }),
    "Ends following." },
  [DOCAI_MSG_EVENT] = { "EVENT", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (
      { "seq", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "seq of the FOLLOW or SUBMIT" }, JOB,
      { "state", DOCAI_WIRE_STRING, REQUIRED, 1, 32, "the job's state" },
      { "done", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "pages that are ready or given up" },
      { "pages", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "pages to be read; 0: not known yet" },
      { "page", DOCAI_WIRE_INT, OPTIONAL, 1, INT_MAX63, "number of the page that this event is about" },
      { "code", DOCAI_WIRE_STRING, OPTIONAL, 1, 64, "error code of a failed job or page" },
      { "text", DOCAI_WIRE_STRING, OPTIONAL, 0, 4096, "the error in words" }),
    "A job's news. A slow reader gets the latest news instead of each." },
  [DOCAI_MSG_RESULT] = { "RESULT", CLIENT_ASKS, DOCAI_DATA_NONE, "DATA ERROR",
    MEMBERS (SEQ, JOB,
      { "format", DOCAI_WIRE_STRING, OPTIONAL, 1, 16, "\"json\" (if not given) or \"xml\"" },
      { "offset", DOCAI_WIRE_INT, OPTIONAL, 0, INT_MAX63, "first byte wanted; 0 if not given" },
      { "length", DOCAI_WIRE_INT, OPTIONAL, 1, INT_MAX63, "bytes wanted; the answer may hold fewer" }),
    "Asks for a part of an ended job's result. Repeat with a larger offset until size is reached." },
  [DOCAI_MSG_DATA] = { "DATA", CLIENT_GETS | WORKER_GETS, DOCAI_DATA_REQUIRED, NULL,
    MEMBERS (
      { "seq", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "number of the request" },
      { "offset", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "where the data stands" },
      { "size", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "bytes of the whole" }),
    "Answers RESULT and FETCH." },
  [DOCAI_MSG_CANCEL] = { "CANCEL", CLIENT_ASKS, DOCAI_DATA_NONE, "OK ERROR",
    MEMBERS (SEQ, JOB), "Cancels a job that has not ended." },
  [DOCAI_MSG_RETRY] = { "RETRY", CLIENT_ASKS, DOCAI_DATA_NONE, "OK ERROR",
    MEMBERS (SEQ, JOB,
      { "password", DOCAI_WIRE_STRING, OPTIONAL, 0, 1024, "a password instead of the one submitted" }),
    "Runs an ended job once more. A refused document (state failed) is not kept and cannot be run again." },
  [DOCAI_MSG_REMOVE] = { "REMOVE", CLIENT_ASKS, DOCAI_DATA_NONE, "OK ERROR",
    MEMBERS (SEQ, JOB), "Forgets an ended job, its file and its result." },
  [DOCAI_MSG_PING] = { "PING", CLIENT_ASKS, DOCAI_DATA_NONE, "PONG",
    MEMBERS (SEQ), "Asks whether the daemon lives and how it does." },
  [DOCAI_MSG_PONG] = { "PONG", CLIENT_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ,
      { "pid", DOCAI_WIRE_INT, REQUIRED, 1, 0, "process of the daemon" },
      { "queued", DOCAI_WIRE_INT, REQUIRED, 0, 0, "jobs waiting" },
      { "running", DOCAI_WIRE_INT, REQUIRED, 0, 0, "jobs under way" },
      { "workers", DOCAI_WIRE_INT, REQUIRED, 0, 0, "workers that are ready or busy" },
      { "rss_bytes", DOCAI_WIRE_INT, REQUIRED, 0, 0, "memory of the daemon" }),
    "Answers PING." },
  [DOCAI_MSG_SHUTDOWN] = { "SHUTDOWN", CLIENT_ASKS, DOCAI_DATA_NONE, "OK ERROR",
    MEMBERS (SEQ), "Ends a private daemon." },
  [DOCAI_MSG_OK] = { "OK", CLIENT_GETS | WORKER_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (SEQ), "It is done." },
  [DOCAI_MSG_ERROR] = { "ERROR", CLIENT_GETS | WORKER_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (
      { "seq", DOCAI_WIRE_INT, OPTIONAL, 0, INT_MAX63, "number of the request, if it could be read" },
      { "code", DOCAI_WIRE_STRING, REQUIRED, 1, 64, "stable error code" },
      { "text", DOCAI_WIRE_STRING, REQUIRED, 0, 0, "the error in words" }),
    "The request was refused." },
  [DOCAI_MSG_READY] = { "READY", WORKER_SAYS, DOCAI_DATA_NONE, NULL,
    MEMBERS (
      { "stages", DOCAI_WIRE_ARRAY, REQUIRED, 0, 0, "names of the stages that the worker serves" },
      { "pid", DOCAI_WIRE_INT, REQUIRED, 1, G_MAXINT32, "its process" },
      { "host", DOCAI_WIRE_STRING, REQUIRED, 0, 256, "its host's name" },
      { "spool", DOCAI_WIRE_BOOL, REQUIRED, 0, 0, "whether it sees the daemon's spool" },
      { "version", DOCAI_WIRE_STRING, REQUIRED, 1, 64, "its version of docai" }),
    "A worker offers itself for one task at a time." },
  [DOCAI_MSG_TASK] = { "TASK", WORKER_GETS, DOCAI_DATA_NONE, "DONE FAILED",
    MEMBERS (LEASE, JOB,
      { "scope", DOCAI_WIRE_STRING, REQUIRED, 1, 16, "\"source\", \"page\" or \"document\"" },
      { "page", DOCAI_WIRE_INT, OPTIONAL, 1, G_MAXINT32, "number of the page" },
      { "pages", DOCAI_WIRE_ARRAY, OPTIONAL, 0, 0, "scope document: numbers of the pages to be joined" },
      { "failed", DOCAI_WIRE_ARRAY, OPTIONAL, 0, 0, "scope document: {page, code, text} of pages given up" },
      { "first", DOCAI_WIRE_STRING, OPTIONAL, 1, 32, "scope page: first stage to run" },
      { "last", DOCAI_WIRE_STRING, OPTIONAL, 1, 32, "scope page: last stage to run" },
      { "continues", DOCAI_WIRE_BOOL, OPTIONAL, 0, 0, "scope page: the page has been through stages elsewhere" },
      { "folder", DOCAI_WIRE_STRING, REQUIRED, 1, 256, "the job's folder in the spool" },
      { "name", DOCAI_WIRE_STRING, REQUIRED, 1, 1024, "the source's name" },
      { "size", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "bytes of the source" },
      { "sha256", DOCAI_WIRE_STRING, REQUIRED, 64, 64, "of the source" },
      { "options", DOCAI_WIRE_OBJECT, REQUIRED, 0, 0, "the job's options, complete" },
      { "seconds", DOCAI_WIRE_INT, REQUIRED, 1, 0, "wall clock after which the worker gives up" }),
    "One piece of work: the source, a page through consecutive stages, or the whole document." },
  [DOCAI_MSG_HEARTBEAT] = { "HEARTBEAT", WORKER_SAYS | WORKER_GETS, DOCAI_DATA_NONE, NULL,
    MEMBERS (
      { "task", DOCAI_WIRE_INT, OPTIONAL, 1, INT_MAX63, "number of the lease at work" }),
    "A sign of life; the daemon sends it back." },
  [DOCAI_MSG_WHO] = { "WHO", WORKER_GETS, DOCAI_DATA_NONE, "READY",
    MEMBERS (
      { "reason", DOCAI_WIRE_STRING, OPTIONAL, 0, 256, "why" }),
    "The daemon does not know the worker (any more): it drops its task and says READY." },
  [DOCAI_MSG_DONE] = { "DONE", WORKER_SAYS, DOCAI_DATA_NONE, NULL,
    MEMBERS (LEASE,
      { "leaving", DOCAI_WIRE_BOOL, OPTIONAL, 0, 0, "true: the worker takes no further task and ends" },
      { "pages", DOCAI_WIRE_INT, OPTIONAL, 0, G_MAXINT32, "scope source: pages of the file" },
      { "media_type", DOCAI_WIRE_STRING, OPTIONAL, 0, 128, "scope source" },
      { "status", DOCAI_WIRE_STRING, OPTIONAL, 1, 16, "scope document: \"complete\" or \"partial\"" },
      { "json_bytes", DOCAI_WIRE_INT, OPTIONAL, 0, INT_MAX63, "scope document: size of the result" },
      { "xml_bytes", DOCAI_WIRE_INT, OPTIONAL, 0, INT_MAX63, "scope document: size of the result in XML" },
      { "ms", DOCAI_WIRE_INT, OPTIONAL, 0, INT_MAX63, "time it took" },
      { "vision", DOCAI_WIRE_OBJECT, OPTIONAL, 0, 0, "what a vision-language model looked at, as in the job object" }),
    "The task is done and its files stand in the job's folder." },
  [DOCAI_MSG_FAILED] = { "FAILED", WORKER_SAYS, DOCAI_DATA_NONE, NULL,
    MEMBERS (LEASE,
      { "leaving", DOCAI_WIRE_BOOL, OPTIONAL, 0, 0, "true: the worker takes no further task and ends" },
      { "code", DOCAI_WIRE_STRING, REQUIRED, 1, 64, "stable error code" },
      { "text", DOCAI_WIRE_STRING, REQUIRED, 0, 4096, "the error in words" }),
    "The task failed." },
  [DOCAI_MSG_FETCH] = { "FETCH", WORKER_SAYS, DOCAI_DATA_NONE, "DATA ERROR",
    MEMBERS (SEQ, LEASE,
      { "name", DOCAI_WIRE_STRING, REQUIRED, 1, 64, "a file of the job's folder" },
      { "offset", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "first byte wanted" }),
    "A worker without the spool asks for a part of a file." },
  [DOCAI_MSG_PUT] = { "PUT", WORKER_SAYS, DOCAI_DATA_REQUIRED, "OK ERROR",
    MEMBERS (SEQ, LEASE,
      { "name", DOCAI_WIRE_STRING, REQUIRED, 1, 64, "a file of the job's folder" },
      { "offset", DOCAI_WIRE_INT, REQUIRED, 0, INT_MAX63, "where the data stands: without gaps, in order" },
      { "last", DOCAI_WIRE_BOOL, REQUIRED, 0, 0, "true: the file is whole and takes its name" }),
    "A worker without the spool hands over a part of a file." },
  [DOCAI_MSG_STOP] = { "STOP", WORKER_GETS, DOCAI_DATA_NONE, "BYE",
    MEMBERS (
      { "now", DOCAI_WIRE_BOOL, OPTIONAL, 0, 0, "true: drop the task; else end it first" }),
    "The worker shall end." },
  [DOCAI_MSG_BYE] = { "BYE", WORKER_SAYS, DOCAI_DATA_NONE, NULL,
    MEMBERS (
      { "reason", DOCAI_WIRE_STRING, OPTIONAL, 0, 256, "why" }),
    "The worker ends." },
};

/* The object that describes a job in JOB and JOBS. */
static const DocaiWireMember job_members[] = {
  { "id", DOCAI_WIRE_STRING, REQUIRED, 0, 0, "id of the job" },
  { "name", DOCAI_WIRE_STRING, REQUIRED, 0, 0, "name of the file" },
  { "bytes", DOCAI_WIRE_INT, REQUIRED, 0, 0, "size of the file" },
  { "sha256", DOCAI_WIRE_STRING, REQUIRED, 0, 0, "of the file" },
  { "media_type", DOCAI_WIRE_STRING, OPTIONAL, 0, 0, "of the file, once it has been looked at" },
  { "state", DOCAI_WIRE_STRING, REQUIRED, 0, 0, "queued, running, complete, partial, failed or cancelled" },
  { "priority", DOCAI_WIRE_STRING, REQUIRED, 0, 0, "interactive or batch" },
  { "pages", DOCAI_WIRE_INT, REQUIRED, 0, 0, "pages to be read; 0: not known yet" },
  { "done", DOCAI_WIRE_INT, REQUIRED, 0, 0, "pages that are ready or given up" },
  { "submitted_ms", DOCAI_WIRE_INT, REQUIRED, 0, 0, "milliseconds since 1970" },
  { "started_ms", DOCAI_WIRE_INT, OPTIONAL, 0, 0, "when the first task began" },
  { "ended_ms", DOCAI_WIRE_INT, OPTIONAL, 0, 0, "when the job ended" },
  { "code", DOCAI_WIRE_STRING, OPTIONAL, 0, 0, "why the job failed: stable error code" },
  { "text", DOCAI_WIRE_STRING, OPTIONAL, 0, 0, "why the job failed, in words" },
  { "json_bytes", DOCAI_WIRE_INT, OPTIONAL, 0, 0, "size of the result" },
  { "xml_bytes", DOCAI_WIRE_INT, OPTIONAL, 0, 0, "size of the result in XML" },
  { "duplicate_of", DOCAI_WIRE_STRING, OPTIONAL, 0, 0, "the earlier job that the result comes from" },
  { "vision", DOCAI_WIRE_OBJECT, OPTIONAL, 0, 0, "what a vision-language model looked at and was spared, numbers by name" },
  { "options", DOCAI_WIRE_OBJECT, OPTIONAL, 0, 0, "the job's options without the password; in JOB only" },
  END
};

static const char *const type_names[] = { "string", "integer", "boolean", "object", "array" };
static const char *const data_names[] = { "none", "optional", "required" };

const DocaiWireSpec *
docai_wire_spec (DocaiMessageKind kind)
{
  g_return_val_if_fail ((unsigned) kind < DOCAI_MSG_COUNT, NULL);
  return &specs[kind];
}

gboolean
docai_wire_lookup (const char *name, DocaiMessageKind *kind)
{
  for (int i = 0; i < DOCAI_MSG_COUNT; i++)
    if (strcmp (specs[i].name, name) == 0)
      {
        *kind = (DocaiMessageKind) i;
        return TRUE;
      }
  return FALSE;
}

static json_t *
describe_members (const DocaiWireMember *members)
{
  json_t *list = json_array ();
  for (const DocaiWireMember *m = members; m->name != NULL; m++)
    json_array_append_new (list, json_pack ("{s:s, s:s, s:b, s:s}", "name", m->name, "type",
                                            type_names[m->type], "required", m->required,
                                            "help", m->help));
  return list;
}

static json_t *
describe_spec (const DocaiWireSpec *spec)
{
  static const char *const directions[] = { "client to daemon", "daemon to client",
                                            "worker to daemon", "daemon to worker" };
  json_t *names = json_array ();
  for (int i = 0; i < 4; i++)
    if ((spec->direction & (1 << i)) != 0)
      json_array_append_new (names, json_string (directions[i]));
  json_t *replies = json_array ();
  g_auto (GStrv) words = g_strsplit (spec->replies != NULL ? spec->replies : "", " ", -1);
  for (char **word = words; *word != NULL; word++)
    json_array_append_new (replies, json_string (*word));
  return json_pack ("{s:s, s:o, s:s, s:o, s:s, s:o}", "name", spec->name, "direction", names,
                    "data", data_names[spec->data], "replies", replies, "help", spec->help,
                    "members", describe_members (spec->members));
}

char *
docai_wire_describe (void)
{
  json_t *messages = json_array ();
  for (int i = 0; i < DOCAI_MSG_COUNT; i++)
    json_array_append_new (messages, describe_spec (&specs[i]));
  json_t *root = json_pack ("{s:s, s:i, s:{s:i, s:i, s:i, s:i, s:i}, s:o, s:o}", "tag",
                            DOCAI_WIRE_TAG, "version", DOCAI_WIRE_VERSION, "limits", "header_bytes",
                            DOCAI_WIRE_HEADER_MAX, "inline_bytes", DOCAI_WIRE_INLINE_MAX,
                            "result_bytes", DOCAI_WIRE_RESULT_MAX, "frame_bytes",
                            DOCAI_WIRE_FRAME_MAX, "upload_credit_bytes", DOCAI_WIRE_UPLOAD_CREDIT,
                            "job", describe_members (job_members), "messages", messages);
  char *dumped = json_dumps (root, JSON_INDENT (2));
  json_decref (root);
  char *text = g_strconcat (dumped, "\n", NULL);
  free (dumped);
  return text;
}
