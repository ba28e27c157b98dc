"""Landlock: a second lock on the file system, which holds even where a mount was forgotten (landlock(7))."""

from __future__ import annotations

import ctypes
import os
from typing import Final

from sandbox import kernel

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_CREATE_RULESET_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1

WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_DIR: Final = 1 << 3
_REMOVE_DIR: Final = 1 << 4
_REMOVE_FILE: Final = 1 << 5
_MAKE_DIR: Final = 1 << 7
_MAKE_REG: Final = 1 << 8
_MAKE_SYM: Final = 1 << 12
_REFER: Final = 1 << 13
_TRUNCATE: Final = 1 << 14

READ: Final = READ_FILE | READ_DIR
# No devices, sockets, pipes or programs are made or run anywhere, not even in /tmp.
WRITE: Final = READ | WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM | _REFER | _TRUNCATE

# How many file rights an ABI knows: 1 has 13, 2 adds refer, 3 truncate, 5 ioctl on devices.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_NET_RIGHTS: Final = 0b11  # bind and connect TCP, from ABI 4
_SCOPES: Final = 0b11  # abstract Unix sockets and signals, from ABI 6


class _RulesetAttr(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """The kernel's Landlock version; raises OSError where there is none."""
    version = kernel.syscall(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    if version < 1:
        raise kernel.last_error("landlock_create_ruleset")
    return version


def handled(version: int) -> tuple[int, int, int, int]:
    """What a ruleset of this ABI handles: file rights, net rights, scopes, and the size of its attribute."""
    files = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    net = _NET_RIGHTS if version >= 4 else 0
    scopes = _SCOPES if version >= 6 else 0
    return files, net, scopes, 8 if version < 4 else 16 if version < 6 else 24


def restrict(version: int, rules: tuple[tuple[str, int], ...]) -> None:
    """Allow only what `rules` (path, rights) say, for this process and for good.  Needs no_new_privs."""
    files, net, scopes, size = handled(version)
    attr = _RulesetAttr(files, net, scopes)
    ruleset = kernel.syscall(_CREATE_RULESET, ctypes.byref(attr), size, 0)
    if ruleset < 0:
        raise kernel.last_error("landlock_create_ruleset")
    try:
        for path, rights in rules:
            parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = _PathBeneathAttr(rights & files, parent)
                if kernel.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0) < 0:
                    raise kernel.last_error(f"landlock_add_rule {path}")
            finally:
                os.close(parent)
        if kernel.syscall(_RESTRICT_SELF, ruleset, 0) < 0:
            raise kernel.last_error("landlock_restrict_self")
    finally:
        os.close(ruleset)
