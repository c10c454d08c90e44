/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes and what is computed from them.
 */
#include "document/geometry.h"

#include <math.h>

double
docai_box_area (DocaiBox box)
{
  return docai_box_is_empty (box) ? 0 : docai_box_width (box) * docai_box_height (box);
}

DocaiBox
docai_box_intersect (DocaiBox a, DocaiBox b)
{
  DocaiBox both = { MAX (a.x0, b.x0), MAX (a.y0, b.y0), MIN (a.x1, b.x1), MIN (a.y1, b.y1) };
  return docai_box_is_empty (both) ? (DocaiBox){ 0 } : both;
}

DocaiBox
docai_box_union (DocaiBox a, DocaiBox b)
{
  if (docai_box_is_empty (a))
    return b;
  if (docai_box_is_empty (b))
    return a;
  return (DocaiBox){ MIN (a.x0, b.x0), MIN (a.y0, b.y0), MAX (a.x1, b.x1), MAX (a.y1, b.y1) };
}

double
docai_box_iou (DocaiBox a, DocaiBox b)
{
  double common = docai_box_area (docai_box_intersect (a, b));
  double total = docai_box_area (a) + docai_box_area (b) - common;
  return total > 0 ? common / total : 0;
}

double
docai_box_coverage (DocaiBox a, DocaiBox b)
{
  double area = docai_box_area (a);
  return area > 0 ? docai_box_area (docai_box_intersect (a, b)) / area : 0;
}

gboolean
docai_box_contains (DocaiBox box, double x, double y)
{
  return x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1;
}

double
docai_overlap (double a0, double a1, double b0, double b1)
{
  double length = MIN (a1, b1) - MAX (a0, b0);
  return length > 0 ? length : 0;
}

DocaiBox
docai_box_grow (DocaiBox box, double margin)
{
  return (DocaiBox){ box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin };
}

DocaiBox
docai_box_scale (DocaiBox box, double factor)
{
  return (DocaiBox){ box.x0 * factor, box.y0 * factor, box.x1 * factor, box.y1 * factor };
}

static double
clip (double value, double limit)
{
  return isfinite (value) ? CLAMP (value, 0, limit) : 0;
}

DocaiBox
docai_box_clip (DocaiBox box, double width, double height)
{
  double x0 = clip (box.x0, width), x1 = clip (box.x1, width);
  double y0 = clip (box.y0, height), y1 = clip (box.y1, height);
  return (DocaiBox){ MIN (x0, x1), MIN (y0, y1), MAX (x0, x1), MAX (y0, y1) };
}

double
docai_round (double value)
{
  if (!isfinite (value))
    return 0;
  double rounded = round (value * 100) / 100;
  return rounded == 0 ? 0 : rounded;
}

DocaiBox
docai_box_round (DocaiBox box)
{
  return (DocaiBox){ docai_round (box.x0), docai_round (box.y0), docai_round (box.x1),
                     docai_round (box.y1) };
}
