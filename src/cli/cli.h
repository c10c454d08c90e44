/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all command-line tools share: options, messages to the user, signals.
 */
#pragma once

#include "base/error.h"

/* Parses the command line and sets the tool's name for messages; --version is
 * answered here. Returns -1 to go on, else the exit status. */
int cli_parse (GOptionContext *context, int *argc, char ***argv);

/* Prints "TOOL: MESSAGE" to standard error, with characters that could move the
 * cursor or change the line shown as \xHH. */
void cli_say (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Prints the error with its code; returns its exit status. `subject` may be NULL. */
int cli_fail (const char *subject, const GError *error);

/* A wrong command line: prints the message and a hint; returns EX_USAGE. */
int cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* The text as it can be shown on a terminal: UTF-8, one line. Owned by the caller. */
char *cli_printable (const char *text);

/* A small text file whole; FILE_NOT_READABLE, or BAD_OPTION when it is larger than
 * the limit or no text. Owned by the caller. */
char *cli_read_text (const char *path, gsize limit, GError **error);

/* The first line of a file. Errors as above. */
char *cli_read_password (const char *path, GError **error);

/* From now on SIGINT, SIGTERM and SIGHUP are only noted, the first time: another
 * one ends the program. The descriptor becomes readable with the first. */
int cli_catch_signals (void);

/* The signal that came, or 0. */
int cli_signal (void);

/* Ends the program as the signal would have done. */
void cli_die_of_signal (void) G_GNUC_NORETURN;
