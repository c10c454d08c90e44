/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One interface to whatever runs a vision-language model. A stage collects the
 * requests of a page or document and has them answered together; a backend
 * decides how many are under way at once.
 */
#pragma once

#include "base/counts.h"
#include "base/error.h"
#include "base/settings.h"
#include "document/geometry.h"
#include "pipeline/vlm/tasks.h"

/* An encoded picture for a model: a part of a page. */
typedef struct {
  const char *media_type; /* "image/png" or "image/jpeg"; static */
  guint8     *data;       /* owned */
  gsize       length;
  int         page;       /* its number */
  DocaiBox    area;       /* of that page, points */
  int         width, height; /* pixels */
  GArray     *looks;      /* DocaiBox as parts of it, 0 ... 1: what is worth resolution, owned; NULL: all of it */
} DocaiVlmImage;

/* How a model writes boxes. */
typedef enum {
  DOCAI_VLM_BOXES_NONE,        /* it is not asked for any; what it writes counts to a thousand */
  DOCAI_VLM_BOXES_THOUSANDTHS, /* of the image */
  DOCAI_VLM_BOXES_PIXELS,      /* of the image as it is resized, Qwen2.5-VL: to multiples of 28 */
} DocaiVlmBoxes;

typedef struct {
  char      *system;     /* how to answer; NULL: nothing */
  char      *prompt;     /* what is asked */
  char      *context;    /* text of the document behind it, whose end may be cut where the model is short; NULL: none */
  GPtrArray *images;     /* DocaiVlmImage */
  char      *schema;     /* JSON schema that the answer must follow, as text; NULL: plain text */
  int        max_tokens;
  gboolean   whole_view; /* images are seen as a whole only, not cut into tiles */
  const DocaiVlmTask *task; /* of the backend's tasks: the answer begins with one of its labels; NULL: free */

  char   *answer; /* filled in: the model's text; behind the label where there is a task */
  const char *label;  /* with a task: the label, lent by it */
  double  confidence; /* and its probability among the task's labels */
  double  likelihood; /* of the answer: mean probability of its tokens; 0: not known */
  GError *error;  /* or why there is none: VLM_UNREACHABLE, VLM_REFUSED, VLM_GARBAGE, TIMEOUT ... */
} DocaiVlmRequest;

typedef struct DocaiVlmBackend DocaiVlmBackend;

struct DocaiVlmBackend {
  const char *name;  /* "openai", "builtin" */
  char       *model; /* for provenance; owned */
  DocaiVlmTasks *tasks; /* all that the model can be asked; owned; NULL: anything in words */
  DocaiVlmBoxes boxes;
  int         image_side;     /* longest side of an image, pixels */
  int         context_tokens; /* of prompt and answer; 0: not known */
  void (*run) (DocaiVlmBackend *backend, GPtrArray *requests, DocaiCounts *counts);
  void (*close) (DocaiVlmBackend *backend);
};

DocaiVlmRequest *docai_vlm_request_new (const char *system, const char *prompt, int max_tokens);
void             docai_vlm_request_free (DocaiVlmRequest *request);

/* The prompt with the first `bytes` of the context, to a whole character. Owned by the caller. */
char *docai_vlm_request_prompt (const DocaiVlmRequest *request, gsize bytes);

/* Gives the request the pictures of another one, in the place of its own. */
void docai_vlm_request_share_images (DocaiVlmRequest *request, const DocaiVlmRequest *other);

/* Adds a picture, taking the bytes. Lent, so that its other members may be set. */
DocaiVlmImage *docai_vlm_request_take_image (DocaiVlmRequest *request, const char *media_type, guint8 *data,
                                             gsize length);

/* Opens the backend of a name ("openai", "builtin") with the process's settings.
 * MODEL_MISSING, BAD_CONFIG or MODEL_INVALID when it cannot work. */
DocaiVlmBackend *docai_vlm_backend_open (const char *name, const DocaiVlmSettings *settings,
                                         GError **error);
void             docai_vlm_backend_free (DocaiVlmBackend *backend);

/* Answers all requests (DocaiVlmRequest): each ends with an answer or an error. `counts` (NULL: not wanted) gets more. */
void docai_vlm_backend_run (DocaiVlmBackend *backend, GPtrArray *requests, DocaiCounts *counts);

/* How a model writes boxes: what the settings say, else by its name or type ("qwen2_5_vl", "Qwen2.5-VL-7B"). */
DocaiVlmBoxes docai_vlm_boxes_of (const DocaiVlmSettings *settings, const char *model);

/* Used by backend.c: any OpenAI-compatible server, and the runtime of models/. */
DocaiVlmBackend *docai_openai_open (const DocaiVlmSettings *settings, GError **error);
DocaiVlmBackend *docai_builtin_open (const DocaiVlmSettings *settings, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiVlmRequest, docai_vlm_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiVlmBackend, docai_vlm_backend_free)
