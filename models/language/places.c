/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes in a model's text. One pass over the text: at each mark a reader tries to take a box and says where it
 * ends; text between is plain, and a label's text is plain and waits for the box behind it.
 */
#include "models/language/places.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PATCH_GRID 32
#define THOUSAND 1000.0
#define LOC_RANGE 500.0 /* of <loc_...> */
#define LOC_GRID 1024.0 /* of <loc....> */

typedef struct {
  GArray  *places;
  GString *plain, *label;
  int      grid;
  double   range[2]; /* of numbers across and down */
  gboolean in_label;
} Reader;

static void
clear_place (gpointer data)
{
  g_free (((DocaiPlace *) data)->label);
}

/* Adds a box whose coordinates count to range[0] across and to range[1] down. FALSE when they are none. */
static gboolean
add_scaled (Reader *self, const double *x, const double *range, const char *label)
{
  DocaiPlace place;
  for (int i = 0; i < 4; i++)
    if (!(x[i] >= 0 && x[i] <= range[i % 2] * 1.05))
      return FALSE;
  for (int i = 0; i < 2; i++)
    {
      double a = MIN (x[i] / range[i], 1), b = MIN (x[i + 2] / range[i], 1);
      place.box[i] = MIN (a, b);
      place.box[i + 2] = MAX (a, b);
    }
  place.label = g_strstrip (g_strdup (label));
  g_array_append_val (self->places, place);
  return TRUE;
}

static gboolean
add_place (Reader *self, const double *x, double range, const char *label)
{
  const double both[2] = { range, range };
  return add_scaled (self, x, both, label);
}

/* n numbers with brackets, commas and space between them; where they end, or NULL. */
static const char *
take_numbers (const char *at, double *numbers, int n)
{
  for (int i = 0; i < n; i++)
    {
      char *end;
      at += strspn (at, "[](), \t\r\n");
      if (!g_ascii_isdigit (*at) && *at != '.')
        return NULL;
      numbers[i] = g_ascii_strtod (at, &end);
      if (end == at || !isfinite (numbers[i]))
        return NULL;
      at = end;
    }
  return at;
}

/* <PREFIXdigits>; where it ends, or NULL. */
static const char *
take_index (const char *at, const char *prefix, int *index)
{
  gsize n = strlen (prefix), digits;
  if (strncmp (at, prefix, n) != 0)
    return NULL;
  digits = strspn (at + n, "0123456789");
  if (digits < 1 || digits > 6 || at[n + digits] != '>')
    return NULL;
  *index = atoi (at + n);
  return at + n + digits + 1;
}

/* Two patches: from the first one's to the last one's centre, or all of them when they are in line. */
static const char *
take_patches (Reader *self, const char *at)
{
  int first, last;
  const char *end = take_index (at, "<patch_index_", &first);
  end = end != NULL ? take_index (end, "<patch_index_", &last) : NULL;
  if (end == NULL || first >= self->grid * self->grid || last >= self->grid * self->grid)
    return NULL;
  double x[4] = { first % self->grid, first / self->grid, last % self->grid, last / self->grid };
  gboolean line = x[0] == x[2] || x[1] == x[3];
  for (int i = 0; i < 4; i++)
    x[i] += line ? (i < 2 ? 0 : 1) : 0.5;
  return add_place (self, x, self->grid, self->label->str) ? end : NULL;
}

/* Four coordinates; the label is the text up to the next mark. */
static const char *
take_locations (Reader *self, const char *at)
{
  double x[4];
  const char *end = at;
  for (int i = 0; i < 4; i++)
    {
      int index;
      end = take_index (end, "<loc_", &index);
      if (end == NULL)
        return NULL;
      x[i] = index;
    }
  g_autofree char *label = g_strndup (end, strcspn (end, "<"));
  return add_place (self, x, LOC_RANGE, label) ? end : NULL;
}

/* Four coordinates of a grid of 1024, down before across; the label is the text behind, up to the next one. */
static const char *
take_swapped_locations (Reader *self, const char *at)
{
  double x[4];
  const char *end = at;
  for (int i = 0; i < 4; i++)
    {
      int index;
      end = take_index (end, "<loc", &index);
      if (end == NULL)
        return NULL;
      x[i ^ 1] = index;
    }
  g_autofree char *label = g_strndup (end, strcspn (end, "<;\n"));
  return add_place (self, x, LOC_GRID, label) ? end : NULL;
}

/* Boxes between `open` and `close`. */
static const char *
take_boxes (Reader *self, const char *at, const char *open, const char *close)
{
  double x[4];
  gboolean found = FALSE;
  if (!g_str_has_prefix (at, open))
    return NULL;
  const char *numbers = at + strlen (open), *end = strstr (numbers, close);
  if (end == NULL)
    return NULL;
  while ((numbers = take_numbers (numbers, x, 4)) != NULL && numbers <= end)
    found = add_scaled (self, x, self->range, self->label->str) || found;
  return found ? end + strlen (close) : NULL;
}

/* "bbox": [a, b, c, d] with the object's "label" behind it. */
static void
look_at_json (Reader *self, const char *at)
{
  static const char *const keys[] = { "\"bbox_2d\"", "\"bbox\"" };
  for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
    {
      gsize n = strlen (keys[k]);
      double x[4];
      if (strncmp (at, keys[k], n) != 0)
        continue;
      const char *from = at + n + strspn (at + n, ": \t\r\n"), *end = *from == '[' ? take_numbers (from, x, 4) : NULL;
      if (end == NULL)
        return;
      gsize length = strcspn (end, "{}");
      g_autofree char *rest = g_strndup (end, length);
      const char *label = strstr (rest, "\"label\"");
      label = label != NULL ? strchr (label + 7, '"') : NULL;
      g_autofree char *words = label != NULL ? g_strndup (label + 1, strcspn (label + 1, "\"")) : g_strdup ("");
      double most = MAX (MAX (x[0], x[1]), MAX (x[2], x[3]));
      if (most <= 1)
        add_place (self, x, 1, words);
      else
        add_scaled (self, x, self->range, words);
      return;
    }
}

/* Marks that carry no text of their own. FALSE when there is none here. */
static gboolean
skip_mark (Reader *self, const char **at)
{
  static const struct {
    const char *mark;
    int         label; /* 1: a label begins, -1: ends */
  } marks[] = {
    { "<phrase>", 1 }, { "</phrase>", -1 }, { "<object>", 0 }, { "</object>", 0 }, { "</delimiter_of_multi_objects/>", 0 }, { "<grounding>", 0 },
    { "<ref>", 1 }, { "</ref>", -1 }, { "<|object_ref_start|>", 1 }, { "<|object_ref_end|>", -1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_has_prefix (*at, marks[i].mark))
      {
        if (marks[i].label > 0)
          g_string_truncate (self->label, 0);
        if (marks[i].label != 0)
          self->in_label = marks[i].label > 0;
        *at += strlen (marks[i].mark);
        return TRUE;
      }
  return FALSE;
}

static const char *
take_place (Reader *self, const char *at)
{
  const char *end = take_patches (self, at);
  if (end == NULL)
    end = take_locations (self, at);
  if (end == NULL)
    end = take_swapped_locations (self, at);
  if (end == NULL)
    end = take_boxes (self, at, "<box>", "</box>");
  if (end == NULL)
    end = take_boxes (self, at, "<|box_start|>", "<|box_end|>");
  return end;
}

GArray *
docai_places_parse (const char *text, const DocaiPlaceFrame *frame, char **plain)
{
  Reader self = { .plain = g_string_new (NULL), .label = g_string_new (NULL), .grid = PATCH_GRID, .range = { THOUSAND, THOUSAND } };
  if (frame != NULL && frame->patch_grid > 0)
    self.grid = frame->patch_grid;
  if (frame != NULL && frame->width > 0 && frame->height > 0)
    {
      self.range[0] = frame->width;
      self.range[1] = frame->height;
    }
  self.places = g_array_new (FALSE, FALSE, sizeof (DocaiPlace));
  g_array_set_clear_func (self.places, clear_place);
  for (const char *at = text; *at != '\0';)
    {
      const char *end = *at == '<' ? take_place (&self, at) : NULL;
      if (end != NULL)
        at = end;
      else if (*at != '<' || !skip_mark (&self, &at))
        {
          if (*at == '"')
            look_at_json (&self, at);
          if (self.in_label)
            g_string_append_c (self.label, *at);
          g_string_append_c (self.plain, *at++);
        }
    }
  g_string_free (self.label, TRUE);
  if (plain != NULL)
    *plain = g_string_free (self.plain, FALSE);
  else
    g_string_free (self.plain, TRUE);
  return self.places;
}
