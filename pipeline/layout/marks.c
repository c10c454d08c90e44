/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Patterns of text that give away a line's role: marks of lists and notes in any
 * script, words that open captions in the languages of most documents.
 */
#include "pipeline/layout/marks.h"

#include "document/text.h"

#include <string.h>

static gboolean
is_bullet_character (gunichar c)
{
  static const gunichar bullets[] = {
    0x2022, 0x25AA, 0x25CF, 0x25CB, 0x25E6, 0x25A0, 0x25A1, 0x00B7, 0x2023, 0x2043, 0x204C, 0x2219,
    0x25B6, 0x25B8, 0x25BA, 0x27A2, 0x27A4, 0x2794, 0x2713, 0x2714, 0x2756, 0x25C6, 0x25C7, 0x25FC,
    0x25FE, 0x2B25, 0x25D8, 0x0084, 0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF076, 0xF02D, 0xF06E, 0xF071,
    0x2605, 0x2606, 0x30FB, 0x25B7, 0x203A,
  };
  for (guint i = 0; i < G_N_ELEMENTS (bullets); i++)
    if (bullets[i] == c)
      return TRUE;
  /* symbol fonts without names for their signs; ballots have their own states */
  return c >= 0xF020 && c <= 0xF0FF;
}

/* The state of a ballot box: 1 ticked, 0 empty, -1 none. */
static int
ballot_state (gunichar c)
{
  static const gunichar ticked[] = { 0x2611, 0x2612, 0x1F5F9, 0x1F5F5, 0x1F5F7, 0x2BBD, 0xF0FD, 0xF0FE, 0xF052, 0xF053 };
  static const gunichar empty[] = { 0x2610, 0x274F, 0x2750, 0x2751, 0x2752, 0xF0A8, 0xF06F };
  for (guint i = 0; i < G_N_ELEMENTS (ticked); i++)
    if (ticked[i] == c)
      return 1;
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    if (empty[i] == c)
      return 0;
  return -1;
}

/* "[x] ", "[ ] ": a check box that is typed, or read from print; -1: none. */
static int
typed_ballot (const char *p)
{
  if (*p++ != '[')
    return -1;
  int state = *p == 'x' || *p == 'X';
  p += state || *p == ' ' || *p == '_';
  return *p == ']' && p[1] == ' ' ? state : -1;
}

static const char *
skip_blanks (const char *p)
{
  while (*p && g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

static gboolean
opens_item (gunichar c)
{
  return is_bullet_character (c) || ballot_state (c) >= 0;
}

gboolean
marks_is_bullet (const char *text)
{
  return text && (opens_item (g_utf8_get_char (skip_blanks (text))) || typed_ballot (skip_blanks (text)) >= 0);
}

int
marks_ballot (const char *text)
{
  int typed = text ? typed_ballot (skip_blanks (text)) : -1;
  return !text || typed >= 0 ? typed : ballot_state (g_utf8_get_char (skip_blanks (text)));
}

/* Dashes and letters that open an item when a blank follows; bullets of scans are often
 * read as a plus. */
static gboolean
is_dash (gunichar c)
{
  return c == '-' || c == '*' || c == '+' || c == 'o' || c == 0xBB || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* Circled and bracketed numbers and letters. */
static gboolean
is_enclosed (gunichar c)
{
  return (c >= 0x2460 && c <= 0x24EA) || (c >= 0x2776 && c <= 0x2793) || (c >= 0x3220 && c <= 0x3229)
         || (c >= 0x3280 && c <= 0x3289);
}

/* The end of an enumeration mark at p ("1.", "12)", "(iv)", "a.", "A)"); NULL
 * when there is none. */
static const char *
end_of_enumeration (const char *p)
{
  gboolean open = *p == '(' || *p == '[';
  if (open)
    p++;
  const char *start = p;
  int         n     = 0;
  if (g_unichar_isdigit (g_utf8_get_char (p))) {
    while (g_unichar_isdigit (g_utf8_get_char (p)) && n < 3)
      p = g_utf8_next_char (p), n++;
  } else if (strchr ("ivxIVX", *p) && *p && p[1] != '.') {
    while (*p && strchr ("ivxIVX", *p) && n < 5)
      p++, n++;
  } else if (g_ascii_isalpha (*p)) {
    if (g_ascii_isupper (*p) && p[1] == '.' && !open)
      return NULL; /* a name's initial, or a heading */
    p++, n++;
  }
  if (p == start)
    return NULL;
  if (*p == ')' || *p == ']')
    return p + 1;
  if (open || *p != '.' || g_ascii_isdigit (p[1]))
    return NULL;
  return p + 1;
}

/* "1.2 The Supplier", "3.1.4. Goods": a clause's number of several levels before text. */
static gboolean
opens_clause (const char *p)
{
  int levels = 0;
  for (;;) {
    gsize digits = strspn (p, "0123456789");
    if (digits < 1 || digits > 2)
      break;
    levels++;
    p += digits;
    if (*p != '.')
      break;
    p++;
  }
  if (levels < 2 || levels > 5 || *p != ' ')
    return FALSE;
  gunichar c = g_utf8_get_char (skip_blanks (p));
  return (g_unichar_isalpha (c) && !g_unichar_islower (c)) || c == 0x201C || c == '"';
}

gboolean
marks_is_list_item (const char *text)
{
  if (!text)
    return FALSE;
  const char *p = skip_blanks (text);
  gunichar    c = g_utf8_get_char (p);
  if (!c)
    return FALSE;
  if (opens_item (c) || is_enclosed (c))
    return *skip_blanks (g_utf8_next_char (p)) != '\0';
  if (typed_ballot (p) >= 0)
    return TRUE;
  if (is_dash (c)) {
    const char *q = g_utf8_next_char (p);
    return *q == ' ' && *skip_blanks (q) && !(c != 'o' && g_ascii_isdigit (*skip_blanks (q)));
  }
  const char *end = end_of_enumeration (p);
  return (end && *end == ' ' && *skip_blanks (end)) || opens_clause (p);
}

gboolean
marks_is_bare_bullet (const char *text)
{
  if (!text)
    return FALSE;
  const char *p = skip_blanks (text);
  gunichar    c = g_utf8_get_char (p);
  if (!c)
    return FALSE;
  if (opens_item (c) || is_enclosed (c) || is_dash (c)) {
    p = skip_blanks (g_utf8_next_char (p));
    while (*p && opens_item (g_utf8_get_char (p)))
      p = skip_blanks (g_utf8_next_char (p));
    return *p == '\0';
  }
  const char *end = end_of_enumeration (p);
  return end && !*skip_blanks (end);
}

gboolean
marks_is_section_number (const char *text)
{
  if (!text)
    return FALSE;
  gsize digits = strspn (text, "0123456789."), n = strlen (text);
  if (digits == n)
    return n >= 1 && n <= 8 && g_ascii_isdigit (text[0]) && !strstr (text, "..");
  if (n <= 6 && g_ascii_isupper (text[0]) && strspn (text + 1, "0123456789.") == n - 1)
    return TRUE; /* "A", "B.1" */
  gsize roman = strspn (text, "IVX");
  return roman > 0 && roman <= 5 && (text[roman] == '\0' || (text[roman] == '.' && text[roman + 1] == '\0'));
}

/* Whether the text, brackets left out, begins with one of the words (folded) and
 * then a number, roman or arabic, or a letter. */
static gboolean
begins_with_numbered (const char *text, const char *const *words, guint n)
{
  if (!text)
    return FALSE;
  const char *p = skip_blanks (text);
  while (*p && (strchr ("[<(", *p) || g_utf8_get_char (p) == 0x3010 || g_utf8_get_char (p) == 0x3008
                || g_utf8_get_char (p) == 0xFF1C))
    p = g_utf8_next_char (p);
  g_autofree char *start  = g_utf8_substring (p, 0, MIN (g_utf8_strlen (p, -1), 24));
  g_autofree char *folded = g_utf8_strdown (start, -1);
  for (guint i = 0; i < n; i++) {
    if (!g_str_has_prefix (folded, words[i]))
      continue;
    const char *q    = g_utf8_offset_to_pointer (p, g_utf8_strlen (words[i], -1));
    const char *name = q;
    while (*q == '.' || *q == ' ' || *q == '#')
      q++;
    if (g_unichar_isdigit (g_utf8_get_char (q)))
      return TRUE;
    if (q > name && *q && strchr ("IVXABCS", *q) && !g_ascii_islower (q[1]))
      return TRUE;
  }
  return FALSE;
}

gboolean
marks_is_table_caption (const char *text)
{
  static const char *const words[] = {
    "table", "tabelle", "tab", "tableau", "tabla", "tabella", "tabela", "tabel", "tabell", "tabulka", "tablo",
    "tabuľka", "táblázat", "taulukko", "cuadro", "quadro", "таблица", "табл", "таблиця", "πίνακας", "bảng", "표",
    "表", "جدول", "טבלה", "ตาราง",
  };
  return begins_with_numbered (text, words, G_N_ELEMENTS (words));
}

gboolean
marks_is_figure_caption (const char *text)
{
  static const char *const words[] = {
    "figure", "figura", "fig", "abbildung", "abb", "bild", "image", "chart", "graph", "exhibit", "scheme",
    "plate", "map", "photo", "figuur", "figur", "illustration", "ilustración", "imagen", "schaubild", "grafik",
    "gráfico", "gráfica", "grafico", "graphique", "schéma", "diagram", "rysunek", "rys", "obrázek", "obr",
    "kuva", "ábra", "şekil", "gambar", "hình", "slika", "рисунок", "рис", "εικόνα", "σχήμα", "그림", "도표", "図",
    "图", "圖", "شكل", "איור", "ภาพ",
  };
  return begins_with_numbered (text, words, G_N_ELEMENTS (words));
}

gboolean
marks_is_caption (const char *text)
{
  static const char *const words[] = { "algorithm", "listing", "example", "box" };
  return marks_is_table_caption (text) || marks_is_figure_caption (text)
         || begins_with_numbered (text, words, G_N_ELEMENTS (words));
}

/* After "Figure 3" a sentence goes on in lower case; a caption does not. */
gboolean
marks_reads_on (const char *text)
{
  const char *p = text;
  while (*p && !g_ascii_isdigit (*p))
    p++;
  while (*p && (g_ascii_isdigit (*p) || *p == '-' || *p == '.'))
    p++;
  if (p > text && (p[-1] == '.' || *p == ':'))
    return FALSE;
  while (*p == ' ')
    p++;
  return g_unichar_islower (g_utf8_get_char (p));
}

gboolean
marks_is_page_number (const char *text)
{
  static const char *const words[] = { "page", "seite", "p", "pag", "pagina", "página", "s", "of", "von",
                                       "de", "sur", "di", "van" };
  if (!text || strlen (text) > 40)
    return FALSE;
  g_auto (GStrv) parts = g_strsplit_set (text, " -|/.:\t", -1);
  int            numbers = 0;
  for (char **p = parts; *p; p++) {
    if (!**p || g_str_equal (*p, "–") || g_str_equal (*p, "—"))
      continue;
    if (strspn (*p, "0123456789") == strlen (*p) && strlen (*p) <= 4) {
      numbers++;
    } else if (strspn (*p, "ivxlc") == strlen (*p) && strlen (*p) <= 6) {
      numbers++;
    } else {
      gboolean word = FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        word |= g_ascii_strcasecmp (*p, words[i]) == 0;
      if (!word)
        return FALSE;
    }
  }
  return numbers >= 1 && numbers <= 2;
}

gboolean
marks_is_numbered_heading (const char *text)
{
  static const char *const words[] = { "chapter", "section", "appendix", "annex", "part", "kapitel",
                                       "abschnitt", "anhang", "chapitre", "article", "artikel" };
  if (!text)
    return FALSE;
  const char *p = skip_blanks (text);
  if (g_utf8_get_char (p) == 0x7B2C) { /* Chinese and Japanese: the n-th chapter, section, article, part */
    static const gunichar kinds[] = { 0x7AE0, 0x8282, 0x7BC0, 0x6761, 0x689D, 0x7DE8, 0x7F16 };
    for (int k = 0; *p && k < 6; k++, p = g_utf8_next_char (p))
      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (g_utf8_get_char (p) == kinds[i])
          return TRUE;
    return FALSE;
  }
  if (g_ascii_isdigit (*p)) {
    int n = 0;
    while (g_ascii_isdigit (*p) || (*p == '.' && n > 0)) {
      p++;
      n++;
    }
    const char *q = skip_blanks (p);
    return n <= 8 && q > p && g_unichar_isalpha (g_utf8_get_char (q))
           && !g_unichar_islower (g_utf8_get_char (q));
  }
  if (*p && strchr ("IVX", *p)) {
    gsize n = strspn (p, "IVX");
    return n <= 5 && p[n] == '.' && p[n + 1] == ' ';
  }
  return begins_with_numbered (text, words, G_N_ELEMENTS (words));
}

gboolean
marks_is_footnote (const char *text)
{
  if (!text)
    return FALSE;
  const char *p = skip_blanks (text);
  gunichar    c = g_utf8_get_char (p);
  if (c == '*' || c == 0x2020 || c == 0x2021 || c == 0xA7 || c == 0x203B || c == 0xB9 || c == 0xB2 || c == 0xB3
      || (c >= 0x2074 && c <= 0x2079))
    return TRUE;
  int n = 0;
  while (g_ascii_isdigit (*p) && n < 3)
    p++, n++;
  if (*p == ')')
    p++;
  return n > 0 && *p && !g_ascii_isdigit (*p) && *p != '.' && *p != ',' && *p != '%';
}

gboolean
marks_has_leader (const char *text)
{
  if (!text)
    return FALSE;
  int dots = 0;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == '.' || c == 0xB7)
      dots++;
    else if (c == 0x2026)
      dots += 3;
    else if (c != ' ')
      dots = 0;
    if (dots >= 5)
      return TRUE;
  }
  return FALSE;
}

gboolean
marks_ends_sentence (const char *text)
{
  if (!text || !*text)
    return FALSE;
  const char *p = text + strlen (text);
  do
    p = g_utf8_prev_char (p);
  while (p > text && strchr ("\"')] ", *p) && *p);
  gunichar c = g_utf8_get_char (p);
  return c == '.' || c == '!' || c == '?' || c == ':' || c == ';' || c == 0x3002 || c == 0x201D;
}

gboolean
marks_starts_sentence (const char *text)
{
  if (!text)
    return FALSE;
  gunichar c = g_utf8_get_char (skip_blanks (text));
  return g_unichar_isupper (c) || g_unichar_isdigit (c) || c == '"' || c == 0x201C || c == 0x201E
         || c == '(' || c == 0xAB || (g_unichar_isalpha (c) && !g_unichar_islower (c));
}

gboolean
marks_is_capitals (const char *text)
{
  int upper = 0, lower = 0;
  for (const char *p = text ? text : ""; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    upper += g_unichar_isupper (c) != 0;
    lower += g_unichar_islower (c) != 0;
  }
  return upper >= 3 && lower * 8 <= upper;
}

double
marks_symbol_share (const char *text)
{
  int letters = 0, all = 0;
  for (const char *p = text ? text : ""; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_isspace (c))
      continue;
    all++;
    letters += g_unichar_isalpha (c) != 0;
  }
  return all ? 1.0 - (double) letters / all : 0;
}

double
marks_code_share (const char *text)
{
  int signs = 0, all = 0;
  for (const char *p = text ? text : ""; *p; p = g_utf8_next_char (p)) {
    if (*p == ' ')
      continue;
    all++;
    signs += strchr ("(){}[];=<>_\\|&\"'#*+", *p) != NULL;
  }
  return all ? (double) signs / all : 0;
}

gboolean
marks_is_right_to_left (const char *text)
{
  int right = 0, left = 0;
  for (const char *p = text ? text : ""; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (docai_text_is_right_to_left (c))
      right++;
    else if (g_unichar_isalpha (c))
      left++;
  }
  return right > left;
}
