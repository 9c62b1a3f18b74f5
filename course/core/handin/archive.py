"""Reading a zip that somebody else made: nothing is written anywhere, and nothing may be too many or too large."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from course.core.handin.manifest import shown
from course.core.refusal import Unreadable

MAX_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 200
MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_TOTAL_BYTES = 16 * 1024 * 1024
MAX_RATIO = 100  # of all that is in it to the archive, past what « Remettre » itself can pack of the same words
FREE_BYTES = 6 * 1024 * 1024

# What zipfile lets through when a byte is not what it should be; where a disk is read or written, an OSError is the
# disk's.
MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    LookupError,
)
DAMAGE = (*MALFORMED, OSError)
DAMAGED = "Le fichier est abîmé, ou n’est pas une archive zip."

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_NESTED = "« {} » est une archive dans l’archive."
# What systems leave beside the files that they pack.
_DROPPINGS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")


def files_of(raw: bytes) -> dict[str, bytes]:
    """The files of an archive, by path, in its order.

    Args:
        raw: The archive's bytes, at most `MAX_BYTES`.

    Returns:
        The bytes of each; paths are relative, with `/`, and none leads out. Folders, and what macOS and Windows add to
        archives, are left out.

    Raises:
        Unreadable: It is no such archive: not a zip, damaged, too large, too many entries, a link, an encrypted
            file, a name twice, a path that leads out, or an archive inside.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"Le fichier dépasse {MAX_BYTES // 1024**2} Mio.")
    # Before the table of contents becomes a hundred thousand objects.
    if raw.count(_ENTRY) > MAX_ENTRIES:
        raise Unreadable(f"L’archive contient plus de {MAX_ENTRIES} fichiers.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = list(_checked(archive.infolist(), len(raw)))
            return {name: _content(archive, name, info) for name, info in entries}
    except Unreadable:
        raise
    except DAMAGE:
        raise Unreadable(DAMAGED) from None


def _checked(entries: list[zipfile.ZipInfo], size: int) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    seen: set[str] = set()
    total = 0
    for info in entries:
        name = path_of(info.orig_filename)
        if info.is_dir() or name.endswith("/") or is_dropping(name):
            continue
        check_kind(name, info)
        if is_archive(name):
            raise Unreadable(_NESTED.format(shown(name)))
        if name.casefold() in seen:
            raise Unreadable(f"« {shown(name)} » s’y trouve deux fois.")
        seen.add(name.casefold())
        total += info.file_size
        if info.file_size > MAX_FILE_BYTES or total > MAX_TOTAL_BYTES:
            raise Unreadable("Ce qu’elle contient est trop gros.")
        yield name, info
    if total > max(FREE_BYTES, MAX_RATIO * size):
        raise Unreadable("Ce qu’elle contient est trop gros pour sa taille.")


def is_dropping(path: str) -> bool:
    """Whether a file of an archive is one that macOS or Windows adds by itself."""
    return any(part.lower() in _DROPPINGS for part in path.split("/"))


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive."""
    return name.lower().endswith(_ARCHIVES)


def path_of(name: str) -> str:
    """The path that an entry of an archive names, with `/` between folders.

    Args:
        name: As the archive has it.

    Raises:
        Unreadable: It leads out, names a drive, or holds something invisible.
    """
    path = name.replace("\\", "/")  # some programs of Windows write their own
    parts = path.removesuffix("/").split("/")
    if not path.isprintable() or any(part in ("", ".", "..") for part in parts) or ":" in path:
        raise Unreadable(f"« {shown(name)} » n’est pas un chemin permis dans une remise.")
    return path


def check_kind(name: str, info: zipfile.ZipInfo) -> None:
    """Refuses an entry that is no plain file, is encrypted, or compressed in a way that cannot be bounded.

    Args:
        name: Its path, for the sentence.
        info: The entry.

    Raises:
        Unreadable: It is one of these.
    """
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Unreadable(f"« {shown(name)} » est un lien, ou n’est pas un fichier ordinaire.")
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(f"« {shown(name)} » est protégé par un mot de passe.")
    if info.compress_type not in _METHODS:
        raise Unreadable(f"« {shown(name)} » est comprimé d’une façon qui n’est pas permise.")


def _content(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise Unreadable(f"« {shown(name)} » n’a pas la taille annoncée.")
    if content.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Unreadable(_NESTED.format(shown(name)))
    return content
