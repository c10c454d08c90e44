/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where daemon and clients meet, by user.
 */
#pragma once

#include <glib.h>

/* /run/docai for root, else $XDG_RUNTIME_DIR/docai, else /tmp/docai-UID. Owned by the caller. */
char *docai_runtime_dir (void);

/* /var/lib/docai for root, else $XDG_STATE_HOME/docai, else ~/.local/state/docai. Owned by the caller. */
char *docai_state_dir (void);
