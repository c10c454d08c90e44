/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two ways of seeing a page (words of a text layer, ink of a scan) have
 * in common: pieces of text lines, and the graphics between them. Blocks, labels
 * and reading order are made from these alone.
 */
#pragma once

#include "document/document.h"

/* A piece of a text line without a wide gap: a line of a column, a cell of a row. */
typedef struct {
  DocaiLine *line;  /* owned until it goes into a region; has words on pages with a text layer */
  DocaiBox   bbox;  /* of the ink or the glyphs, points */
  double     baseline; /* y at the middle, points */
  double     size;  /* of the print: points of the font, or what the x-height suggests */
  double     width; /* mean width of a character */
  int        characters;
  int        math;  /* characters of formulas among them */
  gboolean   bold, italic, mono;
  gboolean   sign;  /* begins with a bullet that only its font tells */
  guint      font; /* stands for the font's name; 0: unknown */
  gboolean   upright; /* FALSE: turned by a quarter */
} LayoutSegment;

/* A picture: where, and how sure that is. */
typedef struct {
  DocaiBox bbox;
  double   confidence;
} LayoutPicture;

typedef struct {
  double     width, height; /* points */
  GPtrArray *segments; /* LayoutSegment, owned */
  GArray    *pictures; /* LayoutPicture */
  GArray    *rulings;  /* DocaiBox */
  GPtrArray *signs;    /* DocaiLine, owned: check boxes, bullets and dashes of a scan that is not read yet */
  gboolean   has_text; /* segments have words */
  double     pitch;    /* of a scan that is typed, points; else 0 */
  gboolean   from_ink; /* places are those of a scan's ink: pictures are guesses */

  /* What most of the print is (layout_page_measure). */
  double     body;       /* points; 0 without text */
  guint      body_font;
  gboolean   body_bold;  /* boldness tells nothing then */
  gboolean   body_mono;
  int        characters;
  GHashTable *fonts;     /* font to its characters */
} LayoutPage;

LayoutPage    *layout_page_new (double width, double height);
void           layout_page_free (LayoutPage *page);

/* Notes size, font and style that most characters have, before segments are moved. */
void           layout_page_measure (LayoutPage *page);

/* Share of the page's characters that are set in a font. */
double         layout_page_font_share (const LayoutPage *page, guint font);

LayoutSegment *layout_segment_new (DocaiLine *line); /* takes the line */
void           layout_segment_free (LayoutSegment *segment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutPage, layout_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutSegment, layout_segment_free)

/* The scan: turns page->raster (and its size) upright and straight, notes
 * rotation, skew and rulings in the page, and finds the pieces of lines
 * (scan.c). `help` tells the orientation where ink alone does not; its parts may
 * be NULL. LIMIT or PAGE errors only. */
typedef struct {
  struct LayoutReader *reader;
  struct LayoutOsd    *osd;
  const char          *languages; /* that the reader reads */
  const char          *tessdata_dir;
} ScanHelp;

LayoutPage *scan_read_page (DocaiPage *page, const ScanHelp *help, GError **error);

/* The words of a text layer joined to pieces of lines (words.c). Takes the
 * page's words: page->words is empty afterwards. */
LayoutPage *words_read_page (DocaiPage *page);
