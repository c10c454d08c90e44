/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The adapter of Poppler: opening, text, links, drawing. What describes the
 * document as a whole is in pdf-info.c.
 */
#include "config.h"

#include "pipeline/rasterize/pdf-priv.h"
#include "document/text.h"
#include "pipeline/rasterize/drawing-priv.h"

#include <allheaders.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_WORDS 200000
#define MAX_FONTS 1000
#define MAX_LINKS 20000
#define BULLET 0x2022
#define WORD_GAP 0.3 /* of the font's size */

struct DocaiPdfPage {
  DocaiPdf        *pdf; /* lent */
  int              number;
  PopplerDocument *document;
  PopplerPage     *page;
  double           width, height;
  double           unit; /* points for one of Poppler's */
};

/* The document that stays open, and the file that it was read from. */
static struct {
  DocaiPdf   *pdf;
  char       *path;
  char       *password;
  struct stat file;
} kept;

static void
pdf_free (DocaiPdf *pdf)
{
  if (pdf == NULL)
    return;
  g_object_unref (pdf->document);
  g_array_unref (pdf->units);
  docai_embedded_close (pdf->embedded);
  g_free (pdf);
}

void
docai_pdf_forget (void)
{
  g_clear_pointer (&kept.pdf, pdf_free);
  g_clear_pointer (&kept.path, g_free);
  g_clear_pointer (&kept.password, g_free);
}

static gboolean
is_kept (const char *path, const char *password, const struct stat *file)
{
  return kept.pdf != NULL && strcmp (kept.path, path) == 0
         && g_strcmp0 (kept.password, password) == 0 && kept.file.st_dev == file->st_dev
         && kept.file.st_ino == file->st_ino && kept.file.st_size == file->st_size
         && kept.file.st_mtim.tv_sec == file->st_mtim.tv_sec
         && kept.file.st_mtim.tv_nsec == file->st_mtim.tv_nsec;
}

/* Whether the end marker stands near the end, as in a file that is whole. */
static gboolean
has_end (int fd, goffset size)
{
  char    tail[2048];
  goffset from = MAX (0, size - (goffset) sizeof tail);
  ssize_t got = pread (fd, tail, sizeof tail, from);
  return got > 0 && memmem (tail, got, "%%EOF", 5) != NULL;
}

static void
set_open_error (GError **error, const GError *cause, gboolean whole, const char *password)
{
  DocaiErrorCode code = whole ? DOCAI_ERROR_FILE_DAMAGED : DOCAI_ERROR_FILE_TRUNCATED;
  if (g_error_matches (cause, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
    code =
        password != NULL && *password ? DOCAI_ERROR_PASSWORD_WRONG : DOCAI_ERROR_PASSWORD_REQUIRED;
  g_set_error_literal (error, DOCAI_ERROR, code, docai_error_sentence (code));
}

static GArray *
read_units (const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  const guint8 *data = file != NULL ? (const guint8 *) g_mapped_file_get_contents (file) : NULL;
  return docai_user_units_scan (data, data != NULL ? g_mapped_file_get_length (file) : 0);
}

DocaiPdf *
docai_pdf_peek (const char *path, const char *password, GError **error)
{
  struct stat file;
  int         fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &file) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s", g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (is_kept (path, password, &file))
    {
      close (fd);
      return kept.pdf;
    }
  docai_pdf_forget ();
  gboolean whole = has_end (fd, file.st_size);
  g_autoptr (GError) cause = NULL;
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (full, NULL, NULL);
  /* Opened by descriptor, Poppler calls some encrypted documents damaged. */
  PopplerDocument *document = poppler_document_new_from_file (uri, password, &cause);
  if (document == NULL)
    {
      set_open_error (error, cause, whole, password);
      return NULL;
    }
  kept.pdf = g_new0 (DocaiPdf, 1);
  kept.pdf->document = document;
  kept.pdf->units = read_units (path);
  kept.path = g_strdup (path);
  kept.password = g_strdup (password);
  kept.file = file;
  return kept.pdf;
}

int
docai_pdf_n_pages (const DocaiPdf *pdf)
{
  return poppler_document_get_n_pages (pdf->document);
}

const char *
docai_pdf_engine (void)
{
  static char *engine = NULL;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      engine = g_strdup_printf ("poppler %s", poppler_get_version ());
      g_once_init_leave (&once, 1);
    }
  return engine;
}

DocaiPdfPage *
docai_pdf_page_open (DocaiPdf *pdf, int number, GError **error)
{
  g_autoptr (DocaiPdfPage) pdf_page = g_new0 (DocaiPdfPage, 1);
  pdf_page->pdf = pdf;
  pdf_page->number = number;
  pdf_page->document = g_object_ref (pdf->document);
  if (number >= 1 && number <= docai_pdf_n_pages (pdf))
    pdf_page->page = poppler_document_get_page (pdf->document, number - 1);
  if (pdf_page->page != NULL)
    {
      poppler_page_get_size (pdf_page->page, &pdf_page->width, &pdf_page->height);
      pdf_page->unit = docai_user_units_lookup (pdf->units, pdf_page->width, pdf_page->height);
      pdf_page->width *= pdf_page->unit;
      pdf_page->height *= pdf_page->unit;
    }
  if (!(pdf_page->width >= 1 && pdf_page->height >= 1 && isfinite (pdf_page->width)
        && isfinite (pdf_page->height)))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PAGE_DAMAGED, "the page has no usable size");
      return NULL;
    }
  return g_steal_pointer (&pdf_page);
}

void
docai_pdf_page_close (DocaiPdfPage *pdf_page)
{
  if (pdf_page == NULL)
    return;
  g_clear_object (&pdf_page->page);
  g_clear_object (&pdf_page->document);
  g_free (pdf_page);
}

void
docai_pdf_page_size (const DocaiPdfPage *pdf_page, double *width, double *height)
{
  *width = pdf_page->width;
  *height = pdf_page->height;
}

static gboolean
name_has (const char *name, const char *const *parts)
{
  for (; *parts != NULL; parts++)
    if (strstr (name, *parts) != NULL)
      return TRUE;
  return FALSE;
}

/* The font of a run of text as an id of the page; a name's subset tag ("ABCDEF+") is dropped. */
static int
font_id (DocaiPage *page, GHashTable *ids, const PopplerTextAttributes *run, double unit)
{
  /* in full, and as TeX's fonts abbreviate it */
  static const char *const bold[] = { "bold", "black", "heavy", "demi", "fett", "-bd", "cmbx", "cmssbx", "ecbx",
                                      "ecsx", "sfbx", "sfsx", "nimbusromno9l-medi", "tinetb", "inumtb", NULL };
  static const char *const italic[] = { "italic", "oblique", "kursiv", "-it", "cmti", "cmsl", "cmbxti", "ecti", "ecsl",
                                        "sfti", "sfsl", "cmssi", "ital", "slanted", "-obli", NULL };
  const char              *name = run->font_name != NULL ? run->font_name : "";
  if (strlen (name) > 7 && name[6] == '+')
    name += 7;
  double           size = docai_round (isfinite (run->font_size) ? run->font_size * unit : 0);
  g_autofree char *key = g_strdup_printf ("%s %.2f", name, size);
  int              id = GPOINTER_TO_INT (g_hash_table_lookup (ids, key));
  if (id != 0 || page->fonts->len >= MAX_FONTS)
    return id;
  g_autofree char *lower = g_ascii_strdown (name, -1);
  DocaiFont       *font = docai_font_new ();
  font->id = id = (int) page->fonts->len + 1;
  font->name = g_strdup (name);
  font->size = size;
  font->bold = name_has (lower, bold);
  font->italic = name_has (lower, italic);
  g_ptr_array_add (page->fonts, font);
  g_hash_table_insert (ids, g_steal_pointer (&key), GINT_TO_POINTER (id));
  return id;
}

static void
end_word (DocaiPage *page, GString *text, DocaiBox *box, int font)
{
  DocaiBox on_page = docai_box_intersect (*box, (DocaiBox){ 0, 0, page->width, page->height });
  if (text->len > 0 && !docai_box_is_empty (on_page) && page->words->len < MAX_WORDS
      && docai_box_contains ((DocaiBox){ 0, 0, page->width, page->height },
                             docai_box_center_x (*box), docai_box_center_y (*box)))
    {
      DocaiWord *word = docai_word_new (text->str, on_page, 1);
      word->font = font;
      g_ptr_array_add (page->words, word);
    }
  g_string_truncate (text, 0);
  *box = (DocaiBox){ 0 };
}

/* Whether a gap parts a character from the one before it. Poppler writes the
 * cells of a table's row without a blank where one ends with a colon or the next
 * has another style. */
static gboolean
is_apart (DocaiBox before, DocaiBox next, double size)
{
  double across = MAX (next.x0 - before.x1, before.x0 - next.x1);
  double down = MAX (next.y0 - before.y1, before.y0 - next.y1);
  return MAX (across, down) > WORD_GAP * size;
}

/* Whether a character only directs how others are set. Poppler puts such around what runs from right to left, and gives
 * them no box. */
static gboolean
is_direction (gunichar letter)
{
  return letter >= 0x202A && letter <= 0x202E;
}

/* Cuts the text, which has one box a character, at white space and gaps. */
static void
cut_words (DocaiPage *page, const char *text, const PopplerRectangle *boxes, guint n_boxes,
           const GList *runs, double unit)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) word = g_string_new (NULL);
  DocaiBox     box = { 0 }, last = { 0 };
  int          font = 0;
  guint        i = 0;
  const GList *named = NULL;
  int          id = 0;
  gboolean     directed = g_utf8_strlen (text, -1) > (glong) n_boxes;

  for (const char *at = text; *at != '\0' && i < n_boxes; at = g_utf8_next_char (at), i++)
    {
      gunichar letter = g_utf8_get_char (at);
      if (is_direction (letter))
        {
          i -= directed;
          continue;
        }
      if (letter >= 0x80 && letter < 0xA0)
        letter = BULLET; /* drawn, so no control: a sign of a font that has no letters */
      if (g_unichar_isspace (letter))
        {
          end_word (page, word, &box, font);
          continue;
        }
      while (runs != NULL && ((const PopplerTextAttributes *) runs->data)->end_index < (int) i)
        runs = runs->next;
      const PopplerRectangle *r = &boxes[i];
      if (!isfinite (r->x1 + r->x2 + r->y1 + r->y2))
        continue;
      DocaiBox glyph = { MIN (r->x1, r->x2), MIN (r->y1, r->y2), MAX (r->x1, r->x2),
                         MAX (r->y1, r->y2) };
      glyph = docai_box_scale (glyph, unit);
      double size = MAX (glyph.y1 - glyph.y0, glyph.x1 - glyph.x0);
      if (word->len > 0 && is_apart (last, glyph, size))
        end_word (page, word, &box, font);
      if (word->len == 0)
        {
          if (runs != named)
            id = runs != NULL ? font_id (page, ids, runs->data, unit) : 0;
          named = runs;
          font = id;
        }
      g_string_append_unichar (word, letter);
      box = docai_box_union (box, glyph);
      last = glyph;
    }
  end_word (page, word, &box, font);
}

/* What Poppler reads in a selection: one box a character. */
typedef struct {
  char             *text;
  PopplerRectangle *boxes;
  guint             n_boxes;
  PopplerRectangle  area;
} Selection;

static void
selection_clear (Selection *self)
{
  g_free (self->text);
  g_free (self->boxes);
}

static gboolean
select_text (PopplerPage *page, PopplerRectangle area, Selection *out)
{
  *out = (Selection){ .text = poppler_page_get_text_for_area (page, &area), .area = area };
  return out->text != NULL && *out->text != '\0' && g_utf8_validate (out->text, -1, NULL)
         && poppler_page_get_text_layout_for_area (page, &area, &out->boxes, &out->n_boxes);
}

static gboolean
has_right_to_left (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (docai_text_is_right_to_left (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

/* A selection goes from a corner to the opposite one as a hand would draw it: it leaves out what stands before its
 * beginning in the first line and after its end in the last. On pages from right to left the whole is selected from the
 * upper right. */
void
docai_pdf_page_read_words (DocaiPdfPage *pdf_page, DocaiPage *page)
{
  Selection selection, mirrored = { 0 }, *chosen = &selection;
  double    width, height;
  poppler_page_get_size (pdf_page->page, &width, &height);
  gboolean good = select_text (pdf_page->page, (PopplerRectangle){ 0, 0, width, height }, &selection);
  if (selection.text != NULL && has_right_to_left (selection.text)
      && select_text (pdf_page->page, (PopplerRectangle){ width, 0, 0, height }, &mirrored)
      && (!good || mirrored.n_boxes > selection.n_boxes))
    {
      chosen = &mirrored;
      good = TRUE;
    }
  if (good)
    {
      GList *runs = poppler_page_get_text_attributes_for_area (pdf_page->page, &chosen->area);
      cut_words (page, chosen->text, chosen->boxes, chosen->n_boxes, runs, pdf_page->unit);
      poppler_page_free_text_attributes (runs);
    }
  selection_clear (&selection);
  selection_clear (&mirrored);
}

int
docai_pdf_action_page (PopplerDocument *document, const PopplerAction *action)
{
  if (action == NULL || action->type != POPPLER_ACTION_GOTO_DEST || action->goto_dest.dest == NULL)
    return 0;
  const PopplerDest *dest = action->goto_dest.dest;
  int                page = dest->page_num;
  if (dest->type == POPPLER_DEST_NAMED && dest->named_dest != NULL)
    {
      PopplerDest *found = poppler_document_find_dest (document, dest->named_dest);
      page = found != NULL ? found->page_num : 0;
      if (found != NULL)
        poppler_dest_free (found);
    }
  return page >= 1 && page <= poppler_document_get_n_pages (document) ? page : 0;
}

void
docai_pdf_page_read_links (DocaiPdfPage *pdf_page, DocaiPage *page)
{
  GList *links = poppler_page_get_link_mapping (pdf_page->page);
  for (GList *each = links; each != NULL && page->links->len < MAX_LINKS; each = each->next)
    {
      const PopplerLinkMapping *link = each->data;
      const PopplerRectangle   *r = &link->area;
      /* y runs up, from the bottom of the upright page */
      DocaiBox box = { MIN (r->x1, r->x2), -MAX (r->y1, r->y2), MAX (r->x1, r->x2),
                       -MIN (r->y1, r->y2) };
      box = docai_box_scale (box, pdf_page->unit);
      box.y0 += page->height;
      box.y1 += page->height;
      box = docai_box_clip (box, page->width, page->height);
      const char *uri = link->action != NULL && link->action->type == POPPLER_ACTION_URI
                            ? link->action->uri.uri
                            : NULL;
      int         target = docai_pdf_action_page (pdf_page->document, link->action);
      if (!docai_box_is_empty (box) && (uri != NULL || target != 0))
        g_ptr_array_add (page->links, docai_link_new (box, uri, target));
    }
  poppler_page_free_link_mapping (links);
}

/* The images of the file that is kept open, looked for once. */
static DocaiEmbedded *
peek_embedded (DocaiPdf *pdf)
{
  if (!pdf->looked_for_images && kept.pdf == pdf && (kept.password == NULL || *kept.password == '\0'))
    pdf->embedded = docai_embedded_open (kept.path, docai_pdf_n_pages (pdf));
  pdf->looked_for_images = TRUE;
  return pdf->embedded;
}

DocaiDrawing *
docai_pdf_page_draw (DocaiPdfPage *pdf_page, const DocaiLimits *limits)
{
  DocaiEmbedded *embedded = peek_embedded (pdf_page->pdf);
  DocaiDrawing  *scan = NULL;
  if (embedded != NULL)
    scan = docai_embedded_draw (embedded, pdf_page->number, pdf_page->width, pdf_page->height,
                                pdf_page->unit, limits);
  if (scan != NULL)
    return scan;
  DocaiCatcher *catcher = docai_catcher_new (pdf_page->width, pdf_page->height);
  /* For printing, images come at their own resolution and lines are not moved
   * to whole pixels. */
  cairo_t *context = docai_catcher_peek_context (catcher);
  cairo_scale (context, pdf_page->unit, pdf_page->unit);
  poppler_page_render_for_printing (pdf_page->page, context);
  return docai_catcher_finish (catcher);
}

struct Pix *
docai_pdf_page_render (DocaiPdfPage *pdf_page, double dpi, int bits, GError **error)
{
  double           scale = dpi / 72;
  int              width = MAX (1, lround (pdf_page->width * scale));
  int              height = MAX (1, lround (pdf_page->height * scale));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t         *context = cairo_create (surface);
  cairo_set_source_rgb (context, 1, 1, 1);
  cairo_paint (context);
  cairo_scale (context, scale * pdf_page->unit, scale * pdf_page->unit);
  if (cairo_status (context) == CAIRO_STATUS_SUCCESS)
    poppler_page_render (pdf_page->page, context);
  /* Trouble with some object on the page leaves the rest of the picture. */
  cairo_destroy (context);
  struct Pix *pix = docai_surface_to_pix (surface, bits);
  cairo_surface_destroy (surface);
  if (pix == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                 "no memory for a picture of %d x %d pixels", width, height);
  else
    pixSetResolution (pix, lround (dpi), lround (dpi));
  return pix;
}
