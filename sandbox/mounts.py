"""A root directory made of read-only pieces of the host, each at its own path.

A `View` says what is in it and is plain data; `build` and `enter` make it so.  The same code serves twice: as root
for the server (whose interpreter may lie under a directory only root may enter) and again for the candidates.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sandbox import kernel

DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
PACKAGES = (
    "torch",
    "torchgen",
    "functorch",
    "numpy",
    "einops",
    # what these import
    "typing_extensions",
    "sympy",
    "mpmath",
    "networkx",
    "jinja2",
    "markupsafe",
    "filelock",
    "fsspec",
    # torch with CUDA, where no build without it could be had
    "nvidia",
    "triton",
)
# Folders of shared libraries that wheels put beside a package.
PACKAGE_LIBRARIES = ("numpy.libs", "torch.libs")
# Installed packages inside a standard library's folder are not the standard library.
_SITE_FOLDERS = ("site-packages", "dist-packages")
# How a mountinfo file writes spaces, tabs, newlines and backslashes.
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class View:
    """What a root holds: host paths at the same place, folders covered by an empty one, and empty folders."""

    paths: tuple[str, ...]
    covered: tuple[str, ...] = ()
    devices: tuple[str, ...] = DEVICES
    live: tuple[str, ...] = ()
    """Host folders as they are, writable where they were."""
    scratch: tuple[str, ...] = ()
    """Empty folders that can be written."""
    folders: tuple[str, ...] = ("/tmp", "/etc")  # noqa: S108  # the candidate's own /tmp is mounted there


def home_for(paths: tuple[str, ...]) -> str:
    """Where candidates write: /tmp, unless one of `paths` lies below it and would be hidden (a checkout in /tmp)."""
    return "/scratch" if any(path.startswith("/tmp/") for path in paths) else "/tmp"  # noqa: S108


def candidate_view(stdlib: tuple[str, ...], site: tuple[str, ...]) -> View:
    """What candidates see: the standard library and the packages of `PACKAGES` found in `site`.

    No shared library of the system: the warm-up has loaded all that the standard library links to.
    """
    packages = [path for folder in site for path in _packages_in(folder)]
    covered = [os.path.join(folder, name) for folder in stdlib for name in _SITE_FOLDERS]
    return View(
        _existing((*stdlib, *packages)),
        covered=tuple(path for path in covered if os.path.isdir(path)),
        folders=(home_for((*stdlib, *site)), "/etc"),
    )


def server_view(stdlib: tuple[str, ...], site: tuple[str, ...], own: tuple[str, ...]) -> View:
    """What the server sees while it warms up: its interpreter, its packages, its own code and /proc."""
    system = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache")
    return View(_existing((*stdlib, *site, *own, *system)), live=("/proc",), scratch=("/tmp",), folders=("/inner",))  # noqa: S108


def build(view: View, at: str) -> None:
    """Mount the view at `at`: read-only, without devices but its own, without setuid programs."""
    kernel.mount("tmpfs", at, "tmpfs", kernel.MS_NOSUID, "size=1m,nr_inodes=4096,mode=0755")
    for folder in view.scratch:  # first, since a path may lie inside
        os.mkdir(at + folder)
        kernel.mount("tmpfs", at + folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=16m,mode=1777")
    covers = set(view.covered)
    for path in _parents_first((*view.paths, *view.covered)):
        target = at + path
        if path in covers:
            if os.path.isdir(target):
                kernel.mount("tmpfs", target, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=0755")
        elif not _already_there(path, target):
            _make_place(target, folder=os.path.isdir(path))
            kernel.mount(path, target, "", kernel.MS_BIND | kernel.MS_REC)
            seal(target, kernel.MS_NODEV)
    for device in view.devices:
        if os.path.exists(device):
            _make_place(at + device, folder=False)
            kernel.mount(device, at + device, "", kernel.MS_BIND)
    for folder in (*view.folders, *view.live):
        os.makedirs(at + folder, mode=0o755, exist_ok=True)
    seal(at, kernel.MS_RDONLY | kernel.MS_NOSUID, but=tuple(os.path.realpath(at + folder) for folder in view.scratch))
    for folder in view.live:
        kernel.mount(folder, at + folder, "", kernel.MS_BIND | kernel.MS_REC)


def seal(at: str, flags: int, *, but: tuple[str, ...] = ()) -> None:
    """Add `flags` to the mount at `at` and to every mount below it, except those at `but`.  Needs /proc.

    By mount(2), one at a time: Docker's system call profile knows no mount_setattr.  A remount names all flags, and the
    kernel refuses one that would lose a flag of a mount that is not ours to loosen.
    """
    at = os.path.realpath(at)
    mountinfo = os.fsdecode(Path("/proc/self/mountinfo").read_bytes())
    places = mounts_below(mountinfo, at)
    if at not in places:
        raise FileNotFoundError(f"{at} is no mount that could be sealed")
    for place, present in places.items():
        if place not in but:
            kernel.mount("none", place, "", kernel.MS_BIND | kernel.MS_REMOUNT | present | flags)


_FLAGS = {
    "ro": kernel.MS_RDONLY,
    "nosuid": kernel.MS_NOSUID,
    "nodev": kernel.MS_NODEV,
    "noexec": kernel.MS_NOEXEC,
    "noatime": kernel.MS_NOATIME,
    "nodiratime": kernel.MS_NODIRATIME,
    "relatime": kernel.MS_RELATIME,
}


def mounts_below(mountinfo: str, at: str) -> dict[str, int]:
    """The mounts that can be reached at `at` and below it, and their flags: a mountinfo file as a tree.

    What another mount covers cannot be reached by a path (proc_pid_mountinfo(5), mount_namespaces(7)).
    """
    mounts = [_Mount.from_line(line) for line in mountinfo.splitlines()]
    inside: dict[int, list[_Mount]] = {}
    for mount in mounts:
        inside.setdefault(mount.parent, []).append(mount)
    there = [mount for mount in mounts if mount.place == at]
    found: dict[str, int] = {}
    waiting = there[-1:]
    while waiting:
        mount = waiting.pop()
        children = inside.get(mount.id, [])
        on_top = [child for child in children if child.place == mount.place]
        if on_top:
            waiting += on_top
            continue
        found[mount.place] = mount.flags
        waiting += [child for child in children if not any(child.lies_below(other) for other in children)]
    return found


@dataclass(frozen=True, slots=True)
class _Mount:
    id: int
    parent: int
    place: str
    flags: int

    @classmethod
    def from_line(cls, line: str) -> _Mount:
        number, parent, _, _, place, options = line.split(" ")[:6]
        place = _OCTAL.sub(lambda match: chr(int(match[1], 8)), place)
        return cls(int(number), int(parent), place, sum(_FLAGS.get(option, 0) for option in options.split(",")))

    def lies_below(self, other: _Mount) -> bool:
        return self.place.startswith(f"{other.place.rstrip('/')}/")


def enter(at: str) -> None:
    """Make the tree at `at` the root.  pivot_root, not chroot: a chroot may not make user namespaces."""
    os.chdir(at)
    kernel.swap_root()


def _packages_in(folder: str) -> list[str]:
    names = [*PACKAGES, *(f"{name}.py" for name in PACKAGES), *PACKAGE_LIBRARIES]
    return [os.path.join(folder, name) for name in names]


def _existing(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for path in paths if os.path.exists(path)))


def _parents_first(paths: tuple[str, ...]) -> list[str]:
    return sorted(dict.fromkeys(paths), key=lambda path: PurePosixPath(path).parts)


def _already_there(path: str, target: str) -> bool:
    """Whether a parent that is bound already shows the same file or folder."""
    try:
        return os.path.samestat(os.stat(path), os.stat(target))
    except FileNotFoundError:
        return False


def _make_place(target: str, *, folder: bool) -> None:
    place = Path(target)
    (place if folder else place.parent).mkdir(mode=0o755, parents=True, exist_ok=True)
    if not folder and not place.exists():
        os.mknod(target, 0o444 | stat.S_IFREG)
