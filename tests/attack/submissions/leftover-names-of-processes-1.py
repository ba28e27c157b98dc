# item: attention-weighted-sum
# expect: error
# says: written
# attack: leaves words where a process table shows them: its own name, its mappings' names, its environment
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def call(x86_64, aarch64, *arguments):
    """The error a system call gives, or "done"."""
    number = x86_64 if os.uname().machine == "x86_64" else aarch64
    ctypes.set_errno(0)
    converted = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    if libc.syscall(ctypes.c_long(number), *converted) == -1:
        return errno.errorcode.get(ctypes.get_errno(), "unknown")
    return "done"


def judge(attempts):
    """A refusal by the filter or for want of a right holds; anything else went through."""
    through = [f"{name}={result}" for name, result in attempts.items() if result not in ("EPERM", "ENOSYS", "EACCES")]
    raise RuntimeError(MARK + " " + " ".join(through) if through else "held")



call(157, 167, 15, b"attn-attack", 0, 0, 0)
os.environ["ATTENTION_ATTACK"] = "note"
libc.setenv(b"ATTENTION_ATTACK_C", b"note", 1)
raise RuntimeError("written")
