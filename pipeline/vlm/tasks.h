/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a small model was trained for: docai.json in its folder. A model with this
 * file is asked only what stands in it, in the words that it learnt. Page types
 * and pictures it answers with a token for a label, maybe followed by a sentence;
 * charts with JSON; lines with their text; questions with a text and, in
 * thousandths of the page, where it stands: "720.00 [610,402,688,415]".
 *
 *   {"name": "docai-glance-4", "image_side": 256,
 *    "tasks": {"document_type": {"prompt": "Document type?\n{text}", "text_bytes": 256,
 *                                "labels": {"invoice": "<|invoice|>", ...},
 *                                "temperature": 1.2, "least_confidence": 0.5},
 *              "picture": ..., "chart": {"prompt": "{text}\nChart?", "text_bytes": 320, "places": true},
 *              "transcribe": {"prompt": "Text?"},
 *              "question": {"prompt": "{text}\nQuestion: {question}", "text_bytes": 1024, "tiles": false, "confidence": 0.8}}}
 */
#pragma once

#include "models/tokenizer/tokenizer.h"

/* One task. */
typedef struct {
  char    *prompt;      /* with "{text}" where the page's or picture's text goes, and "{question}" */
  gsize    text_bytes;  /* of that text */
  char   **labels;      /* what is written into the document, NULL-terminated; NULL: the answer is text */
  guint32 *tokens;      /* and the token that stands for each */
  double   temperature; /* by which logits are divided for the label's probability */
  double   least_confidence; /* a label below is not passed on */
  gboolean places;      /* the text comes in segments with their places (segments.h), and so does the answer */
  gboolean tiles;       /* an image is cut into tiles, where the model does that; FALSE: its whole view is enough */
  double   confidence;  /* of an answer that is text: how many of them were right when it was measured */
} DocaiVlmTask;

typedef struct {
  char         *name;          /* for provenance; NULL: the folder's */
  int           image_side;    /* pixels that the model makes of an image's longer side */
  DocaiVlmTask *document_type; /* NULL: not trained */
  DocaiVlmTask *picture;
  DocaiVlmTask *chart;
  DocaiVlmTask *transcribe;
  DocaiVlmTask *question;
} DocaiVlmTasks;

/* Reads dir/docai.json; *tasks is NULL where there is none. Errors: MODEL_INVALID. */
gboolean docai_vlm_tasks_load (const char *dir, const DocaiTokenizer *tokenizer, DocaiVlmTasks **tasks, GError **error);
void     docai_vlm_tasks_free (DocaiVlmTasks *tasks);

/* Words with one space between them, without angle brackets, which could spell tokens, at most max_bytes. Owned by the caller. */
char    *docai_vlm_clean_text (const char *text, gsize max_bytes);

/* The prompt of a task with as much of `text` as the task takes, cleaned as above; text with places (segments.h) goes in as it is.
 * The user's question is cleaned too. Owned by the caller. */
char    *docai_vlm_task_prompt (const DocaiVlmTask *task, const char *question, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiVlmTasks, docai_vlm_tasks_free)
