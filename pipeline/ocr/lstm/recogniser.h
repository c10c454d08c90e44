/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading text lines with the line models of Tesseract (.traineddata, int8
 * networks): the page's pixels and the places of its lines go in, words with
 * boxes and confidences come out. The text, the certainties and the boxes are
 * those of Tesseract 5.3 given the same lines.
 *
 * Finding the lines is not done here. A model that needs what is not built here
 * (a network of floats, an unknown layer) is refused with MODEL_UNSUPPORTED
 * when it is opened, and the caller takes libtesseract for it.
 */
#pragma once

#include <allheaders.h>
#include <glib.h>

/* Pixels of the page, origin at the top left; x1 and y1 are one past the last. */
typedef struct {
  int x0, y0, x1, y1;
} DocaiPixelBox;

/* A line, or a piece of one, as the line finder sees it. Distances in pixels. */
typedef struct {
  DocaiPixelBox box; /* around the ink of the piece */

  /* Row metrics widen the crop so that models see the line height they were
   * trained with. x_height 0 means that they are not known. */
  float baseline; /* y of the baseline below the middle of the box, from the page's top */
  float slope;    /* of the baseline, dy/dx */
  float x_height;
  float ascender;  /* above the x-height, 0 or more */
  float descender; /* below the baseline, 0 or more */

  /* Ink components of the piece, any order, to which words and characters are
   * snapped. NULL: the recogniser finds them itself. Lent for the call. */
  const DocaiPixelBox *inks;
  guint                n_inks;
} DocaiTextLine;

typedef struct {
  char          text[32]; /* UTF-8 */
  DocaiPixelBox box;
  float         confidence; /* 0 to 1 */
} DocaiReadCharacter;

typedef struct {
  char          *text; /* UTF-8 */
  DocaiPixelBox  box;
  float          confidence;  /* 0 to 1: Tesseract's word confidence / 100 */
  float          certainty;   /* Tesseract's scaled certainty, 0 is best, about -20 worst */
  gboolean       in_dictionary;
  gboolean       space_before; /* FALSE: joins the word before it without a space */
  guint          first_character, n_characters; /* in the line's characters */
} DocaiReadWord;

typedef struct {
  DocaiReadWord      *words;
  guint               n_words;
  DocaiReadCharacter *characters;
  guint               n_characters;
  float               mean_certainty; /* over the words; 0 without any */
  const char         *language;       /* of the model that read most of the line; the recogniser's */
  gboolean            inverted;       /* light text on dark */
} DocaiReadLine;

/* One DocaiReadLine for each line given, in the same order. */
typedef struct {
  DocaiReadLine *lines;
  guint          n_lines;
} DocaiReading;

void docai_reading_free (DocaiReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiReading, docai_reading_free)

typedef enum {
  DOCAI_READ_DICTIONARIES = 1 << 0, /* the search prefers words of the dictionaries */
  DOCAI_READ_INVERTED     = 1 << 1, /* doubtful lines are tried light on dark as well */
  DOCAI_READ_AGAIN        = 1 << 2, /* doubtful lines are read in several views too, and each word
                                     * taken from where it was read best; not as Tesseract does */
  DOCAI_READ_INK          = 1 << 3, /* leaders and marks of numbers are taken from the ink; not as Tesseract does */
  DOCAI_READ_DEFAULT      = DOCAI_READ_DICTIONARIES | DOCAI_READ_INVERTED,
} DocaiReadFlags;

typedef struct {
  DocaiReadFlags flags;
  const char    *whitelist; /* UTF-8, only these characters may be read; NULL or "": all */
  const char    *blacklist; /* UTF-8, these characters may not be read; NULL: none */
  int            ink_threshold; /* docai_ink_threshold() of the page; 0: not known yet */
} DocaiReadOptions;

/* The characters of numbers: digits and what stands between them. */
#define DOCAI_READ_DIGITS "0123456789.,-"

/* Loaded models and scratch memory. One thread may use it at a time. */
typedef struct DocaiRecogniser DocaiRecogniser;

/* Where <language>.traineddata lies: in tessdata_path; NULL: in TESSDATA_PREFIX, or
 * else in one of the usual places of the system. Owned by the caller; NULL: nowhere. */
char *docai_recogniser_find_model (const char *language, const char *tessdata_path);

/* The names of all models there, sorted, NULL at the end (g_strfreev). */
char **docai_recogniser_list_models (const char *tessdata_path);

/* Opens the models of the languages ("eng", "deu+fra"; the first is the primary
 * one) from <tessdata_path>/<language>.traineddata. tessdata_path NULL looks at
 * TESSDATA_PREFIX and then at the usual places of the system. Errors:
 * LANGUAGE_MISSING, MODEL_INVALID (damaged), MODEL_UNSUPPORTED (take libtesseract).
 * To be freed with docai_recogniser_free(). */
DocaiRecogniser *docai_recogniser_open (const char *languages, const char *tessdata_path,
                                        GError **error);
void             docai_recogniser_free (DocaiRecogniser *recogniser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiRecogniser, docai_recogniser_free)

/* For provenance: "docai-lstm avx2", with the kernel that runs here. Static. */
const char *docai_recogniser_engine (const DocaiRecogniser *recogniser);

/* SHA-256 of the model file of the i-th language as hex, NULL past the last one. */
const char *docai_recogniser_model_hash (const DocaiRecogniser *recogniser, guint i);

/* Reads the lines of one page, all together. `page` is upright, of any depth
 * (8-bit grey and 32-bit colour are taken as they are, others converted); it is
 * not changed. `options` NULL: the defaults. Lines that hold nothing readable
 * come back with no words. NULL with OCR_FAILED or MEMORY_LIMIT on failure. */
DocaiReading *docai_recogniser_read (DocaiRecogniser *recogniser, PIX *page,
                                     const DocaiTextLine *lines, guint n_lines,
                                     const DocaiReadOptions *options, GError **error);
