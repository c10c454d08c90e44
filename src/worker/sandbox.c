/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a worker gives up before it opens the first document.
 */
#include <config.h>

#include "worker/worker.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

static void
set_limit (int which, rlim_t value)
{
  struct rlimit limit;
  if (getrlimit (which, &limit) != 0)
    return;
  limit.rlim_cur = MIN (value, limit.rlim_max);
  limit.rlim_max = limit.rlim_cur;
  setrlimit (which, &limit);
}

void
sandbox_limit (const DocaiLimits *limits)
{
  /* No dumps: they would hold documents. */
  set_limit (RLIMIT_CORE, 0);
  set_limit (RLIMIT_NOFILE, 1024);
  set_limit (RLIMIT_FSIZE, (rlim_t) limits->inflate_bytes * 4);
#ifndef DOCAI_SANITIZED
  /* The link watches what is really used; this is the backstop against one huge
   * allocation. Code, stacks and arenas of threads take addresses, not memory. */
  set_limit (RLIMIT_AS, (rlim_t) limits->memory_bytes + ((rlim_t) 2 << 30));
  prctl (PR_SET_DUMPABLE, 0);
#endif
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static const int forbidden[] = {
#ifndef DOCAI_SANITIZED /* the leak checker traces its own process */
  SCMP_SYS (ptrace),
#endif
  SCMP_SYS (execve),       SCMP_SYS (execveat),
  SCMP_SYS (process_vm_readv), SCMP_SYS (process_vm_writev), SCMP_SYS (bpf),
  SCMP_SYS (perf_event_open), SCMP_SYS (userfaultfd),  SCMP_SYS (kexec_load),
  SCMP_SYS (init_module),  SCMP_SYS (finit_module),    SCMP_SYS (delete_module),
  SCMP_SYS (mount),        SCMP_SYS (umount2),         SCMP_SYS (pivot_root),
  SCMP_SYS (chroot),       SCMP_SYS (setns),           SCMP_SYS (unshare),
  SCMP_SYS (open_by_handle_at), SCMP_SYS (keyctl),     SCMP_SYS (add_key),
  SCMP_SYS (request_key),  SCMP_SYS (reboot),          SCMP_SYS (swapon),
  SCMP_SYS (listen),       SCMP_SYS (accept),          SCMP_SYS (accept4),
  SCMP_SYS (io_uring_setup), SCMP_SYS (setuid),        SCMP_SYS (setgid),
};

gboolean
sandbox_close (gboolean network, GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  int problem = filter == NULL ? -ENOMEM : 0;

  if (filter != NULL)
    problem = seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (forbidden) && problem == 0; i++)
    problem = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), forbidden[i], 0);
  if (!network && problem == 0)
    problem = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EACCES), SCMP_SYS (socket), 1,
                                SCMP_A0 (SCMP_CMP_NE, AF_UNIX));
  if (problem == 0)
    problem = seccomp_load (filter);
  seccomp_release (filter);
  if (problem == 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "no system call filter: %s",
               strerror (-problem));
  return FALSE;
}
