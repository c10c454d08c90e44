/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The vlm stage: for a page its document type, for each picture region a class
 * and a description, and the data of charts. It runs after OCR, so the page's
 * text goes along as context and serves to check the answers: a name or number
 * that stands nowhere on the page makes the answer ungrounded and a warning.
 *
 * A model that cannot be reached, or that talks nonsense, costs warnings and
 * never the page. A detector, if the settings name one, adds signatures, stamps,
 * barcodes and logos first. A small model with tasks of its own (tasks.h) is asked for
 * labels in its words; what it is not sure of is left out. Charts of which the model gives no data are measured
 * (pipeline/chart).
 */
#include "pipeline/chart/figure.h"
#include "pipeline/vlm/chart.h"
#include "pipeline/vlm/crop.h"
#include "pipeline/vlm/detect.h"
#include "pipeline/vlm/ground.h"
#include "pipeline/vlm/guide.h"
#include "pipeline/vlm/learnt.h"
#include "pipeline/vlm/pages.h"
#include "pipeline/vlm/pointing.h"
#include "pipeline/vlm/session.h"

#include <string.h>

#define CONTEXT_BYTES 4000
#define PICTURE_SIDE_PX 1024
#define RASTER_DPI 150
#define GLANCE_DPI 40  /* for the page alone, where the model sees but 256 pixels of it */
#define GLANCE_SIDE_PX 512
#define DETECT_CONFIDENCE 0.35 /* as its publishers recommend */
#define MIN_PICTURE_POINTS 16 /* smaller ones are bullets and rules */
#define MAX_PICTURES 24
#define TYPE_TOKENS 60
#define PICTURE_TOKENS 700
#define LABEL_TOKENS 1
#define SENTENCE_TOKENS 64

static const char system_text[]
    = "You read documents. Answer with one JSON object that follows the given schema, and "
      "nothing else. Say only what can be seen.";

static const char type_schema[]
    = "{\"type\":\"object\",\"properties\":{\"document_type\":{\"enum\":[\"invoice\",\"receipt\","
      "\"letter\",\"form\",\"report\",\"article\",\"slide\",\"table\",\"identity_document\","
      "\"other\"]},\"confidence\":{\"type\":\"number\",\"minimum\":0}},"
      "\"required\":[\"document_type\",\"confidence\"],\"additionalProperties\":false}";

static const char picture_schema[]
    = "{\"type\":\"object\",\"properties\":{\"class\":{\"enum\":[\"photograph\",\"logo\","
      "\"bar_chart\",\"line_chart\",\"pie_chart\",\"scatter_chart\",\"diagram\",\"map\","
      "\"screenshot\",\"signature\",\"stamp\",\"barcode\",\"table_image\",\"formula\",\"other\"]},"
      "\"confidence\":{\"type\":\"number\",\"minimum\":0},"
      "\"description\":{\"type\":\"string\"},\"chart\":{\"anyOf\":[{\"type\":\"null\"}," DOCAI_VLM_CHART_SCHEMA "]}},"
      "\"required\":[\"class\",\"confidence\",\"description\",\"chart\"],"
      "\"additionalProperties\":false}";

/* ---- asking --------------------------------------------------------------------- */

static gboolean
is_worth_a_look (const DocaiRegion *region)
{
  return region->label == DOCAI_LABEL_PICTURE
         && docai_box_width (region->bbox) >= MIN_PICTURE_POINTS
         && docai_box_height (region->bbox) >= MIN_PICTURE_POINTS;
}

/* Longest side of what is sent. A model that makes a small picture of everything gets twice its size. */
static int
crop_side (const DocaiVlmBackend *backend)
{
  const DocaiVlmTasks *tasks = backend->tasks;

  return tasks != NULL && 2 * tasks->image_side <= GLANCE_SIDE_PX ? GLANCE_SIDE_PX
         : tasks != NULL                                          ? PICTURE_SIDE_PX
                                                                  : backend->image_side;
}

/* Adds the page, of which a model that reads sees sharply what the text does not say. Pictures are asked about apart. */
static gboolean
add_page (const DocaiVlmBackend *backend, DocaiVlmRequest *request, const DocaiPage *page, gboolean guided, GError **error)
{
  DocaiBox area = DOCAI_BOX (0, 0, page->width, page->height);

  if (backend->tasks != NULL || !guided)
    return docai_crop_add (request, page, area, NULL, crop_side (backend), error);
  g_autoptr (GArray) looks = docai_vlm_guide_boxes (page, area, FALSE);
  return docai_crop_add (request, page, area, looks, docai_vlm_guide_side (looks, area, crop_side (backend)), error);
}

/* A request for a label of `task`, and for what follows it within max_tokens. */
static DocaiVlmRequest *
new_task_request (const DocaiVlmTask *task, const char *text, int max_tokens)
{
  g_autofree char *prompt = docai_vlm_task_prompt (task, "", text);
  DocaiVlmRequest *request = docai_vlm_request_new (NULL, prompt, max_tokens);

  request->task = task;
  request->whole_view = !task->tiles;
  return request;
}

static DocaiVlmRequest *
new_type_request (const DocaiVlmBackend *backend, const DocaiPage *page, gboolean guided, GError **error)
{
  const DocaiVlmTasks *tasks = backend->tasks;
  g_autofree char *text = docai_vlm_page_text (page, CONTEXT_BYTES);
  g_autoptr (DocaiVlmRequest) request = NULL;

  if (tasks != NULL)
    request = new_task_request (tasks->document_type, text, LABEL_TOKENS);
  else
    {
      g_autofree char *prompt = g_strdup_printf (
          "The picture shows page %d of a document. What kind of document is it?\n\nText of the page:\n%s",
          page->number, text);
      request = docai_vlm_request_new (system_text, prompt, TYPE_TOKENS);
      request->schema = g_strdup (type_schema);
    }
  if (!add_page (backend, request, page, guided, error))
    return NULL;
  return g_steal_pointer (&request);
}

/* The caption is the nearest caption region; models describe better with it. */
static const char *
find_caption (const DocaiPage *page, const DocaiRegion *picture)
{
  const char *text = "";
  double      nearest = 40; /* points */

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->label != DOCAI_LABEL_CAPTION || region->text == NULL)
        continue;
      double below = region->bbox.y0 - picture->bbox.y1, above = picture->bbox.y0 - region->bbox.y1;
      double gap = MAX (MAX (below, above), 0);
      if (gap < nearest
          && docai_overlap (region->bbox.x0, region->bbox.x1, picture->bbox.x0, picture->bbox.x1) > 0)
        {
          nearest = gap;
          text = region->text;
        }
    }
  return text;
}

static DocaiVlmRequest *
new_picture_request (const DocaiVlmBackend *backend, const DocaiPage *page, const DocaiRegion *region, GError **error)
{
  const DocaiVlmTasks *tasks = backend->tasks;
  const char *caption = find_caption (page, region), *inside = region->text != NULL ? region->text : "";
  g_autofree char *prompt = NULL;
  g_autoptr (DocaiVlmRequest) request = NULL;

  if (tasks != NULL)
    {
      prompt = g_strdup_printf ("%s %s", caption, inside);
      request = new_task_request (tasks->picture, prompt, SENTENCE_TOKENS);
    }
  else
    {
      prompt = g_strdup_printf (
          "What does this picture from a document show? Give its class and one sentence that describes "
          "it; for a chart also title, axes and values.\n\nCaption: %s\nText in the picture: %s",
          caption, inside);
      request = docai_vlm_request_new (system_text, prompt, PICTURE_TOKENS);
      request->schema = g_strdup (picture_schema);
    }
  if (!docai_crop_add (request, page, region->bbox, NULL, crop_side (backend), error))
    return NULL;
  return g_steal_pointer (&request);
}

/* ---- taking answers ---------------------------------------------------------------- */

/* The answer to a task: TRUE when it is sure enough; a warning when the request failed. */
static gboolean
take_label (const DocaiVlmRequest *request, DocaiDocument *document, int page)
{
  if (request->error != NULL)
    docai_document_warn (document, docai_error_name (docai_error_code_of (request->error)), page, "%s",
                         request->error->message);
  return request->label != NULL && request->confidence >= request->task->least_confidence;
}

static void
set_type (DocaiPage *page, const char *label, double confidence)
{
  g_clear_pointer (&page->document_type, docai_document_type_free);
  page->document_type = docai_document_type_new (label);
  page->document_type->confidence = confidence;
}

static void
take_type (const DocaiVlmRequest *request, DocaiDocument *document, DocaiPage *page)
{
  if (request->task != NULL)
    {
      if (take_label (request, document, page->number))
        set_type (page, request->label, request->confidence);
      return;
    }
  json_t     *answer = docai_vlm_take_object (request, document, page->number);
  const char *label = json_string_value (json_object_get (answer, "document_type"));

  if (label != NULL)
    set_type (page, label, json_number_value (json_object_get (answer, "confidence")));
  json_decref (answer);
}

/* Puts a picture's class, description and what it points at into its region, checked against the page's words. */
static DocaiPicture *
set_picture (const DocaiVlmBackend *backend, const DocaiVlmRequest *request, DocaiDocument *document, const DocaiPage *page,
             DocaiRegion *region, const DocaiWordIndex *index, const char *name, const char *description, double confidence)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  DocaiPicture         *picture = docai_picture_new ();

  picture->class_name = g_strdup (name);
  picture->description = docai_vlm_take_places (backend, request, description, page->number, picture->evidence);
  picture->confidence = confidence;
  picture->grounded = docai_ground_sentence (index, picture->description, NULL, missing);
  docai_picture_free (region->picture);
  region->picture = picture;
  docai_vlm_warn_missing (document, page->number, "picture description", missing);
  return picture;
}

/* A small model's sentence that names what does not stand on the page is not worth a warning: it is left out. */
static void
take_picture (const DocaiVlmBackend *backend, const DocaiVlmRequest *request, DocaiDocument *document,
              const DocaiPage *page, DocaiRegion *region, const DocaiWordIndex *index)
{
  if (request->task != NULL)
    {
      gboolean stands = docai_ground_sentence (index, request->answer != NULL ? request->answer : "", NULL, NULL);
      if (take_label (request, document, page->number))
        set_picture (backend, request, document, page, region, index, request->label, stands ? request->answer : "",
                     request->confidence);
      return;
    }
  json_t     *answer = docai_vlm_take_object (request, document, page->number);
  const char *name = json_string_value (json_object_get (answer, "class"));
  const char *description = json_string_value (json_object_get (answer, "description"));

  if (name != NULL && description != NULL)
    {
      DocaiPicture *picture = set_picture (backend, request, document, page, region, index, name, description,
                                           json_number_value (json_object_get (answer, "confidence")));
      if (json_is_object (json_object_get (answer, "chart")))
        picture->data = docai_vlm_chart_from_json (json_object_get (answer, "chart"));
    }
  json_decref (answer);
}

/* ---- the stage ---------------------------------------------------------------------- */

/* Adds the request, or a warning where it could not be made. */
static void
add_request (GPtrArray *requests, DocaiVlmRequest *request, DocaiDocument *document, int page,
             GError *error)
{
  if (request != NULL)
    {
      g_ptr_array_add (requests, request);
      return;
    }
  docai_document_warn (document, docai_error_name (docai_error_code_of (error)), page, "%s",
                       error->message);
  g_error_free (error);
}

static GPtrArray *
collect_pictures (const DocaiPage *page)
{
  GPtrArray *pictures = g_ptr_array_new ();

  for (guint i = 0; i < page->regions->len && pictures->len < MAX_PICTURES; i++)
    if (is_worth_a_look (page->regions->pdata[i]))
      g_ptr_array_add (pictures, page->regions->pdata[i]);
  return pictures;
}

/* Asks everything about the page at once, then takes the answers apart. */
static void
ask_about_page (DocaiVlmBackend *backend, const DocaiTask *task, DocaiDocument *document, DocaiPage *page)
{
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_vlm_request_free);
  g_autoptr (GPtrArray) pictures = collect_pictures (page);
  g_autoptr (GPtrArray) asked = g_ptr_array_new (); /* the region of each request; NULL: the page */
  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  const DocaiVlmTasks *tasks = backend->tasks;

  for (guint i = 0; i <= pictures->len; i++)
    {
      DocaiRegion     *region = i == 0 ? NULL : pictures->pdata[i - 1];
      GError          *error = NULL;
      if (tasks != NULL && (region == NULL ? tasks->document_type : tasks->picture) == NULL)
        continue;
      DocaiVlmRequest *request = region == NULL ? new_type_request (backend, page, task->settings->vlm.layout_guide, &error)
                                                : new_picture_request (backend, page, region, &error);
      if (request != NULL)
        g_ptr_array_add (asked, region);
      add_request (requests, request, document, page->number, error);
    }
  docai_vlm_backend_run (backend, requests, task->counts);
  for (guint i = 0; i < requests->len; i++)
    if (asked->pdata[i] == NULL)
      take_type (requests->pdata[i], document, page);
    else
      take_picture (backend, requests->pdata[i], document, page, asked->pdata[i], index);
}

/* A small model sees little of a page; only its pictures are worth more. */
static double
raster_dpi (const DocaiVlmBackend *backend, const DocaiPage *page)
{
  g_autoptr (GPtrArray) pictures = collect_pictures (page);

  return pictures->len == 0 && crop_side (backend) == GLANCE_SIDE_PX ? GLANCE_DPI : RASTER_DPI;
}

/* Looks for things that are no text; what goes wrong is a warning. */
static void
detect_things (DocaiModel *detector, const DocaiTask *task, DocaiDocument *document, DocaiPage *page)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *name = g_path_get_basename (task->settings->vlm.detector_dir);

  if (docai_vlm_detect (detector, page, DETECT_CONFIDENCE, &error))
    docai_document_record_stage (document, "vlm", "detector", name);
  else
    docai_document_warn (document, docai_error_name (docai_error_code_of (error)), page->number, "%s", error->message);
}

static gboolean
run_vlm (gpointer session, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
         GError **error)
{
  DocaiVlmBackend *backend = docai_vlm_session_lookup (session, task, document, page->number);
  DocaiModel      *detector = docai_vlm_session_lookup_detector (session, task, document, page->number);

  if (backend == NULL && detector == NULL)
    return TRUE;
  double       dpi = detector != NULL ? RASTER_DPI : raster_dpi (backend, page);
  DocaiVlmLook look;
  gboolean     drawn = docai_vlm_pages_draw (task, page, dpi, &look, error);
  if (drawn && detector != NULL)
    detect_things (detector, task, document, page);
  if (drawn && backend != NULL)
    {
      ask_about_page (backend, task, document, page);
      docai_vlm_learnt_look (backend, task->counts, document, page, crop_side (backend));
      docai_document_record_stage (document, "vlm", backend->name, backend->model);
      docai_chart_look (docai_vlm_session_peek_readers (session), task, document, page);
    }
  docai_vlm_pages_put_back (page, &look);
  return drawn;
}

const DocaiStage docai_vlm_stage = {
  .name = "vlm",
  .scope = DOCAI_SCOPE_PAGE,
  .open = docai_vlm_session_open,
  .close = docai_vlm_session_close,
  .run = run_vlm,
};
