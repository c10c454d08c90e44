/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/ocr/lstm/leaders.h"

#include <string.h>

enum {
  MIN_DOTS = 8,   /* an ellipsis has three or four, broken print a few more */
  MAX_DOTS = 400, /* of a word that is put back */
};

static const double dot_most = 0.45;   /* height and width of a dot in x-heights at most */
static const double likeness = 0.5;    /* deviation of a step or a size from the run's mean */
static const double foot_slack = 0.15; /* of a dot from its neighbour's foot, in x-heights */

static const DocaiPixelBox *
ink_at (const GArray *inks, guint i)
{
  return &g_array_index (inks, DocaiPixelBox, i);
}

static double
x_height_of (const DocaiTextLine *line)
{
  return line->x_height > 0 ? line->x_height : 0.5 * (line->box.y1 - line->box.y0);
}

static gboolean
is_dot (const DocaiPixelBox *ink, double x_height)
{
  int w = ink->x1 - ink->x0, h = ink->y1 - ink->y0;

  return h <= dot_most * x_height + 1 && w <= dot_most * x_height + 1 && w <= 2 * h + 1 && h <= 2 * w + 1;
}

/* Whether `value` is like a mean of `sum` over n, to a pixel and a half. */
static gboolean
is_like (double value, double sum, guint n)
{
  return ABS (value - sum / n) <= MAX (likeness * sum / n, 1.5);
}

/* The end of the run of like dots that begins with ink `first`. */
static guint
run_end (const GArray *inks, guint first, double x_height)
{
  double steps = 0, sizes = 0;
  guint  i;

  for (i = first; i < inks->len && is_dot (ink_at (inks, i), x_height); i++)
    {
      const DocaiPixelBox *dot = ink_at (inks, i), *before = i > first ? ink_at (inks, i - 1) : NULL;
      int                  step = before != NULL ? dot->x0 - before->x0 : 0, size = dot->y1 - dot->y0;

      if (before != NULL
          && (step > 1.6 * x_height || ABS (dot->y1 - before->y1) > foot_slack * x_height + 1
              || !is_like (size, sizes, i - first)
              || (i > first + 1 && !is_like (step, steps, i - first - 1))))
        break;
      steps += step;
      sizes += size;
    }
  return i;
}

GArray *
docai_leaders_find (const GArray *inks, const DocaiTextLine *line)
{
  GArray *leaders = g_array_new (FALSE, FALSE, sizeof (DocaiLeader));
  double  x_height = x_height_of (line);

  for (guint i = 0, end; i < inks->len; i = MAX (end, i + 1))
    {
      end = run_end (inks, i, x_height);
      if (end < i + MIN_DOTS)
        {
          end = i + 1;
          continue;
        }
      DocaiLeader leader = { *ink_at (inks, i), end - i };
      for (guint k = i; k < end; k++)
        {
          leader.box.y0 = MIN (leader.box.y0, ink_at (inks, k)->y0);
          leader.box.y1 = MAX (leader.box.y1, ink_at (inks, k)->y1);
          leader.box.x1 = MAX (leader.box.x1, ink_at (inks, k)->x1);
        }
      g_array_append_val (leaders, leader);
    }
  return leaders;
}

static gboolean
holds (const DocaiLeader *leader, const DocaiPixelBox *ink)
{
  return ink->x0 >= leader->box.x0 && ink->x1 <= leader->box.x1 && ink->y0 >= leader->box.y0
         && ink->y1 <= leader->box.y1;
}

void
docai_leaders_drop_inks (const GArray *leaders, GArray *inks)
{
  guint n = 0;

  for (guint i = 0; i < inks->len; i++)
    {
      gboolean held = FALSE;

      for (guint l = 0; l < leaders->len && !held; l++)
        held = holds (&g_array_index (leaders, DocaiLeader, l), ink_at (inks, i));
      if (!held)
        g_array_index (inks, DocaiPixelBox, n++) = *ink_at (inks, i);
    }
  g_array_set_size (inks, n);
}

/* The rows of the box become copies of the row above it, or of the one below where it is at the page's top. */
static void
blank_box (PIX *page, DocaiPixelBox box)
{
  int    width = pixGetWidth (page), height = pixGetHeight (page), from;
  gsize  wpl = (gsize) pixGetWpl (page), bytes = (gsize) pixGetDepth (page) / 8;

  box = (DocaiPixelBox){ MAX (box.x0 - 1, 0), MAX (box.y0 - 1, 0), MIN (box.x1 + 1, width), MIN (box.y1 + 1, height) };
  from = box.y0 > 0 ? box.y0 - 1 : box.y1;
  if (from >= height || bytes == 0)
    return;
  for (int y = box.y0; y < box.y1; y++)
    for (int x = box.x0; x < box.x1; x++)
      {
        l_uint32 *to = pixGetData (page) + wpl * (gsize) y, *row = pixGetData (page) + wpl * (gsize) from;

        if (bytes == 4)
          to[x] = row[x];
        else
          SET_DATA_BYTE (to, x, GET_DATA_BYTE (row, x));
      }
}

void
docai_leaders_blank (PIX *page, const GArray *leaders)
{
  for (guint i = 0; i < leaders->len && pixGetDepth (page) >= 8; i++)
    blank_box (page, g_array_index (leaders, DocaiLeader, i).box);
}

/* Room for a word before word `w` with n characters before character `c`. */
static void
make_room (DocaiReadLine *line, guint w, guint c, guint n)
{
  line->words = g_renew (DocaiReadWord, line->words, line->n_words + 1);
  memmove (line->words + w + 1, line->words + w, (line->n_words - w) * sizeof *line->words);
  line->n_words++;
  line->characters = g_renew (DocaiReadCharacter, line->characters, line->n_characters + n);
  memmove (line->characters + c + n, line->characters + c, (line->n_characters - c) * sizeof *line->characters);
  line->n_characters += n;
  for (guint i = w + 1; i < line->n_words; i++)
    line->words[i].first_character += n;
}

static void
put_back (DocaiReadLine *line, const DocaiLeader *leader)
{
  guint w = 0, n = MIN (leader->n_dots, MAX_DOTS), c;
  int   middle = (leader->box.x0 + leader->box.x1) / 2, width = leader->box.x1 - leader->box.x0;

  while (w < line->n_words && (line->words[w].box.x0 + line->words[w].box.x1) / 2 < middle)
    w++;
  c = w < line->n_words ? line->words[w].first_character : line->n_characters;
  make_room (line, w, c, n);
  line->words[w] = (DocaiReadWord){ .text = g_strnfill (n, '.'), .box = leader->box, .confidence = 1,
                                    .space_before = w > 0, .first_character = c, .n_characters = n };
  if (w + 1 < line->n_words)
    line->words[w + 1].space_before = TRUE;
  for (guint i = 0; i < n; i++)
    line->characters[c + i] = (DocaiReadCharacter){ ".", { leader->box.x0 + (int) i * width / (int) n, leader->box.y0,
                                                           leader->box.x0 + ((int) i + 1) * width / (int) n, leader->box.y1 }, 1 };
}

void
docai_leaders_put_back (DocaiReadLine *line, const GArray *leaders)
{
  for (guint i = 0; i < leaders->len; i++)
    put_back (line, &g_array_index (leaders, DocaiLeader, i));
}
