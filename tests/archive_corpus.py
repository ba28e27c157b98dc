"""Archives as nobody should make them, written byte by byte, and what reading each has to say.

A case is refused as a whole, or gives the files and the skipped entries that it names, and nothing else.
"""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from grader.archives import Limits, Reason

SMALL = Limits(
    entries=50, file_bytes=64 * 1024, total_bytes=512 * 1024, ratio=50, ratio_from=128 * 1024, path_characters=120
)
"""Limits that a test reaches quickly."""
CODE = b"def attention(q, k, v): ...\n"


@dataclass(frozen=True)
class Case:
    """One archive and what comes of it under `SMALL`."""

    name: str
    make: Callable[[], bytes]
    refused: Reason | None = None
    skipped: dict[str, Reason] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass
class Packed:
    """An entry of a zip, every field of which may lie."""

    name: bytes
    content: bytes = CODE
    method: int = 8
    flags: int = 0
    mode: int = 0
    extra: bytes = b""
    local_name: bytes | None = None
    claims: int | None = None
    packed_claims: int | None = None
    crc: int | None = None
    payload: bytes | None = None
    offset: int | None = None

    def parts(self) -> tuple[bytes, int, int, int]:
        """What is stored, its checksum, and the sizes that are claimed."""
        stored = self.payload
        if stored is None:
            stored = deflated(self.content) if self.method == 8 else self.content
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        size = len(self.content) if self.claims is None else self.claims
        return stored, crc, len(stored) if self.packed_claims is None else self.packed_claims, size


def deflated(content: bytes) -> bytes:
    """Raw deflate, as zip stores it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def zipped(entries: Iterable[Packed], comment: bytes = b"") -> bytes:
    """A zip of these entries."""
    body, directory, count = bytearray(), bytearray(), 0
    for each in entries:
        stored, crc, packed, size = each.parts()
        offset = len(body) if each.offset is None else each.offset
        local = each.name if each.local_name is None else each.local_name
        common = struct.pack("<5H3L", 20, each.flags, each.method, 0, 0x5821, crc, packed, size)
        if each.offset is None:
            body += b"PK\3\4" + common + struct.pack("<2H", len(local), 0) + local + stored
        directory += b"PK\1\2" + struct.pack("<H", 0x0314) + common
        directory += struct.pack("<5H2L", len(each.name), len(each.extra), 0, 0, 0, each.mode << 16, offset)
        directory += each.name + each.extra
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), len(comment))
    return bytes(body + directory + end + comment)


def one(name: str | bytes, **more: object) -> Callable[[], bytes]:
    """A zip of one entry."""
    raw = name.encode() if isinstance(name, str) else name
    return lambda: zipped([Packed(raw, **more)])  # type: ignore[arg-type]


def tarred(*members: tuple[str, bytes, bytes], mode: str = "w") -> bytes:
    """A tar of (name, type, content), written by the standard library; a link's content is where it leads."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, format=tarfile.GNU_FORMAT) as files:  # type: ignore[call-overload]
        for name, kind, content in members:
            entry = tarfile.TarInfo(name)
            entry.type = kind
            if kind in (tarfile.LNKTYPE, tarfile.SYMTYPE):
                entry.linkname = content.decode()
                files.addfile(entry)
            else:
                entry.size = len(content)
                files.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def ordinary(*names: str) -> bytes:
    """A zip as everybody makes them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for name in names:
            files.writestr(name, CODE)
    return packed.getvalue()


def overlapping_bomb() -> bytes:
    """Many names for the same bytes, each entry's header quoting the next one's (Fifield 2019, in small)."""
    kernel = Packed(b"0.py", b"\0" * 60_000)
    stored, crc, packed, size = kernel.parts()
    head = b"PK\3\4" + struct.pack("<5H3L2H", 20, 0, 8, 0, 0x5821, crc, packed, size, 4, 0) + b"0.py"
    body = head + stored
    directory = bytearray()
    for _number in range(40):
        directory += b"PK\1\2" + struct.pack("<6H3L", 0x0314, 20, 0, 8, 0, 0x5821, crc, packed, size)
        directory += struct.pack("<5H2L", 4, 0, 0, 0, 0, 0, 0) + b"0.py"
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 40, 40, len(directory), len(body), 0)
    return bytes(body + directory + end)


def quine() -> bytes:
    """An archive in an archive in an archive: what one that holds itself looks like to whoever opens it."""
    inner = ordinary("a.py")
    for _ in range(6):
        inner = zipped([Packed(b"again.zip", inner, 0)])
    return inner


def zip64(size: int, packed: int, offset: int) -> bytes:
    """An entry that says its numbers in 64 bits."""
    extra = struct.pack("<HHQQQ", 1, 24, size, packed, offset)
    stored = deflated(CODE)
    body = b"PK\3\4" + struct.pack("<5H3L2H", 45, 0, 8, 0, 0x5821, zlib.crc32(CODE), len(stored), len(CODE), 4, 0)
    body += b"a.py" + stored
    directory = b"PK\1\2" + struct.pack("<6H3L", 0x032D, 45, 0, 8, 0, 0x5821, zlib.crc32(CODE), 0xFFFFFFFF, 0xFFFFFFFF)
    directory += struct.pack("<5H2L", 4, len(extra), 0, 0, 0, 0, 0xFFFFFFFF) + b"a.py" + extra
    return body + directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(body), 0)


def zip64_end(length: int) -> bytes:
    """An archive whose 64-bit end record claims a directory of `length` bytes."""
    plain = ordinary("a.py")
    place = plain.rfind(b"PK\5\6")
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, length, 0)
    return plain[:place] + record + struct.pack("<4sLQL", b"PK\6\7", 0, place, 1) + plain[place:]


def tar_claiming(size: bytes, kind: bytes = b"0") -> bytes:
    """A tar header that claims a size, and nothing behind it."""
    head = bytearray(tarfile.TarInfo("a.py").tobuf(tarfile.USTAR_FORMAT))
    head[124:136] = size.ljust(12, b"\0")
    head[156:157] = kind
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def twice_in_gzip() -> bytes:
    """A tar through gzip in two pieces, which is one archive all the same."""
    plain = tarred(("a.py", tarfile.REGTYPE, CODE), ("b.py", tarfile.REGTYPE, CODE))
    return gzip.compress(plain[:700]) + gzip.compress(plain[700:])


GBK = "张伟-作业.py".encode("gbk")
SJIS = "テスト.py".encode("shift_jis")
CASES = (
    Case("ordinary", lambda: ordinary("a.py", "b/c.py"), files=("a.py", "b/c.py")),
    Case("empty-zip", lambda: ordinary()),
    Case("empty-file", lambda: b"", refused=Reason.UNKNOWN),
    Case("no-archive", lambda: CODE * 40, refused=Reason.UNKNOWN),
    Case("rar", lambda: b"Rar!\x1a\7\1\0" + b"\0" * 600, refused=Reason.UNKNOWN),
    Case("seven-zip", lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 600, refused=Reason.UNKNOWN),
    Case("zip-without-its-end", lambda: ordinary("a.py", "b.py")[:60], refused=Reason.CUT_OFF),
    Case("zip-with-half-an-end", lambda: ordinary("a.py")[:-9], refused=Reason.CUT_OFF),
    Case("zip-behind-a-program", lambda: b"PK\3\4 not yet" + ordinary("a.py"), files=("a.py",)),
    Case("end-in-the-comment", lambda: zipped([Packed(b"a.py")], b"PK\5\6"), refused=Reason.CUT_OFF),
    Case("traversal", one("../../etc/passwd"), skipped={"../../etc/passwd": Reason.TRAVERSAL}),
    Case("traversal-inside", one("a/../../b.py"), skipped={"a/../../b.py": Reason.TRAVERSAL}),
    Case("absolute", one("/etc/cron.d/x"), skipped={"/etc/cron.d/x": Reason.ABSOLUTE}),
    Case("drive", one("C:/Windows/a.py"), skipped={"C:/Windows/a.py": Reason.ABSOLUTE}),
    Case("drive-relative", one("c:a.py"), skipped={"c:a.py": Reason.ABSOLUTE}),
    Case("backslashes", one("..\\..\\a.py"), skipped={"..\\..\\a.py": Reason.BACKSLASH}),
    Case("network-share", one("\\\\host\\share\\a.py"), skipped={"\\\\host\\share\\a.py": Reason.BACKSLASH}),
    Case("only-dots", one("./."), skipped={"./.": Reason.NAMELESS}),
    Case("nameless", one(""), skipped={"": Reason.NAMELESS}),
    Case("nul-in-name", one(b"a.py\0.txt"), skipped={"a.py\\x00.txt": Reason.HIDDEN_CHARACTERS}),
    Case("newline-in-name", one("a\nb.py"), skipped={"a\\nb.py": Reason.HIDDEN_CHARACTERS}),
    Case("escape-in-name", one("\x1b[2Ja.py"), skipped={"\\x1b[2Ja.py": Reason.HIDDEN_CHARACTERS}),
    Case("bidi-in-name", one("a\u202eyp.exe"), skipped={"a\\u202eyp.exe": Reason.HIDDEN_CHARACTERS}),
    Case("long-name", one("a" * 150 + ".py"), skipped={"a" * 150 + ".py": Reason.LONG_NAME}),
    Case("very-long-name", one("a" * 60_000), skipped={"a" * 200 + "…": Reason.LONG_NAME}),
    Case("gbk-name", one(GBK), files=("张伟-作业.py",)),
    Case("shift-jis-name", one(SJIS), files=("テスト.py",)),
    Case("cp437-name", one("é.py".encode("cp437")), files=("é.py",)),
    Case("utf-8-without-saying-so", one("张伟.py"), files=("张伟.py",)),
    Case("utf-8-that-is-none", one(b"\xff\xfe.py", flags=0x800), skipped={}, files=("\u00a0■.py",)),
    Case(
        "unicode-path-extra",
        one(b"x.py", extra=struct.pack("<HHBL", 0x7075, 11, 1, zlib.crc32(b"x.py")) + "张.py".encode()),
        files=("张.py",),
    ),
    Case(
        "unicode-path-of-another-name",
        one(b"x.py", extra=struct.pack("<HHBL", 0x7075, 11, 1, zlib.crc32(b"y.py")) + "张.py".encode()),
        files=("x.py",),
    ),
    Case(
        "clutter",
        lambda: ordinary("__MACOSX/._a.py", ".DS_Store", "a/Thumbs.db", "a/__pycache__/x.pyc", "a.py"),
        skipped={
            "__MACOSX/._a.py": Reason.CLUTTER,
            ".DS_Store": Reason.CLUTTER,
            "a/Thumbs.db": Reason.CLUTTER,
            "a/__pycache__/x.pyc": Reason.CLUTTER,
        },
        files=("a.py",),
    ),
    Case(
        "one-name-twice",
        lambda: zipped([Packed(b"a.py"), Packed(b"a.py", b"evil")]),
        skipped={"a.py": Reason.TWICE},
        files=("a.py",),
    ),
    Case(
        "one-name-twice-for-some",
        lambda: zipped([Packed(b"a.py"), Packed(b"A.PY")]),
        skipped={"A.PY": Reason.TWICE},
        files=("a.py",),
    ),
    Case("symlink", one("a.py", mode=0o120777, content=b"/etc/passwd"), skipped={"a.py": Reason.LINK}),
    Case("device", one("a.py", mode=0o060666), skipped={"a.py": Reason.DEVICE}),
    Case("pipe", one("a.py", mode=0o010666), skipped={"a.py": Reason.DEVICE}),
    Case("encrypted", one("a.py", flags=0x1), skipped={"a.py": Reason.ENCRYPTED}),
    Case("bzip2-inside", one("a.py", method=12), skipped={"a.py": Reason.METHOD}),
    Case("large-file", one("a.py", content=bytes(range(256)) * 300), skipped={"a.py": Reason.LARGE}),
    Case("says-too-little", one("a.py", claims=3), skipped={"a.py": Reason.DAMAGED}),
    Case("says-too-much", one("a.py", claims=0xFFFFFF00), skipped={"a.py": Reason.DAMAGED}),
    Case("says-nothing-of-much", one("a.py", content=b"\0" * 60_000, claims=0), skipped={"a.py": Reason.DAMAGED}),
    Case("wrong-checksum", one("a.py", crc=1), skipped={"a.py": Reason.DAMAGED}),
    Case("no-deflate-at-all", one("a.py", payload=b"\xff" * 40), skipped={"a.py": Reason.DAMAGED}),
    Case("half-a-deflate", one("a.py", payload=deflated(CODE)[:-4]), skipped={"a.py": Reason.DAMAGED}),
    Case("claims-bytes-behind-the-end", one("a.py", packed_claims=1 << 30), skipped={"a.py": Reason.DAMAGED}),
    Case("another-name-inside", one("a.py", local_name=b"b.py"), skipped={"a.py": Reason.CONTRADICTORY}),
    Case(
        "points-nowhere",
        lambda: zipped([Packed(b"b.py"), Packed(b"a.py", offset=0x7FFFFFFF)]),
        skipped={"a.py": Reason.CONTRADICTORY},
        files=("b.py",),
    ),
    Case("zip64", lambda: zip64(len(CODE), len(deflated(CODE)), 0), files=("a.py",)),
    Case("zip64-lies-of-size", lambda: zip64(1 << 60, len(deflated(CODE)), 0), skipped={"a.py": Reason.DAMAGED}),
    Case("zip64-lies-of-offset", lambda: zip64(5, 5, (1 << 64) - 1), skipped={"a.py": Reason.CONTRADICTORY}),
    Case("zip64-endless-directory", lambda: zip64_end((1 << 64) - 1), refused=Reason.CUT_OFF),
    Case("bomb", one("a.py", content=b"\0" * 10_000_000), skipped={"a.py": Reason.LARGE}),
    Case("bomb-of-many", lambda: zipped(Packed(b"%d.py" % n, b"\0" * 60_000) for n in range(40)), refused=Reason.BOMB),
    Case("overlapping-bomb", overlapping_bomb, refused=Reason.OVERLAPPING),
    Case("too-many", lambda: ordinary(*(f"{n}.py" for n in range(60))), refused=Reason.TOO_MANY),
    Case(
        "too-much",
        lambda: zipped(Packed(b"%d.bin" % n, bytes(range(256)) * 240, 0) for n in range(10)),
        refused=Reason.TOO_MUCH,
    ),
    Case("archive-inside", lambda: zipped([Packed(b"z.zip", ordinary("a.py"))]), files=("z.zip/a.py",)),
    Case(
        "archive-inside-of-another-kind",
        lambda: zipped([Packed(b"z.tar.gz", tarred(("a.py", tarfile.REGTYPE, CODE), mode="w:gz"))]),
        files=("z.tar.gz/a.py",),
    ),
    Case("document-that-is-a-zip", lambda: zipped([Packed(b"a.docx", ordinary("w.xml"))]), files=("a.docx",)),
    Case("quine", quine, skipped={"again.zip/again.zip": Reason.NESTED}),
    Case(
        "bomb-inside",
        lambda: zipped(
            [Packed(b"a.py"), Packed(b"z.zip", zipped(Packed(b"%d" % n, b"\0" * 60_000) for n in range(5)))]
        ),
        skipped={"z.zip": Reason.BOMB},
        files=("a.py",),
    ),
    Case(
        "broken-inside",
        lambda: zipped([Packed(b"z.zip", ordinary("a.py")[:-30]), Packed(b"b.py")]),
        skipped={"z.zip": Reason.CUT_OFF},
        files=("b.py",),
    ),
    Case(
        "traversal-inside-an-archive-inside",
        lambda: zipped([Packed(b"z.zip", zipped([Packed(b"../a.py")]))]),
        skipped={"z.zip/../a.py": Reason.TRAVERSAL},
    ),
    Case(
        "many-inside",
        lambda: zipped(Packed(b"%d.zip" % n, ordinary(*"abcdefghi")) for n in range(9)),
        refused=Reason.TOO_MANY,
    ),
    Case(
        "tar",
        lambda: tarred(("a.py", tarfile.REGTYPE, CODE), ("d", tarfile.DIRTYPE, b""), ("d/" + "n" * 105, b"0", b"")),
        files=("a.py", "d/" + "n" * 105),
    ),
    Case("tar-in-two-gzips", twice_in_gzip, files=("a.py", "b.py")),
    Case("tar-symlink", lambda: tarred(("a.py", tarfile.SYMTYPE, b"/etc/passwd")), skipped={"a.py": Reason.LINK}),
    Case("tar-hard-link", lambda: tarred(("a.py", tarfile.LNKTYPE, b"/etc/shadow")), skipped={"a.py": Reason.LINK}),
    Case("tar-device", lambda: tarred(("a.py", tarfile.CHRTYPE, b"")), skipped={"a.py": Reason.DEVICE}),
    Case("tar-traversal", lambda: tarred(("../a.py", b"0", CODE)), skipped={"../a.py": Reason.TRAVERSAL}),
    Case("tar-cut-off", lambda: tarred(("a.py", b"0", CODE * 99))[:900], refused=Reason.CUT_OFF),
    Case("tar-claims-gigabytes", lambda: tar_claiming(b"77777777777"), refused=Reason.CUT_OFF),
    Case("tar-claims-exabytes", lambda: tar_claiming(b"\x80" + b"\x7f" * 11), refused=Reason.CUT_OFF),
    Case("tar-size-no-number", lambda: tar_claiming(b"12x"), refused=Reason.CUT_OFF),
    Case("tar-claims-less-than-nothing", lambda: tar_claiming(b"-0000001000"), refused=Reason.CUT_OFF),
    Case("tar-endless-name", lambda: tar_claiming(b"77777777777", b"L"), refused=Reason.CUT_OFF),
    Case("gzip-of-no-tar", lambda: gzip.compress(CODE), refused=Reason.UNKNOWN),
    Case("gzip-cut-off", lambda: gzip.compress(tarred(("a.py", b"0", CODE)))[:60], refused=Reason.CUT_OFF),
    Case(
        "gzip-bomb",
        lambda: gzip.compress(tarred(*((f"{n}.py", b"0", b"\0" * 60_000) for n in range(9)))),
        refused=Reason.BOMB,
    ),
)
