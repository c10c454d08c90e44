/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values of JSON as pieces of a grammar: characters, strings, numbers, lists, choices.
 */
#include "models/language/grammar-priv.h"

#define MAX_DIGITS 15

void
grammar_choice_begin (GrammarChoice *choice)
{
  choice->jumps = g_array_new (FALSE, FALSE, sizeof (guint32));
  choice->open = FALSE;
}

void
grammar_choice_next (GrammarBuilder *b, GrammarChoice *choice)
{
  if (choice->open)
    {
      guint32 jump = grammar_emit_jump (b);
      g_array_append_val (choice->jumps, jump);
      grammar_patch_other (b, choice->split, grammar_here (b));
    }
  choice->split = grammar_emit_split (b);
  choice->open = TRUE;
}

void
grammar_choice_end (GrammarBuilder *b, GrammarChoice *choice)
{
  if (choice->open)
    {
      guint32 jump = grammar_emit_jump (b);
      g_array_append_val (choice->jumps, jump);
      grammar_patch_other (b, choice->split, grammar_here (b));
    }
  grammar_emit_byte (b, 1, 0); /* nothing else */
  for (guint i = 0; i < choice->jumps->len; i++)
    grammar_patch_jump (b, g_array_index (choice->jumps, guint32, i), grammar_here (b));
  g_array_unref (choice->jumps);
}

static void
emit_ranges (GrammarBuilder *b, const char *ranges)
{
  for (const guint8 *p = (const guint8 *) ranges; *p != 0; p += 2)
    grammar_emit_byte (b, p[0], p[1]);
}

void
grammar_emit_choice_of_ranges (GrammarBuilder *b, const char *const *list, gsize n)
{
  GrammarChoice choice;

  grammar_choice_begin (&choice);
  for (gsize i = 0; i < n; i++)
    {
      grammar_choice_next (b, &choice);
      emit_ranges (b, list[i]);
    }
  grammar_choice_end (b, &choice);
}

static void
emit_hex_digit (GrammarBuilder *b)
{
  static const char *const digits[] = { "09", "af", "AF" };

  grammar_emit_choice_of_ranges (b, digits, G_N_ELEMENTS (digits));
}

/* Four hexadecimal digits that are neither U+0000 nor a surrogate: readers differ on them.
 * Each case is its first digits, then how many of any kind follow. */
static void
emit_code_unit (GrammarBuilder *b)
{
  static const struct { const char *ranges; int n_any; } cases[] = {
    { "19", 3 }, { "ac", 3 }, { "AC", 3 }, { "ef", 3 }, { "EF", 3 }, { "dd07", 2 }, { "DD07", 2 },
    { "0019", 2 }, { "00af", 2 }, { "00AF", 2 }, { "000019", 1 }, { "0000af", 1 }, { "0000AF", 1 },
    { "00000019", 0 }, { "000000af", 0 }, { "000000AF", 0 },
  };
  GrammarChoice choice;

  grammar_choice_begin (&choice);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      grammar_choice_next (b, &choice);
      emit_ranges (b, cases[i].ranges);
      for (int k = 0; k < cases[i].n_any; k++)
        emit_hex_digit (b);
    }
  grammar_choice_end (b, &choice);
}

/* Routines for one character beyond ASCII, and for one of any kind, escaped where JSON
 * asks for it. */
void
grammar_write_char_routines (GrammarBuilder *b)
{
  static const char *const wide[] = {
    "\xc2\xdf\x80\xbf", "\xe0\xe0\xa0\xbf\x80\xbf", "\xe1\xec\x80\xbf\x80\xbf",
    "\xed\xed\x80\x9f\x80\xbf", "\xee\xef\x80\xbf\x80\xbf", "\xf0\xf0\x90\xbf\x80\xbf\x80\xbf",
    "\xf1\xf3\x80\xbf\x80\xbf\x80\xbf", "\xf4\xf4\x80\x8f\x80\xbf\x80\xbf",
  };
  static const char *const plain[] = {
    " !", "#[", "]~", "\\\\\"\"", "\\\\\\\\", "\\\\//", "\\\\bb", "\\\\ff", "\\\\nn", "\\\\rr", "\\\\tt",
  };
  GrammarChoice choice;

  b->wide_char = grammar_here (b);
  grammar_emit_choice_of_ranges (b, wide, G_N_ELEMENTS (wide));
  grammar_emit (b, OP_RETURN, 0, 0);
  b->any_char = grammar_here (b);
  grammar_choice_begin (&choice);
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      grammar_choice_next (b, &choice);
      emit_ranges (b, plain[i]);
    }
  grammar_choice_next (b, &choice);
  grammar_emit_text (b, "\\u", 2);
  emit_code_unit (b);
  grammar_choice_next (b, &choice);
  grammar_emit_call (b, b->wide_char);
  grammar_choice_end (b, &choice);
  grammar_emit (b, OP_RETURN, 0, 0);
}

/* Routine calls repeated at least `least` times, at most `most` (-1: no bound). */
void
grammar_emit_repeat (GrammarBuilder *b, guint32 routine, gint64 least, gint64 most)
{
  g_autoptr (GArray) splits = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gint64 i = 0; i < least && b->error == NULL; i++)
    grammar_emit_call (b, routine);
  if (most < 0)
    {
      guint32 split = grammar_emit_split (b);
      grammar_emit_call (b, routine);
      grammar_patch_jump (b, grammar_emit_jump (b), split);
      grammar_patch_other (b, split, grammar_here (b));
      return;
    }
  for (gint64 i = least; i < most && b->error == NULL; i++)
    {
      guint32 split = grammar_emit_split (b);
      g_array_append_val (splits, split);
      grammar_emit_call (b, routine);
    }
  for (guint i = 0; i < splits->len; i++)
    grammar_patch_other (b, g_array_index (splits, guint32, i), grammar_here (b));
}

static void
emit_digits (GrammarBuilder *b, int least, int most)
{
  g_autoptr (GArray) splits = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (int i = 0; i < most; i++)
    {
      if (i >= least)
        {
          guint32 split = grammar_emit_split (b);
          g_array_append_val (splits, split);
        }
      grammar_emit_byte (b, '0', '9');
    }
  for (guint i = 0; i < splits->len; i++)
    grammar_patch_other (b, g_array_index (splits, guint32, i), grammar_here (b));
}

void
grammar_emit_optional_byte (GrammarBuilder *b, char c)
{
  guint32 split = grammar_emit_split (b);

  grammar_emit_byte (b, (guint8) c, (guint8) c);
  grammar_patch_other (b, split, grammar_here (b));
}

/* smallest: -1 any sign, 0 from zero, 1 from one. */
void
grammar_emit_integer (GrammarBuilder *b, int smallest)
{
  GrammarChoice choice;

  if (smallest < 0)
    grammar_emit_optional_byte (b, '-');
  grammar_choice_begin (&choice);
  if (smallest < 1)
    {
      grammar_choice_next (b, &choice);
      grammar_emit_byte (b, '0', '0');
    }
  grammar_choice_next (b, &choice);
  grammar_emit_byte (b, '1', '9');
  emit_digits (b, 0, MAX_DIGITS - 1);
  grammar_choice_end (b, &choice);
}

void
grammar_emit_fraction (GrammarBuilder *b)
{
  guint32 split = grammar_emit_split (b);

  grammar_emit_byte (b, '.', '.');
  emit_digits (b, 1, MAX_DIGITS);
  grammar_patch_other (b, split, grammar_here (b));
}

void
grammar_emit_number (GrammarBuilder *b, int smallest)
{
  grammar_emit_integer (b, smallest);
  grammar_emit_fraction (b);
  guint32 split = grammar_emit_split (b);
  static const char *const marks[] = { "ee", "EE" };
  grammar_emit_choice_of_ranges (b, marks, 2);
  static const char *const signs[] = { "++", "--" };
  guint32 no_sign = grammar_emit_split (b);
  grammar_emit_choice_of_ranges (b, signs, 2);
  grammar_patch_other (b, no_sign, grammar_here (b));
  emit_digits (b, 1, 2);
  grammar_patch_other (b, split, grammar_here (b));
}

void
grammar_emit_comma (GrammarBuilder *b)
{
  grammar_emit_byte (b, ',', ',');
  grammar_emit_optional_byte (b, ' ');
}

void
grammar_emit_colon (GrammarBuilder *b)
{
  grammar_emit_byte (b, ':', ':');
  grammar_emit_optional_byte (b, ' ');
}

/* open [item {, item}] close, where item is a routine; least and most count items. */
void
grammar_emit_list (GrammarBuilder *b, char open, char close, guint32 item, gint64 least, gint64 most)
{
  guint32 jump = grammar_emit_jump (b), more = grammar_here (b);
  grammar_emit_comma (b);
  grammar_emit_call (b, item);
  grammar_emit (b, OP_RETURN, 0, 0);
  grammar_patch_jump (b, jump, grammar_here (b));

  grammar_emit_byte (b, (guint8) open, (guint8) open);
  guint32 split = least == 0 ? grammar_emit_split (b) : 0;
  if (most != 0)
    {
      grammar_emit_call (b, item);
      grammar_emit_repeat (b, more, MAX (least - 1, 0), most < 0 ? -1 : most - 1);
    }
  if (least == 0)
    grammar_patch_other (b, split, grammar_here (b));
  grammar_emit_byte (b, (guint8) close, (guint8) close);
}

void
grammar_write_value_routines (GrammarBuilder *b)
{
  GrammarChoice choice;

  b->any_string = grammar_here (b);
  grammar_emit_byte (b, '"', '"');
  grammar_emit_repeat (b, b->any_char, 0, -1);
  grammar_emit_byte (b, '"', '"');
  grammar_emit (b, OP_RETURN, 0, 0);

  b->any_value = grammar_here (b);
  guint32 over = grammar_emit_jump (b), pair = grammar_here (b);
  grammar_emit_call (b, b->any_string);
  grammar_emit_colon (b);
  grammar_emit_call (b, b->any_value);
  grammar_emit (b, OP_RETURN, 0, 0);
  grammar_patch_jump (b, over, grammar_here (b));
  grammar_choice_begin (&choice);
  grammar_choice_next (b, &choice);
  grammar_emit_call (b, b->any_string);
  grammar_choice_next (b, &choice);
  grammar_emit_number (b, -1);
  grammar_choice_next (b, &choice);
  grammar_emit_text (b, "true", 4);
  grammar_choice_next (b, &choice);
  grammar_emit_text (b, "false", 5);
  grammar_choice_next (b, &choice);
  grammar_emit_text (b, "null", 4);
  grammar_choice_next (b, &choice);
  grammar_emit_list (b, '[', ']', b->any_value, 0, -1);
  grammar_choice_next (b, &choice);
  grammar_emit_list (b, '{', '}', pair, 0, -1);
  grammar_choice_end (b, &choice);
  grammar_emit (b, OP_RETURN, 0, 0);
}
