"""A sealed file of large mappings, of which only what is asked for is opened.

A mapping is cut into buckets by its keys, each sealed by itself (AES-GCM), so that a file of a hundred megabytes is
ready at once and of any use only to whoever has the key. What does not open was not written with it."""

import gc
import os
import pickle
import struct
import time
import weakref
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from secrets import token_bytes
from typing import Any, BinaryIO, Generic, TypeVar

import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from matching.columns import Ints
from matching.errors import Unreadable
from matching.layered import Layered

Key = TypeVar("Key")
Value = TypeVar("Value")

MAGIC = b"partners1\n"
NONCE = 12
BUCKET = 4
"""Values that are opened together: the fewer, the less is opened in vain."""
AT_ONCE = 32
"""Buckets that are written before others of the process have their turn."""
OFTEN = 4096
"""After so many buckets the collector is told that they stay: it would walk through them again and again."""
END = struct.Struct("<QQ")
"""Behind all else: where the table of contents begins, and how long it is."""


class Writer:
    """Writes a file from its first byte to its last."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._seal, self._writes = file, AESGCM(key), 0
        self._contents: dict[str, tuple[Any, ...]] = {}
        file.write(MAGIC)

    def mapping(self, name: str, mapping: Mapping[Any, Any]) -> None:
        """One mapping, by buckets."""
        count = max(1, len(mapping) // BUCKET)
        buckets: list[dict[Any, Any]] = [{} for _ in range(count)]
        for key, value in items(mapping):
            buckets[_bucket(key, count)][key] = value
        begins = [self._file.tell()]
        for number, bucket in enumerate(buckets):
            self._write(bucket, f"{name}/{number}")
            begins.append(self._file.tell())
        self._contents[name] = np.array(begins, dtype=np.int64), sum(map(len, buckets))

    def whole(self, name: str, value: Any) -> None:
        """Anything that is read at once."""
        begins = self._file.tell()
        self._write(value, name)
        self._contents[name] = begins, self._file.tell()

    def finish(self) -> None:
        """The table of contents."""
        begins = self._file.tell()
        self._write(self._contents, "contents")
        self._file.write(END.pack(begins, self._file.tell() - begins))

    def _write(self, value: Any, name: str) -> None:
        """Seal and write. Now and then whoever else waits for the interpreter goes first: matches are answered
        meanwhile."""
        nonce = token_bytes(NONCE)
        plain = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._file.write(nonce + self._seal.encrypt(nonce, plain, name.encode()))
        self._writes += 1
        if self._writes % AT_ONCE == 0:
            time.sleep(0)


class Vault:
    """A file that was written so. Raises Unreadable. `lost`: something in it did not open, and it was taken away. Not
    mapped into memory: whoever cuts a mapped file off ends all who read it."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.lost, self._reads = False, 0
        self._path, self._seal = path, AESGCM(key)
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            weakref.finalize(self, os.close, self._file)
            end = os.fstat(self._file).st_size - END.size
            begins, size = END.unpack(os.pread(self._file, END.size, max(0, end)))
            begun = os.pread(self._file, len(MAGIC), 0)
        except (OSError, struct.error) as error:
            raise Unreadable(str(path)) from error
        if begun != MAGIC or begins + size != end:
            raise Unreadable(str(path))
        self._contents: dict[str, tuple[Any, ...]] = self.opened("contents", begins, end)

    def mapping(self, name: str) -> "Stored[Any, Any]":
        """A mapping of the file."""
        return Stored(self, name, *self._contents[name])

    def whole(self, name: str) -> Any:
        """What is read at once."""
        return self.opened(name, *self._contents[name])

    def lose(self) -> None:
        """Have nobody read it again."""
        self.lost = True
        self._path.unlink(missing_ok=True)

    def opened(self, name: str, begins: int, ends: int) -> Any:
        """What stands between two bytes. Only who has the key can have written it, so it may be unpickled; it may be
        of another version, which fails in any way."""
        self._reads += 1
        if self._reads % OFTEN == 0:
            gc.freeze()
        try:
            sealed = os.pread(self._file, ends - begins, begins)
            return pickle.loads(self._seal.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode()))  # noqa: S301
        except Exception as error:
            raise Unreadable(name) from error


class Stored(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping in a file; a bucket that was opened stays open."""

    __slots__ = ("_begins", "_count", "_name", "_opened", "_vault")

    def __init__(self, vault: Vault, name: str, begins: Ints, count: int) -> None:
        self._vault, self._name, self._begins, self._count = vault, name, begins, count
        self._opened: dict[int, dict[Key, Value]] = {}

    def __getitem__(self, key: Key) -> Value:
        return self._bucket(_bucket(key, len(self._begins) - 1))[key]

    def get(self, key: Key, default: Any = None) -> Any:
        """As of any mapping."""
        return self._bucket(_bucket(key, len(self._begins) - 1)).get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._bucket(_bucket(key, len(self._begins) - 1))

    def __iter__(self) -> Iterator[Key]:
        return (key for key, _ in self.each())

    def __len__(self) -> int:
        return self._count

    def each(self) -> Iterator[tuple[Key, Value]]:
        """All, one bucket after another, of which none stays open for it."""
        for number in range(len(self._begins) - 1):
            yield from (self._opened.get(number) or self._read(number)).items()

    def _bucket(self, number: int) -> dict[Key, Value]:
        found = self._opened.get(number)
        if found is None:
            found = self._opened[number] = self._read(number)
        return found

    def _read(self, number: int) -> dict[Key, Value]:
        begins, ends = self._begins[number : number + 2].tolist()
        try:
            found: dict[Key, Value] = self._vault.opened(f"{self._name}/{number}", begins, ends)
        except Unreadable:
            self._vault.lose()
            raise
        return found


def _bucket(key: object, count: int) -> int:
    """The bucket of a key, the same in every process."""
    return zlib.crc32((key if isinstance(key, str) else repr(key)).encode()) % count


def items(mapping: Mapping[Key, Value]) -> Iterable[tuple[Key, Value]]:
    """All keys and values, without keeping open what is in a file."""
    if isinstance(mapping, Stored):
        return mapping.each()
    if isinstance(mapping, Layered):
        over = mapping.over
        return chain((one for one in items(mapping.base) if one[0] not in over), mapping.laid())
    return mapping.items()
