/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prompts as each family wants them: the chat template around the user's text, the
 * placeholder of every image expanded to the positions that its features take, ids,
 * and positions where they are more than a count.
 */
#pragma once

#include <glib.h>

#include "models/tokenizer/tokenizer.h"
#include "models/vision/preprocess.h"

typedef struct DocaiPrompter DocaiPrompter;

/* A prompt ready for the model. */
typedef struct {
  guint32 *ids;         /* [length] */
  int      length;
  guint8  *is_image;    /* [length], 1 where an image feature replaces the embedding; the k-th
                           such position takes the k-th row of image_features (Idefics2 split
                           for one call only has more rows than positions: the first count) */
  int      n_image_positions;
  gint32  *positions;   /* [3, length] time, row, column (Qwen2-VL), else NULL */
  gint32   next_position; /* position of the first generated token (length when positions is NULL) */
} DocaiPrompt;

void docai_prompt_free (DocaiPrompt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPrompt, docai_prompt_free)

/* Texts of a dual encoder or a detector, padded to one length. */
typedef struct {
  int      n_texts, length;
  guint32 *ids;       /* [n_texts, length] */
  guint8  *mask;      /* [n_texts, length], 1 = real token (0 = padding) */
  gboolean use_mask;  /* FALSE: the model attends to padding too (SigLIP) */
} DocaiTextBatch;

void docai_text_batch_free (DocaiTextBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTextBatch, docai_text_batch_free)

/* Reads config.json, processor_config.json, tokenizer_config.json and the chat template of
 * dir. The tokenizer is referenced. Errors: MODEL_INVALID, MODEL_UNSUPPORTED (names the
 * model type, or the construct of the template). Free with docai_prompter_free. */
DocaiPrompter *docai_prompter_load (const char *dir, DocaiTokenizer *tokenizer, GError **error);
void           docai_prompter_free (DocaiPrompter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPrompter, docai_prompter_free)

/* The tokenizer's end token as tokenizer_config.json names it, or NULL; lent. */
const char *docai_prompt_end_token (const DocaiPrompter *self);

/* The string that the chat template makes of n_images images followed by the user's text,
 * ending where the answer begins; image placeholders are not expanded. system may be NULL.
 * Families without a chat template: BLIP-2 "Question: ... Answer:", Donut and Kosmos-2
 * the text itself, Pix2Struct the decoder's start token and the text, Grounding DINO the
 * phrases. Caller frees. */
char *docai_prompt_template (const DocaiPrompter *self, const char *text, int n_images,
                             const char *system, GError **error);

/* Ids of a templated prompt; pixels (NULL for text only) tell how many positions each image
 * takes. Errors: BAD_OPTION when placeholders and images disagree. */
DocaiPrompt *docai_prompt_encode (const DocaiPrompter *self, const char *templated,
                                  const DocaiPixels *pixels, GError **error);

/* Positions that a prompt has more than with these images if they were cut without guides; 0 for families
 * that take none. */
gint64 docai_prompt_spared (const DocaiPrompter *self, const DocaiPixels *pixels);

/* Ids of the texts of a dual encoder (CLIP: padded to the longest; SigLIP: to the longest
 * that the model has), truncated to the model's length. */
DocaiTextBatch *docai_prompt_encode_texts (const DocaiPrompter *self, const char *const *texts,
                                           int n_texts, GError **error);
