/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers along the axes of charts.
 */
#include "pipeline/chart/number.h"

#include <math.h>
#include <string.h>

#define MOST_DIGITS 15
#define MOST_BYTES 32

/* What stands for a digit in the eyes of a recogniser. */
static const char *const confused[] = { "oOQD", "lI|!", "zZ", "", "", "sS", "", "", "B", "" };

static gboolean
is_minus (gunichar c)
{
  return c == '-' || c == 0x2212 || c == 0x2013 || c == 0x2012 || c == 0x2010 || c == 0x2011;
}

static gboolean
is_currency (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_CURRENCY_SYMBOL;
}

/* Marks that come from ticks and frames. */
static gboolean
is_speck (gunichar c)
{
  return c == '_' || c == '|' || c == '\'' || c == 0x2018 || c == 0x2019 || c == '`' || c == '~' || c == 0x2014 || c == '=' || c == '"'
         || c == 0x201c || c == 0x201d;
}

static int
digit_of (gunichar c, gboolean lenient, gboolean *doubtful)
{
  if (c < 128 && g_ascii_isdigit ((char) c))
    return (int) c - '0';
  for (int digit = 0; lenient && c < 128 && digit < 10; digit++)
    if (strchr (confused[digit], (int) c) != NULL)
      {
        *doubtful = TRUE;
        return digit;
      }
  return -1;
}

/* Digits and separators: "1,234.5" as digits "12345" with marks ',' before the second and '.' before the fifth. */
typedef struct {
  char digits[MOST_DIGITS + 1];
  char marks[MOST_DIGITS + 1]; /* before the digit; 0: none */
  int  n_digits;
} Figures;

/* The value when `point` (0: none) divides the whole from its parts and every other mark parts groups of three; FALSE where
 * that cannot be. */
static gboolean
evaluate (const Figures *figures, char point, double *value)
{
  int  after = -1, group = 0;
  char parting = 0;

  *value = 0;
  for (int i = 0; i < figures->n_digits; i++)
    {
      char mark = figures->marks[i];
      if (mark != 0 && mark == point)
        {
          if (after >= 0 || (parting != 0 && group != 3))
            return FALSE;
          after = 0;
        }
      else if (mark != 0)
        {
          gboolean first = parting == 0;
          if (after >= 0 || (!first && (mark != parting || group != 3)) || (first && (i == 0 || i > 3 || figures->digits[0] == '0')))
            return FALSE;
          parting = mark;
          group = 0;
        }
      group++;
      after += after >= 0;
      *value = *value * 10 + (figures->digits[i] - '0');
    }
  if (after < 0 && ((parting != 0 && group != 3) || (figures->digits[0] == '0' && *value != 0)))
    return FALSE; /* "08" has lost its point */
  *value /= pow (10, MAX (after, 0));
  return TRUE;
}

/* Reads digits and marks from *text on; FALSE when there are none or too many. */
static gboolean
take_figures (const char **text, gboolean lenient, Figures *figures, gboolean *doubtful)
{
  char mark = 0;

  memset (figures, 0, sizeof *figures);
  for (const char *p = *text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      int      digit = digit_of (c, lenient, doubtful);
      if (digit >= 0 && figures->n_digits < MOST_DIGITS)
        {
          figures->marks[figures->n_digits] = mark;
          figures->digits[figures->n_digits++] = (char) ('0' + digit);
          mark = 0;
          *text = g_utf8_next_char (p);
        }
      else if (digit >= 0 || mark != 0)
        return digit < 0 && figures->n_digits > 0;
      else if (c == '.' || c == ',')
        mark = (char) c;
      else if (figures->n_digits > 0 && (c == ' ' || c == 0xa0 || c == 0x202f || c == 0x2009 || c == '\'' || c == 0x2019))
        mark = ' ';
      else
        break;
    }
  return figures->n_digits > 0;
}

static int
superscript (gunichar c)
{
  return c == 0xb9 ? 1 : c == 0xb2 ? 2 : c == 0xb3 ? 3 : c == 0x2070 ? 0 : c >= 0x2074 && c <= 0x2079 ? (int) c - 0x2070 : -1;
}

/* What follows the figures multiplies them: "k", "Mio", "%", "e6", a superscript of 10. FALSE for what does not belong there. */
static gboolean
take_ending (const char *text, gboolean is_ten, double *factor, gboolean *percent, gboolean lenient)
{
  static const struct { const char *name; double factor; } units[]
      = { { "k", 1e3 }, { "K", 1e3 }, { "M", 1e6 }, { "Mio", 1e6 }, { "Mio.", 1e6 }, { "m", 1e6 }, { "mn", 1e6 }, { "bn", 1e9 }, { "B", 1e9 },
          { "Mrd", 1e9 }, { "Mrd.", 1e9 }, { "G", 1e9 }, { "T", 1e12 }, { "", 1 } };
  g_autofree char *ending = g_strstrip (g_strdup (text));
  gunichar         first = g_utf8_get_char (ending);
  char            *end = NULL;

  *factor = 1;
  if (superscript (first) >= 0 && is_ten && *g_utf8_next_char (ending) == '\0')
    {
      *factor = pow (10, superscript (first) - 1);
      return TRUE;
    }
  if ((*ending == 'e' || *ending == 'E') && (g_ascii_isdigit (ending[1]) || ((ending[1] == '-' || ending[1] == '+') && ending[2] != '\0')))
    {
      gint64 power = g_ascii_strtoll (ending + 1, &end, 10);
      *factor = pow (10, (double) CLAMP (power, -30, 30));
      return *end == '\0';
    }
  for (gsize length = strlen (ending); length > 0; length = strlen (ending))
    {
      char    *last = g_utf8_prev_char (ending + length);
      gunichar c = g_utf8_get_char (last);
      gboolean mark = c == '%' || is_currency (c) || (lenient && (is_speck (c) || is_minus (c) || c == '.' || c == ',' || c == ' '));
      if (!mark && c != ' ')
        break;
      *percent = *percent || c == '%';
      *last = '\0';
    }
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (ending, units[i].name) == 0)
      {
        *factor = units[i].factor;
        return TRUE;
      }
  return FALSE;
}

gboolean
chart_number_parse (const char *text, gboolean lenient, ChartNumber *number)
{
  Figures  figures;
  gboolean negative = FALSE;
  double   factor, value;

  *number = (ChartNumber){ 0 };
  if (text == NULL || strlen (text) > MOST_BYTES || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      if (is_minus (c) && !negative)
        negative = TRUE;
      else if (!is_currency (c) && c != '+' && !g_unichar_isspace (c) && !(lenient && is_speck (c) && c != '|'))
        break;
    }
  if (!take_figures (&text, lenient, &figures, &number->doubtful))
    return FALSE;
  /* a lone letter is none, but a lone O among numbers is */
  if (!take_ending (text, strcmp (figures.digits, "10") == 0, &factor, &number->percent, lenient))
    return FALSE;
  for (int i = 0; i < 2; i++)
    if (evaluate (&figures, i == 0 ? '.' : ',', &value) && (number->n_values == 0 || fabs (value * factor) != fabs (number->values[0])))
      number->values[number->n_values++] = (negative && value != 0 ? -value : value) * factor;
  /* "1,200" is a thousand and two hundred before it is one and a fifth; both readings of "0.5" are tried in this order */
  return number->n_values > 0;
}
