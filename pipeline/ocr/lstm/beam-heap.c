/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Binary heaps of the search. The order of their nodes decides between paths of
 * equal score, so the rules of moving nodes are part of the result.
 */
#include "pipeline/ocr/lstm/beam-heap.h"

#include <string.h>

static float
score_at (const DocaiBeamHeap *heap, int place)
{
  return heap->nodes[heap->order[place]].score;
}

/* Moves the hole at `place` up to where a node of this score belongs. */
static int
sift_up (DocaiBeamHeap *heap, int place, float score)
{
  while (place > 0)
    {
      int parent = (place + 1) / 2 - 1;

      if (!(score < score_at (heap, parent)))
        break;
      heap->order[place] = heap->order[parent];
      place = parent;
    }
  return place;
}

static int
sift_down (DocaiBeamHeap *heap, int place, int n, float score)
{
  for (int child = 2 * place + 1; child < n; child = 2 * place + 1)
    {
      if (child + 1 < n && score_at (heap, child + 1) < score_at (heap, child))
        child++;
      if (!(score_at (heap, child) < score))
        break;
      heap->order[place] = heap->order[child];
      place = child;
    }
  return place;
}

/* Takes the worst node off; returns the index that is free now. */
static int
pop (DocaiBeamHeap *heap)
{
  int freed = heap->order[0];
  int last;

  heap->n--;
  if (heap->n == 0)
    return freed;
  last = heap->order[heap->n];
  heap->order[sift_down (heap, 0, heap->n, heap->nodes[last].score)] = (guint8) last;
  return freed;
}

gboolean
docai_beam_heap_wants (const DocaiBeamHeap *heap, float score)
{
  return heap->n < heap->width || score > score_at (heap, 0);
}

/* Paths that say the same are one: the better stays. */
static gboolean
update_equal (DocaiBeamHeap *heap, const DocaiBeamNode *node)
{
  for (int place = 0; place < heap->n; place++)
    {
      int   index = heap->order[place];
      DocaiBeamNode *other = &heap->nodes[index];

      if (other->code != node->code || other->hash != node->hash || other->kind != node->kind
          || other->starts_dictionary != node->starts_dictionary)
        continue;
      if (node->score > other->score)
        {
          *other = *node;
          place = sift_down (heap, place, heap->n, node->score);
          place = sift_up (heap, place, node->score);
          heap->order[place] = (guint8) index;
        }
      return TRUE;
    }
  return FALSE;
}

void
docai_beam_heap_push (DocaiBeamHeap *heap, const DocaiBeamNode *node)
{
  int index;

  if (!docai_beam_heap_wants (heap, node->score) || update_equal (heap, node))
    return;
  /* Indices in use are 0 to n - 1 in some order: a popped one is taken again. */
  index = heap->n;
  heap->nodes[index] = *node;
  heap->n++;
  heap->order[sift_up (heap, heap->n - 1, node->score)] = (guint8) index;
  if (heap->n > heap->width)
    {
      int freed = pop (heap);

      if (freed != heap->n)
        {
          for (int i = 0; i < heap->n; i++)
            if (heap->order[i] == heap->n)
              heap->order[i] = (guint8) freed;
          heap->nodes[freed] = heap->nodes[heap->n];
        }
    }
}

/* ---- the best codes of a step --------------------------------------------- */

typedef struct {
  float p;
  int   code;
} Ranked;

typedef float  Floats4 __attribute__ ((vector_size (16)));
typedef gint32 Ints4 __attribute__ ((vector_size (16)));

/* The first of the eights of codes from `code` on in which one has more than `least`. Nearly
 * all codes of a step have next to nothing. */
static int
skip_small (const float *p, int n, int code, float least)
{
  const Floats4 limit = { least, least, least, least };

  for (; code + 8 <= n; code += 8)
    {
      Floats4 a, b;
      guint64 more[2];

      memcpy (&a, p + code, sizeof a);
      memcpy (&b, p + code + 4, sizeof b);
      Ints4 above = (a > limit) | (b > limit);
      memcpy (more, &above, sizeof more);
      if ((more[0] | more[1]) != 0)
        break;
    }
  return code;
}

static void
keep_top (const float *p, int n, Ranked top[DOCAI_BEAM_TOP + 1], int *n_top)
{
  *n_top = 0;
  for (int code = 0; code < n; code++)
    {
      int place;

      if (code % 8 == 0 && *n_top == DOCAI_BEAM_TOP)
        code = skip_small (p, n, code, top[0].p);
      if (code == n)
        break;
      if (*n_top == DOCAI_BEAM_TOP && !(p[code] > top[0].p))
        continue;
      /* The smallest comes first; the heap's rules decide among equals. */
      place = (*n_top)++;
      while (place > 0 && p[code] < top[(place + 1) / 2 - 1].p)
        {
          top[place] = top[(place + 1) / 2 - 1];
          place = (place + 1) / 2 - 1;
        }
      top[place] = (Ranked){ p[code], code };
      if (*n_top > DOCAI_BEAM_TOP)
        {
          Ranked last = top[--*n_top];
          int    child;

          for (place = 0; (child = 2 * place + 1) < *n_top; place = child)
            {
              if (child + 1 < *n_top && top[child + 1].p < top[child].p)
                child++;
              if (!(top[child].p < last.p))
                break;
              top[place] = top[child];
            }
          top[place] = last;
        }
    }
}

static Ranked
take_smallest (Ranked top[DOCAI_BEAM_TOP + 1], int *n_top)
{
  Ranked smallest = top[0], last = top[--*n_top];
  int    place, child;

  for (place = 0; (child = 2 * place + 1) < *n_top; place = child)
    {
      if (child + 1 < *n_top && top[child + 1].p < top[child].p)
        child++;
      if (!(top[child].p < last.p))
        break;
      top[place] = top[child];
    }
  top[place] = last;
  return smallest;
}

int
docai_beam_find_top (const float *p, int n, int codes[DOCAI_BEAM_TOP])
{
  Ranked top[DOCAI_BEAM_TOP + 1];
  int    n_top, count;

  keep_top (p, n, top, &n_top);
  count = n_top;
  while (n_top > 0)
    {
      int place = n_top - 1;

      codes[place] = take_smallest (top, &n_top).code;
    }
  return count;
}
