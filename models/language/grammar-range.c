/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers between bounds, digit by digit. A bound is a whole number of units: of ones for
 * integers, of millionths for numbers. Decimals of up to 15 digits read back as distinct doubles
 * in the same order, so what lies between the bounds as a decimal does so for whoever reads it.
 */
#include <math.h>
#include <string.h>

#include "models/language/grammar-priv.h"

#define MAX_DIGITS 15
#define LIMIT G_GINT64_CONSTANT (999999999999999)
#define DECIMALS 6
#define MILLION G_GINT64_CONSTANT (1000000)

static gboolean
all (const char *digits, int n, char digit)
{
  for (int i = 0; i < n; i++)
    if (digits[i] != digit)
      return FALSE;
  return TRUE;
}

static void emit_between (GrammarBuilder *b, const char *low, const char *high, int n, gboolean may_stop);

/* The n digits behind those that leave low and high open: may_stop: none at all where that means zeros, which are
 * not below low. */
static void
emit_rest (GrammarBuilder *b, const char *low, const char *high, int n, gboolean may_stop)
{
  gboolean stops = may_stop && all (low, n, '0');

  if (n == 0)
    return;
  guint32 split = stops ? grammar_emit_split (b) : 0;
  emit_between (b, low, high, n, may_stop);
  if (stops)
    grammar_patch_other (b, split, grammar_here (b));
}

/* Texts of n digits from low to high; may_stop: of 1 to n decimals whose value, filled up with zeros, is. */
static void
emit_between (GrammarBuilder *b, const char *low, const char *high, int n, gboolean may_stop)
{
  static const char zeros[] = "000000000000000", nines[] = "999999999999999";
  GrammarChoice choice;

  if (low[0] == high[0])
    {
      grammar_emit_byte (b, (guint8) low[0], (guint8) low[0]);
      emit_rest (b, low + 1, high + 1, n - 1, may_stop);
      return;
    }
  char first = all (low + 1, n - 1, '0') ? low[0] : (char) (low[0] + 1), last = all (high + 1, n - 1, '9') ? high[0] : (char) (high[0] - 1);
  grammar_choice_begin (&choice);
  if (first != low[0])
    {
      grammar_choice_next (b, &choice);
      grammar_emit_byte (b, (guint8) low[0], (guint8) low[0]);
      emit_rest (b, low + 1, nines, n - 1, may_stop);
    }
  if (first <= last)
    {
      grammar_choice_next (b, &choice);
      grammar_emit_byte (b, (guint8) first, (guint8) last);
      emit_rest (b, zeros, nines, n - 1, may_stop);
    }
  if (last != high[0])
    {
      grammar_choice_next (b, &choice);
      grammar_emit_byte (b, (guint8) high[0], (guint8) high[0]);
      emit_rest (b, zeros, high + 1, n - 1, may_stop);
    }
  grammar_choice_end (b, &choice);
}

/* Whole numbers from low >= 0 to high, without leading zeros. */
static void
emit_whole (GrammarBuilder *b, gint64 low, gint64 high)
{
  GrammarChoice choice;
  gint64 from = 0, to = 9;

  grammar_choice_begin (&choice);
  for (int n = 1; n <= MAX_DIGITS; n++, from = to + 1, to = to * 10 + 9)
    if (low <= to && high >= from)
      {
        char first[24], last[24];
        g_snprintf (first, sizeof first, "%" G_GINT64_FORMAT, MAX (low, from));
        g_snprintf (last, sizeof last, "%" G_GINT64_FORMAT, MIN (high, to));
        grammar_choice_next (b, &choice);
        emit_between (b, first, last, n, FALSE);
      }
  grammar_choice_end (b, &choice);
}

/* A point and decimals from low to high millionths, or nothing when that is zero. */
static void
emit_fraction_between (GrammarBuilder *b, gint64 low, gint64 high)
{
  char first[24], last[24];

  g_snprintf (first, sizeof first, "%06" G_GINT64_FORMAT, low);
  g_snprintf (last, sizeof last, "%06" G_GINT64_FORMAT, high);
  guint32 split = low == 0 ? grammar_emit_split (b) : 0;
  grammar_emit_byte (b, '.', '.');
  emit_between (b, first, last, DECIMALS, TRUE);
  if (low == 0)
    grammar_patch_other (b, split, grammar_here (b));
}

/* Numbers from low >= 0 to high millionths. */
static void
emit_millionths (GrammarBuilder *b, gint64 low, gint64 high)
{
  gint64 first = low / MILLION, last = high / MILLION, whole = low % MILLION == 0 ? first : first + 1, end = high % MILLION == MILLION - 1 ? last : last - 1;
  GrammarChoice choice;

  grammar_choice_begin (&choice);
  if (first < whole || first > end)
    {
      grammar_choice_next (b, &choice);
      emit_whole (b, first, first);
      emit_fraction_between (b, low % MILLION, first == last ? high % MILLION : MILLION - 1);
    }
  if (whole <= end)
    {
      grammar_choice_next (b, &choice);
      emit_whole (b, whole, end);
      emit_fraction_between (b, 0, MILLION - 1);
    }
  if (last > end && last > first)
    {
      grammar_choice_next (b, &choice);
      emit_whole (b, last, last);
      emit_fraction_between (b, 0, high % MILLION);
    }
  grammar_choice_end (b, &choice);
}

/* The first unit whose value is not below the bound, or above it. */
static gint64
unit_above (double bound, double units, gboolean exclusive)
{
  if (bound * units < -(double) LIMIT)
    return -LIMIT;
  if (bound * units > (double) LIMIT)
    return LIMIT + 1;
  gint64 n = (gint64) floor (bound * units) - 2;
  while (exclusive ? (double) n / units <= bound : (double) n / units < bound)
    n++;
  return n;
}

void
grammar_emit_between (GrammarBuilder *b, const GrammarBounds *bounds, gboolean integer)
{
  double units = integer ? 1 : (double) MILLION;
  gint64 low = unit_above (bounds->low, units, bounds->above), high = -unit_above (-bounds->high, units, bounds->below);
  void (*emit) (GrammarBuilder *, gint64, gint64) = integer ? emit_whole : emit_millionths;
  GrammarChoice choice;

  low = MAX (low, -LIMIT);
  high = MIN (high, LIMIT);
  if (low > high)
    {
      grammar_fail (b, "no answer can follow it", "minimum is above maximum, or no number of 15 digits lies between them");
      return;
    }
  grammar_choice_begin (&choice);
  if (low < 0)
    {
      grammar_choice_next (b, &choice);
      grammar_emit_byte (b, '-', '-');
      emit (b, MAX (-high, 1), -low);
    }
  if (high >= 0)
    {
      grammar_choice_next (b, &choice);
      emit (b, MAX (low, 0), high);
    }
  grammar_choice_end (b, &choice);
}

gboolean
grammar_emit_multiples (GrammarBuilder *b, const GrammarBounds *bounds, gint64 step, gint64 most)
{
  gint64 low = MAX (unit_above (bounds->low, 1, bounds->above), -LIMIT), high = MIN (-unit_above (-bounds->high, 1, bounds->below), LIMIT);
  gint64 first = low / step + (low % step > 0), last = high / step - (high % step < 0);
  GrammarChoice choice;

  if (last - first >= most)
    return FALSE;
  grammar_choice_begin (&choice);
  for (gint64 n = first; n <= last; n++)
    {
      char text[32];
      g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, n * step);
      grammar_choice_next (b, &choice);
      grammar_emit_text (b, text, strlen (text));
    }
  grammar_choice_end (b, &choice);
  return TRUE;
}
