/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The UserUnit of PDF pages. A page is known by its size, for Poppler does not
 * tell which object of the file it is; pages of one size and different units in
 * one file would be taken for each other.
 */
#include "config.h"

#include "pipeline/rasterize/user-unit.h"

#include <math.h>
#include <string.h>

#define MAX_UNITS 100
#define MAX_OBJECT 8192 /* bytes of a page object before and after its unit */

/* The bytes of the object around a place, as a string. Free with g_free. */
static char *
dup_object (const guint8 *data, gsize size, const guint8 *at)
{
  const guint8 *start = at - MIN ((gsize) (at - data), MAX_OBJECT);
  const guint8 *end = at + MIN ((gsize) (data + size - at), MAX_OBJECT);
  for (const guint8 *p = start; (p = memmem (p, at - p, " obj", 4)) != NULL; p += 4)
    start = p;
  const guint8 *stop = memmem (at, end - at, "endobj", 6);
  end = stop != NULL ? stop : end;
  char *object = g_strndup ((const char *) start, end - start);
  for (char *p = object; p < object + (end - start); p++)
    if (*p == '\0')
      *p = ' ';
  return object;
}

static gboolean
read_box (const char *object, const char *name, DocaiUserUnit *unit)
{
  const char *at = strstr (object, name);
  double      numbers[4];
  if (at == NULL)
    return FALSE;
  at += strlen (name);
  at += strspn (at, " \t\r\n[");
  for (int i = 0; i < 4; i++)
    {
      char *end;
      numbers[i] = g_ascii_strtod (at, &end);
      if (end == at || !isfinite (numbers[i]))
        return FALSE;
      at = end;
    }
  unit->width = fabs (numbers[2] - numbers[0]);
  unit->height = fabs (numbers[3] - numbers[1]);
  return TRUE;
}

GArray *
docai_user_units_scan (const guint8 *data, gsize size)
{
  static const char key[] = "/UserUnit";
  GArray           *units = g_array_new (FALSE, FALSE, sizeof (DocaiUserUnit));
  const guint8     *end = data + size;
  for (const guint8 *at = data; size > 0 && units->len < MAX_UNITS
                                && (at = memmem (at, end - at, key, strlen (key))) != NULL;
       at += strlen (key))
    {
      DocaiUserUnit    unit = { 0 };
      g_autofree char *object = dup_object (data, size, at);
      const char      *value = strstr (object, key);
      unit.unit = value != NULL ? g_ascii_strtod (value + strlen (key), NULL) : 0;
      if (!read_box (object, "/CropBox", &unit))
        read_box (object, "/MediaBox", &unit);
      if (unit.unit >= 0.01 && unit.unit <= 1000)
        g_array_append_val (units, unit);
    }
  return units;
}

static gboolean
is_near (double a, double b)
{
  return fabs (a - b) < 0.5;
}

double
docai_user_units_lookup (const GArray *units, double width, double height)
{
  for (guint i = 0; i < units->len; i++)
    {
      const DocaiUserUnit *unit = &g_array_index (units, DocaiUserUnit, i);
      if (unit->width == 0 || (is_near (unit->width, width) && is_near (unit->height, height))
          || (is_near (unit->width, height) && is_near (unit->height, width)))
        return unit->unit;
    }
  return 1;
}
