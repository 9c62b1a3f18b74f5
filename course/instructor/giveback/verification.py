"""`course verify`: whether an attestation is as it was made, and whose key signed it; nothing needs the network."""

from __future__ import annotations

from pathlib import Path

from course.core import attestation
from course.core.attestation import TITLES, Seal
from course.core.folders import course_root
from course.core.refusal import Refusal, Unreadable
from course.core.terminal import typed
from course.core.words import day
from course.instructor.cohort import key
from course.instructor.cohort.places import KEY, Cohort


def verify(file: Path, public: Path | None, folder: Path | None) -> None:
    """Verify an attestation, and print what it says and who vouches for it.

    Args:
        file: Its HTML file.
        public: The file of a class's public key; by default the key of the course's own class.
        folder: The course's folder; found from the working folder by default.

    Raises:
        Refusal: It was changed, is none, or nobody known here signed it although it names a key.
    """
    try:
        seal = attestation.read(file)
    except Unreadable as error:
        raise Refusal(f"«\u202f{file}\u202f»\u00a0: {error.reason}") from error
    if not seal.key:
        _say(seal)
        print(
            "Le fichier est tel qu’il a été fait. Aucune clé ne l’a signé\u00a0: la personne l’a fait elle-même, et "
            "rien ne prouve qui l’a écrit."
        )
        return
    if not key.is_signed(seal.key, seal.message, seal.signature):
        raise Refusal(f"«\u202f{file}\u202f»\u00a0: {attestation.CHANGED}")
    known, print_of = _known(public, folder), attestation.fingerprint(seal.key)
    if not known:
        raise Refusal(
            f"«\u202f{file}\u202f» n’a pas changé depuis que la clé {print_of} l’a signé, mais rien ici ne dit de qui "
            "est cette clé. Demandez la clé publique à qui a donné la formation\u00a0: "
            + typed("verify", file.name, "--cle", "CLE-PUBLIQUE")
        )
    if known != seal.key:
        raise Refusal(
            f"«\u202f{file}\u202f» est signé par une autre clé, {print_of}\u00a0: celle que l’on connaît ici est "
            f"{attestation.fingerprint(known)}. Cette attestation ne vient pas de cette promotion."
        )
    _say(seal)
    print(f"Vérifiée\u00a0: aucune lettre n’a changé, et c’est bien la clé {print_of} qui l’a signée.")


def _say(seal: Seal) -> None:
    print(f"{TITLES[seal.kind]} de {seal.person}, faite le {day(seal.date)}, code {seal.code}.")


def _known(public: Path | None, folder: Path | None) -> str:
    """Return the public key to trust: that of a file, else that of the class; empty where there is neither."""
    if public is not None:
        return key.public_of(public)
    try:
        root = course_root(folder)
    except Refusal:
        if folder is not None:
            raise
        return ""
    if not (root / "cohort" / KEY).is_file():
        return ""
    own = key.read(Cohort(root))
    return own.public if own else ""
