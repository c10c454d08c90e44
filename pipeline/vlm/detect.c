/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a detector's boxes to regions.
 */
#include "pipeline/vlm/detect.h"

#include "models/vision/load.h"
#include "pipeline/vlm/crop.h"

#include <string.h>

#define SIDE_PX 1333
#define WORD_CONFIDENCE 0.25
#define SAME_PLACE 0.5
#define MOST_OF_PAGE 0.6 /* a box as large as the page tells nothing */
#define LEAST_POINTS 6

static const struct {
  const char *phrase;
  DocaiLabel  label;
} things[] = {
  { "signature", DOCAI_LABEL_SIGNATURE }, { "stamp", DOCAI_LABEL_STAMP },     { "seal", DOCAI_LABEL_STAMP },
  { "barcode", DOCAI_LABEL_BARCODE },     { "qr code", DOCAI_LABEL_BARCODE }, { "handwriting", DOCAI_LABEL_HANDWRITING },
  { "logo", DOCAI_LABEL_PICTURE },
};

/* "signature. stamp. ..."; owned by the caller. */
static char *
make_prompt (void)
{
  g_autoptr (GString) prompt = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    g_string_append_printf (prompt, "%s. ", things[i].phrase);
  return g_strchomp (g_string_free (g_steal_pointer (&prompt), FALSE));
}

static gboolean
has_words (const DocaiRegion *region)
{
  return region->text != NULL && *region->text != '\0';
}

static gboolean
is_thing (DocaiLabel label)
{
  return label == DOCAI_LABEL_SIGNATURE || label == DOCAI_LABEL_STAMP || label == DOCAI_LABEL_BARCODE
         || label == DOCAI_LABEL_HANDWRITING;
}

/* The region that lies in the same place; NULL: none. */
static DocaiRegion *
find_same (const DocaiPage *page, DocaiBox box)
{
  DocaiRegion *best = NULL;
  double       most = SAME_PLACE;

  for (guint i = 0; i < page->regions->len; i++)
    {
      DocaiRegion *region = page->regions->pdata[i];
      double       overlap = docai_box_iou (region->bbox, box);
      if (overlap > most)
        {
          most = overlap;
          best = region;
        }
    }
  return best;
}

/* Behind the last region that begins above it. */
static void
insert_region (DocaiPage *page, DocaiRegion *region)
{
  guint at = 0;

  for (guint i = 0; i < page->regions->len; i++)
    if (((DocaiRegion *) page->regions->pdata[i])->bbox.y0 <= region->bbox.y0)
      at = i + 1;
  g_ptr_array_insert (page->regions, (int) at, region);
}

/* A logo is a picture of that class until a model says more of it. */
static void
name_logo (DocaiRegion *region, double confidence)
{
  if (region->picture != NULL)
    return;
  region->picture = docai_picture_new ();
  region->picture->class_name = g_strdup ("logo");
  region->picture->description = g_strdup ("");
  region->picture->confidence = confidence;
  region->picture->grounded = TRUE;
}

void
docai_vlm_merge_found (DocaiPage *page, const char *phrase, DocaiBox box, double confidence)
{
  guint thing = 0;

  while (thing < G_N_ELEMENTS (things) && strcmp (things[thing].phrase, phrase) != 0)
    thing++;
  box = docai_box_clip (box, page->width, page->height);
  if (thing == G_N_ELEMENTS (things) || docai_box_width (box) < LEAST_POINTS || docai_box_height (box) < LEAST_POINTS
      || docai_box_area (box) > MOST_OF_PAGE * page->width * page->height)
    return;
  DocaiLabel   label = things[thing].label;
  DocaiRegion *region = find_same (page, box);
  if (region == NULL)
    {
      region = docai_region_new (label, box, confidence);
      insert_region (page, region);
    }
  else if (region->label != DOCAI_LABEL_PICTURE && (has_words (region) || is_thing (region->label)))
    return; /* its text, or a better guess, says more */
  else
    {
      region->label = label;
      region->confidence = confidence;
    }
  if (label == DOCAI_LABEL_PICTURE)
    name_logo (region, confidence);
}

gboolean
docai_vlm_detect (DocaiModel *detector, DocaiPage *page, double least_confidence, GError **error)
{
  g_autoptr (DocaiVlmRequest) request = docai_vlm_request_new (NULL, "", 0);
  g_autofree char            *prompt = make_prompt ();

  if (!docai_crop_add (request, page, DOCAI_BOX (0, 0, page->width, page->height), NULL, SIDE_PX, error))
    return FALSE;
  const DocaiVlmImage   *encoded = request->images->pdata[0];
  g_autoptr (DocaiImage) image = docai_image_load_data (encoded->data, encoded->length, error);
  g_autoptr (GArray)     found = image != NULL ? docai_model_detect (detector, image, prompt, least_confidence, WORD_CONFIDENCE, error) : NULL;
  if (found == NULL)
    return FALSE;
  double scale_x = docai_box_width (encoded->area) / image->width, scale_y = docai_box_height (encoded->area) / image->height;
  for (guint i = 0; i < found->len; i++)
    {
      const DocaiDetection *one = &g_array_index (found, DocaiDetection, i);
      docai_vlm_merge_found (page, one->phrase, DOCAI_BOX (one->box[0] * scale_x, one->box[1] * scale_y, one->box[2] * scale_x, one->box[3] * scale_y),
                             one->score);
    }
  return TRUE;
}
