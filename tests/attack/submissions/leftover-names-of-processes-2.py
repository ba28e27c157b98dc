# item: attention-weighted-sum
# expect: error
# says: held
# attack: looks for the words that the one before left in its name and environment
MARK = "BREACH" "-leftover-names-of-processes-2"
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



libc.getenv.restype = ctypes.c_char_p
name = ctypes.create_string_buffer(16)
call(157, 167, 16, ctypes.addressof(name), 0, 0, 0)
found = [value for value in (os.environ.get("ATTENTION_ATTACK"), libc.getenv(b"ATTENTION_ATTACK_C")) if value]
raise RuntimeError(f"{MARK} {found} {name.value}" if found or b"attn" in name.value else "held")
