"""What must be true of a world that goes wrong, at every moment and once all is well again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from world import OBJECTIVE, World

from course.core.answers.format import load


def check(world: World) -> None:
    """At every moment: the file is whole unless somebody damaged it, and each token is kept somewhere."""
    seen = world.look()
    places = [world.file(), json.dumps(seen["drafts"])]
    places += [json.dumps(page["pending"]) for page in seen["pages"].values()]
    if world.damaged:
        places += [p.read_text(encoding="utf-8") for p in world.path.parent.glob(".3.5.json.bon")]
        places += [json.dumps(k.widget._store._last) for k in world.kernels.values() if k.alive]
        world.damaged = world.file() == "" or not _whole(world.path)
    elif world.path.exists():
        load(world.path.read_bytes(), OBJECTIVE)
    everywhere = "\n".join(places)
    assert not {token for token in world.live if token not in everywhere}


def heal(world: World) -> None:
    """All trouble ends, and somebody opens the canvas: everything that is owed is in the file."""
    world.disk, world.behind = "", timedelta()
    world.cut.clear()
    world.fill_storage(False)
    for name in list(world.link):
        world.revive(name)
    world.open("last")
    for _ in range(40):
        for name in list(world.link):
            world.wait(name, 31_000)
            world.deliver(name)
            world.answer(name)
        pages = world.look()["pages"]
        if not any(page["pending"] for page in pages.values()):
            break
    assert not any(page["pending"] for page in pages.values()), "an edit is never acknowledged"
    document = load(world.path.read_bytes(), OBJECTIVE)
    shown = json.dumps([document["options"], document.get("sync", {}).get("conflicts", [])])
    assert not {token for token in world.live if token not in shown}
    assert world._do("look")["drafts"] == {}


def _whole(path: Path) -> bool:
    try:
        load(path.read_bytes(), OBJECTIVE)
    except ValueError:
        return False
    return True
