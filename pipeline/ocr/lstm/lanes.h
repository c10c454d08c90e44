/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Work on the lines of a page that several threads share. Pages are what workers run in
 * parallel; lanes help where a page is alone.
 */
#pragma once

#include <glib.h>

/* `lane` counts from 0; what a lane writes belongs to it alone. */
typedef void (*DocaiLaneWork) (gpointer data, guint lane);

/* Does the work of all lanes and returns when it is done. The first is the caller's. */
void docai_lanes_run (guint n_lanes, DocaiLaneWork work, gpointer data);
