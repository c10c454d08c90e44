/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the table stage share. One page is laid out once as tokens,
 * chunks and rules; detectors propose areas, the grid turns an area into cells.
 *
 *   tokens.c          words of the page as tokens, joined to chunks
 *   prose.c           which chunks are lines of paragraphs
 *   rules.c           drawn lines, joined and sorted into horizontal and vertical
 *   detect-ruled.c    areas whose rules cross, and stacks of horizontal rules
 *   detect-aligned.c  areas whose chunks stand in columns
 *   grid.c            an area's columns, rows and cells
 *   columns.c         where columns part, by rules and by white space
 *   pieces.c          which columns a chunk stands in
 *   rows.c            which lines are one row, by rules and by what stands there
 *   spans.c           cells over several columns or rows
 *   header.c          how many rows are header
 *   table.c           the stage: areas to regions
 */
#pragma once

#include "document/document.h"

typedef enum {
  TOKEN_TEXT,
  TOKEN_NUMBER, /* digits with their signs, units and marks; also "-", "n/a" */
  TOKEN_SYMBOL, /* one sign that belongs to its neighbour: "$", "%", "*" */
  TOKEN_LEADER, /* dots that lead the eye */
  TOKEN_BULLET, /* "-", "3.", "b)": what starts an item of a list, at its start */
} TokenKind;

typedef struct {
  DocaiWord *word;   /* lent */
  DocaiBox   box;
  TokenKind  kind;
  int        region; /* index in the page's regions; -1: loose */
  int        chunk;
  gboolean   fixed;    /* of a page header, footer, listing or formula: tables leave it alone */
  gboolean   pictured; /* of a picture's region */
} Token;

/* Words on one line that stand no further apart than words do. */
typedef struct {
  DocaiBox box;
  int      first, n; /* tokens, contiguous, left to right */
  int      n_numbers, n_symbols;
  int      n_letters;
  gboolean prose;    /* a line of a paragraph */
  gboolean fixed;
  gboolean pictured; /* in a picture's region */
  gboolean taken;    /* by a table */
} Chunk;

/* A straight line: `at` y and from..to x when horizontal, else the other way. */
typedef struct {
  double at, from, to;
} Rule;

typedef struct {
  double  width, height;
  double  em;      /* median height of a word, points */
  GArray *tokens;  /* Token */
  GArray *chunks;  /* Chunk, by y of the centre */
  GArray *across;  /* Rule, horizontal, by y */
  GArray *down;    /* Rule, vertical, by x */
  GArray *pictures; /* DocaiBox of the page's picture regions */
  double   pitch;   /* of a scan that is typed, points; else 0 */
  gboolean scanned; /* rules and pictures are what the ink suggests */
} Sheet;

/* A place where a table seems to stand. */
typedef struct {
  DocaiBox box;
  gboolean lattice;    /* rules cross in it */
  double   confidence;
} Area;

/* Chunks that stand on one line of an area. */
typedef struct {
  double  y0, y1;
  int     first, n; /* indexes into Grid.order */
} Line;

/* Column or row separator. */
typedef struct {
  double   at;
  gboolean ruled;
} Cut;

typedef struct {
  double from, to;
} Extent;

/* Words from..to of a chunk that stand in columns left..right. */
typedef struct {
  int from, to;
  int left, right;
} Piece;

typedef struct {
  const Sheet *sheet;
  Area         area;
  GArray      *order;   /* int: chunk indexes, line by line, left to right */
  GArray      *lines;   /* Line, top down */
  GArray      *across;  /* Rule: the horizontal rules inside */
  GArray      *down;    /* Rule: the vertical rules inside */
  GArray      *columns; /* Cut: n_columns + 1 of them */
  GArray      *rows;    /* Cut: n_rows + 1 of them */
  GArray      *extents; /* Extent of the body's text, a column each; empty when it has none */
  GArray      *pieces;  /* Piece: scratch */
  int          body_line; /* first line that looks like data; 0 when unknown */
  int          header_rows;
} Grid;

#define AT(array, T, i) g_array_index ((array), T, (i))

/* tokens.c */
TokenKind token_kind (const char *text);
gboolean  token_is_caption (const Sheet *sheet, const Chunk *chunk);
Sheet    *sheet_new (const DocaiPage *page);
void      sheet_free (Sheet *sheet);
double    sheet_gap (const Sheet *sheet, double height);
gboolean  chunk_is_numeric (const Chunk *chunk);
gboolean  chunk_is_idle (const Sheet *sheet, const Chunk *chunk);
/* Groups chunks (indexes, by y) that stand on one line; fills lines and sorts order. */
void      sheet_lines (const Sheet *sheet, GArray *order, GArray *lines);

/* prose.c */
void sheet_mark_prose (Sheet *sheet);

/* rules.c */
void   sheet_add_rules (Sheet *sheet, const GPtrArray *rulings);
/* Share of from..to that rules within `slack` of `at` cover. */
double rules_cover (const GArray *rules, double at, double slack, double from, double to);

/* A table's box with the rules that frame its content. */
DocaiBox rules_frame (const Sheet *sheet, DocaiBox content);

/* detect-ruled.c */
void detect_ruled (const Sheet *sheet, GArray *areas);
void detect_stacked (const Sheet *sheet, GArray *areas);

/* detect-aligned.c */
void detect_aligned (const Sheet *sheet, GArray *areas);

/* grid.c */
Grid       *grid_new (const Sheet *sheet, Area area);
void        grid_free (Grid *grid);
DocaiTable *grid_table (Grid *grid, DocaiBox *content, double *confidence);

/* columns.c */
void grid_find_columns (Grid *grid);
int  grid_column_of (const Grid *grid, double x);

/* pieces.c */
void grid_measure_columns (Grid *grid);
/* Parts a chunk at columns; a heading also where only alignment tells. */
void grid_part_chunk (const Grid *grid, const Chunk *chunk, gboolean heading, GArray *pieces);

/* rows.c */
void grid_find_rows (Grid *grid);
int  grid_row_of (const Grid *grid, double y);
gboolean line_is_data (const Grid *grid, const Line *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sheet, sheet_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Grid, grid_free)
