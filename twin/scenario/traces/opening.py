"""Open a trace as text, whatever it is packed in; say clearly why when that is impossible."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import zstandard

from twin.errors import DocumentError

# What the unpackers raise in the middle of a damaged file; it surfaces wherever the text is being read.
UNPACK_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError)
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_N_PEEK_BYTES = 8192


class _ZstdReader(io.RawIOBase):
    """Unpacked bytes of one or more zstd frames; unlike the library's stream reader it notices a frame cut short."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        target = memoryview(buffer).cast("B")
        while not self._ready:
            packed = self._packed()
            if not packed:
                return 0
            self._ready = memoryview(self._frame.decompress(packed))
        n_bytes = min(len(target), len(self._ready))
        target[:n_bytes] = self._ready[:n_bytes]
        self._ready = self._ready[n_bytes:]
        return n_bytes

    def _packed(self) -> bytes:
        """The next packed bytes, empty at the end of the last frame; starts a new frame where one ends."""
        if not self._frame.eof:
            packed = self._raw.read(_N_PEEK_BYTES)
            if not packed:
                raise EOFError("the last zstd frame has no end")
            return packed
        packed = self._frame.unused_data or self._raw.read(_N_PEEK_BYTES)
        if packed:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        return packed


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Text of a plain, gzip or zstd file (told apart by their first bytes), without BOM, line ends untouched.

    Bytes that are not UTF-8 come through as surrogates: they spoil the field they stand in, not the file.
    Errors: DocumentError when there is no such file, it is a folder, empty, not what its name says, or not text.
    """
    try:
        raw = path.open("rb")
    except FileNotFoundError:
        raise DocumentError("there is no such file", str(path), "check the path") from None
    except IsADirectoryError:
        raise DocumentError("this is a folder, not a trace file", str(path), "name one file in it") from None
    except OSError as error:
        raise DocumentError(f"cannot be opened: {error.strerror}", str(path), "check its permissions") from None
    with raw, _unpacked(raw, path) as unpacked:
        buffered = io.BufferedReader(cast(io.RawIOBase, unpacked), _N_PEEK_BYTES)
        try:
            head = buffered.peek(_N_PEEK_BYTES)
        except UNPACK_ERRORS as error:
            raise damaged(error, f"{path}:1") from None
        _refuse_binary(head, path)
        with io.TextIOWrapper(buffered, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield text


def damaged(error: Exception, where: str) -> DocumentError:
    """The error to raise when unpacking stops at `where`."""
    hint = "the file is damaged or cut short; fetch it again"
    return DocumentError(f"cannot be unpacked beyond this line ({error})", where, hint)


def _unpacked(raw: BinaryIO, path: Path) -> BinaryIO:
    magic = raw.read(4)
    raw.seek(0)
    if not magic:
        raise DocumentError("the file is empty (0 bytes)", str(path), "a trace needs a line of column names and rows")
    if magic.startswith(_GZIP_MAGIC):
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb"))
    if magic == _ZSTD_MAGIC:
        return cast(BinaryIO, _ZstdReader(raw))
    for suffix, kind in ((".gz", "gzip"), (".zst", "zstd")):
        if path.suffix.lower() == suffix:
            hint = f"if it is plain CSV, take {suffix} off its name; otherwise fetch it again"
            raise DocumentError(f"named {suffix} but not a {kind} file (starts with 0x{magic.hex()})", str(path), hint)
    return raw


def _refuse_binary(head: bytes, path: Path) -> None:
    if not head:
        raise DocumentError("the file unpacks to nothing", str(path), "a trace needs a line of column names and rows")
    if head.startswith(_UTF16_BOMS):
        raise DocumentError("the text is UTF-16", f"{path}:1", "save it as UTF-8")
    if b"\0" in head:
        i_byte = head.index(b"\0")
        where = f"{path}:{head.count(10, 0, i_byte) + 1}"
        raise DocumentError(f"not text: byte {i_byte} is 0x00", where, "a request trace is a CSV, plain, gzip or zstd")
