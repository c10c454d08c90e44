/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What libtesseract reads on an image, for comparing with: its lines with their
 * geometry, its words and characters.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"

typedef struct {
  char         *text;
  DocaiPixelBox box;
  float         confidence; /* 0 to 1 */
} TesseractPiece;

typedef struct {
  DocaiTextLine geometry;
  GArray       *words, *characters; /* TesseractPiece */
} TesseractLine;

typedef struct {
  GArray *lines;      /* TesseractLine */
  double  layout_ms, recognize_ms; /* of processor time */
} TesseractPage;

/* Processor time of this process: neighbours on the machine do not count. */
double cpu_ms (void);

/* Reads the image; `mode` is a page segmentation mode of the C API, `variable`
 * a name and a value to set, or NULL. NULL when the language is not there. */
TesseractPage *tesseract_page_read (PIX *image, const char *language, int mode,
                                    const char *const variable[2]);
void           tesseract_page_free (TesseractPage *page);

/* The lines' geometries one behind the other; owned by the caller. */
DocaiTextLine *tesseract_page_dup_geometry (const TesseractPage *page);

/* The words joined by spaces; owned by the caller. */
char *tesseract_line_dup_text (const TesseractLine *line);
char *docai_read_line_dup_text (const DocaiReadLine *line);
