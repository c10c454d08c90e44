/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a prompt and image features to logits, token by token. Which token is taken is the
 * caller's choice.
 */
#pragma once

#include "models/families/family.h"

typedef struct DocaiSession DocaiSession;

/* One sequence of a generative model; core and run must outlive it. */
DocaiSession *docai_session_new  (const DocaiCore *core, DocaiRun *run);
void          docai_session_free (DocaiSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiSession, docai_session_free)

/* Evaluates a prompt. The k-th id with is_image set takes the k-th row of features; with models
 * that read the image by cross attention is_image is not looked at, and features are what they
 * read. pixels (NULL for text only) are what the features come from. Afterwards the logits tell
 * the next token. Errors: BAD_OPTION when ids, image positions and features disagree or the prompt
 * is too long, MODEL_INVALID when the logits are no numbers, MEMORY_LIMIT. */
gboolean docai_session_prompt (DocaiSession *self, const guint32 *ids, int n, const guint8 *is_image, const DocaiFeatures *features,
                               const DocaiPixels *pixels, GError **error);

/* Ends the sequence: the next prompt begins a new one. What it shares with the prompt that began this one - ids, features
 * and positions, from the first on - is not evaluated again, and the logits are those of a new session to the last bit. */
void docai_session_restart (DocaiSession *self);

/* Tokens of the last prompt that were known from the one before. */
int docai_session_known (const DocaiSession *self);

/* Bytes that the session holds between prompts. */
gsize docai_session_bytes (const DocaiSession *self);

/* Takes one token. Errors as before. */
gboolean docai_session_step (DocaiSession *self, guint32 id, GError **error);

/* The same for several sessions of one model together, which reads the weights once. */
gboolean docai_sessions_step (DocaiSession *const *sessions, const guint32 *ids, int n, GError **error);

/* Logits [vocab] for the next token. Lent until the next step. */
const float *docai_session_logits (const DocaiSession *self);

/* The id with the largest logit. */
guint32 docai_session_greedy (const DocaiSession *self);

/* Tokens so far, and how many more there is room for. */
int docai_session_length (const DocaiSession *self);
int docai_session_room   (const DocaiSession *self);
