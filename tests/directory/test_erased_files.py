"""Erasure below the tables: the bytes of the files, and backups restored later."""

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.db import make_engine
from directory.errors import Conflict
from directory.models.post import Post
from directory.permissions import LOCAL
from directory.services import auditing, erasure, erasure_list
from tests.conftest import Clock
from tests.directory.erasing import (
    ELSEWHERE,
    MAILBOX,
    NAME,
    PHONE,
    TRACES,
    Listed,
    contents,
    erase,
    files,
    kept,
    listed,
    traces,
)
from tests.directory.people import working

__all__ = ["kept", "listed"]


def test_the_bytes_are_gone_from_the_files(engine: Engine, clock: Clock, listed: Listed, kept: Path) -> None:
    if engine.dialect.name == "postgresql":
        assert erasure.scrub(engine) == "by_vacuum"
        return
    assert all(one.encode() in files(engine) for one in (*TRACES, listed.username))

    erase(engine, clock, listed, kept, account_id=listed.account)
    cleaned = erasure.scrub(engine)

    assert cleaned == "cleaned"
    assert [one for one in (NAME, ELSEWHERE, TRACES[-1], listed.username) if one.encode() in files(engine)] == []


def test_who_reads_on_delays_the_cleaning(
    engine: Engine, clock: Clock, listed: Listed, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "postgresql":
        return
    monkeypatch.setattr("directory.db.BUSY_TIMEOUT_MS", 50)
    impatient = make_engine(str(engine.url))
    with working(engine, clock, write=False) as session:
        session.scalar(select(Post.id))
        erase(impatient, clock, listed, kept, account_id=listed.account)
        assert erasure.scrub(impatient) == "at_next_start"
    assert erasure.scrub(impatient) == "cleaned"
    impatient.dispose()
    assert NAME.encode() not in files(engine)


def test_the_list_holds_ids_alone_and_its_owner_alone_reads_it(
    engine: Engine, clock: Clock, listed: Listed, kept: Path
) -> None:
    erase(engine, clock, listed, kept, account_id=listed.account)
    text = kept.read_text(encoding="utf-8")
    assert traces(text, listed.username) == []
    assert erasure_list.read(kept) == [
        erasure_list.Entry("persons", listed.id),
        erasure_list.Entry("users", listed.account),
    ]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_restored_backup_is_erased_again(
    engine: Engine, clock: Clock, listed: Listed, kept: Path, tmp_path: Path
) -> None:
    if engine.dialect.name == "postgresql":
        with working(engine, clock) as session:
            erasure_list.add(kept, [erasure_list.Entry("persons", listed.id)], clock())
            assert erasure.reapply(session, LOCAL, kept) == 1
        assert traces(contents(engine), listed.id.replace("-", "")) == [NAME, PHONE, MAILBOX]
        return
    path, backup = Path(str(engine.url.database)), tmp_path / "backup.sqlite3"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    erase(engine, clock, listed, kept, account_id=listed.account)
    engine.dispose()
    shutil.copy(backup, path)
    for beside in ("-wal", "-shm"):
        path.with_name(f"{path.name}{beside}").unlink(missing_ok=True)
    assert NAME in contents(engine)

    with working(engine, clock) as session:
        again = erasure.reapply(session, LOCAL, kept)
    erasure.scrub(engine)

    assert again == 2
    assert NAME.encode() not in files(engine)
    with working(engine, clock) as session:
        assert erasure.reapply(session, LOCAL, kept) == 0
        assert auditing.verify(session, LOCAL).sound


@pytest.mark.parametrize("line", ["{", "[]", '{"collection": "persons"}', '{"collection": "x", "id": "y"}'])
def test_a_list_that_cannot_be_read_stops_the_start(session: Session, kept: Path, line: str) -> None:
    kept.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(Conflict, match="line 1"):
        erasure.reapply(session, LOCAL, kept)
