/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words and their certainties on Tesseract's scale, and its rules for choosing
 * between languages.
 */
#include "pipeline/ocr/lstm/words.h"

#include <float.h>
#include <math.h>

static const float certainty_scale = 7.0f;
static const float doubtful_certainty = -3.5f; /* confidence 0.825 */

DocaiPathWords *
docai_path_words_new (void)
{
  DocaiPathWords *words = g_new (DocaiPathWords, 1);

  words->characters = g_array_new (FALSE, FALSE, sizeof (DocaiPathCharacter));
  words->words = g_array_new (FALSE, FALSE, sizeof (DocaiPathWord));
  return words;
}

void
docai_path_words_free (DocaiPathWords *words)
{
  if (words == NULL)
    return;
  g_array_unref (words->characters);
  g_array_unref (words->words);
  g_free (words);
}

/* ---- characters ----------------------------------------------------------- */

/* A character's run of time steps, with the nulls before it. */
typedef struct {
  int start, end;
} Run;

typedef struct {
  double certainty, rating;
} Loss;

static DocaiPathStep *
step_at (GArray *path, guint t)
{
  return &g_array_index (path, DocaiPathStep, t);
}

/* What the nulls lost that belong to no character of their own. */
static void
add_loss (GArray *characters, Loss loss)
{
  DocaiPathCharacter *last
    = &g_array_index (characters, DocaiPathCharacter, characters->len - 1);

  if (loss.certainty < last->certainty)
    last->certainty = (float) loss.certainty;
  last->rating = (float) (last->rating + loss.rating);
}

static guint
take_character (GArray *path, guint t, Loss loss, GArray *characters, GArray *runs)
{
  int                unichar = step_at (path, t)->unichar;
  Run                run = { (int) t, 0 };
  DocaiPathCharacter character = { .unichar = unichar };

  do
    {
      const DocaiPathStep *step = step_at (path, t++);
      double               certainty = step->certainty;

      /* A space before a word of the dictionary forgets the nulls before it. */
      if (certainty < loss.certainty
          || (unichar == DOCAI_UNICHAR_SPACE && step->kind == DOCAI_WORD_NONE))
        loss.certainty = certainty;
      loss.rating -= certainty;
    }
  while (t < path->len && step_at (path, t)->duplicate);
  run.end = (int) t;
  character.certainty = (float) loss.certainty;
  character.rating = (float) loss.rating;
  g_array_append_val (characters, character);
  g_array_append_val (runs, run);
  return t;
}

static void
take_characters (GArray *path, GArray *characters, GArray *runs)
{
  for (guint t = 0; t < path->len;)
    {
      Loss loss = { 0, 0 };

      while (t < path->len && step_at (path, t)->unichar < 0)
        {
          double certainty = step_at (path, t++)->certainty;

          loss.certainty = MIN (loss.certainty, certainty);
          loss.rating -= certainty;
        }
      if (t < path->len)
        {
          const DocaiPathStep *step = step_at (path, t);

          if (step->unichar == DOCAI_UNICHAR_SPACE && characters->len > 0
              && step->kind != DOCAI_WORD_NONE)
            {
              add_loss (characters, loss);
              loss = (Loss){ 0, 0 };
            }
          t = take_character (path, t, loss, characters, runs);
        }
      else if (characters->len > 0)
        add_loss (characters, loss);
    }
}

/* Characters meet in the middle between their runs. */
static void
place_characters (GArray *characters, GArray *runs, int n_steps, int left, float step_px)
{
  int start = 0;

  for (guint i = 0; i < characters->len; i++)
    {
      DocaiPathCharacter *c = &g_array_index (characters, DocaiPathCharacter, i);
      const Run          *run = &g_array_index (runs, Run, i);
      int                 end = n_steps;

      if (i + 1 < characters->len)
        end = run->end + (g_array_index (runs, Run, i + 1).start - run->end) / 2;
      c->left = left + (int) floorf ((float) start * step_px);
      c->right = left + (int) ceilf ((float) end * step_px);
      start = end;
    }
}

/* ---- words ---------------------------------------------------------------- */

/* Whether the pattern of upper case, lower case and digits is usual for a word. */
static gboolean
is_case_usual (const DocaiUnicharset *set, const int *unichars, guint n)
{
  enum { BEGIN, FIRST_UPPER, LOWER, UPPER, DIGIT, FIRST_LOWER };
  /* After each state: punctuation, upper, lower, digit; -1 is unusual. */
  static const gint8 next[6][4] = {
    [BEGIN] = { BEGIN, FIRST_UPPER, FIRST_LOWER, DIGIT },
    [FIRST_UPPER] = { BEGIN, UPPER, LOWER, DIGIT },
    [LOWER] = { BEGIN, -1, LOWER, -1 },
    [UPPER] = { BEGIN, UPPER, -1, DIGIT },
    [DIGIT] = { BEGIN, -1, -1, DIGIT },
    [FIRST_LOWER] = { FIRST_LOWER, -1, LOWER, -1 },
  };
  int state = BEGIN;

  for (guint i = 0; i < n && state >= 0; i++)
    {
      int kind = docai_unicharset_has (set, unichars[i], DOCAI_UNICHAR_UPPER)   ? 1
                 : docai_unicharset_has (set, unichars[i], DOCAI_UNICHAR_LOWER) ? 2
                 : docai_unicharset_has (set, unichars[i], DOCAI_UNICHAR_DIGIT) ? 3
                                                                                : 0;
      state = next[state][kind];
    }
  return state >= 0 && state != FIRST_LOWER;
}

static int
shortest_letter_run (const DocaiUnicharset *set, const int *unichars, guint n)
{
  int shortest = G_MAXINT, run = 0;

  for (guint i = 0; i <= n; i++)
    if (i < n && docai_unicharset_has (set, unichars[i], DOCAI_UNICHAR_ALPHA))
      run++;
    else if (run > 0)
      {
        shortest = MIN (shortest, run);
        run = 0;
      }
  return shortest == G_MAXINT ? 0 : shortest;
}

/* Words of the dictionary may be less certain, the more so the longer they are. */
static gboolean
is_acceptable (const DocaiUnicharset *set, const DocaiDictionary *dictionary, const int *unichars,
               guint n, float certainty)
{
  double threshold = -2.5;

  if (dictionary != NULL && docai_dictionary_has (dictionary, unichars, n)
      && is_case_usual (set, unichars, n))
    threshold -= 0.5 * MAX (shortest_letter_run (set, unichars, n) - 2, 0);
  return certainty > (float) threshold;
}

static gboolean
breaks_word (GArray *path, GArray *characters, GArray *runs, const DocaiUnicharset *set, guint i)
{
  const DocaiPathCharacter *c = &g_array_index (characters, DocaiPathCharacter, i);
  const DocaiPathStep      *step
    = step_at (path, (guint) g_array_index (runs, Run, i).start);

  if (c->unichar == DOCAI_UNICHAR_SPACE || step->starts_word)
    return TRUE;
  return step->kind == DOCAI_WORD_FREE
         && (docai_unicharset_has (set, c[0].unichar, DOCAI_UNICHAR_UNSPACED)
             || docai_unicharset_has (set, c[-1].unichar, DOCAI_UNICHAR_UNSPACED));
}

static void
finish_word (DocaiPathWord *word, GArray *characters, const DocaiUnicharset *set,
             const DocaiDictionary *dictionary, float space_certainty)
{
  g_autofree int *unichars = g_new (int, word->n);
  float           worst = FLT_MAX;

  for (guint i = 0; i < word->n; i++)
    {
      const DocaiPathCharacter *c
        = &g_array_index (characters, DocaiPathCharacter, word->first + i);

      unichars[i] = c->unichar;
      worst = MIN (worst, c->certainty);
      word->rating += c->rating;
      word->left = i == 0 ? c->left : MIN (word->left, c->left);
      word->right = i == 0 ? c->right : MAX (word->right, c->right);
    }
  word->certainty = MIN (space_certainty, worst) * certainty_scale;
  word->acceptable = is_acceptable (set, dictionary, unichars, word->n, word->certainty);
}

DocaiPathWords *
docai_path_words_split (GArray *path, const DocaiUnicharset *set, const DocaiDictionary *dictionary,
                        guint model, int left, int right, float step_px)
{
  DocaiPathWords    *result = docai_path_words_new ();
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (Run));
  GArray            *characters = result->characters;
  float              space_before = 0.0f;
  guint              n;

  take_characters (path, characters, runs);
  place_characters (characters, runs, (int) path->len, left, step_px);
  n = characters->len;
  for (guint start = 0, end; start < n; start = end)
    {
      DocaiPathWord word = { .first = start, .model = model };
      float         space_after = 0.0f;
      gboolean      spaced;

      for (end = start + 1; end < n && !breaks_word (path, characters, runs, set, end); end++)
        ;
      spaced = end < n
               && g_array_index (characters, DocaiPathCharacter, end).unichar
                    == DOCAI_UNICHAR_SPACE;
      if (spaced)
        space_after = g_array_index (characters, DocaiPathCharacter, end).certainty;
      word.n = end - start;
      word.leading_space = start > 0
                           && g_array_index (characters, DocaiPathCharacter, start - 1).unichar
                                == DOCAI_UNICHAR_SPACE;
      word.kind = step_at (path, (guint) g_array_index (runs, Run, end - 1).start)->kind;
      finish_word (&word, characters, set, dictionary, MIN (space_before, space_after));
      g_array_append_val (result->words, word);
      space_before = space_after;
      end += spaced;
    }
  if (n == 0)
    {
      DocaiPathWord word = { .model = model, .certainty = -FLT_MAX, .rating = 1e5f,
                             .left = left, .right = right };

      g_array_append_val (result->words, word);
    }
  return result;
}

/* ---- choosing between languages ------------------------------------------- */

gboolean
docai_path_words_are_acceptable (const DocaiPathWords *words)
{
  for (guint i = 0; i < words->words->len; i++)
    if (!g_array_index (words->words, DocaiPathWord, i).acceptable)
      return FALSE;
  return TRUE;
}

gboolean
docai_path_words_are_doubtful (const DocaiPathWords *words)
{
  for (guint i = 0; i < words->words->len; i++)
    {
      const DocaiPathWord *word = &g_array_index (words->words, DocaiPathWord, i);

      if (!word->acceptable && word->n > 0 && word->certainty < doubtful_certainty)
        return TRUE;
    }
  return FALSE;
}

typedef struct {
  float    rating, certainty;
  gboolean missing, in_dictionary;
} Span;

static Span
judge (GArray *words, guint first, guint end)
{
  Span span = { 0, 0, end <= first, end > first };

  for (guint i = first; i < end; i++)
    {
      const DocaiPathWord *word = &g_array_index (words, DocaiPathWord, i);

      span.rating += word->rating;
      span.certainty = MIN (span.certainty, word->certainty);
      span.in_dictionary = span.in_dictionary && word->kind == DOCAI_WORD_SYSTEM;
    }
  return span;
}

/* Better in all respects, or in the dictionary alone and not much worse. */
static gboolean
is_better (Span other, Span best)
{
  if (other.missing)
    return FALSE;
  return best.missing || (other.certainty > best.certainty && other.rating < best.rating)
         || (!best.in_dictionary && other.in_dictionary && other.rating < best.rating * 1.5
             && other.certainty > best.certainty - 5.5);
}

static void
copy_words (DocaiPathWords *to, const DocaiPathWords *from, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      DocaiPathWord word = g_array_index (from->words, DocaiPathWord, i);
      guint         at = to->characters->len;

      g_array_append_vals (to->characters,
                           &g_array_index (from->characters, DocaiPathCharacter, word.first),
                           word.n);
      word.first = at;
      g_array_append_val (to->words, word);
    }
}

static int
right_of (GArray *words, guint i)
{
  return i < words->len ? g_array_index (words, DocaiPathWord, i).right : -G_MAXINT;
}

static int
left_after (GArray *words, guint i)
{
  return i + 1 < words->len ? g_array_index (words, DocaiPathWord, i + 1).left : G_MAXINT;
}

/* Goes on in both lists to a place where both have a gap between words. */
static void
find_common_gap (GArray *best, GArray *other, guint *b, guint *o)
{
  while (*b < best->len || *o < other->len)
    {
      int b_right = right_of (best, *b), o_right = right_of (other, *o);

      if (MAX (b_right, o_right) < MIN (left_after (best, *b), left_after (other, *o)))
        break;
      if ((b_right < o_right && *b < best->len) || *o == other->len)
        ++*b;
      else
        ++*o;
    }
}

int
docai_path_words_merge (DocaiPathWords **best_words, DocaiPathWords *other_words)
{
  g_autoptr (DocaiPathWords) other = other_words;
  g_autoptr (DocaiPathWords) best
    = *best_words != NULL ? *best_words : docai_path_words_new ();
  DocaiPathWords *merged = docai_path_words_new ();
  int             gain = 0;

  for (guint b = 0, o = 0; b < best->words->len || o < other->words->len;)
    {
      guint b0 = b, o0 = o, b1, o1;

      find_common_gap (best->words, other->words, &b, &o);
      b1 = MIN (b + 1, best->words->len);
      o1 = MIN (o + 1, other->words->len);
      if (is_better (judge (other->words, o0, o1), judge (best->words, b0, b1)))
        {
          copy_words (merged, other, o0, o1);
          gain += (int) (o1 - o0);
        }
      else
        {
          copy_words (merged, best, b0, b1);
          gain -= (int) (b1 - b0);
        }
      b = b1;
      o = o1;
    }
  *best_words = merged;
  return gain;
}
