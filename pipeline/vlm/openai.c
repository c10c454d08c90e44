/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Backend `openai`: chat completions with image parts, as vLLM, llama.cpp,
 * Ollama and SGLang serve them.
 *
 * All requests of a call are driven by one curl multi handle. A transfer that
 * fails in passing (no connection, time-out, 429, 5xx, an answer that is no
 * answer) is tried again after a growing pause, which a Retry-After header may
 * lengthen; a refusal (other 4xx) is final. `per_minute` spaces the starts,
 * `concurrency` bounds the transfers under way.
 */
#include "pipeline/vlm/backend.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ANSWER_BYTES (8 << 20)
#define FIRST_PAUSE_MS 250
#define MAX_PAUSE_MS 30000
#define IMAGE_SIDE_PX 1536

typedef struct {
  DocaiVlmBackend base;
  CURLM          *multi;
  char           *endpoint;
  char           *authorization; /* header line; NULL: none */
  int             timeout_ms, retries, per_minute, concurrency;
  gint64          next_start_us; /* monotonic: no transfer starts before */
} OpenAi;

/* One request on its way. */
typedef struct {
  DocaiVlmRequest   *request;
  OpenAi            *backend;
  CURL              *easy; /* NULL while it waits */
  struct curl_slist *headers;
  char              *body;
  GByteArray        *answer;
  int                tries;
  gint64             not_before_us;
  gboolean           done;
} Transfer;

/* ---- what is sent and what comes back ----------------------------------- */

static json_t *
image_part (const DocaiVlmImage *image)
{
  g_autofree char *text = g_base64_encode (image->data, image->length);
  g_autofree char *url = g_strdup_printf ("data:%s;base64,%s", image->media_type, text);
  return json_pack ("{s:s, s:{s:s}}", "type", "image_url", "image_url", "url", url);
}

/* The request as the text of a chat completion call; owned by the caller. */
static char *
request_body (const OpenAi *backend, const DocaiVlmRequest *request)
{
  json_t *content = json_array (), *messages = json_array ();
  g_autofree char *prompt = docai_vlm_request_prompt (request, G_MAXINT);

  for (guint i = 0; i < request->images->len; i++)
    json_array_append_new (content, image_part (request->images->pdata[i]));
  json_array_append_new (content, json_pack ("{ssss}", "type", "text", "text", prompt));
  if (request->system != NULL)
    json_array_append_new (messages, json_pack ("{ssss}", "role", "system", "content", request->system));
  json_array_append_new (messages, json_pack ("{ssso}", "role", "user", "content", content));

  json_t *call = json_pack ("{s:s, s:o, s:i, s:i, s:i}", "model", backend->base.model, "messages",
                            messages, "max_tokens", request->max_tokens, "temperature", 0, "seed", 1);
  json_t *schema = request->schema != NULL ? json_loads (request->schema, 0, NULL) : NULL;
  if (schema != NULL)
    json_object_set_new (call, "response_format",
                         json_pack ("{s:s, s:{s:s, s:b, s:o}}", "type", "json_schema", "json_schema",
                                    "name", "answer", "strict", 1, "schema", schema));
  char *raw = json_dumps (call, JSON_COMPACT);
  char *text = g_strdup (raw);
  free (raw);
  json_decref (call);
  return text;
}

/* The model's text in a chat completion; NULL when it is none. */
static char *
answer_text (const GByteArray *bytes)
{
  json_t     *json = json_loadb ((const char *) bytes->data, bytes->len, 0, NULL);
  const char *content = NULL;

  json_t *choice = json_array_get (json_object_get (json, "choices"), 0);
  content = json_string_value (json_object_get (json_object_get (choice, "message"), "content"));
  char *text = g_strdup (content);
  json_decref (json);
  return text;
}

static size_t
on_bytes (char *data, size_t size, size_t count, void *user)
{
  Transfer *transfer = user;

  if (transfer->answer->len + size * count > MAX_ANSWER_BYTES)
    return 0;
  g_byte_array_append (transfer->answer, (const guint8 *) data, (guint) (size * count));
  return size * count;
}

/* ---- one transfer ---------------------------------------------------------- */

static Transfer *
transfer_new (OpenAi *backend, DocaiVlmRequest *request)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->request = request;
  transfer->backend = backend;
  transfer->body = request_body (backend, request);
  transfer->answer = g_byte_array_new ();
  transfer->headers = curl_slist_append (NULL, "Content-Type: application/json");
  if (backend->authorization != NULL)
    transfer->headers = curl_slist_append (transfer->headers, backend->authorization);
  return transfer;
}

static void
transfer_free (gpointer data)
{
  Transfer *transfer = data;

  if (transfer->easy != NULL)
    {
      curl_multi_remove_handle (transfer->backend->multi, transfer->easy);
      curl_easy_cleanup (transfer->easy);
    }
  curl_slist_free_all (transfer->headers);
  g_byte_array_unref (transfer->answer);
  g_free (transfer->body);
  g_free (transfer);
}

static void
transfer_start (Transfer *transfer)
{
  OpenAi *backend = transfer->backend;
  CURL   *easy = curl_easy_init ();

  g_byte_array_set_size (transfer->answer, 0);
  curl_easy_setopt (easy, CURLOPT_URL, backend->endpoint);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, transfer->headers);
  curl_easy_setopt (easy, CURLOPT_POSTFIELDS, transfer->body);
  curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) strlen (transfer->body));
  curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, (long) backend->timeout_ms);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt (easy, CURLOPT_PRIVATE, transfer);
  curl_multi_add_handle (backend->multi, easy);
  transfer->easy = easy;
  transfer->tries++;
  if (backend->per_minute > 0)
    backend->next_start_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC / backend->per_minute;
}

/* The pause before the next try, milliseconds: doubled each time. */
static gint64
pause_ms (const Transfer *transfer, curl_off_t retry_after_s)
{
  gint64 pause = (gint64) FIRST_PAUSE_MS << MIN (transfer->tries - 1, 10);

  pause = MAX (pause, (gint64) retry_after_s * 1000);
  return MIN (pause, MAX_PAUSE_MS);
}

/* Ends the request with this error, or lets it wait for another try. */
static void
transfer_fail (Transfer *transfer, DocaiErrorCode code, gboolean may_retry, curl_off_t retry_after_s,
               const char *why)
{
  if (may_retry && transfer->tries <= transfer->backend->retries)
    {
      transfer->not_before_us
          = g_get_monotonic_time () + pause_ms (transfer, retry_after_s) * 1000;
      return;
    }
  transfer->done = TRUE;
  g_set_error (&transfer->request->error, DOCAI_ERROR, code, "%s: %s (tried %d times)",
               transfer->backend->endpoint, why, transfer->tries);
}

static void
transfer_end (Transfer *transfer, CURLcode result)
{
  long       status = 0;
  curl_off_t retry_after = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
  curl_multi_remove_handle (transfer->backend->multi, transfer->easy);
  curl_easy_cleanup (transfer->easy);
  transfer->easy = NULL;

  g_autofree char *what = g_strdup_printf ("HTTP status %ld", status);
  if (result == CURLE_WRITE_ERROR)
    transfer_fail (transfer, DOCAI_ERROR_VLM_GARBAGE, FALSE, 0, "the answer is too long");
  else if (result == CURLE_PARTIAL_FILE || result == CURLE_GOT_NOTHING)
    transfer_fail (transfer, DOCAI_ERROR_VLM_GARBAGE, TRUE, 0, curl_easy_strerror (result));
  else if (result == CURLE_OPERATION_TIMEDOUT)
    transfer_fail (transfer, DOCAI_ERROR_TIMEOUT, TRUE, 0, "no answer in time");
  else if (result != CURLE_OK)
    transfer_fail (transfer, DOCAI_ERROR_VLM_UNREACHABLE, TRUE, 0, curl_easy_strerror (result));
  else if (status == 429 || status >= 500)
    transfer_fail (transfer, DOCAI_ERROR_VLM_UNREACHABLE, TRUE, retry_after, what);
  else if (status < 200 || status >= 300)
    transfer_fail (transfer, DOCAI_ERROR_VLM_REFUSED, FALSE, 0, what);
  else if ((transfer->request->answer = answer_text (transfer->answer)) == NULL)
    transfer_fail (transfer, DOCAI_ERROR_VLM_GARBAGE, TRUE, 0, "not a chat completion");
  else
    transfer->done = TRUE;
}

/* ---- all of them ------------------------------------------------------------ */

/* Starts what may start now. Returns the milliseconds until more may, 1000 at most. */
static int
start_waiting (OpenAi *backend, GPtrArray *transfers)
{
  gint64 now = g_get_monotonic_time (), wake = now + G_USEC_PER_SEC;
  int    running = 0;

  for (guint i = 0; i < transfers->len; i++)
    running += ((Transfer *) transfers->pdata[i])->easy != NULL;
  for (guint i = 0; i < transfers->len && running < backend->concurrency; i++)
    {
      Transfer *transfer = transfers->pdata[i];
      gint64    due = MAX (transfer->not_before_us, backend->next_start_us);
      if (transfer->done || transfer->easy != NULL)
        continue;
      if (due > now)
        {
          wake = MIN (wake, due);
          continue;
        }
      transfer_start (transfer);
      running++;
    }
  return (int) ((wake - now) / 1000) + 1;
}

static gboolean
all_done (const GPtrArray *transfers)
{
  for (guint i = 0; i < transfers->len; i++)
    if (!((Transfer *) transfers->pdata[i])->done)
      return FALSE;
  return TRUE;
}

static void
run_openai (DocaiVlmBackend *base, GPtrArray *requests, DocaiCounts *counts)
{
  gint64                started = g_get_monotonic_time ();
  OpenAi               *backend = (OpenAi *) base;
  g_autoptr (GPtrArray) transfers = g_ptr_array_new_with_free_func (transfer_free);

  for (guint i = 0; i < requests->len; i++)
    g_ptr_array_add (transfers, transfer_new (backend, requests->pdata[i]));
  while (!all_done (transfers))
    {
      int wait_ms = start_waiting (backend, transfers);
      int running, left;

      curl_multi_perform (backend->multi, &running);
      for (CURLMsg *message; (message = curl_multi_info_read (backend->multi, &left)) != NULL;)
        if (message->msg == CURLMSG_DONE)
          {
            Transfer *transfer;
            CURLcode  result = message->data.result;
            curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **) &transfer);
            transfer_end (transfer, result);
            wait_ms = 0;
          }
      if (wait_ms > 0)
        curl_multi_poll (backend->multi, NULL, 0, wait_ms, NULL);
    }
  counts->answer_ms += (g_get_monotonic_time () - started) / 1000;
}

static void
close_openai (DocaiVlmBackend *base)
{
  OpenAi *backend = (OpenAi *) base;

  curl_multi_cleanup (backend->multi);
  g_free (backend->endpoint);
  g_free (backend->authorization);
  g_free (backend);
}

DocaiVlmBackend *
docai_openai_open (const DocaiVlmSettings *settings, GError **error)
{
  static gsize once = 0;

  if (settings->url == NULL || settings->model == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG,
                   "vlm backend openai needs the server's url and the model's name");
      return NULL;
    }
  if (g_once_init_enter (&once))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&once, 1);
    }

  OpenAi *backend = g_new0 (OpenAi, 1);
  gsize   length = strlen (settings->url);
  while (length > 0 && settings->url[length - 1] == '/')
    length--;
  backend->base.name = "openai";
  backend->base.model = g_strdup (settings->model);
  backend->base.run = run_openai;
  backend->base.close = close_openai;
  backend->base.boxes = docai_vlm_boxes_of (settings, settings->model);
  backend->base.image_side = settings->image_side > 0 ? settings->image_side : IMAGE_SIDE_PX;
  backend->endpoint = g_strdup_printf ("%.*s/chat/completions", (int) length, settings->url);
  if (settings->api_key != NULL)
    backend->authorization = g_strdup_printf ("Authorization: Bearer %s", settings->api_key);
  backend->timeout_ms = settings->timeout_ms;
  backend->retries = settings->retries;
  backend->per_minute = settings->per_minute;
  backend->concurrency = MAX (settings->concurrency, 1);
  backend->multi = curl_multi_init ();
  return &backend->base;
}
