"""An index on the disk is whole, of this collection, and readable, or it is refused; a failure leaves the old one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from embeddings.collection import Collection, load_collection
from embeddings.encoder import Encoder, Progress, Vectors
from embeddings.errors import StaleIndexError
from embeddings.index import FORMAT, FaissIndex, Grain
from embeddings.lexical import TermIndex
from embeddings.wordings import WordingTable

TALK = "SMITH: One.\n\nJONES: Two.\n\n" * 3
MANIFEST = """
collection = { id = "c", title = "C" }
document = [{ id = "d", path = "documents/d.txt", title = "D", genre = "transcript" }]
person = [{ name = "Smith", speaks = true }, { name = "Jones", speaks = true }]
"""


class Altered:
    """An encoder with another name, fingerprint or behaviour than the one it asks."""

    def __init__(self, encoder: Encoder, *, name: str = "", fingerprint: str = "", error: BaseException | None = None):
        self.name = name or encoder.name
        self.fingerprint = fingerprint or encoder.fingerprint
        self.dim = encoder.dim
        self._encoder, self._error, self._n_calls = encoder, error, 0

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self._n_calls += 1
        if self._error is not None and self._n_calls == 3:
            raise self._error
        return self._encoder.encode(texts, progress)

    encode_questions = encode


class Unwritable(TermIndex):
    """A term index whose folder cannot be written."""

    def __init__(self, error: BaseException):
        self._error = error

    def save(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "half").write_text("half of it")
        raise self._error


@pytest.fixture
def collection(make_collection) -> Collection:
    return load_collection(make_collection({"d.txt": TALK}, MANIFEST))


@pytest.fixture
def folder(tmp_path: Path, collection: Collection, encoder: Encoder) -> Path:
    """Return the folder of a saved index, with nothing beside it."""
    folder = tmp_path / "data" / "index"
    FaissIndex.build(collection, encoder).save(folder)
    return folder


@pytest.fixture
def refusal(folder: Path, collection: Collection, encoder: Encoder) -> Callable[..., str]:
    """Return the message with which the saved index is refused, without its folder."""

    def refusal(of: Collection = collection, by: Encoder = encoder) -> str:
        with pytest.raises(StaleIndexError) as caught:
            FaissIndex.load(folder, of, by)
        assert str(caught.value).startswith(str(folder))
        return str(caught.value).removeprefix(str(folder))

    return refusal


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Hold that nothing in the folder of ``folder`` is other afterwards than it was before."""

    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() if path.is_file() else b"" for path in folder.parent.rglob("*")}

    before = contents()
    yield
    assert contents() == before


def test_a_missing_index_is_refused(tmp_path, collection, encoder):
    folder = tmp_path / "none"
    with pytest.raises(StaleIndexError) as caught:
        FaissIndex.load(folder, collection, encoder)
    assert str(caught.value) == (
        f"{folder}: no index has been built for this collection. Run 'memcon index' to build it"
    )
    assert not folder.exists()


def test_an_index_of_other_documents_is_stale(folder, refusal, make_collection, encoder):
    other = load_collection(make_collection({"d.txt": TALK + "SMITH: More.\n"}, MANIFEST))
    found = json.loads((folder / "index.json").read_text())["fingerprint"][:12]
    expected = FaissIndex.build(other, encoder).fingerprint[:12]
    assert refusal(of=other) == (
        f": the index is stale: it was built from other documents or another encoder (fingerprint {found}, expected "
        f"{expected}). Run 'memcon index' to build it anew"
    )


@pytest.mark.parametrize("change", [{"name": "other"}, {"fingerprint": "2"}])
def test_an_index_by_another_encoder_is_stale(refusal, encoder, change: dict[str, str]):
    assert refusal(by=Altered(encoder, **change)).startswith(": the index is stale: ")


def test_an_index_with_another_speakers_name_is_stale(refusal, make_collection):
    manifest = MANIFEST.replace('name = "Smith"', 'name = "Smyth", aliases = ["Smith"]')
    assert refusal(of=load_collection(make_collection({"d.txt": TALK}, manifest))).startswith(": the index is stale: ")


def test_an_index_of_another_release_is_refused(folder, refusal):
    about = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps(about | {"format": 99}))
    assert refusal() == (f": the index has format 99, this release reads {FORMAT}. Run 'memcon index' to build it anew")


@pytest.mark.parametrize("name", ["sentence.faiss", "passage.faiss", "question.faiss", "window.terms/vocab.index.json"])
@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"x" + data[1:], lambda _: b""])
def test_an_altered_file_is_refused_by_name(folder, refusal, name: str, damage: Callable[[bytes], bytes]):
    (folder / name).write_bytes(damage((folder / name).read_bytes()))
    assert refusal() == (
        f"/{name}: is damaged (its sha256 is not the recorded one). Run 'memcon index' to build it anew"
    )


@pytest.mark.parametrize("name", ["window.faiss", "passage.terms/data.csc.index.npy"])
def test_a_file_that_is_gone_is_refused(folder, refusal, name: str):
    (folder / name).unlink()
    assert refusal() == (
        f": the index is damaged ([Errno 2] No such file or directory: '{folder / name}'). "
        "Run 'memcon index' to build it anew"
    )


@pytest.mark.parametrize(
    "about", ["", "{", "[]", "null", "{}", f'{{"format": {FORMAT}}}', f'{{"format": {FORMAT}, "fingerprint": 3}}']
)
def test_a_damaged_description_is_refused(folder, refusal, about: str):
    (folder / "index.json").write_text(about)
    message = refusal()
    assert message.startswith(": the index is damaged (")
    assert message.endswith("). Run 'memcon index' to build it anew")


@pytest.mark.parametrize(
    "change", [{"files": []}, {"files": None}, {"counts": {}}, {"counts": 3}, {"files": {"../x": "0"}}]
)
def test_a_description_of_something_else_is_refused(folder, refusal, change: dict[str, object]):
    about = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps(about | change))
    assert refusal().endswith(" Run 'memcon index' to build it anew")


def test_a_saved_index_takes_the_place_of_the_old_one(folder, make_collection, encoder):
    other = load_collection(make_collection({"d.txt": "It met."}))
    FaissIndex.build(other, encoder).save(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["index"]
    assert len(FaissIndex.load(folder, other, encoder).units) == 1


@pytest.mark.parametrize("error", [RuntimeError("the encoder failed"), KeyboardInterrupt()])
def test_a_failure_while_building_leaves_the_old_index_whole(folder, collection, encoder, error: BaseException):
    with untouched(folder), pytest.raises(type(error)):
        FaissIndex.build(collection, Altered(encoder, error=error)).save(folder)


@pytest.mark.parametrize("error", [OSError("the disk is full"), KeyboardInterrupt(), SystemExit(1)])
def test_a_failure_while_saving_leaves_the_old_index_whole(folder, encoder, error: BaseException):
    import faiss

    vectors = {grain: faiss.IndexFlatIP(encoder.dim) for grain in Grain}
    half = FaissIndex([], "0", vectors, {grain: Unwritable(error) for grain in Grain}, WordingTable.build((), ()))
    with untouched(folder), pytest.raises(type(error)):
        half.save(folder)


@pytest.mark.parametrize("error", [PermissionError("no"), KeyboardInterrupt()])
def test_a_failure_while_replacing_leaves_the_old_index_whole(
    folder, collection, encoder, monkeypatch: pytest.MonkeyPatch, error: BaseException
):
    index = FaissIndex.build(collection, encoder)
    rename, targets = Path.rename, []

    def fails_the_second_time(self: Path, target: Path) -> Path:
        targets.append(target)
        if len(targets) == 2:
            raise error
        return rename(self, target)

    with untouched(folder):
        with monkeypatch.context() as patched, pytest.raises(type(error)):
            patched.setattr(Path, "rename", fails_the_second_time)
            index.save(folder)
        assert targets[1] == folder


def test_a_full_disk_is_an_os_error_and_leaves_the_old_index_whole(folder, seeds, encoder):
    resource = pytest.importorskip("resource")
    index = FaissIndex.build(seeds, encoder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with untouched(folder):
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))  # no file may grow beyond 1000 bytes
        try:
            with pytest.raises(OSError, match=f"^{folder}: the index cannot be written"):
                index.save(folder)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_in_the_folders_place_is_an_os_error(collection, encoder, tmp_path):
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(OSError, match="data"):
        FaissIndex.build(collection, encoder).save(tmp_path / "data" / "index")


def test_a_read_only_folder_is_an_os_error_and_leaves_the_old_index_whole(folder, collection, encoder):
    index = FaissIndex.build(collection, encoder)
    folder.parent.chmod(0o500)
    try:
        if os.access(folder.parent, os.W_OK):
            pytest.skip("permissions do not bind this user")
        with untouched(folder), pytest.raises(PermissionError):
            index.save(folder)
        assert FaissIndex.load(folder, collection, encoder).fingerprint == index.fingerprint
    finally:
        folder.parent.chmod(0o700)
