/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a prompter knows of its family.
 */
#pragma once

#include <jansson.h>

#include "models/language/prompt.h"

typedef enum {
  PROMPT_CLIP, PROMPT_SIGLIP, PROMPT_IDEFICS3, PROMPT_IDEFICS2, PROMPT_LLAVA, PROMPT_LLAVA_NEXT,
  PROMPT_INTERNVL, PROMPT_QWEN2_VL, PROMPT_BLIP2, PROMPT_DONUT, PROMPT_PIX2STRUCT, PROMPT_KOSMOS2,
  PROMPT_GROUNDING_DINO,
} DocaiPromptFamily;

struct DocaiPrompter {
  DocaiPromptFamily family;
  DocaiTokenizer   *tokenizer;
  char   *chat_template;      /* NULL: none */
  json_t *config, *processor, *tokenizer_config;
  char   *image_token;        /* placeholder of one image in a templated prompt */
  gint64  image_token_id;     /* marks the positions of features */
  char   *start_token, *end_token; /* InternVL, around an image */
  int     image_seq_len;      /* positions of a tile or image, where it is a constant */
  int     patch_size, merge;  /* LLaVA family; Qwen2-VL */
  gboolean drop_class;        /* LLaVA: "default" selection leaves the class token out */
  int     extra_tokens;       /* LLaVA: class token(s) counted before that */
  gboolean split_default;     /* Idefics2 do_image_splitting as configured */
  gint64  start_id;           /* decoder_start_token_id or -1 */
  guint32 pad_id;
  int     max_length;         /* of texts of dual encoders */
};

/* The templated text with each image placeholder expanded. */
char *docai_prompt_expand (const DocaiPrompter *self, const char *templated, const DocaiPixels *pixels,
                           GError **error);
