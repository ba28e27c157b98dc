"""The system calls a candidate may make: an allow-list, compiled once and installed in every candidate.

Everything not named here fails with EPERM.  That takes away processes and threads (clone, fork, vfork), programs
(execve), the network and descriptor passing (socket and every send and receive), memory outside the address space limit
(memfd_create, System V and POSIX shared memory), and every door into the kernel that a tensor does not need.
The wire uses `read` and `write` only.
"""

from __future__ import annotations

import ctypes
import errno
import os
from dataclasses import dataclass
from typing import Final

from sandbox import kernel

# Kept on purpose: `getdents64` and executable mappings (lazy imports, oneDNN's generated kernels), clocks and sleeping.
ALLOWED: Final = """
read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range dup dup2 dup3
open openat access faccessat faccessat2 stat fstat lstat newfstatat statx statfs fstatfs readlink readlinkat
getdents getdents64 getcwd chdir fchdir umask
mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 symlink symlinkat
truncate ftruncate fallocate fsync fdatasync chmod fchmod fchmodat utimensat
getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
mmap munmap mremap mprotect brk msync
futex set_robust_list get_robust_list rseq membarrier sched_yield
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause
alarm setitimer getitimer
poll ppoll select pselect6
nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid
uname sysinfo getrusage getrlimit getpriority getcpu
sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
getrandom exit exit_group restart_syscall
""".split()

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
""".split()

_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA = 15, 16, 0x53564D41
_FIONREAD, _FIOCLEX, _FIONCLEX = 0x541B, 0x5451, 0x5450
# F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC: no locks (kernel memory), no owners (signals), no seals.
_FCNTL = (0, 1, 2, 3, 4, 1030)
# Whether the processor's matrix unit (AMX) may be used decides which of oneDNN's kernels run, so the bits of a result.
_ARCH_GET_XCOMP_SUPP, _ARCH_GET_XCOMP_PERM, _ARCH_REQ_XCOMP_PERM = 0x1021, 0x1022, 0x1023

# Advice on memory of one's own.  Not MERGEABLE (12), COLD (20), PAGEOUT (21): what the machine caches of a file, or
# shares between processes, can be felt by the next candidate; fadvise64 and mincore are left out for the same reason.
_MADVISE = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 18, 19, 22, 23, 25)

# System call, argument that is looked at, values that pass.
ALLOWED_WITH: Final = (
    ("fcntl", 1, _FCNTL),
    ("ioctl", 1, (_FIONREAD, _FIOCLEX, _FIONCLEX)),
    ("madvise", 2, _MADVISE),
    ("prctl", 0, (_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA)),
    ("prlimit64", 2, (0,)),  # reading a limit, not setting one
    ("tgkill", 0, (1,)),  # abort() and raise(): a candidate is process 1 of its namespace
    ("arch_prctl", 0, (_ARCH_GET_XCOMP_SUPP, _ARCH_GET_XCOMP_PERM, _ARCH_REQ_XCOMP_PERM)),
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


def build(extra: tuple[str, ...] = ()) -> bytes:
    """Compile the allow-list for this architecture into BPF; `extra` calls pass too (none for a candidate).

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

    def exists(name: str) -> bool:
        try:
            return bool(pyseccomp.resolve_syscall(native, name) >= 0)
        except OSError:
            return False

    # The C library falls back to clone(2), which then fails with an errno that threads expect.
    if exists("clone3"):
        filter_.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for name in filter(exists, (*ALLOWED, *extra)):
        filter_.add_rule(pyseccomp.ALLOW, name)
    for name, argument, values in ALLOWED_WITH:
        for value in values if exists(name) else ():
            filter_.add_rule(pyseccomp.ALLOW, name, pyseccomp.Arg(argument, pyseccomp.EQ, value))
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
