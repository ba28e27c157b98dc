"""Sealing mounts one by one, by what the kernel lists."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sandbox import kernel, mounts

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:25 / /view ro,nosuid - tmpfs tmpfs rw
31 30 254:0 /usr/lib /view/usr/lib rw,nodev,relatime master:1 - ext4 /dev/vda rw
32 31 0:26 / /view/usr/lib/with\040space rw,noexec,noatime - tmpfs tmpfs rw
33 22 0:27 / /viewpoint rw - tmpfs tmpfs rw
""".strip()


def test_the_mounts_below_a_place_are_found_with_their_flags():
    assert mounts.mounts_below(MOUNTINFO, "/view") == {
        "/view": kernel.MS_RDONLY | kernel.MS_NOSUID,
        "/view/usr/lib": kernel.MS_NODEV | kernel.MS_RELATIME,
        "/view/usr/lib/with space": kernel.MS_NOEXEC | kernel.MS_NOATIME,
    }
    assert len(mounts.mounts_below(MOUNTINFO, "/")) == 5
    assert mounts.mounts_below(MOUNTINFO, "/usr") == {}


@pytest.mark.parametrize(
    ("newer", "reached"),
    [
        ("34 30 0:28 / /view rw,nodiratime - tmpfs tmpfs rw", {"/view": kernel.MS_NODIRATIME}),
        ("34 30 0:28 / /view/usr rw - tmpfs tmpfs rw", {"/view": kernel.MS_RDONLY | kernel.MS_NOSUID, "/view/usr": 0}),
    ],
)
def test_what_another_mount_covers_is_left_alone(newer, reached):
    assert mounts.mounts_below(f"{MOUNTINFO}\n{newer}", "/view") == reached


def test_a_file_system_below_a_covered_folder_does_not_matter():
    """The probe mounts a tmpfs over /tmp, where others may have mounted something."""
    script = (
        "from sandbox import kernel, mounts\n"
        "kernel.unshare(kernel.CLONE_NEWNS)\n"
        "kernel.mount('none', '/', '', kernel.MS_REC | kernel.MS_PRIVATE)\n"
        "kernel.mount('tmpfs', '/mnt', 'tmpfs', 0)\n"
        "import os; os.mkdir('/mnt/x'); kernel.mount('tmpfs', '/mnt/x', 'tmpfs', 0)\n"
        "kernel.mount('tmpfs', '/mnt', 'tmpfs', 0)\n"
        "mounts.seal('/mnt', kernel.MS_RDONLY)\n"
        "print(os.statvfs('/mnt').f_flag & os.ST_RDONLY)"
    )
    if os.geteuid():
        pytest.skip("mounts need root here")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_what_is_no_mount_is_not_said_to_be_sealed(tmp_path):
    with pytest.raises(FileNotFoundError, match="no mount"):
        mounts.seal(str(tmp_path), kernel.MS_RDONLY)
