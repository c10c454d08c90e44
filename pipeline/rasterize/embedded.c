/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The image that a scanned PDF page consists of, taken from the file.
 *
 * A renderer turns such an image into pixels of 32 bits, draws it small and hands
 * it back, which costs three times what decoding it costs. So pages are looked at
 * first: content of one image (content.c), no annotations, an image whose samples
 * mean grey or RGB without masks, profiles (but sRGB) or decoding of their own.
 */
#include "config.h"

#include "pipeline/rasterize/embedded.h"

#include "pipeline/rasterize/coded.h"
#include "pipeline/rasterize/content.h"

#include <gio/gio.h>
#include <math.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONTENT (1 << 20) /* bytes, unpacked */
#define MAX_PARENTS 50
#define MAX_SIDE 32000
#define COVER_SHARE 0.5
#define MIN_CONTRAST 6    /* grey values; less cannot be seen */
#define PREVIEW_DPI 72.0
#define MEMORY_SHARE 0.25 /* of the bound, for one decoded picture */

struct DocaiEmbedded {
  qpdf_data qpdf;
};

/* The file's page: its frame, and what turns its space into points from the top
 * left of the upright page. */
typedef struct {
  DocaiBox crop; /* y runs up */
  int      turn; /* degrees clockwise */
  double   unit;
} Frame;

typedef struct {
  qpdf_oh  object;
  int      width, height;
  gboolean fax;
  int      n_components; /* of a JPEG */
  gboolean inverted;     /* samples of 0 are white */
} Image;

static gboolean
file_has_images (const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  if (file == NULL || g_mapped_file_get_length (file) == 0)
    return FALSE;
  const char *data = g_mapped_file_get_contents (file);
  gsize       size = g_mapped_file_get_length (file);
  return memmem (data, size, "/DCTDecode", 10) != NULL
         || memmem (data, size, "/CCITTFaxDecode", 15) != NULL;
}

DocaiEmbedded *
docai_embedded_open (const char *path, int n_pages)
{
  if (!file_has_images (path))
    return NULL;
  g_autoptr (DocaiEmbedded) embedded = g_new0 (DocaiEmbedded, 1);
  embedded->qpdf = qpdf_init ();
  qpdf_silence_errors (embedded->qpdf);
  qpdf_set_suppress_warnings (embedded->qpdf, QPDF_TRUE);
  qpdf_set_attempt_recovery (embedded->qpdf, QPDF_FALSE);
  if ((qpdf_read (embedded->qpdf, path, NULL) & QPDF_ERRORS) != 0 || qpdf_is_encrypted (embedded->qpdf)
      || qpdf_get_num_pages (embedded->qpdf) != n_pages || qpdf_more_warnings (embedded->qpdf))
    return NULL;
  return g_steal_pointer (&embedded);
}

void
docai_embedded_close (DocaiEmbedded *embedded)
{
  if (embedded == NULL)
    return;
  qpdf_cleanup (&embedded->qpdf);
  g_free (embedded);
}

/* A page's entry, its own or one inherited. */
static qpdf_oh
page_entry (qpdf_data qpdf, qpdf_oh page, const char *key)
{
  for (int i = 0; i < MAX_PARENTS && qpdf_oh_is_dictionary (qpdf, page); i++)
    {
      if (qpdf_oh_has_key (qpdf, page, key))
        return qpdf_oh_get_key (qpdf, page, key);
      page = qpdf_oh_get_key (qpdf, page, "/Parent");
    }
  return qpdf_oh_new_null (qpdf);
}

static gboolean
get_numbers (qpdf_data qpdf, qpdf_oh array, double *numbers, int n)
{
  if (!qpdf_oh_is_array (qpdf, array) || qpdf_oh_get_array_n_items (qpdf, array) != n)
    return FALSE;
  for (int i = 0; i < n; i++)
    if (!qpdf_oh_get_value_as_number (qpdf, qpdf_oh_get_array_item (qpdf, array, i), &numbers[i])
        || !(fabs (numbers[i]) < 1e6))
      return FALSE;
  return TRUE;
}

static gboolean
get_box (qpdf_data qpdf, qpdf_oh page, const char *key, DocaiBox *box)
{
  double n[4];
  if (!get_numbers (qpdf, page_entry (qpdf, page, key), n, 4))
    return FALSE;
  *box = (DocaiBox){ MIN (n[0], n[2]), MIN (n[1], n[3]), MAX (n[0], n[2]), MAX (n[1], n[3]) };
  return TRUE;
}

static gboolean
read_frame (qpdf_data qpdf, qpdf_oh page, double width, double height, double unit, Frame *frame)
{
  DocaiBox media;
  qpdf_oh  rotate = page_entry (qpdf, page, "/Rotate");
  frame->unit = unit;
  frame->turn = 0;
  if (qpdf_oh_is_integer (qpdf, rotate))
    frame->turn = (int) ((qpdf_oh_get_int_value (qpdf, rotate) % 360 + 360) % 360);
  if (!get_box (qpdf, page, "/MediaBox", &media) || frame->turn % 90 != 0)
    return FALSE;
  frame->crop = media;
  if (get_box (qpdf, page, "/CropBox", &frame->crop))
    frame->crop = docai_box_intersect (frame->crop, media);
  double w = (frame->crop.x1 - frame->crop.x0) * unit, h = (frame->crop.y1 - frame->crop.y0) * unit;
  gboolean lies = frame->turn % 180 != 0;
  return fabs ((lies ? h : w) - width) < 0.01 && fabs ((lies ? w : h) - height) < 0.01;
}

/* From the file's space to points of the upright page. */
static void
to_page (const Frame *frame, double *x, double *y)
{
  const DocaiBox *crop = &frame->crop;
  double          u = *x, v = *y;
  switch (frame->turn)
    {
    case 0: *x = u - crop->x0, *y = crop->y1 - v; break;
    case 90: *x = v - crop->y0, *y = u - crop->x0; break;
    case 180: *x = crop->x1 - u, *y = v - crop->y0; break;
    default: *x = crop->y1 - v, *y = crop->x1 - u; break;
    }
  *x *= frame->unit;
  *y *= frame->unit;
}

static DocaiPlacement
place (const Frame *frame, const DocaiContent *content, const Image *image, double width,
       double height)
{
  const double *m = content->matrix;
  double        w = image->width, h = image->height;
  double        x0 = m[2] + m[4], y0 = m[3] + m[5];                 /* the image's top left */
  double        x1 = x0 + m[0], y1 = y0 + m[1], x2 = m[4], y2 = m[5]; /* top right, bottom left */
  to_page (frame, &x0, &y0);
  to_page (frame, &x1, &y1);
  to_page (frame, &x2, &y2);
  DocaiPlacement placement = { .xx = (x1 - x0) / w, .yx = (y1 - y0) / w, .xy = (x2 - x0) / h,
                               .yy = (y2 - y0) / h, .x0 = x0, .y0 = y0, .width = image->width,
                               .height = image->height };
  double         x3 = x1 + x2 - x0, y3 = y1 + y2 - y0;
  placement.box = (DocaiBox){ MIN (MIN (x0, x1), MIN (x2, x3)), MIN (MIN (y0, y1), MIN (y2, y3)),
                              MAX (MAX (x0, x1), MAX (x2, x3)), MAX (MAX (y0, y1), MAX (y2, y3)) };
  DocaiBox clip = docai_box_intersect (content->clip, frame->crop);
  to_page (frame, &clip.x0, &clip.y0);
  to_page (frame, &clip.x1, &clip.y1);
  clip = (DocaiBox){ MIN (clip.x0, clip.x1), MIN (clip.y0, clip.y1), MAX (clip.x0, clip.x1),
                     MAX (clip.y0, clip.y1) };
  placement.box = docai_box_intersect (placement.box, clip);
  placement.box = docai_box_intersect (placement.box, (DocaiBox){ 0, 0, width, height });
  return placement;
}

/* The one name of a filter, or of an array with one filter; "" for none. NULL:
 * several, or no name at all. Lent by qpdf until the next name is asked for. */
static const char *
only_filter (qpdf_data qpdf, qpdf_oh dictionary)
{
  qpdf_oh filter = qpdf_oh_get_key (qpdf, dictionary, "/Filter");
  if (qpdf_oh_is_array (qpdf, filter) && qpdf_oh_get_array_n_items (qpdf, filter) == 1)
    filter = qpdf_oh_get_array_item (qpdf, filter, 0);
  if (qpdf_oh_is_null (qpdf, filter))
    return "";
  return qpdf_oh_is_name (qpdf, filter) ? qpdf_oh_get_name (qpdf, filter) : NULL;
}

/* A stream's bytes as they are in the file. Free with free. */
static guint8 *
raw_data (qpdf_data qpdf, qpdf_oh stream, gsize *size)
{
  guint8   *data = NULL;
  size_t    length = 0;
  QPDF_BOOL filtered;
  if ((qpdf_oh_get_stream_data (qpdf, stream, qpdf_dl_none, &filtered, &data, &length) & QPDF_ERRORS) != 0)
    {
      free (data);
      return NULL;
    }
  *size = length;
  return data;
}

/* Appends what the data unpack to, up to the bound. */
static gboolean
inflate (const guint8 *data, gsize size, GByteArray *into)
{
  g_autoptr (GZlibDecompressor) inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  guint8           buffer[16384];
  GConverterResult result = G_CONVERTER_CONVERTED;
  for (gsize read = 0, n_in, n_out; result != G_CONVERTER_FINISHED; read += n_in)
    {
      result = g_converter_convert (G_CONVERTER (inflater), data + read, size - read, buffer,
                                    sizeof buffer, G_CONVERTER_INPUT_AT_END, &n_in, &n_out, NULL);
      if (result == G_CONVERTER_ERROR || into->len + n_out > MAX_CONTENT)
        return FALSE;
      g_byte_array_append (into, buffer, n_out);
    }
  return TRUE;
}

/* Appends a stream that is packed by one layer of deflate or not at all. */
static gboolean
add_stream (qpdf_data qpdf, qpdf_oh stream, GByteArray *into)
{
  if (!qpdf_oh_is_stream (qpdf, stream))
    return FALSE;
  qpdf_oh     dictionary = qpdf_oh_get_dict (qpdf, stream);
  const char *filter = only_filter (qpdf, dictionary);
  gboolean    packed = filter != NULL && strcmp (filter, "/FlateDecode") == 0;
  if (filter == NULL || (!packed && *filter != '\0')
      || !qpdf_oh_is_null (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/DecodeParms"))
      || qpdf_oh_has_key (qpdf, dictionary, "/F"))
    return FALSE;
  gsize    size = 0;
  guint8  *data = raw_data (qpdf, stream, &size);
  gboolean good = data != NULL && size <= MAX_CONTENT;
  if (good && packed)
    good = inflate (data, size, into);
  else if (good)
    g_byte_array_append (into, data, (guint) size);
  free (data);
  g_byte_array_append (into, (const guint8 *) "\n", 1);
  return good && into->len <= MAX_CONTENT;
}

static DocaiContent *
read_content (qpdf_data qpdf, qpdf_oh page)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  qpdf_oh contents = qpdf_oh_get_key (qpdf, page, "/Contents");
  if (!qpdf_oh_is_array (qpdf, contents))
    {
      if (!add_stream (qpdf, contents, bytes))
        return NULL;
    }
  else
    for (int i = 0; i < qpdf_oh_get_array_n_items (qpdf, contents); i++)
      if (!add_stream (qpdf, qpdf_oh_get_array_item (qpdf, contents, i), bytes))
        return NULL;
  return docai_content_read ((const char *) bytes->data, bytes->len);
}

/* Whether a graphics state leaves an image as it is. */
static gboolean
is_plain_state (qpdf_data qpdf, qpdf_oh state)
{
  static const char *const harmless[] = { "/Type", "/SA", "/OP", "/op", "/OPM", "/SM", "/AIS", "/TK",
                                          "/LW", "/LC", "/LJ", "/ML", "/RI", "/FL", NULL };
  gboolean plain = qpdf_oh_is_dictionary (qpdf, state);
  qpdf_oh_begin_dict_key_iter (qpdf, state);
  while (plain && qpdf_oh_dict_more_keys (qpdf))
    {
      const char *key = qpdf_oh_dict_next_key (qpdf);
      qpdf_oh     value = qpdf_oh_get_key (qpdf, state, key);
      if (g_ascii_strcasecmp (key, "/CA") == 0)
        plain = qpdf_oh_get_numeric_value (qpdf, value) == 1;
      else if (strcmp (key, "/BM") == 0)
        plain = qpdf_oh_is_name_and_equals (qpdf, value, "/Normal");
      else if (strcmp (key, "/SMask") == 0)
        plain = qpdf_oh_is_name_and_equals (qpdf, value, "/None");
      else
        plain = g_strv_contains (harmless, key);
    }
  return plain;
}

static qpdf_oh
resource (qpdf_data qpdf, qpdf_oh resources, const char *kind, const char *name)
{
  g_autofree char *key = g_strconcat ("/", name, NULL);
  return qpdf_oh_get_key_if_dict (qpdf, qpdf_oh_get_key_if_dict (qpdf, resources, kind), key);
}

/* Fonts whose characters are drawings may draw even where text is invisible. */
static gboolean
has_drawn_fonts (qpdf_data qpdf, qpdf_oh resources)
{
  qpdf_oh  fonts = qpdf_oh_get_key_if_dict (qpdf, resources, "/Font");
  gboolean found = FALSE;
  if (!qpdf_oh_is_dictionary (qpdf, fonts))
    return FALSE;
  qpdf_oh_begin_dict_key_iter (qpdf, fonts);
  while (!found && qpdf_oh_dict_more_keys (qpdf))
    {
      qpdf_oh font = qpdf_oh_get_key (qpdf, fonts, qpdf_oh_dict_next_key (qpdf));
      found = qpdf_oh_is_name_and_equals (qpdf, qpdf_oh_get_key_if_dict (qpdf, font, "/Subtype"), "/Type3");
    }
  return found;
}

static gboolean
has_key_value (qpdf_data qpdf, qpdf_oh dictionary, const char *key)
{
  return !qpdf_oh_is_null (qpdf, qpdf_oh_get_key (qpdf, dictionary, key));
}

/* Whether a profile is sRGB, which needs no conversion. */
static gboolean
is_srgb (qpdf_data qpdf, qpdf_oh profile)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  return add_stream (qpdf, profile, bytes) && memmem (bytes->data, bytes->len, "sRGB", 4) != NULL;
}

/* 1 for grey, 3 for RGB; 0 for any other colour space. */
static int
count_components (qpdf_data qpdf, qpdf_oh space)
{
  if (qpdf_oh_is_name_and_equals (qpdf, space, "/DeviceGray"))
    return 1;
  if (qpdf_oh_is_name_and_equals (qpdf, space, "/DeviceRGB"))
    return 3;
  if (!qpdf_oh_is_array (qpdf, space) || qpdf_oh_get_array_n_items (qpdf, space) != 2
      || !qpdf_oh_is_name_and_equals (qpdf, qpdf_oh_get_array_item (qpdf, space, 0), "/ICCBased"))
    return 0;
  qpdf_oh profile = qpdf_oh_get_array_item (qpdf, space, 1);
  int     n = 0;
  if (!qpdf_oh_is_stream (qpdf, profile))
    return 0;
  qpdf_oh_get_value_as_int (qpdf, qpdf_oh_get_key (qpdf, qpdf_oh_get_dict (qpdf, profile), "/N"), &n);
  return n == 3 && is_srgb (qpdf, profile) ? 3 : 0;
}

static gboolean
get_side (qpdf_data qpdf, qpdf_oh dictionary, const char *key, int *side)
{
  return qpdf_oh_get_value_as_int (qpdf, qpdf_oh_get_key (qpdf, dictionary, key), side) && *side > 0
         && *side <= MAX_SIDE;
}

/* Group 4 in whole: two dimensions, not padded. */
static gboolean
read_fax_form (qpdf_data qpdf, qpdf_oh dictionary, Image *image)
{
  qpdf_oh parameters = qpdf_oh_get_key (qpdf, dictionary, "/DecodeParms");
  if (qpdf_oh_is_array (qpdf, parameters) && qpdf_oh_get_array_n_items (qpdf, parameters) == 1)
    parameters = qpdf_oh_get_array_item (qpdf, parameters, 0);
  double    k = 0;
  int       columns = 1728;
  QPDF_BOOL aligned = QPDF_FALSE, black_is_one = QPDF_FALSE;
  if (!qpdf_oh_is_dictionary (qpdf, parameters))
    return FALSE;
  qpdf_oh_get_value_as_number (qpdf, qpdf_oh_get_key (qpdf, parameters, "/K"), &k);
  qpdf_oh_get_value_as_int (qpdf, qpdf_oh_get_key (qpdf, parameters, "/Columns"), &columns);
  qpdf_oh_get_value_as_bool (qpdf, qpdf_oh_get_key (qpdf, parameters, "/EncodedByteAlign"), &aligned);
  qpdf_oh_get_value_as_bool (qpdf, qpdf_oh_get_key (qpdf, parameters, "/BlackIs1"), &black_is_one);
  image->inverted ^= black_is_one;
  return k < 0 && !aligned && columns == image->width && image->n_components == 1;
}

/* Values are taken as they are or, grey, the other way round. */
static gboolean
read_decode (qpdf_data qpdf, qpdf_oh dictionary, Image *image)
{
  double  n[2];
  qpdf_oh decode = qpdf_oh_get_key (qpdf, dictionary, "/Decode");
  image->inverted = FALSE;
  if (qpdf_oh_is_null (qpdf, decode))
    return TRUE;
  if (image->n_components != 1 || !get_numbers (qpdf, decode, n, 2))
    return FALSE;
  image->inverted = n[0] == 1 && n[1] == 0;
  return image->inverted || (n[0] == 0 && n[1] == 1);
}

/* What kind of image it is; FALSE: one that is left to a renderer. */
static gboolean
read_image (qpdf_data qpdf, qpdf_oh object, Image *image)
{
  static const char *const refused[] = { "/SMask", "/Mask", "/SMaskInData", "/OC", "/F" };
  int                      bits = 8;
  if (!qpdf_oh_is_stream (qpdf, object))
    return FALSE;
  qpdf_oh dictionary = qpdf_oh_get_dict (qpdf, object);
  image->object = object;
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    if (has_key_value (qpdf, dictionary, refused[i]))
      return FALSE;
  if (!qpdf_oh_is_name_and_equals (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/Subtype"), "/Image")
      || !get_side (qpdf, dictionary, "/Width", &image->width)
      || !get_side (qpdf, dictionary, "/Height", &image->height)
      || qpdf_oh_get_bool_value (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/ImageMask")))
    return FALSE;
  image->n_components = count_components (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/ColorSpace"));
  qpdf_oh_get_value_as_int (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/BitsPerComponent"), &bits);
  const char *filter = only_filter (qpdf, dictionary);
  image->fax = filter != NULL && strcmp (filter, "/CCITTFaxDecode") == 0;
  gboolean jpeg = filter != NULL && strcmp (filter, "/DCTDecode") == 0;
  if (image->n_components == 0 || !read_decode (qpdf, dictionary, image))
    return FALSE;
  if (image->fax)
    return bits == 1 && read_fax_form (qpdf, dictionary, image);
  return jpeg && bits == 8 && !has_key_value (qpdf, dictionary, "/DecodeParms");
}

static gboolean
fits (const Image *image, const DocaiLimits *limits)
{
  double pixels = (double) image->width * image->height;
  double bytes = pixels * (image->fax ? 0.125 : image->n_components == 1 ? 1 : 4);
  return pixels <= (double) limits->pixels && bytes <= MEMORY_SHARE * (double) limits->memory_bytes;
}

static struct Pix *
decode_image (qpdf_data qpdf, const Image *image)
{
  gsize       size = 0;
  guint8     *data = raw_data (qpdf, image->object, &size);
  struct Pix *pix = NULL;
  if (data != NULL && image->fax)
    pix = docai_coded_read_group4 (data, size, image->width, image->height);
  else if (data != NULL)
    pix = docai_coded_read_jpeg (data, size, image->width, image->height);
  free (data);
  if (pix != NULL && !image->fax && pixGetDepth (pix) != (image->n_components == 1 ? 8 : 32))
    pixDestroy (&pix);
  if (pix != NULL && image->inverted)
    pixInvert (pix, pix);
  return pix;
}

static int
grey_at (l_uint32 *line, int depth, int x)
{
  if (depth == 1)
    return GET_DATA_BIT (line, x) ? 0 : 255;
  if (depth == 8)
    return GET_DATA_BYTE (line, x);
  l_uint32 pixel = line[x];
  return (int) (((pixel >> 24) * 77 + (pixel >> 16 & 0xff) * 151 + (pixel >> 8 & 0xff) * 28) >> 8);
}

/* Whether means over squares of some pixels differ enough to be seen. Ends as
 * soon as it is known, on most pages below the upper margin. */
static gboolean
has_contrast (struct Pix *pix, int side, int low, int high)
{
  int width = pixGetWidth (pix), height = pixGetHeight (pix), depth = pixGetDepth (pix);
  int wpl = pixGetWpl (pix);
  for (int y = 0; y + side <= height; y += side)
    {
      l_uint32 *square = pixGetData (pix) + (gsize) y * wpl;
      for (int x = 0; x + side <= width; x += side)
        {
          int sum = 0;
          for (int dy = 0; dy < side; dy++)
            for (int dx = 0; dx < side; dx++)
              sum += grey_at (square + (gsize) dy * wpl, depth, x + dx);
          low = MIN (low, sum / (side * side));
          high = MAX (high, sum / (side * side));
          if (high - low >= MIN_CONTRAST)
            return TRUE;
        }
    }
  return FALSE;
}

/* The drawing of one image; consumes the picture. */
static DocaiDrawing *
make_drawing (struct Pix *pix, DocaiPlacement placement, double width, double height)
{
  DocaiDrawing *drawing = g_new0 (DocaiDrawing, 1);
  DocaiBox      page = { 0, 0, width, height };
  drawing->width = width;
  drawing->height = height;
  drawing->rulings = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  drawing->squares = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  drawing->images = g_array_new (FALSE, FALSE, sizeof (DocaiPlacement));
  g_array_append_val (drawing->images, placement);
  drawing->cover_pixels = pix;
  drawing->preview_scale = 1;
  gboolean margin = docai_box_coverage (page, placement.box) < 0.99;
  double   dpi = 72 / hypot (placement.xx, placement.yx);
  int      side = (int) CLAMP (dpi / PREVIEW_DPI, 1, 64);
  if (!has_contrast (pix, side, 255, margin ? 255 : 0))
    drawing->preview = pixCreate (1, 1, 8);
  return drawing;
}

static DocaiDrawing *
draw (qpdf_data qpdf, int number, double width, double height, double unit, const DocaiLimits *limits)
{
  Frame   frame;
  Image   image = { 0 };
  qpdf_oh page = qpdf_get_page_n (qpdf, number - 1);
  if (!qpdf_oh_is_dictionary (qpdf, page) || !read_frame (qpdf, page, width, height, unit, &frame))
    return NULL;
  qpdf_oh annotations = qpdf_oh_get_key (qpdf, page, "/Annots");
  if (!qpdf_oh_is_null (qpdf, annotations)
      && !(qpdf_oh_is_array (qpdf, annotations) && qpdf_oh_get_array_n_items (qpdf, annotations) == 0))
    return NULL;
  g_autoptr (DocaiContent) content = read_content (qpdf, page);
  if (content == NULL)
    return NULL;
  qpdf_oh resources = page_entry (qpdf, page, "/Resources");
  for (guint i = 0; i < content->states->len; i++)
    if (!is_plain_state (qpdf, resource (qpdf, resources, "/ExtGState", content->states->pdata[i])))
      return NULL;
  if ((content->has_text && has_drawn_fonts (qpdf, resources))
      || !read_image (qpdf, resource (qpdf, resources, "/XObject", content->image), &image)
      || !fits (&image, limits))
    return NULL;
  DocaiPlacement placement = place (&frame, content, &image, width, height);
  if (docai_box_coverage ((DocaiBox){ 0, 0, width, height }, placement.box) < COVER_SHARE)
    return NULL;
  struct Pix *pix = decode_image (qpdf, &image);
  return pix != NULL ? make_drawing (pix, placement, width, height) : NULL;
}

DocaiDrawing *
docai_embedded_draw (DocaiEmbedded *embedded, int page, double width, double height, double unit,
                     const DocaiLimits *limits)
{
  g_autoptr (DocaiDrawing) drawing = draw (embedded->qpdf, page, width, height, unit, limits);
  qpdf_oh_release_all (embedded->qpdf);
  if (qpdf_has_error (embedded->qpdf))
    {
      qpdf_get_error (embedded->qpdf); /* is forgotten with this */
      return NULL;
    }
  return g_steal_pointer (&drawing);
}
