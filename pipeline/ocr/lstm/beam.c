/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A beam search over the time steps, after the semantics of Tesseract 5.
 *
 * The network says a code at one or more time steps and null between codes. A
 * path may count the probability of null, or of the neighbouring code, with
 * that of a code where one goes over into the other, but then has to pass
 * through the code alone in the next step (ONLY_REPEAT) or must leave it
 * (NO_REPEAT), so that nothing is counted twice. Each of these states, times
 * with or without dictionary, times the number of codes already said of a
 * character of several, has a small beam of its own.
 */
#include "pipeline/ocr/lstm/beam.h"

#include <math.h>

#include "pipeline/ocr/lstm/beam-heap.h"

typedef enum { ANYTHING, ONLY_REPEAT, NO_REPEAT, N_STATES } State;
typedef enum { TOP_TWO, RUNNER_UP, OTHER, N_RANKS } Rank;

enum { NONE = -1 };

static const float  min_certainty = -20.0f;
static const float  free_factor = 2.25f;           /* on log probabilities outside of dictionaries */
static const double certainty_offset = -0.085;     /* a step: gives dictionaries a chance */
static const float  worst_in_dictionary = -25.0f / 7.0f;

typedef struct {
  guint first;
  guint n;
} Span;

struct DocaiBeam {
  const DocaiUnicharset *set;
  const DocaiRecoder    *recoder;
  const DocaiDictionary *dictionary;
  const guint8          *allowed;
  int                    n_codes, null_code;

  int     n_lengths, n_heaps;
  DocaiBeamHeap   *heaps;
  Span   *spans; /* of the last step's nodes, one for each heap */
  DocaiBeamNode    starts[N_STATES]; /* the best start of a dictionary word in this step */
  GArray *nodes;       /* DocaiBeamNode, of all steps */
  GArray *places;      /* DocaiPlace, of all steps */
  GArray *step_places; /* of this step, not all will stay */
  guint   n_steps;

  guint8 *rank;        /* of each code in this step */
  gint32  ranked[N_RANKS][DOCAI_BEAM_TOP + 1]; /* codes of the first two ranks in the root's order */
  int     n_ranked[N_RANKS];
  gint32 *root_position; /* of a code among the root's final codes; NONE */
  gint32 *root_next;     /* among the root's codes that go on */
  int     top_code, second_code;
  const float *probabilities;
};

/* Where each code stands in a list of the root; owned by the caller. */
static gint32 *
new_positions (const DocaiCodeStep *steps, guint n, int n_codes)
{
  gint32 *positions = g_new (gint32, n_codes);

  memset (positions, 0xff, sizeof (gint32) * (gsize) n_codes);
  for (guint i = 0; i < n; i++)
    positions[steps[i].code] = (gint32) i;
  return positions;
}

static int
heap_index (const DocaiBeam *beam, gboolean in_dictionary, State state, int length)
{
  return (in_dictionary * N_STATES + state) * beam->n_lengths + length;
}

DocaiBeam *
docai_beam_new (const DocaiUnicharset *set, const DocaiRecoder *recoder,
                const DocaiDictionary *dictionary, const guint8 *allowed, int n_codes,
                int null_code)
{
  DocaiBeam *beam = g_new0 (DocaiBeam, 1);

  beam->set = set;
  beam->recoder = recoder;
  beam->dictionary = dictionary;
  beam->allowed = allowed;
  beam->n_codes = n_codes;
  beam->null_code = null_code;
  beam->n_lengths = recoder->max_length;
  beam->n_heaps = 2 * N_STATES * beam->n_lengths;
  beam->heaps = g_new0 (DocaiBeamHeap, beam->n_heaps);
  beam->spans = g_new0 (Span, beam->n_heaps);
  for (int i = 0; i < beam->n_heaps; i++)
    {
      int length = i % beam->n_lengths;

      beam->heaps[i].width = length == 0 ? 5 : length == 1 ? 10 : 16;
    }
  beam->nodes = g_array_new (FALSE, FALSE, sizeof (DocaiBeamNode));
  beam->places = g_array_new (FALSE, FALSE, sizeof (DocaiPlace));
  beam->step_places = g_array_new (FALSE, FALSE, sizeof (DocaiPlace));
  beam->rank = g_malloc (MAX (n_codes, recoder->code_range));
  beam->root_position
    = new_positions (recoder->finals + recoder->nodes[0].first_final, recoder->nodes[0].n_finals,
                     MAX (n_codes, recoder->code_range));
  beam->root_next
    = new_positions (recoder->nexts + recoder->nodes[0].first_next, recoder->nodes[0].n_nexts,
                     MAX (n_codes, recoder->code_range));
  return beam;
}

void
docai_beam_free (DocaiBeam *beam)
{
  if (beam == NULL)
    return;
  g_array_unref (beam->nodes);
  g_array_unref (beam->places);
  g_array_unref (beam->step_places);
  g_free (beam->heaps);
  g_free (beam->spans);
  g_free (beam->rank);
  g_free (beam->root_position);
  g_free (beam->root_next);
  g_free (beam);
}

void
docai_beam_restart (DocaiBeam *beam)
{
  g_array_set_size (beam->nodes, 0);
  g_array_set_size (beam->places, 0);
  beam->n_steps = 0;
}

/* ---- the step's codes ----------------------------------------------------- */

static void
add_ranked (DocaiBeam *beam, Rank rank, int code)
{
  gint32 *list = beam->ranked[rank];
  int     i = beam->n_ranked[rank]++;

  for (; i > 0 && beam->root_position[list[i - 1]] > beam->root_position[code]; i--)
    list[i] = list[i - 1];
  list[i] = code;
}

static void
rank_codes (DocaiBeam *beam, const float *probabilities)
{
  int codes[DOCAI_BEAM_TOP];
  int n = docai_beam_find_top (probabilities, beam->n_codes, codes);

  memset (beam->rank, OTHER, (gsize) MAX (beam->n_codes, beam->recoder->code_range));
  for (int i = 0; i < n; i++)
    beam->rank[codes[i]] = i < 2 ? TOP_TWO : RUNNER_UP;
  beam->top_code = codes[0];
  beam->second_code = n > 1 ? codes[1] : NONE;
  beam->rank[beam->null_code] = TOP_TWO;
  beam->n_ranked[TOP_TWO] = beam->n_ranked[RUNNER_UP] = 0;
  add_ranked (beam, TOP_TWO, beam->null_code);
  for (int i = 0; i < n; i++)
    if (codes[i] != beam->null_code)
      add_ranked (beam, (Rank) beam->rank[codes[i]], codes[i]);
  beam->probabilities = probabilities;
}

static float
certainty_of (float p)
{
  /* exp (-20) as a float is the least probability that is told apart. */
  float log_p = p > 2.0611537e-09f ? logf (p) : min_certainty;

  return (float) (log_p + certainty_offset);
}

/* ---- extending paths ------------------------------------------------------ */

static guint64
hash_after (const DocaiBeam *beam, int code, gboolean duplicate, const DocaiBeamNode *previous)
{
  guint64 hash = previous != NULL ? previous->hash : 0;

  if (!duplicate && code != beam->null_code)
    {
      guint64 n = (guint64) beam->recoder->code_range;
      guint64 carry = ((hash >> 32) * n) >> 32;

      hash = hash * n + carry + (guint64) code;
    }
  return hash;
}

typedef struct {
  const DocaiBeamNode *previous;
  gint32      previous_index;
  gboolean    in_dictionary;
  State       state;
  int         length; /* codes of the character said so far */
  int         tree;   /* node of the recoder after them */
} Context;

static DocaiBeamNode
make_node (const DocaiBeam *beam, const Context *context, int code, int unichar, int kind,
           float certainty)
{
  return (DocaiBeamNode){
    .code = code,
    .unichar = unichar,
    .kind = (guint8) kind,
    .previous = context->previous_index,
    .places = NONE,
    .certainty = certainty,
    .score = certainty + (context->previous != NULL ? context->previous->score : 0.0f),
    .hash = hash_after (beam, code, FALSE, context->previous),
  };
}

/* A repeated code, null inside of a character, or a code that does not end its
 * character yet. */
static void
push_unfinished (DocaiBeam *beam, const Context *context, int length, int tree, gboolean duplicate,
                 int code, int unichar, float certainty, State state)
{
  DocaiBeamHeap *heap = &beam->heaps[heap_index (beam, context->in_dictionary, state, length)];
  DocaiBeamNode  node;
  int   kind = context->previous != NULL ? context->previous->kind
               : context->in_dictionary  ? DOCAI_WORD_NONE
                                         : DOCAI_WORD_FREE;

  if (context->in_dictionary)
    {
      if (!(certainty > worst_in_dictionary))
        return;
    }
  else
    {
      certainty *= free_factor;
      if (!(certainty >= min_certainty) && code != beam->null_code)
        return;
    }
  node = make_node (beam, context, code, unichar, kind, certainty);
  node.duplicate = duplicate;
  node.tree = tree;
  if (duplicate)
    node.hash = hash_after (beam, code, TRUE, context->previous);
  docai_beam_heap_push (heap, &node);
}

/* From here a word of the dictionary may start. There is one such node a state. */
static void
offer_start (DocaiBeam *beam, const Context *context, int code, int unichar, int kind,
             gboolean starts_word, gboolean ends_word, float certainty, State state)
{
  DocaiBeamNode *best = &beam->starts[state];
  DocaiBeamNode  node = make_node (beam, context, code, unichar, kind, certainty);

  if (best->code >= 0 && !(node.score > best->score))
    return;
  node.starts_dictionary = TRUE;
  node.starts_word = starts_word;
  node.ends_word = ends_word;
  *best = node;
}

/* The node that said the last character, or NULL. */
static const DocaiBeamNode *
last_character (const DocaiBeam *beam, const DocaiBeamNode *node)
{
  while (node != NULL && (node->unichar == NONE || node->duplicate))
    node = node->previous >= 0 ? &g_array_index (beam->nodes, DocaiBeamNode, node->previous) : NULL;
  return node;
}

static gboolean
is_spaced (const DocaiBeam *beam, int unichar)
{
  return !docai_unicharset_has (beam->set, unichar, DOCAI_UNICHAR_UNSPACED);
}

/* A character outside of dictionaries. */
static void
extend_free (DocaiBeam *beam, const Context *context, int code, int unichar, float certainty,
             State state)
{
  DocaiBeamHeap    *heap = &beam->heaps[heap_index (beam, FALSE, state, 0)];
  DocaiBeamNode     node = make_node (beam, context, code, unichar, DOCAI_WORD_FREE, certainty * free_factor);
  gboolean space = unichar == DOCAI_UNICHAR_SPACE;

  docai_beam_heap_push (heap, &node);
  if (beam->dictionary == NULL)
    return;
  /* The space that a dictionary word follows takes no factor, and its kind says
   * that the nulls before it, which had it, do not count. */
  if (space && certainty > worst_in_dictionary)
    offer_start (beam, context, code, unichar, DOCAI_WORD_NONE, FALSE, FALSE, certainty, state);
  else if (!space && unichar != NONE && !is_spaced (beam, unichar))
    offer_start (beam, context, code, unichar, DOCAI_WORD_FREE, FALSE, FALSE,
                 certainty * free_factor, state);
}

static void
extend_space (DocaiBeam *beam, const Context *context, const DocaiBeamNode *last, int code, float certainty,
              State state)
{
  DocaiBeamNode node;

  if (last == NULL || !last->ends_word)
    return;
  offer_start (beam, context, code, DOCAI_UNICHAR_SPACE, last->kind, FALSE, FALSE, certainty,
               state);
  node = make_node (beam, context, code, DOCAI_UNICHAR_SPACE, last->kind, certainty);
  docai_beam_heap_push (&beam->heaps[heap_index (beam, FALSE, state, 0)], &node);
}

static void
extend_word (DocaiBeam *beam, const Context *context, const DocaiBeamNode *last, int code, int unichar,
             float certainty, State state)
{
  const DocaiPlaces *start = docai_dictionary_start (beam->dictionary);
  const DocaiPlace  *places = start->places;
  guint              n = start->n;
  gboolean           starts_word = TRUE, may_end = FALSE;
  DocaiPlaces        next;
  DocaiWordKind      kind;
  DocaiBeamNode               node;

  if (last != NULL && last->starts_dictionary)
    starts_word = TRUE;
  else if (last != NULL && last->places != NONE)
    {
      places = &g_array_index (beam->places, DocaiPlace, last->places);
      n = last->n_places;
      starts_word = FALSE;
    }
  else if (last != NULL)
    return;
  kind = docai_dictionary_step (beam->dictionary, places, n, unichar, FALSE, &next, &may_end);
  if (kind == DOCAI_WORD_NONE)
    return;
  node = make_node (beam, context, code, unichar, kind, certainty);
  node.starts_word = starts_word;
  node.ends_word = may_end;
  node.places = (gint32) beam->step_places->len;
  node.n_places = (guint8) next.n;
  g_array_append_vals (beam->step_places, next.places, next.n);
  docai_beam_heap_push (&beam->heaps[heap_index (beam, TRUE, state, 0)], &node);
  if (may_end && !beam->set->space_delimited)
    {
      offer_start (beam, context, code, unichar, kind, starts_word, TRUE, certainty, state);
      node.places = NONE;
      node.n_places = 0;
      docai_beam_heap_push (&beam->heaps[heap_index (beam, FALSE, state, 0)], &node);
    }
}

static void
extend_in_dictionary (DocaiBeam *beam, const Context *context, int code, int unichar,
                      float certainty, State state)
{
  DocaiBeamHeap       *heap = &beam->heaps[heap_index (beam, TRUE, state, 0)];
  DocaiBeamHeap       *free_heap = &beam->heaps[heap_index (beam, FALSE, state, 0)];
  const DocaiBeamNode *last;
  DocaiBeamNode        node;
  float       score;

  if (unichar == NONE)
    {
      node = make_node (beam, context, code, unichar, DOCAI_WORD_NONE, certainty);
      docai_beam_heap_push (heap, &node);
      return;
    }
  score = certainty + (context->previous != NULL ? context->previous->score : 0.0f);
  if (!docai_beam_heap_wants (heap, score) && !docai_beam_heap_wants (free_heap, score))
    return;
  last = last_character (beam, context->previous);
  if (unichar == DOCAI_UNICHAR_SPACE)
    extend_space (beam, context, last, code, certainty, state);
  else if (last == NULL || !last->starts_dictionary || last->unichar == DOCAI_UNICHAR_SPACE
           || !is_spaced (beam, last->unichar) || !is_spaced (beam, unichar))
    extend_word (beam, context, last, code, unichar, certainty, state);
}

static void
extend_character (DocaiBeam *beam, const Context *context, int code, int unichar, float certainty,
                  State state)
{
  if (!context->in_dictionary)
    extend_free (beam, context, code, unichar, certainty, state);
  else if (certainty > worst_in_dictionary)
    extend_in_dictionary (beam, context, code, unichar, certainty, state);
}

/* A new code with the mass of null, and that of the code before where the two
 * are the step's best. */
static float
certainty_with_null (const DocaiBeam *beam, const Context *context, int code)
{
  const float *p = beam->probabilities;
  const DocaiBeamNode  *previous = context->previous;
  float        sum = p[code] + p[beam->null_code];

  if (previous != NULL && context->state == ANYTHING && previous->code != beam->null_code
      && ((previous->code == beam->top_code && code == beam->second_code)
          || (code == beam->top_code && previous->code == beam->second_code)))
    sum += p[previous->code];
  return certainty_of (sum);
}

static void
extend_repeat (DocaiBeam *beam, const Context *context, Rank rank)
{
  const DocaiBeamNode  *previous = context->previous;
  const float *p = beam->probabilities;

  if (beam->rank[previous->code] != rank)
    return;
  if (context->state != NO_REPEAT)
    push_unfinished (beam, context, context->length, context->tree, TRUE, previous->code,
                     previous->unichar, certainty_of (p[previous->code]), ANYTHING);
  if (context->state == ANYTHING && rank == TOP_TWO && previous->code != beam->null_code)
    push_unfinished (beam, context, context->length, context->tree, TRUE, previous->code,
                     previous->unichar, certainty_of (p[previous->code] + p[beam->null_code]),
                     NO_REPEAT);
}

static void
extend_final (DocaiBeam *beam, const Context *context, Rank rank, DocaiCodeStep step)
{
  float certainty;
  int   unichar = step.target;

  if (context->previous != NULL && context->previous->code == step.code)
    return;
  certainty = certainty_of (beam->probabilities[step.code]);
  if (certainty < min_certainty && step.code != beam->null_code)
    return;
  if (context->length == 0 && step.code == beam->null_code)
    unichar = NONE;
  if (unichar != NONE && beam->allowed != NULL
      && ((guint) unichar >= beam->set->n_chars || !beam->allowed[unichar]))
    return;
  extend_character (beam, context, step.code, unichar, certainty, ANYTHING);
  if (rank == TOP_TWO && step.code != beam->null_code)
    extend_character (beam, context, step.code, unichar,
                      certainty_with_null (beam, context, step.code), ONLY_REPEAT);
}

static void
extend_next (DocaiBeam *beam, const Context *context, Rank rank, DocaiCodeStep step)
{
  if (context->previous != NULL && context->previous->code == step.code)
    return;
  push_unfinished (beam, context, context->length + 1, step.target, FALSE, step.code, NONE,
                   certainty_of (beam->probabilities[step.code]), ANYTHING);
  if (rank == TOP_TWO && step.code != beam->null_code)
    push_unfinished (beam, context, context->length + 1, step.target, FALSE, step.code, NONE,
                     certainty_with_null (beam, context, step.code), ONLY_REPEAT);
}

/* Of the root's steps those with codes of this rank, in the root's order. The
 * root has a step for nearly each code, and few codes have a good rank. */
static void
extend_root (DocaiBeam *beam, const Context *context, Rank rank)
{
  const DocaiCodeNode *root = &beam->recoder->nodes[0];
  gint32               order[DOCAI_BEAM_TOP + 1];
  int                  n = 0;

  for (int i = 0; i < beam->n_ranked[rank]; i++)
    {
      gint32 position = beam->root_position[beam->ranked[rank][i]];

      if (position >= 0)
        extend_final (beam, context, rank,
                      beam->recoder->finals[root->first_final + (guint) position]);
    }
  for (int i = 0; i < beam->n_ranked[rank]; i++)
    {
      gint32 position = beam->root_next[beam->ranked[rank][i]];
      int    at = n;

      if (position < 0)
        continue;
      for (n++; at > 0 && order[at - 1] > position; at--)
        order[at] = order[at - 1];
      order[at] = position;
    }
  for (int i = 0; i < n; i++)
    extend_next (beam, context, rank, beam->recoder->nexts[root->first_next + (guint) order[i]]);
}

/* All that may follow a node with codes of this rank. */
static void
extend (DocaiBeam *beam, const Context *context, Rank rank)
{
  const DocaiCodeNode *tree = &beam->recoder->nodes[context->tree];
  const DocaiCodeStep *finals = beam->recoder->finals + tree->first_final;
  const DocaiCodeStep *nexts = beam->recoder->nexts + tree->first_next;

  if (context->previous != NULL)
    {
      extend_repeat (beam, context, rank);
      if (context->state == ONLY_REPEAT)
        return;
      if (context->previous->code != beam->null_code && context->length > 0 && rank == TOP_TWO)
        push_unfinished (beam, context, context->length, context->tree, FALSE, beam->null_code,
                         NONE, certainty_of (beam->probabilities[beam->null_code]), ANYTHING);
    }
  if (context->tree == 0 && rank != OTHER)
    {
      extend_root (beam, context, rank);
      return;
    }
  for (guint i = 0; i < tree->n_finals; i++)
    if (beam->rank[finals[i].code] == rank)
      extend_final (beam, context, rank, finals[i]);
  for (guint i = 0; i < tree->n_nexts; i++)
    if (beam->rank[nexts[i].code] == rank)
      extend_next (beam, context, rank, nexts[i]);
}

/* ---- steps ---------------------------------------------------------------- */

/* Puts the step's nodes behind those of all steps before. */
static void
keep_step (DocaiBeam *beam)
{
  for (int h = 0; h < beam->n_heaps; h++)
    {
      const DocaiBeamHeap *heap = &beam->heaps[h];

      beam->spans[h] = (Span){ beam->nodes->len, heap->n };
      for (int i = 0; i < heap->n; i++)
        {
          DocaiBeamNode node = heap->nodes[heap->order[i]];

          if (node.places != NONE)
            {
              const DocaiPlace *from
                = &g_array_index (beam->step_places, DocaiPlace, node.places);

              node.places = (gint32) beam->places->len;
              g_array_append_vals (beam->places, from, node.n_places);
            }
          g_array_append_val (beam->nodes, node);
        }
    }
}

static void
first_step (DocaiBeam *beam)
{
  Context context = { .previous_index = NONE, .state = ANYTHING };

  extend (beam, &context, TOP_TWO);
  context.in_dictionary = TRUE;
  if (beam->dictionary != NULL)
    extend (beam, &context, TOP_TWO);
}

static gboolean
extend_all (DocaiBeam *beam, Rank rank)
{
  guint alive = 0;

  for (int h = 0; h < beam->n_heaps; h++)
    for (guint i = beam->spans[h].n; i-- > 0;)
      {
        gint32      index = (gint32) (beam->spans[h].first + i);
        const DocaiBeamNode *node = &g_array_index (beam->nodes, DocaiBeamNode, index);
        Context     context = {
              .previous = node,
              .previous_index = index,
              .in_dictionary = h >= N_STATES * beam->n_lengths,
              .state = (State) (h / beam->n_lengths % N_STATES),
              .length = h % beam->n_lengths,
              .tree = node->tree,
        };

        extend (beam, &context, rank);
      }
  for (int h = 0; h < beam->n_heaps; h++)
    if (h / beam->n_lengths % N_STATES == ANYTHING)
      alive += beam->heaps[h].n;
  return alive > 0;
}

void
docai_beam_step (DocaiBeam *beam, const float *probabilities)
{
  rank_codes (beam, probabilities);
  for (int h = 0; h < beam->n_heaps; h++)
    beam->heaps[h].n = 0;
  for (int s = 0; s < N_STATES; s++)
    beam->starts[s].code = NONE;
  g_array_set_size (beam->step_places, 0);
  if (beam->n_steps == 0)
    first_step (beam);
  else
    {
      for (Rank rank = TOP_TWO; rank < N_RANKS; rank++)
        if (extend_all (beam, rank))
          break;
      for (int s = 0; s < N_STATES; s++)
        if (beam->starts[s].code >= 0)
          docai_beam_heap_push (&beam->heaps[heap_index (beam, TRUE, (State) s, 0)], &beam->starts[s]);
    }
  keep_step (beam);
  beam->n_steps++;
}

GArray *
docai_beam_dup_path (const DocaiBeam *beam)
{
  static const State ends[] = { ANYTHING, NO_REPEAT };
  GArray            *path = g_array_new (FALSE, FALSE, sizeof (DocaiPathStep));
  const DocaiBeamNode        *best = NULL;

  for (guint s = 0; beam->n_steps > 0 && s < G_N_ELEMENTS (ends); s++)
    for (int in_dictionary = 0; in_dictionary < 2; in_dictionary++)
      {
        Span span = beam->spans[heap_index (beam, in_dictionary, ends[s], 0)];

        for (guint i = 0; i < span.n; i++)
          {
            const DocaiBeamNode *node = &g_array_index (beam->nodes, DocaiBeamNode, span.first + i);
            const DocaiBeamNode *last = in_dictionary ? last_character (beam, node) : NULL;

            /* A word of the dictionary has to be complete. */
            if (in_dictionary
                && (last == NULL || (!last->ends_word && last->unichar != DOCAI_UNICHAR_SPACE)))
              continue;
            if (best == NULL || node->score > best->score)
              best = node;
          }
      }
  if (best == NULL)
    return path;
  g_array_set_size (path, beam->n_steps);
  for (guint t = beam->n_steps; t-- > 0;)
    {
      g_array_index (path, DocaiPathStep, t)
        = (DocaiPathStep){ best->code, best->unichar, (DocaiWordKind) best->kind,
                           best->starts_word, best->duplicate, best->certainty };
      best = best->previous >= 0 ? &g_array_index (beam->nodes, DocaiBeamNode, best->previous) : NULL;
    }
  return path;
}
