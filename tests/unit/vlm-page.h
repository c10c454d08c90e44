/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page with known words, and settings to have it looked at by a test's server, for tests of the vision-language stages.
 */
#pragma once

#include "base/settings.h"
#include "chat-server.h"
#include "document/document.h"

/* Settings of a process that asks this server. Owned by the caller. */
DocaiSettings *vlm_page_settings (const ChatServer *server);

/* Adds a text region of one line at y, words of 38 points from 50 on, 40 apart. */
void           vlm_page_add_line (DocaiPage *page, const char *text, double y);

/* A page of 300 x 400 points with three lines of an invoice, a picture region, and a blank raster of 72 dpi. Owned by the caller. */
DocaiDocument *vlm_page_document (void);
