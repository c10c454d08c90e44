/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The errors of docai: one domain, stable codes, each in a class that decides
 * what is done about it. The names (`file_empty`, ...) appear in results, in
 * the protocol and in the manuals; they never change their meaning.
 */
#pragma once

#include <glib.h>

#define DOCAI_ERROR (docai_error_quark ())

/* What the daemon does about an error. */
typedef enum {
  DOCAI_CLASS_RETRY,    /* passing trouble: run the task again, elsewhere */
  DOCAI_CLASS_PAGE,     /* this page cannot be read; the others can */
  DOCAI_CLASS_DOCUMENT, /* the document is refused */
  DOCAI_CLASS_LIMIT,    /* a configured bound was exceeded */
  DOCAI_CLASS_REQUEST,  /* the caller asked for something impossible */
  DOCAI_CLASS_BUSY,     /* try again later */
  DOCAI_CLASS_SETUP,    /* the installation is broken or incomplete */
} DocaiErrorClass;

/* X (constant, "name", class, exit status of the tools, sentence) */
#define DOCAI_ERRORS(X) \
  X (INTERNAL,             "internal",             RETRY,    70, "Something went wrong inside docai.") \
  X (FILE_EMPTY,           "file_empty",           DOCUMENT, 65, "The file is empty.") \
  X (FILE_TRUNCATED,       "file_truncated",       DOCUMENT, 65, "The file ends too early.") \
  X (FILE_DAMAGED,         "file_damaged",         DOCUMENT, 65, "The file is damaged and cannot be read.") \
  X (TYPE_UNSUPPORTED,     "type_unsupported",     DOCUMENT, 65, "This kind of file is not supported.") \
  X (PASSWORD_REQUIRED,    "password_required",    DOCUMENT, 77, "The document is encrypted and needs a password.") \
  X (PASSWORD_WRONG,       "password_wrong",       DOCUMENT, 77, "The password does not open the document.") \
  X (NO_PAGES,             "no_pages",             DOCUMENT, 65, "The document has no pages.") \
  X (PAGE_RANGE,           "page_range",           REQUEST,  64, "The page range names no page of the document.") \
  X (PAGE_DAMAGED,         "page_damaged",         PAGE,     65, "The page cannot be read.") \
  X (PAGE_SIZE_LIMIT,      "page_size_limit",      LIMIT,    65, "The page is larger than the limit.") \
  X (PAGE_COUNT_LIMIT,     "page_count_limit",     LIMIT,    65, "The document has more pages than the limit.") \
  X (FILE_SIZE_LIMIT,      "file_size_limit",      LIMIT,    65, "The file is larger than the limit.") \
  X (PIXEL_LIMIT,          "pixel_limit",          LIMIT,    65, "The image has more pixels than the limit.") \
  X (INFLATE_LIMIT,        "inflate_limit",        LIMIT,    65, "The file unpacks to more data than the limit.") \
  X (MEMORY_LIMIT,         "memory_limit",         LIMIT,    65, "Reading needs more memory than the limit.") \
  X (TIME_LIMIT,           "time_limit",           LIMIT,    75, "Reading takes longer than the limit.") \
  X (WORKER_LOST,          "worker_lost",          RETRY,    70, "The worker process ended in the middle of the task.") \
  X (ATTEMPTS_EXHAUSTED,   "attempts_exhausted",   PAGE,     70, "The task failed in every attempt.") \
  X (CANCELLED,            "cancelled",            REQUEST,  75, "The job was cancelled.") \
  X (BUSY,                 "busy",                 BUSY,     75, "The queue is full; try again later.") \
  X (SPOOL_FULL,           "spool_full",           BUSY,     75, "The disk that holds the spool is full.") \
  X (SHUTTING_DOWN,        "shutting_down",        BUSY,     75, "The daemon is shutting down.") \
  X (NOT_FOUND,            "not_found",            REQUEST,  66, "There is no such job.") \
  X (NOT_READY,            "not_ready",            REQUEST,  75, "The job has not ended yet.") \
  X (BAD_STATE,            "bad_state",            REQUEST,  64, "The job's state does not allow this.") \
  X (BAD_OPTION,           "bad_option",           REQUEST,  64, "An option has a value that is not allowed.") \
  X (BAD_MESSAGE,          "bad_message",          REQUEST,  76, "The message does not follow the protocol.") \
  X (BAD_VERSION,          "bad_version",          REQUEST,  76, "The other side speaks another version of the protocol.") \
  X (FILE_NOT_READABLE,    "file_not_readable",    REQUEST,  66, "The file cannot be opened.") \
  X (CANNOT_WRITE,         "cannot_write",         REQUEST,  73, "The output cannot be written.") \
  X (NO_DAEMON,            "no_daemon",            BUSY,     69, "No daemon answers.") \
  X (TIMEOUT,              "timeout",              BUSY,     75, "No answer came in time.") \
  X (BAD_CONFIG,           "bad_config",           SETUP,    78, "The configuration is not valid.") \
  X (LANGUAGE_MISSING,     "language_missing",     SETUP,    78, "The language data is not installed.") \
  X (OCR_FAILED,           "ocr_failed",           PAGE,     70, "Text recognition failed.") \
  X (MODEL_MISSING,        "model_missing",        SETUP,    78, "The model is not installed.") \
  X (MODEL_INVALID,        "model_invalid",        SETUP,    78, "The model's files are not valid.") \
  X (MODEL_UNSUPPORTED,    "model_unsupported",    SETUP,    78, "The model needs something this version does not have.") \
  X (VLM_UNREACHABLE,      "vlm_unreachable",      RETRY,    69, "The vision-language server cannot be reached.") \
  X (VLM_REFUSED,          "vlm_refused",          PAGE,     69, "The vision-language server refused the request.") \
  X (VLM_GARBAGE,          "vlm_garbage",          RETRY,    76, "The vision-language server's answer makes no sense.") \
  X (RESULT_INVALID,       "result_invalid",       RETRY,    76, "The result does not follow its schema.")

typedef enum {
#define X(constant, name, klass, status, sentence) DOCAI_ERROR_##constant,
  DOCAI_ERRORS (X)
#undef X
  DOCAI_ERROR_COUNT
} DocaiErrorCode;

GQuark docai_error_quark (void);

/* Stable name of a code, as in results ("file_empty"). Static string. */
const char *docai_error_name (DocaiErrorCode code);

/* One plain English sentence that says what the code means. Static string. */
const char *docai_error_sentence (DocaiErrorCode code);

/* What is done about the code. */
DocaiErrorClass docai_error_class (DocaiErrorCode code);

/* Exit status of a command-line tool for the code, after sysexits(3). */
int docai_error_exit_status (DocaiErrorCode code);

/* Finds the code of a stable name. FALSE when no code has it. */
gboolean docai_error_lookup (const char *name, DocaiErrorCode *code);

/* The code of any GError: its own in our domain, INTERNAL for foreign ones. */
DocaiErrorCode docai_error_code_of (const GError *error);
