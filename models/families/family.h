/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a family of models is: how its configuration and its tensors' names map onto the
 * shared towers, connectors and decoders, and the few steps that are its own.
 */
#pragma once

#include "models/connector/projector.h"
#include "models/families/config.h"
#include "models/families/detect.h"
#include "models/families/loader.h"
#include "models/language/decoder.h"
#include "models/language/encoder.h"
#include "models/vision/preprocess.h"
#include "models/vision/tower.h"

typedef struct DocaiCore DocaiCore;

typedef enum {
  DOCAI_TASK_GENERATE, /* image features and a prompt become text */
  DOCAI_TASK_EMBED,    /* images and texts become vectors */
  DOCAI_TASK_DETECT,   /* what a text names is found as boxes */
} DocaiTask;

/* How a detector's text is read. */
typedef enum {
  DOCAI_READ_AS_TRAINED,
  DOCAI_READ_AS_REFERENCE,       /* docai_detect_depart: as the fixtures' reference does */
  DOCAI_READ_AS_EXACT_REFERENCE, /* the same where its sines are exact */
  DOCAI_READINGS
} DocaiReading;

/* Rows of features. */
typedef struct {
  float *values; /* [rows, width] */
  int    rows, width;
} DocaiFeatures;

/* Zeroed rows. FALSE: MEMORY_LIMIT. */
gboolean docai_features_init  (DocaiFeatures *self, int rows, int width, GError **error);
void     docai_features_clear (DocaiFeatures *self);

/* The steps of a family. `configure` reads config.json and notes what is lacking; only then `load`
 * takes the weights. NULL where a family has no such step. */
typedef struct {
  const char *model_type;
  const char *title;
  DocaiTask   task;
  void (*configure) (DocaiCore *core, DocaiModelConfig *config);
  void (*load)      (DocaiCore *core, DocaiWeights *weights);
  /* Units are what is encoded (and cached) independently: tiles, or whole images. */
  int      (*count_units) (const DocaiCore *core, const DocaiPixels *pixels);
  /* The pixels of a unit: all that its features depend on besides the model. */
  const float *(*peek_unit) (const DocaiCore *core, const DocaiPixels *pixels, int unit, gsize *n_floats);
  gboolean (*encode_unit) (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error);
  /* Features in the order of the prompt; NULL: the units one after the other. */
  gboolean (*assemble) (const DocaiCore *core, const DocaiPixels *pixels, const DocaiFeatures *units, int n_units, DocaiFeatures *out, GError **error);
  /* Marks the ids that features replace, [n]; NULL: those that are the image token. */
  void     (*mark_images) (const DocaiCore *core, const guint32 *ids, int n, guint8 *is_image);
  /* Positions [3, n] of a prompt and the next one; NULL: counted. FALSE when ids and images disagree. */
  gboolean (*place) (const DocaiCore *core, const guint32 *ids, int n, const DocaiPixels *pixels, gint32 *positions, gint32 *next);
  /* Dual encoders: a vector [embed_width], not yet normalised. */
  gboolean (*embed_image) (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, float *out, GError **error);
  gboolean (*embed_text)  (const DocaiCore *core, DocaiRun *run, const guint32 *ids, const guint8 *mask, int n, float *out, GError **error);
  /* Detectors: proposals for the first image and a text. Cleared by the caller, with an error too. */
  gboolean (*detect) (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, const guint32 *ids, int n, DocaiReading reading,
                      DocaiProposals *out, GError **error);
} DocaiFamily;

/* Most hidden states of a tower that a connector takes. */
#define DOCAI_MAX_SELECTED 16

/* A model's configuration and weights. */
struct DocaiCore {
  const DocaiFamily *family;
  DocaiWeights      *weights;

  DocaiTower      tower;
  DocaiBlockShape vision_shape;
  int             n_selected;   /* hidden states that go to the connector, side by side, */
  int             selected[DOCAI_MAX_SELECTED]; /* and the number of blocks behind which each stands */
  gboolean        before_norm;  /* the last of them is taken before the tower's last norm */
  gboolean        drop_first;   /* the first token of that result is left out */
  DocaiProjector  projector;
  int             tile_height, tile_width; /* of the image that the configuration names */

  DocaiDecoder    decoder;
  DocaiBlockShape text_shape;
  const char     *text_type;    /* lent by the configuration; only while it is read */
  gboolean        tied, untied; /* the head is the embedding, or is not; neither: the checkpoint tells */
  gint64          image_token;  /* -1: none */
  gboolean        cross;        /* features are read by cross attention, not put into the prompt */
  gboolean        spare_features; /* a prompt may have fewer image positions than there are features */
  float           branch_scale, logits_scale; /* of a text model's branches and logits; 0: none */
  gboolean        scale_images; /* features are multiplied by the embedding's scale too */

  DocaiEncoder    text;         /* dual encoders, detectors */
  int             embed_width;
  float           logit_scale, logit_bias;
  gboolean        sigmoid;      /* scores are independent probabilities */

  gpointer        own;          /* of the family */
  GDestroyNotify  own_free;
};

/* Reads the configuration of dir and finds the family; no weight is touched.
 * Errors: MODEL_MISSING, MODEL_INVALID, MODEL_UNSUPPORTED (names what is lacking). */
DocaiCore *docai_core_new  (const char *dir, GError **error);
/* Reads the weights of the same dir. Errors: MODEL_MISSING, MODEL_INVALID. */
gboolean   docai_core_load (DocaiCore *self, const char *dir, DocaiWeightKind kind, GError **error);
/* Both. */
DocaiCore *docai_core_open (const char *dir, DocaiWeightKind kind, GError **error);
void       docai_core_free (DocaiCore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiCore, docai_core_free)

/* Width of the features of a unit. */
int docai_core_feature_width (const DocaiCore *self);

/* Features of encoded units in the order of the prompt. Traces image_features. */
gboolean docai_core_assemble (const DocaiCore *self, DocaiRun *run, const DocaiPixels *pixels, const DocaiFeatures *units, int n_units,
                              DocaiFeatures *out, GError **error);

/* Features of a prompt's images: all units are encoded, then assembled. */
gboolean docai_core_encode (const DocaiCore *self, DocaiRun *run, const DocaiPixels *pixels, DocaiFeatures *out, GError **error);

/* --- shared steps of families --- */

/* Text models of the Llama kind (Llama, Mistral, Granite, Qwen2, Qwen3): sizes, then weights. `head` is the name of
 * the output matrix, `prefix` ends in a dot. */
void docai_llama_configure (DocaiCore *core, DocaiModelConfig *config, json_t *text, const char *default_type);
void docai_llama_load      (DocaiCore *core, DocaiWeights *weights, const char *prefix, const char *head);

/* Vision towers of the CLIP and SigLIP kind. */
typedef struct {
  int         width, heads, blocks, mlp_width, image, patch;
  double      eps;
  const char *act;
} DocaiViTDefaults;
void docai_vit_configure (DocaiCore *core, DocaiModelConfig *config, json_t *vision, const DocaiViTDefaults *defaults);
void docai_vit_load      (DocaiCore *core, DocaiWeights *weights, const char *prefix);

/* Units that are tiles [.., channels, h, w] one after the other. */
int          docai_tiles_count (const DocaiCore *core, const DocaiPixels *pixels);
const float *docai_tiles_peek  (const DocaiCore *core, const DocaiPixels *pixels, int unit, gsize *n_floats);

/* Reads "vision_feature_layer", a layer or a list of them counted from 0 or backwards from -1, into core->selected. */
void docai_vit_select (DocaiCore *core, DocaiModelConfig *config, int fallback);

/* Hidden states of a tile after all blocks (and the last norm), and those that core->selected names into
 * `selected` [rows, n_selected * width]. Traces vision_last_hidden. */
gboolean docai_tile_hidden (const DocaiCore *core, DocaiRun *run, const float *tile, const DocaiPixels *pixels, DocaiFeatures *selected, GError **error);

/* encode_unit of tile families: hidden states, selection, pixel shuffle, projector. */
gboolean docai_tile_encode (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error);

extern const DocaiFamily docai_family_idefics3, docai_family_smolvlm, docai_family_llava, docai_family_llava_next, docai_family_internvl,
  docai_family_qwen2_vl, docai_family_qwen2_5_vl, docai_family_clip, docai_family_siglip, docai_family_blip2, docai_family_idefics2, docai_family_donut,
  docai_family_pix2struct, docai_family_kosmos2, docai_family_grounding_dino;
