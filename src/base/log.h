/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The log of daemon and workers: one line an event on standard error, as text
 * or as a JSON object. Everything goes through GLib's structured log, so fields
 * such as JOB or WORKER stand beside the message.
 */
#pragma once

#include <glib.h>

/* Installs the writer. `format` is "text" or "json"; `level` "debug", "info",
 * "warning" or "error"; `program` stands in each line. */
void docai_log_init (const char *program, const char *format, const char *level);

/* Logs a line with the job it is about (NULL: none). */
#define docai_log(level, job, ...)                                                                 \
  g_log_structured (G_LOG_DOMAIN, level, "DOCAI_JOB", (job) != NULL ? (job) : "", "MESSAGE",       \
                    __VA_ARGS__)
#define docai_info(job, ...) docai_log (G_LOG_LEVEL_INFO, job, __VA_ARGS__)
#define docai_warn(job, ...) docai_log (G_LOG_LEVEL_WARNING, job, __VA_ARGS__)
#define docai_debug(job, ...) docai_log (G_LOG_LEVEL_DEBUG, job, __VA_ARGS__)
