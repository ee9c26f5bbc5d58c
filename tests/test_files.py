from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import files
from embeddings.errors import DocumentError
from embeddings.files import read_text


def write(folder: Path, data: bytes, name: str = "d.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_text(path)
    return str(caught.value)


def test_text_is_read_with_the_hash_of_its_bytes(tmp_path):
    text, sha256 = read_text(write(tmp_path, b"Marshal."))
    assert text == "Marshal."
    assert sha256 == hashlib.sha256(b"Marshal.").hexdigest()


@pytest.mark.parametrize("data", [b"a\r\nb\rc\n", b"\xef\xbb\xbfa", b"a\fb\tc \n", "é\u0301“”".encode()])
def test_no_character_is_changed(tmp_path, data: bytes):
    assert read_text(write(tmp_path, data))[0].encode() == data


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.md", "a.markdown", "a.text"])
def test_plain_and_markdown_text_is_read(tmp_path, name: str):
    assert read_text(write(tmp_path, b"a", name))[0] == "a"


def test_another_ending_is_refused_with_those_that_are_read(tmp_path):
    path = write(tmp_path, b"%PDF-1.4", "scan.pdf")
    assert refusal(path) == f"{path}: '.pdf' is not read; supported are .txt, .md, .markdown, .text"


def test_no_ending_is_refused(tmp_path):
    path = write(tmp_path, b"a", "README")
    assert refusal(path) == f"{path}: 'no ending' is not read; supported are .txt, .md, .markdown, .text"


def test_a_missing_file_is_refused(tmp_path):
    path = tmp_path / "none.txt"
    assert refusal(path) == f"{path}: cannot be read (No such file or directory)"


def test_a_folder_is_refused(tmp_path):
    path = tmp_path / "folder.txt"
    path.mkdir()
    assert refusal(path) == f"{path}: cannot be read (Is a directory)"


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = write(tmp_path, b"a")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("permissions do not bind this user")
    assert refusal(path) == f"{path}: cannot be read (Permission denied)"


def test_another_encoding_is_refused_with_the_byte_and_the_way_out(tmp_path):
    path = write(tmp_path, "Akhromeïev".encode("windows-1252"))
    assert refusal(path) == (
        f"{path}: byte 7 (0xef) is not UTF-8. Convert the file first, e.g. iconv -f WINDOWS-1252 -t UTF-8 d.txt"
    )


def test_a_nul_character_is_refused(tmp_path):
    path = write(tmp_path, b"ab\0c")
    assert refusal(path) == f"{path}: holds a NUL character at offset 2; this is no text file"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", b"\f"])
def test_an_empty_file_is_refused(tmp_path, data: bytes):
    path = write(tmp_path, data)
    assert refusal(path) == f"{path}: is empty; a document needs text"


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)  # takes no room on the disk
    assert refusal(path) == f"{path}: is 67108865 bytes; at most 67108864 are read. Split it into its records."


@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_whole_or_refused(tmp_path_factory, data: bytes):
    path = write(tmp_path_factory.getbasetemp(), data, "any.txt")
    try:
        text, sha256 = read_text(path)
    except DocumentError as error:
        assert str(error).startswith(f"{path}: ")
    else:
        assert text.encode() == data
        assert sha256 == hashlib.sha256(data).hexdigest()
