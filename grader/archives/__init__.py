"""Reading archives that strangers made: zip and tar, from memory or a file, never by extracting to a disk.

    for each in unpack(file, Limits()):
        match each:
            case File(path, content): ...
            case Skipped(path, reason): ...

`collect` does the same for files that came one by one, archives among them.

A path given out is relative, in one normal form, without anything that a person could not see; no two are the same.
What an archive declares of itself (sizes, counts) is never believed: what comes out is counted.  An entry that cannot
be taken is skipped with its reason and the rest is read on; an archive that cannot be trusted as a whole ends in
`ArchiveRefused`.  A reader that must have all or nothing collects everything first.
"""

from grader.archives.model import ArchiveRefused, File, Limits, Reason, Skipped
from grader.archives.reading import collect, is_archive, unpack

__all__ = ["ArchiveRefused", "File", "Limits", "Reason", "Skipped", "collect", "is_archive", "unpack"]
