/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Catches paths and images while a page is drawn.
 *
 * The page is drawn on a cairo observer surface above a small image. After each
 * drawing operation the observer calls back, at a moment when the context still
 * has the path, the matrix and the source that were used; they are read from
 * it. Operations inside a transparency group go to another surface and are not
 * seen, only the group as a whole, which is not an image.
 */
#include "pipeline/rasterize/drawing-priv.h"
#include "pipeline/raster.h"
#include "pipeline/rasterize/ruling.h"

#include <allheaders.h>
#include <math.h>

/* Longest side of the preview; at 72 dots an inch where that is less. */
#define PREVIEW_MAX_PX 1000
#define MAX_IMAGES 20000
#define MAX_PATH_OPERATIONS 200000
/* Share of the page from which on an image may be the page itself. */
#define COVER_SHARE 0.5
/* A hairline of light grey still changes its pixels by some grey values. */
#define RULING_CONTRAST 3
#define RULING_MARGIN 1.5 /* points */

struct DocaiCatcher {
  DocaiDrawing    *drawing;
  cairo_t         *context;
  int              width_px, height_px; /* of the preview */
  cairo_surface_t *cover;               /* the pixels of the covering image; NULL: none */
  DocaiRulings    *rulings;
  guint            n_paths;
};

/* The surface that all pages are drawn on. One serves the whole process, for
 * cairo never frees an observer's callbacks; `at_work` is whose page it is. */
static struct {
  cairo_surface_t *image;
  cairo_surface_t *observer;
  DocaiCatcher    *at_work;
} easel;

void
docai_drawing_free (DocaiDrawing *drawing)
{
  if (drawing == NULL)
    return;
  g_array_unref (drawing->rulings);
  g_array_unref (drawing->images);
  g_array_unref (drawing->squares);
  pixDestroy (&drawing->cover_pixels);
  pixDestroy (&drawing->preview);
  g_free (drawing);
}

int
docai_drawing_contrast (const DocaiDrawing *drawing, DocaiBox box)
{
  if (drawing->preview == NULL)
    return 255;
  box = docai_box_scale (box, drawing->preview_scale);
  int       width = pixGetWidth (drawing->preview), height = pixGetHeight (drawing->preview);
  int       x0 = CLAMP (floor (box.x0), 0, width - 1), x1 = CLAMP (ceil (box.x1), x0 + 1, width);
  int       y0 = CLAMP (floor (box.y0), 0, height - 1), y1 = CLAMP (ceil (box.y1), y0 + 1, height);
  int       low = 255, high = 0;
  l_uint32 *data = pixGetData (drawing->preview);
  for (int y = y0; y < y1; y++)
    {
      l_uint32 *line = data + (gsize) y * pixGetWpl (drawing->preview);
      for (int x = x0; x < x1; x++)
        {
          int value = GET_DATA_BYTE (line, x);
          low = MIN (low, value);
          high = MAX (high, value);
        }
    }
  return high - low;
}

/* From the user space of the moment to points of the page. */
static void
to_page (const DocaiCatcher *catcher, double *x, double *y)
{
  cairo_user_to_device (catcher->context, x, y);
  *x /= catcher->drawing->preview_scale;
  *y /= catcher->drawing->preview_scale;
}

static DocaiBox
clip_box (const DocaiCatcher *catcher)
{
  double x0, y0, x1, y1, xs[4], ys[4];
  cairo_clip_extents (catcher->context, &x0, &y0, &x1, &y1);
  xs[0] = xs[3] = x0;
  xs[1] = xs[2] = x1;
  ys[0] = ys[1] = y0;
  ys[2] = ys[3] = y1;
  DocaiBox box = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  for (int i = 0; i < 4; i++)
    {
      to_page (catcher, &xs[i], &ys[i]);
      box = (DocaiBox){ MIN (box.x0, xs[i]), MIN (box.y0, ys[i]), MAX (box.x1, xs[i]),
                        MAX (box.y1, ys[i]) };
    }
  return box;
}

static gboolean
place (const DocaiCatcher *catcher, const cairo_matrix_t *pixels_to_user, int width, int height,
       DocaiPlacement *placement)
{
  cairo_matrix_t matrix, user;
  cairo_get_matrix (catcher->context, &user);
  cairo_matrix_multiply (&matrix, pixels_to_user, &user);
  double scale = 1 / catcher->drawing->preview_scale;
  *placement = (DocaiPlacement){ .xx = matrix.xx * scale,
                                 .yx = matrix.yx * scale,
                                 .xy = matrix.xy * scale,
                                 .yy = matrix.yy * scale,
                                 .x0 = matrix.x0 * scale,
                                 .y0 = matrix.y0 * scale,
                                 .width = width,
                                 .height = height };
  double w = MAX (width, 1), h = MAX (height, 1);
  double x0 = placement->x0 + MIN (0, placement->xx * w) + MIN (0, placement->xy * h);
  double x1 = placement->x0 + MAX (0, placement->xx * w) + MAX (0, placement->xy * h);
  double y0 = placement->y0 + MIN (0, placement->yx * w) + MIN (0, placement->yy * h);
  double y1 = placement->y0 + MAX (0, placement->yx * w) + MAX (0, placement->yy * h);
  placement->box = docai_box_intersect ((DocaiBox){ x0, y0, x1, y1 }, clip_box (catcher));
  return isfinite (x0 + x1 + y0 + y1) && !docai_box_is_empty (placement->box);
}

/* Notes an image; pixels NULL: a stencil mask, whose pixels cannot be had. */
static void
add_image (DocaiCatcher *catcher, const DocaiPlacement *placement, cairo_surface_t *pixels)
{
  DocaiDrawing *drawing = catcher->drawing;
  if (drawing->images->len >= MAX_IMAGES)
    return;
  g_array_append_val (drawing->images, *placement);
  DocaiBox page = { 0, 0, drawing->width, drawing->height };
  if (docai_box_coverage (page, placement->box) < COVER_SHARE)
    return;
  drawing->cover = (int) drawing->images->len - 1;
  drawing->glyphs_on_cover = drawing->paths_on_cover = 0;
  g_clear_pointer (&catcher->cover, cairo_surface_destroy);
  if (pixels != NULL)
    catcher->cover = cairo_surface_reference (pixels);
}

/* Whether the source is an image, and then notes it. A group is a surface too,
 * but has no pixels of its own to be read; a pattern repeats. */
static gboolean
take_source_image (DocaiCatcher *catcher, gboolean masked)
{
  cairo_pattern_t *source = cairo_get_source (catcher->context);
  cairo_surface_t *surface;
  cairo_matrix_t   matrix;
  DocaiPlacement   placement;
  if (cairo_pattern_get_surface (source, &surface) != CAIRO_STATUS_SUCCESS)
    return FALSE;
  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE
      || cairo_pattern_get_extend (source) == CAIRO_EXTEND_REPEAT)
    return TRUE;
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  cairo_pattern_get_matrix (source, &matrix);
  if (width <= 0 || height <= 0 || cairo_matrix_invert (&matrix) != CAIRO_STATUS_SUCCESS)
    return TRUE;
  if (place (catcher, &matrix, width, height, &placement))
    {
      placement.masked = masked;
      add_image (catcher, &placement, surface);
    }
  return TRUE;
}

static void
on_paint (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  take_source_image (easel.at_work, FALSE);
}

/* A masked image, or a stencil painted in a colour, which fills the unit square. */
static void
on_mask (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  DocaiCatcher  *catcher = easel.at_work;
  cairo_matrix_t unit;
  DocaiPlacement placement;
  cairo_matrix_init_identity (&unit);
  if (!take_source_image (catcher, TRUE) && place (catcher, &unit, 0, 0, &placement))
    {
      placement.masked = TRUE;
      add_image (catcher, &placement, NULL);
    }
}

static void
on_glyphs (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  DocaiCatcher *catcher = easel.at_work;
  catcher->drawing->glyphs++;
  catcher->drawing->glyphs_on_cover++;
}

static void
take_path (DocaiCatcher *catcher, double line_width)
{
  if (catcher->n_paths++ >= MAX_PATH_OPERATIONS)
    return;
  catcher->drawing->paths_on_cover++;
  cairo_path_t *path = cairo_copy_path (catcher->context);
  DocaiBox      clip = clip_box (catcher);
  for (int i = 0; path->status == CAIRO_STATUS_SUCCESS && i < path->num_data;
       i += path->data[i].header.length)
    {
      const cairo_path_data_t *part = &path->data[i];
      double                   x = 0, y = 0;
      if (part->header.type == CAIRO_PATH_MOVE_TO || part->header.type == CAIRO_PATH_LINE_TO)
        {
          x = part[1].point.x;
          y = part[1].point.y;
        }
      else if (part->header.type == CAIRO_PATH_CURVE_TO)
        {
          x = part[3].point.x;
          y = part[3].point.y;
        }
      to_page (catcher, &x, &y);
      switch (part->header.type)
        {
        case CAIRO_PATH_MOVE_TO: docai_rulings_move_to (catcher->rulings, x, y); break;
        case CAIRO_PATH_LINE_TO: docai_rulings_line_to (catcher->rulings, x, y); break;
        case CAIRO_PATH_CURVE_TO: docai_rulings_curve_to (catcher->rulings, x, y); break;
        case CAIRO_PATH_CLOSE_PATH: docai_rulings_close (catcher->rulings); break;
        }
    }
  cairo_path_destroy (path);
  docai_rulings_end_path (catcher->rulings, line_width, clip);
}

static void
on_fill (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  if (!take_source_image (easel.at_work, FALSE))
    take_path (easel.at_work, 0);
}

static void
on_stroke (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  DocaiCatcher *catcher = easel.at_work;
  double        width = cairo_get_line_width (catcher->context);
  double        x = width, y = 0, x2 = 0, y2 = width;
  cairo_user_to_device_distance (catcher->context, &x, &y);
  cairo_user_to_device_distance (catcher->context, &x2, &y2);
  take_path (catcher, MAX (sqrt (fabs (x * y2 - y * x2)) / catcher->drawing->preview_scale, 0.01));
}

/* Makes the easel, or makes it anew when a page has spoilt it. */
static void
set_up_easel (void)
{
  if (easel.observer != NULL && cairo_surface_status (easel.observer) == CAIRO_STATUS_SUCCESS
      && cairo_surface_status (easel.image) == CAIRO_STATUS_SUCCESS)
    return;
  g_clear_pointer (&easel.observer, cairo_surface_destroy);
  g_clear_pointer (&easel.image, cairo_surface_destroy);
  easel.image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PREVIEW_MAX_PX, PREVIEW_MAX_PX);
  easel.observer = cairo_surface_create_observer (easel.image, CAIRO_SURFACE_OBSERVER_NORMAL);
  cairo_surface_observer_add_paint_callback (easel.observer, on_paint, NULL);
  cairo_surface_observer_add_mask_callback (easel.observer, on_mask, NULL);
  cairo_surface_observer_add_fill_callback (easel.observer, on_fill, NULL);
  cairo_surface_observer_add_stroke_callback (easel.observer, on_stroke, NULL);
  cairo_surface_observer_add_glyphs_callback (easel.observer, on_glyphs, NULL);
}

DocaiCatcher *
docai_catcher_new (double width, double height)
{
  DocaiCatcher *catcher = g_new0 (DocaiCatcher, 1);
  DocaiDrawing *drawing = catcher->drawing = g_new0 (DocaiDrawing, 1);
  drawing->width = width;
  drawing->height = height;
  drawing->cover = -1;
  drawing->images = g_array_new (FALSE, FALSE, sizeof (DocaiPlacement));
  drawing->preview_scale = MIN (1, PREVIEW_MAX_PX / MAX (width, height));
  catcher->rulings = docai_rulings_new (width, height);
  catcher->width_px = CLAMP (ceil (width * drawing->preview_scale), 1, PREVIEW_MAX_PX);
  catcher->height_px = CLAMP (ceil (height * drawing->preview_scale), 1, PREVIEW_MAX_PX);

  set_up_easel ();
  cairo_t *white = cairo_create (easel.image);
  cairo_set_source_rgb (white, 1, 1, 1);
  cairo_paint (white);
  cairo_destroy (white);
  easel.at_work = catcher;
  catcher->context = cairo_create (easel.observer);
  cairo_rectangle (catcher->context, 0, 0, catcher->width_px, catcher->height_px);
  cairo_clip (catcher->context);
  cairo_scale (catcher->context, drawing->preview_scale, drawing->preview_scale);
  return catcher;
}

cairo_t *
docai_catcher_peek_context (DocaiCatcher *catcher)
{
  return catcher->context;
}

/* The page's part of the easel in grey. */
static struct Pix *
copy_preview (const DocaiCatcher *catcher)
{
  cairo_surface_flush (easel.image);
  cairo_surface_t *part = cairo_image_surface_create_for_data (
      cairo_image_surface_get_data (easel.image), CAIRO_FORMAT_RGB24, catcher->width_px,
      catcher->height_px, cairo_image_surface_get_stride (easel.image));
  struct Pix *preview = docai_surface_to_pix (part, 8);
  cairo_surface_destroy (part);
  return preview;
}

/* Drops lines of which nothing can be seen: white on white, or painted over. */
static void
drop_unseen_rulings (DocaiDrawing *drawing)
{
  guint     kept = 0;
  DocaiBox *rulings = (DocaiBox *) (void *) drawing->rulings->data;
  for (guint i = 0; i < drawing->rulings->len; i++)
    if (docai_drawing_contrast (drawing, docai_box_grow (rulings[i], RULING_MARGIN))
        >= RULING_CONTRAST)
      rulings[kept++] = rulings[i];
  g_array_set_size (drawing->rulings, kept);
}

DocaiDrawing *
docai_catcher_finish (DocaiCatcher *catcher)
{
  DocaiDrawing *drawing = catcher->drawing;
  cairo_destroy (catcher->context);
  easel.at_work = NULL;
  drawing->preview = copy_preview (catcher);
  if (catcher->cover != NULL)
    drawing->cover_pixels = docai_surface_to_pix (catcher->cover, 0);
  g_clear_pointer (&catcher->cover, cairo_surface_destroy);
  drawing->squares = docai_rulings_steal_squares (catcher->rulings);
  drawing->rulings = docai_rulings_finish (catcher->rulings);
  drop_unseen_rulings (drawing);
  g_free (catcher);
  return drawing;
}
