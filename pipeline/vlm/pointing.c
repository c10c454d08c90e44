/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a model points at.
 */
#include "pipeline/vlm/pointing.h"

#include "models/language/places.h"

#include <math.h>
#include <string.h>

#define PIXEL_STEP 28 /* Qwen2.5-VL resizes both edges to multiples of this */

/* Closes the gaps that marks leave when they are taken out of a sentence. */
static char *
close_gaps (const char *text)
{
  g_autoptr (GString) closed = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      gboolean blank_before = closed->len > 0 && closed->str[closed->len - 1] == ' ';
      if (*text == ' ' && (blank_before || closed->len == 0))
        continue;
      if (blank_before && (*text == '.' || *text == ',') && (text[1] == ' ' || text[1] == '\0'))
        g_string_truncate (closed, closed->len - 1);
      g_string_append_c (closed, *text);
    }
  return g_strchomp (g_string_free (g_steal_pointer (&closed), FALSE));
}

static const DocaiVlmImage *
find_image (const DocaiVlmRequest *request, int page)
{
  for (guint i = 0; i < request->images->len; i++)
    if (((DocaiVlmImage *) request->images->pdata[i])->page == page)
      return request->images->pdata[i];
  return request->images->len > 0 ? request->images->pdata[0] : NULL;
}

static DocaiPlaceFrame
frame_of (const DocaiVlmBackend *backend, const DocaiVlmImage *image)
{
  DocaiPlaceFrame frame = { 0 };

  if (backend->boxes == DOCAI_VLM_BOXES_PIXELS)
    {
      frame.width = MAX (rint ((double) image->width / PIXEL_STEP), 1) * PIXEL_STEP;
      frame.height = MAX (rint ((double) image->height / PIXEL_STEP), 1) * PIXEL_STEP;
    }
  return frame;
}

char *
docai_vlm_take_places (const DocaiVlmBackend *backend, const DocaiVlmRequest *request, const char *text, int page,
                       GPtrArray *evidence)
{
  const DocaiVlmImage *image = find_image (request, page);

  if (image == NULL)
    return g_strdup (text);
  g_autofree char   *plain = NULL;
  DocaiPlaceFrame    frame = frame_of (backend, image);
  g_autoptr (GArray) places = docai_places_parse (text, &frame, &plain);
  DocaiBox           area = image->area;
  double             width = docai_box_width (area), height = docai_box_height (area);

  for (guint i = 0; i < places->len; i++)
    {
      const DocaiPlace *place = &g_array_index (places, DocaiPlace, i);
      DocaiBox          box = DOCAI_BOX (area.x0 + place->box[0] * width, area.y0 + place->box[1] * height,
                                         area.x0 + place->box[2] * width, area.y0 + place->box[3] * height);
      if (!docai_box_is_empty (box))
        g_ptr_array_add (evidence, docai_evidence_new (image->page, box, place->label));
    }
  return places->len > 0 && strcmp (plain, text) != 0 ? close_gaps (plain) : g_strdup (text);
}
