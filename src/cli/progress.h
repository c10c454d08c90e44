/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Telling how far the work is, on standard error: a bar that is redrawn on a
 * terminal, one line a page otherwise.
 */
#pragma once

#include "client/docai.h"

typedef struct Progress Progress;

/* `quiet` says nothing at all. */
Progress *progress_new (gboolean quiet, int n_documents);
void      progress_free (Progress *progress);

/* News of a document; `shown` is its printable name. */
void progress_event (Progress *progress, const char *shown, const DocaiClientEvent *event);

/* A document has ended. */
void progress_ended (Progress *progress);

/* Takes the bar away, before something else is printed. */
void progress_clear (Progress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Progress, progress_free)
