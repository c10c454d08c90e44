/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Image placeholders expanded to as many tokens as the image has features, with the tags
 * that the families put around tiles.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/language/prompt-priv.h"

#define MAX_EXPANDED ((gsize) 4 << 20)
#define FAKE "<fake_token_around_image>"

static void
append_times (GString *out, const char *token, gint64 n)
{
  gsize length = strlen (token);

  for (gint64 i = 0; i < n && out->len + length <= MAX_EXPANDED + 1; i++)
    g_string_append_len (out, token, (gssize) length);
}

/* Tiles row by row, each with its tag, a line end behind each row, then the global view. */
static void
expand_idefics3 (const DocaiPrompter *self, const DocaiImageLayout *layout, GString *out)
{
  for (int r = 0; r < layout->rows; r++)
    {
      for (int c = 0; c < layout->cols; c++)
        {
          g_string_append_printf (out, FAKE "<row_%d_col_%d>", r + 1, c + 1);
          append_times (out, self->image_token, self->image_seq_len);
        }
      g_string_append_c (out, '\n');
    }
  g_string_append (out, layout->rows > 0 ? "\n" FAKE "<global-img>" : FAKE "<global-img>");
  append_times (out, self->image_token, self->image_seq_len);
  g_string_append (out, FAKE);
}

static void
expand_idefics2 (const DocaiPrompter *self, GString *out)
{
  for (int tile = 0; tile < (self->split_default ? 5 : 1); tile++)
    {
      g_string_append (out, FAKE);
      append_times (out, self->image_token, self->image_seq_len);
    }
  g_string_append (out, FAKE);
}

/* Positions of a LLaVA-NeXT image: the whole view, then the grid of which the padding is
 * cut off again, with a newline vector behind each row. */
static gint64
count_llava_next (const DocaiPrompter *self, const DocaiImageLayout *layout, int tile_width,
                  int tile_height)
{
  gint64 ph = tile_height / self->patch_size, pw = tile_width / self->patch_size;
  gint64 height = ph * layout->rows, width = pw * layout->cols;
  double ratio = (double) layout->width / layout->height, grid = (double) width / (double) height;

  if (ratio > grid)
    {
      double scaled = rint (layout->height * ((double) width / layout->width) * 1e7) / 1e7;
      height -= (height - (gint64) scaled) / 2 * 2;
    }
  else
    {
      double scaled = rint (layout->width * ((double) height / layout->height) * 1e7) / 1e7;
      width -= (width - (gint64) scaled) / 2 * 2;
    }
  return height * width + height + ph * pw + self->extra_tokens - (self->drop_class ? 1 : 0);
}

static gint64
count_llava (const DocaiPrompter *self, const DocaiPixels *pixels)
{
  gint64 h = pixels->dims[pixels->n_dims - 2], w = pixels->dims[pixels->n_dims - 1];

  return (h / self->patch_size) * (w / self->patch_size) + self->extra_tokens
         - (self->drop_class ? 1 : 0);
}

static void
expand_one (const DocaiPrompter *self, const DocaiPixels *pixels, int image, GString *out)
{
  const DocaiImageLayout *layout = &pixels->images[image];
  gint64 h = pixels->dims[pixels->n_dims - 2], w = pixels->dims[pixels->n_dims - 1];

  switch (self->family)
    {
    case PROMPT_IDEFICS3:
      expand_idefics3 (self, layout, out);
      return;
    case PROMPT_IDEFICS2:
      expand_idefics2 (self, out);
      return;
    case PROMPT_LLAVA:
      append_times (out, self->image_token, count_llava (self, pixels));
      return;
    case PROMPT_LLAVA_NEXT:
      append_times (out, self->image_token, count_llava_next (self, layout, (int) w, (int) h));
      return;
    case PROMPT_INTERNVL:
      g_string_append (out, self->start_token);
      append_times (out, self->image_token, (gint64) self->image_seq_len * layout->n_tiles);
      g_string_append (out, self->end_token);
      return;
    case PROMPT_QWEN2_VL:
      append_times (out, self->image_token,
                    (gint64) layout->rows * layout->cols / (self->merge * self->merge));
      return;
    default:
      return;
    }
}

/* Positions that an image's features take. */
static gint64
count_positions (const DocaiPrompter *self, const DocaiImageLayout *layout, const DocaiPixels *pixels)
{
  gint64 h = pixels->dims[pixels->n_dims - 2], w = pixels->dims[pixels->n_dims - 1];

  switch (self->family)
    {
    case PROMPT_IDEFICS3:
      return (gint64) self->image_seq_len * (layout->rows * layout->cols + 1);
    case PROMPT_LLAVA_NEXT:
      return count_llava_next (self, layout, (int) w, (int) h);
    case PROMPT_INTERNVL:
      return (gint64) self->image_seq_len * layout->n_tiles;
    case PROMPT_QWEN2_VL:
      return (gint64) layout->rows * layout->cols / (self->merge * self->merge);
    default:
      return 0;
    }
}

gint64
docai_prompt_spared (const DocaiPrompter *self, const DocaiPixels *pixels)
{
  gint64 spared = 0;

  for (int i = 0; i < pixels->n_images; i++)
    {
      DocaiImageLayout full = pixels->images[i];
      full.rows = full.full_rows;
      full.cols = full.full_cols;
      full.n_tiles = full.full_tiles;
      spared += count_positions (self, &full, pixels) - count_positions (self, &pixels->images[i], pixels);
    }
  return spared;
}

/* Idefics2: the fake token between neighbours counts once, and text that follows one
 * directly gets a space, as its processor repairs it. */
static char *
repair_idefics2 (GString *text)
{
  GString *out = g_string_sized_new (text->len + 16);
  gsize n = strlen (FAKE);

  g_string_replace (text, FAKE FAKE, FAKE, 0);
  for (const char *p = text->str; *p != '\0';)
    if (strncmp (p, FAKE, n) == 0)
      {
        g_string_append (out, FAKE);
        p += n;
        if (*p != '\0' && *p != '<' && !g_unichar_isspace (g_utf8_get_char_validated (p, -1)))
          g_string_append_c (out, ' ');
      }
    else
      g_string_append_c (out, *p++);
  return g_string_free (out, FALSE);
}

char *
docai_prompt_expand (const DocaiPrompter *self, const char *templated, const DocaiPixels *pixels,
                     GError **error)
{
  GString *out = g_string_sized_new (strlen (templated) + 64);
  gsize n = strlen (self->image_token);
  int image = 0, n_images = pixels != NULL ? pixels->n_images : 0;
  const char *p = templated;

  for (const char *hit; (hit = strstr (p, self->image_token)) != NULL; p = hit + n, image++)
    {
      g_string_append_len (out, p, hit - p);
      if (image < n_images)
        expand_one (self, pixels, image, out);
    }
  g_string_append (out, p);
  if (image != n_images || out->len > MAX_EXPANDED)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   image != n_images ? "the prompt has %d image placeholders for %d images"
                                     : "the prompt is too long (%d placeholders, %d images)",
                   image, n_images);
      g_string_free (out, TRUE);
      return NULL;
    }
  if (self->family != PROMPT_IDEFICS2 || n_images == 0)
    return g_string_free (out, FALSE);
  char *repaired = repair_idefics2 (out);
  g_string_free (out, TRUE);
  return repaired;
}
