"""The key of a class, Ed25519 (RFC 8032): made once under `cohort/`, private to its owner, it signs attestations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from course.core import files
from course.core.attestation import fingerprint
from course.core.documents import read_json, written
from course.core.files import open_plain, read_bytes
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.terminal import installation, typed
from course.instructor.cohort.alone import alone
from course.instructor.cohort.places import KEY, Cohort

if TYPE_CHECKING:
    from nacl.signing import SigningKey

FORMAT = "cle/1"
_MAX_BYTES = 4096
_HEX = re.compile(r"[0-9a-f]{64}")
_PUBLIC = re.compile(r"^ed25519:([0-9a-f]{64})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ClassKey:
    """A class's key.

    Attributes:
        public: Its public half, 64 hexadecimal digits.
    """

    public: str
    _private: SigningKey

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return self._private.sign(message).signature


def read(cohort: Cohort) -> ClassKey | None:
    """Return the key of a class, None where none was made.

    Raises:
        Refusal: It cannot be read, or the library of signatures is missing.
    """
    try:
        raw = read_bytes(cohort.folder, KEY, limit=_MAX_BYTES)
        if raw is None:
            return None
        document = read_json(raw, _MAX_BYTES)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise Unreadable(f"Le format n’est pas «\u202f{FORMAT}\u202f».")
        seed = document.get("private")
        if not isinstance(seed, str) or not _HEX.fullmatch(seed):
            raise Unreadable("La clé n’y est plus entière.")
    except Unreadable as error:
        raise Refusal(
            f"«\u202f{cohort.folder / KEY}\u202f», la clé de la promotion, ne se lit pas\u00a0: {error.reason} "
            "Remettez celle d’une archive\u202f; une autre clé ne vérifierait pas ce qui est déjà signé."
        ) from error
    return _key(bytes.fromhex(seed))


def ensure(cohort: Cohort) -> ClassKey:
    """Return the key of a class, made now where none was.

    Raises:
        Refusal: As `read`; or it cannot be written, or another program holds the class.
    """
    if key := read(cohort):
        return key
    signing_key = _library().SigningKey
    with alone(cohort.folder):
        if key := read(cohort):  # another program made it meanwhile
            return key
        private = signing_key.generate()
        document = {"format": FORMAT, "algorithm": "ed25519", "private": bytes(private).hex()}
        try:
            with files.private(cohort.folder):
                files.write(cohort.folder / KEY, written(document))
        except NotWritten as error:
            raise Refusal(f"La clé de la promotion n’est pas faite. {error.reason}") from error
    return _key(bytes(private))


def is_signed(public: str, message: bytes, signature: bytes) -> bool:
    """Return whether a signature is of a message, by a public key of 64 hexadecimal digits."""
    try:
        _library().VerifyKey(bytes.fromhex(public)).verify(message, signature)
    except (ValueError, import_module("nacl.exceptions").BadSignatureError):
        return False
    return True


def public_text(public: str) -> str:
    """Return the file that is given to whoever verifies: the public key, and what it is for, in French."""
    return (
        "Clé publique d’une promotion du cours «\u202fSoins centrés sur les personnes\u202f». Donnez ce fichier à qui "
        f"veut vérifier une attestation\u00a0: {typed('verify')} ATTESTATION --cle CE-FICHIER."
        f"\nEmpreinte\u00a0: {fingerprint(public)}\ned25519:{public}\n"
    )


def public_of(path: Path) -> str:
    """Return the public key in a file of `public_text`; raises `Refusal`."""
    try:
        with open_plain(path) as stream:
            text = stream.read(_MAX_BYTES).decode("utf-8", "replace")
    except Unreadable as error:
        raise Refusal(f"«\u202f{path}\u202f»\u00a0: {error.reason}") from error
    keys: set[str] = set(_PUBLIC.findall(text))
    if len(keys) != 1:
        raise Refusal(
            f"«\u202f{path}\u202f» n’est pas la clé publique d’une promotion\u00a0: demandez-la à qui a signé."
        )
    return keys.pop()


def _key(seed: bytes) -> ClassKey:
    private: SigningKey = _library().SigningKey(seed)
    return ClassKey(bytes(private.verify_key).hex(), private)


def _library() -> ModuleType:
    """Return the library of signatures, which a learner's install does not have."""
    try:
        return import_module("nacl.signing")
    except ImportError:
        raise Refusal(
            f"Il manque «\u202fpynacl\u202f», qui lit les signatures\u00a0: "
            f"installez-le par «\u202f{installation('instructor')}\u202f»."
        ) from None
