/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The neural runtime as the pipeline uses it: a model folder as published on the hub is
 * opened once and answers prompts about images, or gives vectors of images and texts.
 *
 * A model is used by one thread at a time.
 */
#pragma once

#include <glib.h>

#include "models/families/detect.h"
#include "models/language/grammar.h"
#include "models/language/sample.h"
#include "models/vision/preprocess.h"

typedef struct DocaiModel DocaiModel;

typedef enum {
  DOCAI_MODEL_GENERATES, /* docai_model_generate */
  DOCAI_MODEL_EMBEDS,    /* docai_model_embed_image, docai_model_embed_text */
  DOCAI_MODEL_DETECTS,   /* docai_model_detect */
} DocaiModelTask;

typedef enum {
  DOCAI_MODEL_AS_STORED,
  DOCAI_MODEL_INT8,
  DOCAI_MODEL_INT4,
} DocaiModelWeights;

typedef struct {
  DocaiModelWeights weights;
  int         threads;          /* 0: one */
  gsize       cache_bytes;      /* of encoded tiles in memory; 0: none */
  const char *cache_dir;        /* for encoded tiles on disk, or NULL */
  gsize       cache_dir_bytes;
} DocaiModelOptions;
#define DOCAI_MODEL_OPTIONS_INIT { DOCAI_MODEL_AS_STORED, 1, (gsize) 64 << 20, NULL, 0 }

/* Opens a folder. options may be NULL. Errors: MODEL_MISSING, MODEL_INVALID, MODEL_UNSUPPORTED
 * (names what the folder needs and we lack). Free with docai_model_close. */
DocaiModel    *docai_model_open  (const char *dir, const DocaiModelOptions *options, GError **error);
void           docai_model_close (DocaiModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiModel, docai_model_close)

DocaiModelTask docai_model_task  (const DocaiModel *self);
/* "Idefics3 ..." and such; static. */
const char    *docai_model_title (const DocaiModel *self);
/* "idefics3" and such, of config.json; static. */
const char    *docai_model_type  (const DocaiModel *self);
/* Longest side in pixels of which the model sees more than of a smaller image, about. */
int            docai_model_image_side (const DocaiModel *self);
/* Tokens of prompt and answer together; 0: no bound. */
int            docai_model_length (const DocaiModel *self);
/* The tokenizer and the vocabulary as bytes, for constrained answers; lent. */
DocaiTokenizer *docai_model_tokenizer (const DocaiModel *self);

/* Gets the answer piece by piece. FALSE ends the generation. */
typedef gboolean (*DocaiTextSink) (gpointer data, const char *piece);

/* What is asked. Start from DOCAI_REQUEST_INIT. */
typedef struct {
  const char *text;                 /* the user's words */
  const char *system;               /* or NULL */
  gboolean    templated;            /* text is the whole prompt, chat template applied */
  const DocaiImage *const *images;
  int         n_images;
  const DocaiPreprocessOptions *preprocess; /* or NULL */
  int         max_tokens;
  int         least_room;           /* tokens that the prompt must leave for the answer; else BAD_OPTION at once */
  DocaiSampleOptions sample;
  DocaiGrammar *grammar;            /* the answer follows its schema, or NULL */
  /* Further restriction of the next token: clears bits of mask [(vocab + 31) / 32 words]. Or NULL. */
  void      (*restrict_tokens) (gpointer data, const guint32 *ids, gsize n_ids, guint32 *mask, guint32 vocab);
  gpointer    restrict_data;
  /* The first token is one of these (or NULL), the likeliest; their probabilities are the softmax of their logits
   * divided by choice_temperature. Sampling and grammar begin behind it. */
  const guint32 *choices;
  int         n_choices;
  float       choice_temperature;
  DocaiTextSink sink;               /* or NULL */
  gpointer    sink_data;
} DocaiRequest;
#define DOCAI_REQUEST_INIT { .max_tokens = 256, .sample = DOCAI_SAMPLE_GREEDY, .choice_temperature = 1.0f }

/* What came of it. */
typedef struct {
  char    *text;
  guint32 *ids;           /* [n_ids] generated, the end token not included */
  int      n_ids;
  int      choice;        /* index of the chosen one of request->choices; -1 without choices */
  double   probability;   /* of that choice among all */
  double   likelihood;    /* of a token of the answer, end token and no choice included: the geometric mean of their
                             probabilities among the tokens that grammar and mask allowed; 0 without any */
  int      prompt_tokens;
  int      tokens_known;  /* of these: the prompt before began with them, so they were not read again */
  gboolean ended;         /* by itself, not by max_tokens, the sink or the model's length */
  int      tiles, tiles_cached; /* of the images; those whose features were known already */
  int      tiles_blank;   /* those that show nothing: encoded once for all that look alike */
  int      tiles_guided;  /* those that the guides left out, in the grid or by a smaller one; 0 where an image is one
                             unit (Qwen2-VL) */
  int      image_tokens;  /* of the prompt */
  int      tokens_saved;  /* that it would have had without guides */
  double   vision_ms, prompt_ms, decode_ms;
  double   saved_ms;      /* by tiles known, blank or left out and by tokens left out or known, after the time that others took; 0 where
                             nothing has been measured yet */
} DocaiModelAnswer;

void docai_model_answer_clear (DocaiModelAnswer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DocaiModelAnswer, docai_model_answer_clear)

/* Answers a request; *answer is cleared with docai_model_answer_clear. Errors: BAD_OPTION (a prompt that is too
 * long, a task that the model does not have), PIXEL_LIMIT, MEMORY_LIMIT, MODEL_INVALID. */
gboolean docai_model_generate (DocaiModel *self, const DocaiRequest *request, DocaiModelAnswer *answer, GError **error);

/* Width of the vectors of a dual encoder. */
int      docai_model_embed_width (const DocaiModel *self);
/* Vectors of length one, [docai_model_embed_width]. Errors as above. */
gboolean docai_model_embed_image (DocaiModel *self, const DocaiImage *image, float *vector, GError **error);
gboolean docai_model_embed_text  (DocaiModel *self, const char *text, float *vector, GError **error);
/* Probability of each text for an image from their vectors texts [n, width]: softmax (CLIP) or each by
 * itself (SigLIP), with the model's scale and bias. */
void     docai_model_score (const DocaiModel *self, const float *image, const float *texts, int n, float *probabilities);

/* Where an image shows what a text names, phrases ended by ".": a GArray of DocaiDetection, boxes in the image's
 * pixels, clipped to it, best first. Boxes below `threshold` are left out; labels have the words above `text_threshold`.
 * Errors as above. Free with g_array_unref. */
GArray  *docai_model_detect (DocaiModel *self, const DocaiImage *image, const char *text, double threshold, double text_threshold, GError **error);
