/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a page whose language is not given.
 */
#pragma once

#include "pipeline/ocr/language.h"
#include "pipeline/ocr/readers.h"

/* Reads the lines in the installed language that they are found to be in.
 *
 * A sample of lines is read in the first language. Its words vote: where those
 * that only another language knows outnumber those that only the first one knows,
 * the sample is read in the best of the others too, and the reading that is more
 * certain and has more known words counts. A sample that reads badly is tried in
 * the other scripts. The rest of the page is then read once. *used receives the
 * reader of the language, lent; as docai_recogniser_read. */
DocaiReading *docai_choice_read (DocaiReaders *readers, DocaiLanguages *languages,
                                 const char *tessdata, PIX *raster, const DocaiTextLine *lines,
                                 guint n_lines, DocaiReader **used, GError **error);
