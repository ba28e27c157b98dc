"""The system calls a candidate may make: an allow-list, compiled once and installed in every candidate.

Everything not named here fails with EPERM.  That takes away processes and threads (clone, fork, vfork), programs
(execve), the network and descriptor passing (socket and every send and receive), memory outside the address space limit
(memfd_create, System V and POSIX shared memory), and every door into the kernel that a tensor does not need.
The wire uses `read` and `write` only.

`tests/sandbox/test_syscalls.py` tries every number there is from inside.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox import kernel

# Descriptors one has.  The wire is read and write; modules and temporary files need the others.
_DESCRIPTORS: Final = """
read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range dup dup2 dup3 fsync fdatasync
"""
# Looking at files: every lazy import lists folders and reads.  Which files there are is for the mounts and Landlock.
_FILES: Final = """
open openat access faccessat faccessat2 stat fstat lstat newfstatat statx statfs fstatfs readlink readlinkat
getdents getdents64 getcwd chdir fchdir umask getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
"""
# One's own temporary files.  Landlock sees all of these; no devices, pipes, sockets or hard links are made.
_OWN_FILES: Final = (
    "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 symlink symlinkat ftruncate fallocate"
)
UNSEEN_BY_LANDLOCK: Final = tuple("truncate chmod fchmod fchmodat utimensat".split())
"""Changes by name to whatever one owns, which Landlock lets pass (truncate before its third version).

Harmless where a candidate owns nothing but its tmpfs; to be left out where it shares its user with anything.
"""
# Memory, bounded by RLIMIT_AS.  Executable mappings stay: oneDNN and sleef make their kernels as they run.
_MEMORY: Final = "mmap munmap mremap mprotect brk msync"
# Locks of one thread with itself, the interpreter's and the allocator's.  Without threads they never wait.
_LOCKS: Final = "futex set_robust_list rseq sched_yield"
# Handlers for one's own signals: faulthandler, Ctrl-C, timeouts written by hand.  Nothing that sends one.
_SIGNALS: Final = """
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause
alarm setitimer getitimer restart_syscall
"""
# Waiting for one's own descriptors, and sleeping: `time.sleep` in a submission is slow, not hostile.
_WAITING: Final = "poll ppoll select pselect6 nanosleep"
# What time it is, who one is, what one has used: `platform`, `random`, `tempfile` and torch's profiler ask.
_QUESTIONS: Final = """
gettimeofday time times getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp
uname sysinfo getrusage getrlimit getcpu getrandom sched_getaffinity sched_get_priority_max sched_get_priority_min
"""
_ENDING: Final = "exit exit_group"

ALLOWED: Final = [
    *" ".join(
        (_DESCRIPTORS, _FILES, _OWN_FILES, _MEMORY, _LOCKS, _SIGNALS, _WAITING, _QUESTIONS, _ENDING)
    ).split(),
    *UNSEEN_BY_LANDLOCK,
]  # fmt: skip

# Never in the list above; a test holds us to it.
FORBIDDEN: Final = """
clone clone3 fork vfork execve execveat socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg
recvfrom recvmsg recvmmsg shutdown setsockopt memfd_create memfd_secret shmget shmat shmctl msgget msgsnd msgrcv semget
semop ptrace process_vm_readv process_vm_writev kcmp keyctl add_key request_key bpf mount umount2 pivot_root chroot
unshare setns io_uring_setup io_uring_enter io_uring_register userfaultfd perf_event_open kill tkill rt_sigqueueinfo
rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal sched_setaffinity sched_setscheduler setrlimit setuid setgid
setreuid setregid setresuid setresgid setgroups capset personality mknod mknodat chown fchown lchown fchownat
open_by_handle_at name_to_handle_at inotify_init1 fanotify_init timer_create mlock mlockall mbind set_mempolicy
move_pages swapon reboot init_module finit_module kexec_load acct quotactl syslog setdomainname sethostname
landlock_create_ruleset seccomp setxattr lsetxattr fsetxattr flock vmsplice splice tee eventfd2 timerfd_create
signalfd4 epoll_create1 pipe pipe2 fsopen fsmount move_mount open_tree mount_setattr process_madvise
fadvise64 readahead cachestat mincore preadv2
membarrier inotify_init inotify_add_watch get_robust_list waitid wait4 setsid setpgid utime utimes futimesat link linkat
""".split()

_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA = 15, 16, 0x53564D41
_FIONREAD, _FIOCLEX, _FIONCLEX = 0x541B, 0x5451, 0x5450
# F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC: no locks (kernel memory), no owners (signals), no seals.
_FCNTL = (0, 1, 2, 3, 4, 1030)
# Whether the processor's matrix unit (AMX) may be used decides which of oneDNN's kernels run, so the bits of a result.
_ARCH_GET_XCOMP_SUPP, _ARCH_GET_XCOMP_PERM, _ARCH_REQ_XCOMP_PERM = 0x1021, 0x1022, 0x1023
# The machine's clocks and one's own.  A negative number is another process's clock; 8 and 9 wake a sleeping machine.
_CLOCKS = (0, 1, 2, 3, 4, 5, 6, 7, 11)

# Advice on memory of one's own.  Not MERGEABLE (12), COLD (20), PAGEOUT (21), COLLAPSE (25): what the machine caches of
# a file, and in which pages, can be felt by the next candidate; fadvise64 and mincore are left out for the same reason.
_MADVISE = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 18, 19, 22, 23)
_SELF = (0,)

Conditions = tuple[tuple[int, tuple[int, ...]], ...]
"""Arguments that are looked at, and the values that pass; all of them must."""
WITHOUT_TRUNCATING: Final = (("open", 1), ("openat", 2))
"""Calls, and where their flags are, that empty a file behind Landlock's back before its third version."""

ALLOWED_WITH: Final[tuple[tuple[str, Conditions], ...]] = (
    ("fcntl", ((1, _FCNTL),)),
    ("ioctl", ((1, (_FIONREAD, _FIOCLEX, _FIONCLEX)),)),
    ("madvise", ((2, _MADVISE),)),
    ("prctl", ((0, (_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA)),)),
    ("prlimit64", ((0, _SELF), (2, (0,)))),  # reading one's own limit, not setting one
    # Of oneself only: with another number they tell who is there, and how busy.
    ("getpriority", ((1, _SELF),)),
    ("getpgid", ((0, _SELF),)),
    ("getsid", ((0, _SELF),)),
    ("sched_getparam", ((0, _SELF),)),
    ("sched_getscheduler", ((0, _SELF),)),
    ("clock_gettime", ((0, _CLOCKS),)),
    ("clock_getres", ((0, _CLOCKS),)),
    ("clock_nanosleep", ((0, _CLOCKS),)),
    ("tgkill", ((0, (1,)),)),  # abort() and raise(): a candidate is process 1 of its namespace
    ("arch_prctl", ((0, (_ARCH_GET_XCOMP_SUPP, _ARCH_GET_XCOMP_PERM, _ARCH_REQ_XCOMP_PERM)),)),
)


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled filter in memory, ready to install; `address` points at its `struct sock_fprog`."""

    code: ctypes.Array[ctypes.c_char]
    header: ctypes.Structure
    address: int

    @property
    def instructions(self) -> int:
        """How many BPF instructions it has."""
        return ctypes.sizeof(self.code) // 8


class _SockFprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def build(
    extra: Iterable[tuple[str, Conditions]] = (), *, without: Iterable[str] = (), truncating: bool = True
) -> bytes:
    """Compile the allow-list for this architecture into BPF, with `extra` calls and `without` some of the others.

    Not `truncating`: no file is opened with O_TRUNC either.

    Raises RuntimeError where libseccomp is missing.  Calls this architecture lacks are left out; another architecture's
    calls (i386 and x32 on x86_64, arm on aarch64) kill the process.
    """
    import pyseccomp  # type: ignore[import-untyped]  # loads libseccomp: only the keeper needs it

    native = pyseccomp.Arch.NATIVE
    filter_ = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    filter_.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    try:
        filter_.set_attr(pyseccomp.Attr.CTL_OPTIMIZE, 2)  # a binary tree; libseccomp 2.5
    except OSError:
        pass  # an older libseccomp compiles a longer, slower program that decides the same

    masked = () if truncating else WITHOUT_TRUNCATING
    left_out = {*without, *(name for name, _ in masked)}

    def exists(name: str) -> bool:
        try:
            return bool(pyseccomp.resolve_syscall(native, name) >= 0)
        except OSError:
            return False

    # The C library falls back to clone(2), which then fails with an errno that threads expect.
    if exists("clone3"):
        filter_.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules: list[tuple[str, Conditions]] = [*((name, ()) for name in ALLOWED), *ALLOWED_WITH]
    for name, conditions in (*(rule for rule in rules if rule[0] not in left_out), *extra):
        for values in itertools.product(*(values for _, values in conditions)) if exists(name) else ():
            looked_at = zip((position for position, _ in conditions), values, strict=True)
            filter_.add_rule(
                pyseccomp.ALLOW, name, *(pyseccomp.Arg(position, pyseccomp.EQ, value) for position, value in looked_at)
            )
    for name, position in masked:
        if exists(name):
            filter_.add_rule(pyseccomp.ALLOW, name, pyseccomp.Arg(position, pyseccomp.MASKED_EQ, os.O_TRUNC, 0))
    fd = os.memfd_create("seccomp")
    try:
        with open(os.dup(fd), "wb") as file:
            filter_.export_bpf(file)
        return os.pread(fd, 1 << 20, 0)
    finally:
        os.close(fd)


def prepare(code: bytes) -> Program:
    """Lay `code` out as the kernel wants it, so that a candidate installs it with one call."""
    buffer = ctypes.create_string_buffer(code, len(code))
    header = _SockFprog(len(code) // 8, ctypes.addressof(buffer))
    return Program(buffer, header, ctypes.addressof(header))


def install(program: Program) -> None:
    """Let this process make only the allowed calls, for good.  Needs no_new_privs."""
    kernel.install_filter(program.address)
