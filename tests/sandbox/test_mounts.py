"""Sealing mounts one by one, by what the kernel lists."""

from __future__ import annotations

import pytest

from sandbox import kernel, mounts

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:25 / /view ro,nosuid - tmpfs tmpfs rw
31 30 254:0 /usr/lib /view/usr/lib rw,nodev,relatime master:1 - ext4 /dev/vda rw
32 31 0:26 / /view/usr/lib/with\040space rw,noexec,noatime - tmpfs tmpfs rw
33 22 0:27 / /viewpoint rw - tmpfs tmpfs rw
34 30 0:28 / /view rw,nodiratime - tmpfs tmpfs rw
""".strip()


def test_the_mounts_below_a_place_are_found_with_their_flags():
    assert mounts.mounts_below(MOUNTINFO, "/view") == {
        "/view": kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODIRATIME,
        "/view/usr/lib": kernel.MS_NODEV | kernel.MS_RELATIME,
        "/view/usr/lib/with space": kernel.MS_NOEXEC | kernel.MS_NOATIME,
    }
    assert len(mounts.mounts_below(MOUNTINFO, "/")) == 5


def test_what_is_no_mount_is_not_said_to_be_sealed(tmp_path):
    with pytest.raises(FileNotFoundError, match="no mount"):
        mounts.seal(str(tmp_path), kernel.MS_RDONLY)
