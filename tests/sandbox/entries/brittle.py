"""A server whose jail has one weak step, for telling what happens when a step fails."""

from sandbox import jail

_restrict_files = jail._restrict_files
_mount_tmp = jail._mount_tmp
_limits = []


def _remembering(limits, home):
    _limits.append(limits)
    _mount_tmp(limits, home)


def _failing(prepared):
    if _limits and _limits[-1].tmp_inodes == 77:
        raise OSError(95, "no Landlock today")
    _restrict_files(prepared)


jail._mount_tmp, jail._restrict_files = _remembering, _failing


def serve(fd: int) -> None:
    import os

    os.write(fd, b"served")
