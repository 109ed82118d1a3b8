"""Loss: so many documents would go at once that the folder may not be all there, or its files not what they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.display import counted
from flows.settings import Settings
from tasks.errors import CorpusError
from tasks.scan import File
from warehouse.errors import WarehouseError
from warehouse.paths import published_run
from warehouse.reader import ask
from warehouse.store import Store

_FEW = 20  # documents; of fewer, most may go for a reason, as long as one is left


class LossError(CorpusError):
    """So many documents would go that it must be meant."""


def lost_files(cursor: Any, settings: Settings, known: Mapping[str, File], found: Mapping[str, File]) -> str | None:
    """What to say if more of the published documents than may be at once are gone from the folder, or cannot be opened.

    A run that published nothing may have taken note of what is gone, or the record of files may be new: then it misses nothing.
    """
    readable = {path for path, file in found.items() if file.content_sha256}
    held = {None, *(found[path].content_sha256 for path in readable)}  # what is not read cannot go
    published = published_run(settings.warehouse)
    is_published = cursor.execute("select max(run_id) from runs").fetchone() == (published,)
    is_all_there = all(path in readable or file.content_sha256 in held for path, file in known.items())
    if published is None or (known and is_published and is_all_there):
        return None
    try:
        documents = ask(settings.warehouse, "select path, content_sha256 from documents order by path").to_pylist()
    except WarehouseError:  # it is damaged and can only be replaced
        return None
    lost = [row["path"] for row in documents if row["path"] not in readable and row["content_sha256"] not in held]
    refused = {document for (document,) in cursor.execute("select document_id from pipeline.refusals").fetchall()}
    is_any_left = any(digest and digest[:16] not in refused for digest in held)
    if not _must_be_meant(settings, len(lost), len(documents), is_any_left=is_any_left):
        return None
    if (path := next((path for path in lost if path in found), None)) is not None:
        whereabouts = f"can be read no more in {settings.seeds}, such as {path} ({found[path].detail})"
    else:
        whereabouts = f"are gone from {settings.seeds}, such as {lost[0]}: if it is a share, see that it is mounted"
    return (
        f"{len(lost):,} of {len(documents):,} documents {whereabouts}; "
        "if they are meant to go, start `corpus run --accept-loss`"
    )


def check_quarantine(store: Store, settings: Settings) -> None:
    """Raise `LossError` where more of the published documents than may be at once would not be documents any more.

    Their files are there, but emptied, or all of them the same, or in no language that the settings ask for, or furniture by a
    pattern of the analyst's.
    """
    try:
        before = int(ask(settings.warehouse, "select count(*) as documents from documents")["documents"][0].as_py())
    except WarehouseError:  # nothing has been published, or it is damaged and can only be replaced
        return
    ((left,),) = store.rows("select count(*) from documents")
    if not _must_be_meant(settings, before - left, before, is_any_left=left > 0):
        return
    reasons = store.rows(
        "select reason, count(*), min(path) from rejections where status in ('quarantined', 'duplicate') "
        "group by reason order by 2 desc, 1 limit 2"
    )
    told = "".join(
        f"; {counted(count, 'file')} {'is' if count == 1 else 'are'} left out as {reason}, such as {path}"
        for reason, count, path in reasons
    )
    raise LossError(
        f"{left:,} of {before:,} documents would be left{told}: see what has become of the files or the settings, or start "
        "`corpus run --accept-loss` if it is meant; nothing has been published"
    )


def _must_be_meant(settings: Settings, lost: int, of: int, *, is_any_left: bool) -> bool:
    return lost > settings.run.largest_loss * of and not (is_any_left and of < _FEW)
