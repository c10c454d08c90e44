/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counting what a vision-language model looked at.
 */
#include "base/counts.h"

#define MOST (G_GINT64_CONSTANT (1) << 53)

static const struct {
  const char *name;
  gsize       offset;
} members[] = {
#define MEMBER(name) { #name, G_STRUCT_OFFSET (DocaiCounts, name) }
  MEMBER (requests),     MEMBER (images),       MEMBER (tiles),        MEMBER (tiles_known),
  MEMBER (tiles_blank),  MEMBER (tiles_guided), MEMBER (image_tokens), MEMBER (tokens_saved),
  MEMBER (tokens_known), MEMBER (vision_ms),    MEMBER (prompt_ms),    MEMBER (answer_ms),
  MEMBER (saved_ms),
#undef MEMBER
};

static gint64 *
member (DocaiCounts *self, guint i)
{
  return G_STRUCT_MEMBER_P (self, members[i].offset);
}

void
docai_counts_add (DocaiCounts *self, const DocaiCounts *more)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    *member (self, i) = MIN (*member (self, i) + *member ((DocaiCounts *) more, i), MOST);
}

gboolean
docai_counts_any (const DocaiCounts *self)
{
  return self->requests > 0;
}

json_t *
docai_counts_to_json (const DocaiCounts *self)
{
  json_t *json = json_object ();

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    json_object_set_new (json, members[i].name, json_integer (*member ((DocaiCounts *) self, i)));
  return json;
}

void
docai_counts_from_json (DocaiCounts *self, const json_t *json)
{
  *self = (DocaiCounts){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    *member (self, i) = CLAMP (json_integer_value (json_object_get (json, members[i].name)), 0, MOST);
}

char *
docai_counts_to_text (const DocaiCounts *self)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " tiles (%" G_GINT64_FORMAT " known, %" G_GINT64_FORMAT " blank), %" G_GINT64_FORMAT
                          " left out, %" G_GINT64_FORMAT " image tokens (%" G_GINT64_FORMAT " saved), %" G_GINT64_FORMAT
                          " tokens known, %" G_GINT64_FORMAT " ms (%" G_GINT64_FORMAT " saved)",
                          self->tiles + self->tiles_known, self->tiles_known, self->tiles_blank, self->tiles_guided, self->image_tokens,
                          self->tokens_saved, self->tokens_known, self->vision_ms + self->prompt_ms + self->answer_ms, self->saved_ms);
}
