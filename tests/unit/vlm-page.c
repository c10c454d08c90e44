/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page with known words.
 */
#include "vlm-page.h"

#include "pipeline/raster.h"

#include <allheaders.h>

DocaiSettings *
vlm_page_settings (const ChatServer *server)
{
  DocaiSettings *settings = docai_settings_new ();

  g_free (settings->vlm.backend);
  settings->vlm.backend = g_strdup ("openai");
  settings->vlm.url = g_strdup (chat_server_url (server));
  settings->vlm.model = g_strdup ("test-model");
  settings->vlm.timeout_ms = 400;
  settings->vlm.retries = 2;
  settings->vlm.image_side = 1024;
  return settings;
}

void
vlm_page_add_line (DocaiPage *page, const char *text, double y)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (50, y, 300, y + 10), 1);
  DocaiLine     *line = docai_line_new ();

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (line->words, docai_word_new (words[i], DOCAI_BOX (50 + 40.0 * i, y, 88 + 40.0 * i, y + 10), 1));
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
  g_ptr_array_add (page->regions, region);
}

DocaiDocument *
vlm_page_document (void)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 300, 400);

  vlm_page_add_line (page, "Invoice No. INV-2024/17", 20);
  vlm_page_add_line (page, "ACME Bolts GmbH, Hamburg", 40);
  vlm_page_add_line (page, "Total: EUR 1.234,50", 60);
  g_ptr_array_add (page->regions, docai_region_new (DOCAI_LABEL_PICTURE, DOCAI_BOX (50, 100, 250, 300), 1));
  page->dpi = 72;
  docai_page_take_raster (page, pixCreate (300, 400, 8));
  pixSetAll (page->raster);
  g_ptr_array_add (document->pages, page);
  return document;
}
