/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the vision-language model of a job looked at, and what it was spared. These numbers depend on what was encoded
 * before and on the machine, so they go into a job's status and the log, never into a result.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct {
  gint64 requests;     /* asked of the model */
  gint64 images;       /* that went along */
  gint64 tiles;        /* encoded by the vision tower */
  gint64 tiles_known;  /* taken from the cache */
  gint64 tiles_blank;  /* that show nothing, among the two above */
  gint64 tiles_guided; /* left out because the page's layout says that there is nothing to look at */
  gint64 image_tokens; /* in the prompts */
  gint64 tokens_saved; /* that would have been there without the layout */
  gint64 tokens_known; /* of any kind: the prompt before began with them */
  gint64 vision_ms, prompt_ms, answer_ms;
  gint64 saved_ms;     /* by tiles known, blank or left out, and by tokens saved or known: estimated */
} DocaiCounts;

/* Adds what `more` counts. */
void     docai_counts_add (DocaiCounts *self, const DocaiCounts *more);

/* Whether anything was asked. */
gboolean docai_counts_any (const DocaiCounts *self);

/* An object with the members above (new reference), and back; what is missing or no number from 0 on is 0. */
json_t  *docai_counts_to_json   (const DocaiCounts *self);
void     docai_counts_from_json (DocaiCounts *self, const json_t *json);

/* "9 tiles (2 known, 1 blank), 4 left out, 640 image tokens (256 saved), 512 tokens known, 1200 ms (800 saved)"; owned by the caller. */
char    *docai_counts_to_text (const DocaiCounts *self);
