/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pre-tokenizers of tokenizer.json.
 */
#include "models/tokenizer/pretokenizer.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/pattern.h"
#include "models/tokenizer/utf8.h"

#define GPT2_REGEX \
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
#define WORD "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\x{200c}\\x{200d}"
#define WHITESPACE_REGEX "[" WORD "]+|[^" WORD "\\s]+"

typedef enum { STEP_BYTE_LEVEL, STEP_SPLIT, STEP_METASPACE, STEP_CLASS } StepKind;
typedef enum { REMOVED, ISOLATED, MERGED_WITH_PREVIOUS, MERGED_WITH_NEXT, CONTIGUOUS } Behavior;
typedef enum { PREPEND_ALWAYS, PREPEND_FIRST, PREPEND_NEVER } PrependScheme;

typedef struct {
  StepKind      kind;
  Behavior      behavior;
  gboolean      invert;
  DocaiPattern *pattern;                /* STEP_SPLIT; STEP_BYTE_LEVEL, or NULL */
  gboolean    (*in_class) (gunichar c); /* STEP_CLASS */
  gboolean      prefix_space;           /* STEP_BYTE_LEVEL */
  char         *replacement;            /* STEP_METASPACE */
  PrependScheme prepend;
  gboolean      split;
} Step;

struct DocaiPreTokenizer {
  GPtrArray *steps;
};

void
docai_pieces_init (DocaiPieces *self)
{
  self->buffer = g_string_new (NULL);
  self->spans = g_array_new (FALSE, FALSE, sizeof (DocaiPiece));
}

void
docai_pieces_clear (DocaiPieces *self)
{
  g_string_free (self->buffer, TRUE);
  g_array_unref (self->spans);
}

void
docai_pieces_add (DocaiPieces *self, const char *text, gsize length, gboolean at_start)
{
  DocaiPiece piece = { self->buffer->len, length, at_start };

  g_string_append_len (self->buffer, text, length);
  g_array_append_val (self->spans, piece);
}

/* ---- the alphabet of bytes ----------------------------------------------- */

/* Printable Latin-1 stands for itself, the other 68 bytes for U+0100 and on, in order. */
static gboolean
is_printable_byte (guint b)
{
  return (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
}

gunichar
docai_byte_level_char (guint8 byte)
{
  if (is_printable_byte (byte))
    return byte;
  if (byte <= 0x20)
    return 0x100u + byte;
  if (byte <= 0xa0)
    return 0x100u + 0x21 + (byte - 0x7fu);
  return 0x100u + 0x21 + 0x22;
}

int
docai_byte_level_byte (gunichar c)
{
  if (c < 0x100)
    return is_printable_byte (c) ? (int) c : -1;
  if (c <= 0x120)
    return (int) (c - 0x100);
  if (c <= 0x142)
    return (int) (c - 0x121 + 0x7f);
  return c == 0x143 ? 0xad : -1;
}

/* ---- reading -------------------------------------------------------------- */

static void
step_free (gpointer data)
{
  Step *step = data;

  docai_pattern_free (step->pattern);
  g_free (step->replacement);
  g_free (step);
}

static gboolean
read_behavior (Step *step, const json_t *json, const char *fallback, GError **error)
{
  static const char *const names[] = { "Removed", "Isolated", "MergedWithPrevious",
                                       "MergedWithNext", "Contiguous" };
  const char *name = docai_json_string (json, "behavior", fallback);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        step->behavior = (Behavior) i;
        return TRUE;
      }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
               "tokenizer: split behavior \"%s\"", name);
  return FALSE;
}

static gboolean
read_split (Step *step, const json_t *json, GError **error)
{
  const json_t *pattern = json_object_get (json, "pattern");
  const char *regex = docai_json_string (pattern, "Regex", NULL);
  const char *literal = docai_json_string (pattern, "String", NULL);

  step->kind = STEP_SPLIT;
  step->invert = docai_json_bool (json, "invert", FALSE);
  if (regex != NULL)
    step->pattern = docai_pattern_new_regex (regex, error);
  else if (literal != NULL)
    step->pattern = docai_pattern_new_literal (literal, strlen (literal));
  else
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                 "tokenizer: Split has no pattern");
  return step->pattern != NULL && read_behavior (step, json, "Removed", error);
}

static gboolean
read_metaspace (Step *step, const json_t *json, GError **error)
{
  const char *fallback = docai_json_bool (json, "add_prefix_space", TRUE) ? "always" : "never";
  const char *scheme = docai_json_string (json, "prepend_scheme", fallback);

  step->kind = STEP_METASPACE;
  step->replacement = g_strdup (docai_json_string (json, "replacement", "\xe2\x96\x81"));
  step->split = docai_json_bool (json, "split", TRUE);
  if (step->replacement[0] == '\0')
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: Metaspace has an empty replacement");
      return FALSE;
    }
  step->pattern = docai_pattern_new_literal (step->replacement, strlen (step->replacement));
  if (strcmp (scheme, "always") == 0)
    step->prepend = PREPEND_ALWAYS;
  else if (strcmp (scheme, "first") == 0)
    step->prepend = PREPEND_FIRST;
  else if (strcmp (scheme, "never") == 0)
    step->prepend = PREPEND_NEVER;
  else
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "tokenizer: Metaspace prepend_scheme \"%s\"", scheme);
      return FALSE;
    }
  return TRUE;
}

static Step *
add_step (GPtrArray *steps, StepKind kind, Behavior behavior)
{
  Step *step = g_new0 (Step, 1);

  step->kind = kind;
  step->behavior = behavior;
  g_ptr_array_add (steps, step);
  return step;
}

static gboolean
read_step (GPtrArray *steps, const json_t *json, const char *type, GError **error)
{
  Step *step = add_step (steps, STEP_CLASS, ISOLATED);

  if (strcmp (type, "ByteLevel") == 0)
    {
      step->kind = STEP_BYTE_LEVEL;
      step->prefix_space = docai_json_bool (json, "add_prefix_space", TRUE);
      if (!docai_json_bool (json, "use_regex", TRUE))
        return TRUE;
      step->pattern = docai_pattern_new_regex (GPT2_REGEX, error);
      return step->pattern != NULL;
    }
  if (strcmp (type, "Split") == 0)
    return read_split (step, json, error);
  if (strcmp (type, "Metaspace") == 0)
    return read_metaspace (step, json, error);
  if (strcmp (type, "Whitespace") == 0)
    {
      step->kind = STEP_SPLIT;
      step->invert = TRUE;
      step->behavior = REMOVED;
      step->pattern = docai_pattern_new_regex (WHITESPACE_REGEX, error);
      return step->pattern != NULL;
    }
  if (strcmp (type, "CharDelimiterSplit") == 0)
    {
      const char *delimiter = docai_json_string (json, "delimiter", " ");
      step->kind = STEP_SPLIT;
      step->behavior = REMOVED;
      step->pattern = docai_pattern_new_literal (delimiter, strlen (delimiter));
      return TRUE;
    }
  step->in_class = docai_unichar_is_space;
  step->behavior = REMOVED;
  if (strcmp (type, "WhitespaceSplit") == 0)
    return TRUE;
  if (strcmp (type, "BertPreTokenizer") == 0)
    {
      add_step (steps, STEP_CLASS, ISOLATED)->in_class = docai_unichar_is_punct;
      return TRUE;
    }
  if (strcmp (type, "Digits") == 0)
    {
      step->in_class = docai_unichar_is_number;
      step->behavior = docai_json_bool (json, "individual_digits", FALSE) ? ISOLATED : CONTIGUOUS;
      return TRUE;
    }
  if (strcmp (type, "Punctuation") == 0)
    {
      step->in_class = docai_unichar_is_punct;
      return read_behavior (step, json, "Isolated", error);
    }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
               "tokenizer: pre-tokenizer \"%s\"", type);
  return FALSE;
}

DocaiPreTokenizer *
docai_pretokenizer_new (const json_t *json, GError **error)
{
  g_autoptr (DocaiPreTokenizer) self = g_new0 (DocaiPreTokenizer, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  if (json != NULL && !json_is_null (json)
      && !docai_json_read_steps (self->steps, json, "a pre-tokenizer", "pretokenizers",
                                 read_step, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
docai_pretokenizer_free (DocaiPreTokenizer *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->steps);
  g_free (self);
}

/* ---- splitting ------------------------------------------------------------- */

static void
add_part (DocaiPieces *out, const char *text, gsize start, gsize end, gboolean at_start)
{
  if (start < end)
    docai_pieces_add (out, text + start, end - start, at_start && start == 0);
}

/* Matches of one character each, for the classes. */
static void
find_class (gboolean (*in_class) (gunichar), const char *text, gsize length, GArray *ranges)
{
  for (gsize at = 0, size; at < length; at += size)
    if (in_class (docai_utf8_get (text + at, &size)))
      {
        DocaiRange range = { at, at + size };
        g_array_append_val (ranges, range);
      }
}

/* A part of a text that matched, or the text between two matches. */
typedef struct {
  DocaiRange range;
  gboolean   match;
} Part;

static void
add_to_parts (GArray *parts, gsize start, gsize end, gboolean match)
{
  Part part = { { start, end }, match };

  if (start < end)
    g_array_append_val (parts, part);
}

/* All of the text as parts in order; invert swaps matches and the text between them. */
static GArray *
parts_of (const GArray *ranges, gsize length, gboolean invert)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (Part));
  gsize start = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      DocaiRange r = g_array_index (ranges, DocaiRange, i);
      add_to_parts (parts, start, r.start, invert);
      add_to_parts (parts, r.start, r.end, !invert);
      start = r.end;
    }
  add_to_parts (parts, start, length, invert);
  return parts;
}

/* Whether part i goes into one piece with the part before it. Of several matches in a row
 * only the one that touches other text is merged, as in the reference. */
static gboolean
joins_previous (const GArray *parts, guint i, Behavior behavior)
{
  gboolean match = g_array_index (parts, Part, i).match;
  gboolean before = i > 0 && g_array_index (parts, Part, i - 1).match;

  if (i == 0)
    return FALSE;
  switch (behavior)
    {
    case MERGED_WITH_PREVIOUS:
      return match && !before;
    case MERGED_WITH_NEXT:
      return before && !match;
    case CONTIGUOUS:
      return match == before;
    default:
      return FALSE;
    }
}

static void
split_parts (const GArray *parts, const char *text, Behavior behavior, gboolean at_start,
             DocaiPieces *out)
{
  for (guint i = 0; i < parts->len;)
    {
      const Part *first = &g_array_index (parts, Part, i);
      gsize end = first->range.end;
      for (i++; i < parts->len && joins_previous (parts, i, behavior); i++)
        end = g_array_index (parts, Part, i).range.end;
      if (behavior != REMOVED || !first->match)
        add_part (out, text, first->range.start, end, at_start);
    }
}

static gboolean
split_piece (const Step *step, const char *text, gsize length, Behavior behavior, gboolean at_start,
             DocaiPieces *out, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (DocaiRange));

  if (step->in_class != NULL)
    find_class (step->in_class, text, length, ranges);
  else if (!docai_pattern_find_all (step->pattern, text, length, ranges, error))
    return FALSE;
  g_autoptr (GArray) parts = parts_of (ranges, length, step->invert);
  split_parts (parts, text, behavior, at_start, out);
  return TRUE;
}

static gboolean
apply_metaspace (const Step *step, const char *text, gsize length, gboolean at_start,
                 DocaiPieces *out, GError **error)
{
  g_autoptr (GString) marked = g_string_sized_new (length + 8);

  for (gsize i = 0; i < length; i++)
    if (text[i] == ' ')
      g_string_append (marked, step->replacement);
    else
      g_string_append_c (marked, text[i]);
  gboolean wanted = step->prepend == PREPEND_ALWAYS || (step->prepend == PREPEND_FIRST && at_start);
  if (wanted && length > 0 && !g_str_has_prefix (marked->str, step->replacement))
    g_string_prepend (marked, step->replacement);
  if (step->split)
    return split_piece (step, marked->str, marked->len, MERGED_WITH_NEXT, at_start, out, error);
  docai_pieces_add (out, marked->str, marked->len, at_start);
  return TRUE;
}

/* Splits by GPT-2's expression if asked to, then writes each byte as its character. */
static gboolean
apply_byte_level (const Step *step, const char *text, gsize length, gboolean at_start,
                  DocaiPieces *out, GError **error)
{
  g_autoptr (GString) spaced = g_string_sized_new (length + 1);
  DocaiPieces parts;
  gboolean ok = TRUE;

  if (step->prefix_space && (length == 0 || text[0] != ' '))
    g_string_append_c (spaced, ' ');
  g_string_append_len (spaced, text, length);
  docai_pieces_init (&parts);
  if (step->pattern != NULL)
    ok = split_piece (step, spaced->str, spaced->len, ISOLATED, at_start, &parts, error);
  else
    docai_pieces_add (&parts, spaced->str, spaced->len, at_start);
  g_autoptr (GString) mapped = g_string_new (NULL);
  for (guint i = 0; ok && i < parts.spans->len; i++)
    {
      DocaiPiece piece = g_array_index (parts.spans, DocaiPiece, i);
      g_string_truncate (mapped, 0);
      for (gsize b = 0; b < piece.length; b++)
        g_string_append_unichar (
            mapped, docai_byte_level_char ((guint8) parts.buffer->str[piece.start + b]));
      docai_pieces_add (out, mapped->str, mapped->len, piece.at_start);
    }
  docai_pieces_clear (&parts);
  return ok;
}

static gboolean
apply_step (const Step *step, const char *text, gsize length, gboolean at_start, DocaiPieces *out,
            GError **error)
{
  switch (step->kind)
    {
    case STEP_BYTE_LEVEL:
      return apply_byte_level (step, text, length, at_start, out, error);
    case STEP_METASPACE:
      return apply_metaspace (step, text, length, at_start, out, error);
    case STEP_SPLIT:
    case STEP_CLASS:
      return split_piece (step, text, length, step->behavior, at_start, out, error);
    }
  g_return_val_if_reached (FALSE);
}

gboolean
docai_pretokenizer_apply (const DocaiPreTokenizer *self, DocaiPieces *pieces, GError **error)
{
  gboolean ok = TRUE;

  for (guint s = 0; ok && s < self->steps->len; s++)
    {
      DocaiPieces out;
      docai_pieces_init (&out);
      for (guint i = 0; ok && i < pieces->spans->len; i++)
        {
          DocaiPiece piece = g_array_index (pieces->spans, DocaiPiece, i);
          if (piece.length > 0)
            ok = apply_step (g_ptr_array_index (self->steps, s), pieces->buffer->str + piece.start,
                             piece.length, piece.at_start, &out, error);
        }
      docai_pieces_clear (pieces);
      *pieces = out;
    }
  return ok;
}
