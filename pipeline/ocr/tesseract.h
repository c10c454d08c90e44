/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second engine: libtesseract behind the interface of the line recogniser,
 * for languages whose models the recogniser does not take.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"

typedef struct DocaiTesseract DocaiTesseract;

/* Opens libtesseract for the languages ("eng+chi_sim"). tessdata_path NULL: its
 * own place. LANGUAGE_MISSING names the Debian package. Free with
 * docai_tesseract_free. One thread may use it at a time. */
DocaiTesseract *docai_tesseract_open (const char *languages, const char *tessdata_path,
                                      GError **error);
void            docai_tesseract_free (DocaiTesseract *tesseract);

/* For provenance: "tesseract 5.3.0". Static. */
const char *docai_tesseract_engine (const DocaiTesseract *tesseract);

/* Reads the lines of one page, each as a single line. The same contract as
 * docai_recogniser_read; no characters are given. */
DocaiReading *docai_tesseract_read (DocaiTesseract *tesseract, PIX *page,
                                    const DocaiTextLine *lines, guint n_lines, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTesseract, docai_tesseract_free)
