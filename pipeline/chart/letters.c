/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chains of letters.
 *
 * The components are chained three ways and more: from left to right, from below to above, and along slanted lines. Each
 * component then belongs to the way in which its chain is the longest, level before turned ones, and is chained once more among
 * those of the same way.
 */
#include "pipeline/chart/letters.h"

#include "pipeline/layout/components.h"

#include <math.h>
#include <stdlib.h>

#define MOST_LETTERS 2500
#define LEAST_HEIGHT_PX 3
#define MOST_SHARE 0.09 /* of the longer side */
#define LEAST_LARGE_PX 26
#define WORD_GAP 0.8   /* of the letters' height: more parts lines */
#define TURNED_LETTERS 3
#define SLANTED_LETTERS 4
#define STRAIGHT 1.7 /* of the tallest letter: the band of a level line */
#define THIN 14  /* longer for their breadth are lines */
#define KEY_PX 8
#define FLAT 0.42 /* of the height of a line: a dot, an accent, a dash */

static const int turns[] = { 0, 90, 45, 30, 60 };

static void
chain_free (LetterChain *chain)
{
  g_array_unref (chain->parts);
  g_free (chain);
}

void
letters_free (Letters *letters)
{
  if (letters == NULL)
    return;
  g_array_unref (letters->components);
  g_ptr_array_unref (letters->chains);
  g_free (letters);
}

/* A component in the frame of a reading direction: u along it, v across, downwards. */
typedef struct {
  double u0, u1, v0, v1;
  guint  index;
} Place;

static Place
place_of (const LayoutComponent *c, guint index, int turn)
{
  double x = 0.5 * (c->x0 + c->x1), y = 0.5 * (c->y0 + c->y1), w = c->x1 - c->x0, h = c->y1 - c->y0;
  double angle = turn * G_PI / 180, along = x * cos (angle) - y * sin (angle), across = x * sin (angle) + y * cos (angle);
  double du = turn == 0 ? w / 2 : turn == 90 ? h / 2 : (w + h) * 0.19, dv = turn == 0 ? h / 2 : turn == 90 ? w / 2 : (w + h) * 0.27;

  return (Place){ along - du, along + du, across - dv, across + dv, index };
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  return x->u0 != y->u0 ? (x->u0 < y->u0 ? -1 : 1) : x->index < y->index ? -1 : 1;
}

/* How well a letter goes on a chain: its gap; negative where it does not. */
static double
gap_to (const LetterChain *chain, const Place *place)
{
  double height = place->v1 - place->v0, band = chain->high - chain->low, large = MAX (height, band), small = MIN (height, band);
  double gap = place->u0 - chain->last, common = MIN (place->v1, chain->high) - MAX (place->v0, chain->low);

  if (small < FLAT * large ? common < (place->v1 < chain->low || chain->high < place->v0 ? -0.35 : -0.1) * large : common < 0.5 * small)
    return -1;
  if (small >= FLAT * large && large > 2.2 * small)
    return -1;
  if (MAX (chain->high, place->v1) - MIN (chain->low, place->v0) > STRAIGHT * MAX (height, chain->tall))
    return -1;
  return gap > WORD_GAP * large || gap < -0.6 * large ? -1 : MAX (gap, 0);
}

static void
chain_add (LetterChain *chain, const Place *place)
{
  gboolean flat = place->v1 - place->v0 < FLAT * (chain->high - chain->low);

  g_array_append_val (chain->parts, place->index);
  chain->last = MAX (chain->last, place->u1);
  chain->tall = MAX (chain->tall, place->v1 - place->v0);
  if (chain->parts->len == 1)
    chain->first = place->u0;
  if (chain->parts->len == 1 || (!flat && chain->high - chain->low < FLAT * (place->v1 - place->v0)))
    {
      chain->low = place->v0;
      chain->high = place->v1;
    }
  else if (!flat)
    {
      chain->low = MIN (chain->low, place->v0);
      chain->high = MAX (chain->high, place->v1);
    }
}

static LetterChain *
chain_new (int turn)
{
  LetterChain *chain = g_new0 (LetterChain, 1);

  chain->parts = g_array_new (FALSE, FALSE, sizeof (guint));
  chain->turn = turn;
  chain->last = -G_MAXDOUBLE;
  return chain;
}

/* Chains the components for which `takes` (NULL: all) has this turn. */
static GPtrArray *
chain_components (const GArray *components, int turn, const int *takes)
{
  GPtrArray *chains = g_ptr_array_new_with_free_func ((GDestroyNotify) chain_free);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));

  for (guint i = 0; i < components->len; i++)
    if (takes == NULL || takes[i] == turn)
      {
        Place place = place_of (&g_array_index (components, LayoutComponent, i), i, turn);
        g_array_append_val (places, place);
      }
  g_array_sort (places, compare_places);
  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      LetterChain *best = NULL;
      double       least = G_MAXDOUBLE;
      for (guint k = chains->len; k-- > 0;)
        {
          LetterChain *chain = chains->pdata[k];
          double       gap = gap_to (chain, place);
          if (gap >= 0 && gap < least)
            {
              least = gap;
              best = chain;
            }
        }
      if (best == NULL)
        {
          best = chain_new (turn);
          g_ptr_array_add (chains, best);
        }
      chain_add (best, place);
    }
  return chains;
}

/* How much speaks for a chain: its letters, where they stand on one line. Level chains go before upright ones and these before
 * slanted ones, as letters of neighbouring lines touch by chance. */
static double
weight_of (const LetterChain *chain)
{
  double   n = chain->parts->len, band = chain->high - chain->low;
  gboolean straight = band <= STRAIGHT * chain->tall, longish = chain->last - chain->first > 2 * band;

  if (chain->turn == 0)
    return straight ? n + 1 : 1.5;
  if (!longish || !straight)
    return 0;
  return chain->turn == 90 ? (n >= TURNED_LETTERS ? n : 0) : (n >= SLANTED_LETTERS ? 0.6 * n : 0);
}

/* The way each component is read. */
static int *
choose_turns (const GArray *components)
{
  int *chosen = g_new0 (int, components->len + 1);
  g_autofree double *best = g_new0 (double, components->len + 1);

  for (guint t = 0; t < G_N_ELEMENTS (turns); t++)
    {
      g_autoptr (GPtrArray) chains = chain_components (components, turns[t], NULL);
      for (guint i = 0; i < chains->len; i++)
        {
          const LetterChain *chain = chains->pdata[i];
          double             weight = weight_of (chain);
          for (guint k = 0; k < chain->parts->len; k++)
            {
              guint part = g_array_index (chain->parts, guint, k);
              if (weight > best[part])
                {
                  best[part] = weight;
                  chosen[part] = turns[t];
                }
            }
        }
    }
  return chosen;
}

/* A filled rectangle, as the keys of a legend are. */
static gboolean
is_key (const LayoutComponent *c)
{
  double w = c->x1 - c->x0, h = c->y1 - c->y0, filled = c->area / (w * h);

  return filled >= 0.85 && MIN (w, h) >= KEY_PX && w > 0.5 * h && h > 0.2 * w;
}

/* Puts the components that are letters into an array of their own. */
static GArray *
pick_letters (GArray *all, int longer_side)
{
  GArray *letters = g_array_new (FALSE, FALSE, sizeof (LayoutComponent));
  int     most = MAX ((int) (MOST_SHARE * longer_side), LEAST_LARGE_PX);

  for (guint i = 0; i < all->len; i++)
    {
      const LayoutComponent *c = &g_array_index (all, LayoutComponent, i);
      int w = c->x1 - c->x0, h = c->y1 - c->y0;
      if (w <= most && h <= most && w <= THIN * h && h <= THIN * w && c->area >= 2 && MAX (w, h) >= LEAST_HEIGHT_PX - 1 && !is_key (c))
        g_array_append_val (letters, *c);
    }
  return letters;
}

static void
measure_chain (LetterChain *chain, const GArray *components)
{
  chain->x0 = chain->y0 = G_MAXINT;
  chain->x1 = chain->y1 = G_MININT;
  for (guint i = 0; i < chain->parts->len; i++)
    {
      const LayoutComponent *c = &g_array_index (components, LayoutComponent, g_array_index (chain->parts, guint, i));
      chain->x0 = MIN (chain->x0, c->x0);
      chain->y0 = MIN (chain->y0, c->y0);
      chain->x1 = MAX (chain->x1, c->x1);
      chain->y1 = MAX (chain->y1, c->y1);
    }
  chain->size = chain->high - chain->low;
}

/* A chain of nothing but flat or tiny parts is a dashed line, or specks. */
static gboolean
is_written (const LetterChain *chain)
{
  return chain->size >= LEAST_HEIGHT_PX + 1 && chain->size * 0.25 < chain->last - chain->first;
}

Letters *
letters_find (struct Pix *bits)
{
  g_autoptr (GArray)  all = components_find (bits);
  g_autoptr (Letters) letters = g_new0 (Letters, 1);

  letters->components = pick_letters (all, MAX (pixGetWidth (bits), pixGetHeight (bits)));
  letters->chains = g_ptr_array_new_with_free_func ((GDestroyNotify) chain_free);
  if (letters->components->len > MOST_LETTERS)
    return NULL;
  g_autofree int *chosen = choose_turns (letters->components);
  for (guint t = 0; t < G_N_ELEMENTS (turns); t++)
    {
      g_autoptr (GPtrArray) chains = chain_components (letters->components, turns[t], chosen);
      for (guint i = 0; i < chains->len; i++)
        {
          LetterChain *chain = chains->pdata[i];
          measure_chain (chain, letters->components);
          if (!is_written (chain))
            continue;
          g_ptr_array_add (letters->chains, chain);
          chains->pdata[i] = chain_new (0);
        }
    }
  return g_steal_pointer (&letters);
}
