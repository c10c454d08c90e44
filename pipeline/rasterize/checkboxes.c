/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check boxes: small squares, drawn alone, as light inside as around, or marked
 * there, with text right of them or, where text runs that way, left. Squares in a
 * row that all but touch are the cells of a form, solid ones bullets, shaded ones
 * belong to legends, those with light signs on dark are icons.
 */
#include "pipeline/rasterize/checkboxes.h"

#include <allheaders.h>
#include <math.h>

#define MAX_SQUARES 400
#define MIN_SCALE   0.7 /* pixels a point, below which marks are not seen */
#define FIGURE      60  /* points of both sides of a figure that squares belong to */
#define STEP        25  /* grey levels from a border to what it frames */
#define MARK        50  /* grey levels from a mark to what it is on */
#define EMPTY       "\xe2\x98\x90" /* U+2610 */
#define CROSSED     "\xe2\x98\x92" /* U+2612 */

typedef struct
{
  double darkest, lightest;
} Shades;

static Shades
shades_of (const DocaiDrawing *drawing, DocaiBox box)
{
  struct Pix *preview = drawing->preview;
  DocaiBox    b = docai_box_scale (box, drawing->preview_scale);
  int         x0 = MAX ((int) lround (b.x0), 0), x1 = MIN ((int) lround (b.x1), pixGetWidth (preview));
  int         y0 = MAX ((int) lround (b.y0), 0), y1 = MIN ((int) lround (b.y1), pixGetHeight (preview));
  Shades      shades = { 255, 0 };

  for (int y = y0; y < y1; y++)
    {
      const l_uint32 *line = pixGetData (preview) + (gsize) y * pixGetWpl (preview);
      for (int x = x0; x < x1; x++)
        {
          shades.darkest = MIN (shades.darkest, GET_DATA_BYTE (line, x));
          shades.lightest = MAX (shades.lightest, GET_DATA_BYTE (line, x));
        }
    }
  return shades;
}

/* Whether all four sides are darker than the field by a step. */
static gboolean
has_border (const DocaiDrawing *drawing, DocaiBox box, double field)
{
  double         w = docai_box_width (box) / 4, h = docai_box_height (box) / 4, pen = 1.1;
  const DocaiBox sides[] = { { box.x0 + w, box.y0 - pen, box.x1 - w, box.y0 + pen },
                             { box.x0 + w, box.y1 - pen, box.x1 - w, box.y1 + pen },
                             { box.x0 - pen, box.y0 + h, box.x0 + pen, box.y1 - h },
                             { box.x1 - pen, box.y0 + h, box.x1 + pen, box.y1 - h } };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    if (field - shades_of (drawing, sides[i]).darkest < STEP)
      return FALSE;
  return TRUE;
}

/* Whether the outermost pixels of a box are lighter than a level where a mark on
 * a light field leaves them so: many, and the middles of three sides or all.
 * Light signs on dark touch fewer. */
static gboolean
has_light_rim (const DocaiDrawing *drawing, DocaiBox box, double level)
{
  struct Pix *preview = drawing->preview;
  DocaiBox    b = docai_box_scale (box, drawing->preview_scale);
  int         x0 = MAX ((int) lround (b.x0), 0), x1 = MIN ((int) lround (b.x1), pixGetWidth (preview)) - 1;
  int         y0 = MAX ((int) lround (b.y0), 0), y1 = MIN ((int) lround (b.y1), pixGetHeight (preview)) - 1;
  int         n = 0, n_light = 0, n_middles = 0;

  for (int y = y0; y <= y1; y++)
    {
      const l_uint32 *line = pixGetData (preview) + (gsize) y * pixGetWpl (preview);
      for (int x = x0; x <= x1; x++)
        {
          gboolean across = y == y0 || y == y1, down = x == x0 || x == x1;
          gboolean light = GET_DATA_BYTE (line, x) > level;
          n += across || down;
          n_light += light && (across || down);
          n_middles += light && ((across && x == (x0 + x1) / 2) || (down && y == (y0 + y1) / 2));
        }
    }
  return n_light > 0.3 * n && n_middles >= 3;
}

/* Whether another square touches this one, follows it closely in its row or is
 * drawn around it. Of two that are drawn at one place the first counts; a smaller
 * one inside is a mark. */
static gboolean
has_neighbour (const GArray *squares, guint at)
{
  DocaiBox box = g_array_index (squares, DocaiBox, at);
  double   reach = 0.4 * docai_box_width (box);
  DocaiBox around = { box.x0 - reach, box.y0 - 1, box.x1 + reach, box.y1 + 1 };

  for (guint i = 0; i < squares->len; i++)
    {
      DocaiBox other = g_array_index (squares, DocaiBox, i);
      gboolean within = docai_box_coverage (other, docai_box_grow (box, 1)) > 0.95;
      gboolean same = within && docai_box_coverage (box, docai_box_grow (other, 2)) > 0.8;
      if (i == at || docai_box_is_empty (docai_box_intersect (around, other)))
        continue;
      if (same ? i < at : !within)
        return TRUE;
    }
  return FALSE;
}

static gboolean
in_figure (const DocaiPage *page, DocaiBox box)
{
  for (guint i = 0; i < page->images->len; i++)
    {
      DocaiBox image = ((const DocaiPlacedImage *) page->images->pdata[i])->bbox;
      if (MIN (docai_box_width (image), docai_box_height (image)) > FIGURE
          && docai_box_area (image) < 0.5 * page->width * page->height && docai_box_coverage (box, image) > 0.5)
        return TRUE;
    }
  return FALSE;
}

/* Crosses, ticks and dots that are typed into boxes. */
static gboolean
is_mark (const char *text)
{
  static const gunichar marks[] = { 'x',    'X',    0xD7,   0x2713, 0x2714, 0x2715, 0x2716, 0x2717,
                                    0x2718, 0x2022, 0x25CF, 0x25A0, 0x2588, 0xF0FC, 0xF0FB };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_utf8_get_char (text) == marks[i] && g_utf8_strlen (text, -1) == 1)
      return TRUE;
  return FALSE;
}

/* Whether a square of that size and near in its row or column is shaded: both
 * are patches of a legend. */
static gboolean
in_legend (const DocaiDrawing *drawing, DocaiBox box)
{
  double side = docai_box_width (box), around = shades_of (drawing, docai_box_grow (box, 2.5)).lightest;

  for (guint i = 0; i < drawing->squares->len; i++)
    {
      DocaiBox other = g_array_index (drawing->squares, DocaiBox, i);
      double   across = fabs (other.x0 - box.x0), down = fabs (other.y0 - box.y0);
      if (fabs (docai_box_width (other) - side) > 0.1 * side || MIN (across, down) > 1
          || (across > down ? across > 12 * side : down > 4 * side))
        continue;
      Shades core = shades_of (drawing, docai_box_grow (other, -MAX (0.13 * side, 1.3)));
      if (core.lightest < around - STEP && core.lightest - core.darkest < STEP)
        return TRUE;
    }
  return FALSE;
}

typedef struct
{
  DocaiWord *mark;   /* typed into the square; NULL: none */
  gboolean   other;  /* something else is typed into it: a key, a number */
  gboolean   beside; /* a word stands beside it, in its row */
} Neighbourhood;

static Neighbourhood
words_around (const DocaiPage *page, DocaiBox box)
{
  double        size = docai_box_height (box), y = docai_box_center_y (box);
  Neighbourhood found = { 0 };

  for (guint i = 0; i < page->words->len; i++)
    {
      DocaiWord *word = page->words->pdata[i];
      DocaiBox   w = word->bbox;
      double     gap = MAX (w.x0 - box.x1, box.x0 - w.x1);
      gboolean   inside = docai_box_contains (box, docai_box_center_x (w), docai_box_center_y (w));
      if (inside && is_mark (word->text))
        found.mark = word;
      else if (inside)
        found.other = TRUE;
      else if (w.y0 < y && w.y1 > y && gap > -1 && gap < 2.5 * size && docai_box_height (w) < 3 * size)
        found.beside = TRUE;
    }
  return found;
}

/* What the preview shows of a square: 1 marked, 0 empty, -1 no check box by its looks. */
static int
look_at (const DocaiDrawing *drawing, DocaiBox box)
{
  double side = MIN (docai_box_width (box), docai_box_height (box));
  DocaiBox inner = docai_box_grow (box, -MAX (0.13 * side, 1.3));
  Shades core = shades_of (drawing, docai_box_grow (box, -0.28 * side));
  double field = shades_of (drawing, inner).lightest;

  if (field < shades_of (drawing, docai_box_grow (box, 2.5)).lightest - 10 || !has_border (drawing, box, field))
    return -1;
  if (field - core.darkest <= MARK)
    return 0;
  double level = core.darkest + 0.4 * (field - core.darkest);
  return has_light_rim (drawing, inner, level) ? 1 : -1;
}

void
docai_checkboxes_find (const DocaiDrawing *drawing, DocaiPage *page)
{
  const GArray         *squares = drawing->squares;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  if (drawing->preview == NULL || pixGetDepth (drawing->preview) != 8 || drawing->preview_scale < MIN_SCALE
      || squares->len > MAX_SQUARES)
    return;
  for (guint i = 0; i < squares->len; i++)
    {
      DocaiBox box = g_array_index (squares, DocaiBox, i);
      if (has_neighbour (squares, i) || in_figure (page, box) || in_legend (drawing, box))
        continue;
      Neighbourhood words = words_around (page, box);
      int           state = words.beside && !words.other ? look_at (drawing, box) : -1;
      if (state >= 0 && words.mark != NULL)
        {
          g_free (words.mark->text);
          words.mark->text = g_strdup (CROSSED);
          words.mark->bbox = box;
        }
      else if (state >= 0)
        g_ptr_array_add (found, docai_word_new (state ? CROSSED : EMPTY, box, 0.9));
    }
  for (guint i = 0; i < found->len; i++) /* not before: a box is no text beside another */
    g_ptr_array_add (page->words, found->pdata[i]);
}
