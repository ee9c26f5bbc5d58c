"""Reading aloud: real sound from the real program, and stand-ins for it only where it must hang, die or be missing."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import threading
import unicodedata
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.answers import Reason
from bot.citations import find_citation
from bot.errors import CitationError
from bot.settings import Settings
from embeddings.collection import Collection, load_collection
from ui.recordings import Recordings
from ui.speech import N_WAITING, Narrator, speech_router
from ui.spoken import ENGLISH_SENTENCES, Spoken, speakable
from ui.synthesiser import (
    INSTALL,
    MAX_CHARACTERS,
    MAX_SECONDS,
    SAMPLE_RATE,
    SpeechError,
    Synthesiser,
    UnspeakableError,
    find_synthesiser,
)
from ui.waiting import BusyError
from ui.wording import REASONS, speaker_name

FIFTY_WORDS = {
    "en": "The delegations will meet again in the spring and look at the figures that each side has brought with it. ",
    "ru": "Делегации встретятся снова весной и рассмотрят цифры, которые каждая из сторон привезла с собой. ",
    "de": "Die Abordnungen treffen sich im Frühjahr wieder und sehen sich die Zahlen an, die jede Seite mitbringt. ",
    "fr": "Les délégations se retrouvent au printemps et examinent les chiffres que chaque partie apporte avec elle. ",
    "es": "Las delegaciones vuelven a reunirse en primavera y miran las cifras que cada parte ha traído consigo. ",
}
MANIFEST = """
[collection]
id = "c"
title = "C"
language = "{language}"

[[document]]
id = "talk"
path = "documents/talk.txt"
title = "Talk"
genre = "{genre}"

[[person]]
name = "Weber"
full_name = "Anna Maria Weber"
speaks = true
"""


def fifty_words(language: str) -> str:
    return " ".join((FIFTY_WORDS[language] * 4).split()[:50])


def samples_of(sound: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, SAMPLE_RATE)
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        assert len(samples) == file.getnframes() == (len(sound) - 44) // 2
    return samples


def seconds_of(sound: bytes) -> float:
    return len(samples_of(sound)) / SAMPLE_RATE


def assert_sounds(sound: bytes) -> None:
    samples = samples_of(sound).astype(float)
    assert np.sqrt(np.mean(samples**2)) > 500  # of 32767; speech measures 2500 to 4000
    assert np.mean(samples != 0) > 0.5


def longest_silence(sound: bytes) -> float:
    """Return seconds without a sample above a thousandth of full scale."""
    loud = np.flatnonzero(np.abs(samples_of(sound).astype(int)) > 32)
    return float(np.max(np.diff(loud), initial=0)) / SAMPLE_RATE


@pytest.fixture(scope="session")
def synthesiser() -> Synthesiser:
    try:
        return find_synthesiser()
    except SpeechError as error:
        if os.environ.get("REQUIRE_SPEECH"):
            pytest.fail(f"REQUIRE_SPEECH is set, and {error}")
        pytest.skip(f"{error} (REQUIRE_SPEECH=1 makes this a failure)")


PutProgram = Callable[[str], Path]


@pytest.fixture
def put_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PutProgram:
    """Return ``put(script)``, which makes a shell script the espeak-ng of the path and returns its folder.

    The script runs for a synthesis; asked for its version and voices it says what a real one may.
    """
    folder = tmp_path / "bin"
    folder.mkdir()

    def put(script: str) -> Path:
        path = folder / "espeak-ng"
        path.write_text(
            "#!/bin/sh\n"
            f"cd {folder}\n"
            'if [ "$1" = --version ]; then echo "eSpeak NG text-to-speech: 9.9"; exit; fi\n'
            'if [ "$1" = --voices ]; then printf "Pty Language\\n 5  en-gb  --/M  E  gmw/en  (en 2)\\n"; exit; fi\n'
            f"{script}\n"
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return folder

    return put


@pytest.fixture
def watched(synthesiser: Synthesiser, put_program: PutProgram) -> Path:
    """Put a program on the path that writes down its arguments and becomes the real one; return what it writes."""
    return put_program(f'echo "$@" >> arguments\nexec {synthesiser.program} "$@"') / "arguments"


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def read_aloud(make_collection, tmp_path: Path):
    """Return ``read(text, language="en")``: a narrator of a collection with that text, and its first passage's id."""

    def read(text: str, language: str = "en", *, genre: str = "prose") -> tuple[Narrator, str]:
        manifest = MANIFEST.format(language=language, genre=genre)
        collection = load_collection(make_collection({"talk.txt": text}, manifest))
        return Narrator(collection, Settings(cache_path=tmp_path / "cache")), collection.passages[0].id

    return read


def client_of(collection: Collection, cache_path: Path, **sentences) -> TestClient:
    app = FastAPI()
    app.include_router(speech_router(collection, Settings(cache_path=cache_path), **sentences))
    return TestClient(app)


@pytest.fixture
def client(synthesiser: Synthesiser, seeds: Collection, tmp_path: Path) -> TestClient:
    return client_of(seeds, tmp_path)


# --- what is said


def test_signs_for_the_eye_are_silent_or_a_pause():
    assert speakable("~~CONFIDENTIAL~~SYSTEM II  \nNo. 5") == "CONFIDENTIAL SYSTEM II No. 5"
    assert speakable("**ROUTING SLIP**") == "ROUTING SLIP"
    assert speakable("# Notice\n## List\n* one\n* two") == "Notice List one two"
    assert speakable("Signed _____ on ______") == "Signed ; on ;"
    assert speakable("-----\nA\n=====") == "; A ;"
    assert speakable("3\tChm\t\tX\n\tindented") == "3; Chm; X indented"


def test_signs_that_mean_something_stay():
    text = "No. #311 cost 5 % (or $7) & more – “so?” he said... at 8.00-9.30; wait!!! What???"

    assert speakable(text) == text


def test_commands_to_the_synthesiser_are_taken_out():
    assert speakable("[[h@loU]] [sic]") == "((h@loU)) (sic)"
    assert speakable("a\x01" + "99S b\x00c\x1b[2J") == "a 99S b c (2J"
    assert speakable("\u202eabc\u202c\u200b\ufeff so\u00adft \ue000") == "abc soft"
    assert speakable("ﬁrst cafe\u0301") == "first café"


def test_long_words_are_parted():
    assert speakable("x" * 80) == f"{'x' * 36} {'x' * 36} {'x' * 8}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_letter_and_digit_is_said_in_its_order_and_nothing_is_a_command(text):
    said = speakable(text)
    normal = "".join(
        unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in unicodedata.normalize("NFC", text)
    )

    assert [c for c in said if c.isalnum()] == [c for c in normal if c.isalnum()]
    assert "[" not in said and "]" not in said
    assert not [c for c in said if unicodedata.category(c).startswith("C")]
    assert max((len(word) for word in said.split()), default=0) <= 36
    assert said == said.strip() and "\n" not in said


def test_a_quotation_follows_its_speakers_name_and_remains_what_it_is(seeds: Collection, tmp_path: Path):
    narrator = Narrator(seeds, Settings(cache_path=tmp_path))
    spoken_by = set()
    for passage in seeds.passages:
        words = seeds.document(passage.document_id).words(passage.span)
        speaker = seeds.block(passage).speaker
        name = speaker_name(find_citation(seeds, passage.id), seeds)
        said = narrator.spoken(passage.id)

        assert said.language == "en"
        assert said.text == speakable(f"{name}: {words}" if name else words)
        spoken_by.add((speaker, name))
    assert ("Akhromeev", "Sergey Fyodorovich Akhromeev") in spoken_by and (None, None) in spoken_by


def test_a_span_of_a_passage_is_said_alone(seeds: Collection, tmp_path: Path):
    passage = seeds.passages[0]
    start = passage.span.start
    said = Narrator(seeds, Settings(cache_path=tmp_path)).spoken(f"{passage.id}:{start}-{start + 30}")

    assert said.text.endswith(speakable(seeds.document(passage.document_id).text[start : start + 30]))


def test_the_language_is_the_records(read_aloud):
    narrator, identifier = read_aloud("WEBER: Guten Tag, meine Herren.\n", "de", genre="transcript")

    assert narrator.spoken(identifier) == Spoken(text="Anna Maria Weber: Guten Tag, meine Herren.", language="de")


def test_every_reason_for_not_answering_is_a_fixed_sentence(seeds: Collection, tmp_path: Path):
    narrator = Narrator(seeds, Settings(cache_path=tmp_path))

    assert {narrator.spoken(f"reasons/{reason.value}").text for reason in Reason} == set(REASONS.values())


def test_a_sentence_is_said_in_the_languages_it_is_translated_into(seeds: Collection, tmp_path: Path):
    sentences = {"hello": {"en": "Hello", "de": "Guten Tag"}}
    narrator = Narrator(seeds, Settings(cache_path=tmp_path), sentences)

    assert narrator.spoken("hello", "de") == Spoken(text="Guten Tag", language="de")
    with pytest.raises(CitationError, match="language = 'xx': hello is there in en, de"):
        narrator.spoken("hello", "xx")


# --- the sound


@pytest.mark.parametrize("language", FIFTY_WORDS)
def test_fifty_words_sound_for_as_long_as_fifty_words_take(synthesiser: Synthesiser, language: str):
    sound = synthesiser.synthesise(fifty_words(language), language)

    assert_sounds(sound)
    assert 0.2 * 50 < seconds_of(sound) < 0.7 * 50  # between 300 and 86 words a minute, around the 150 it is set to


def test_the_same_text_gives_the_same_sound_and_another_text_another(synthesiser: Synthesiser):
    first, again, other = (synthesiser.synthesise(t, "en") for t in ("It was so.", "It was so.", "It was not so."))

    assert first == again
    assert first != other


def test_each_language_has_a_sound_of_its_own(synthesiser: Synthesiser):
    sounds = {synthesiser.synthesise("Paris, Madrid, Moscow 1987", language) for language in FIFTY_WORDS}

    assert len(sounds) == len(FIFTY_WORDS)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_russian_words_are_heard_from_every_voice(synthesiser: Synthesiser, language: str):
    without, with_word, alone = (
        synthesiser.synthesise(speakable(text), language) for text in ("2 1", "2 Москва 1", "Москва")
    )

    assert_sounds(alone)
    assert seconds_of(with_word) > seconds_of(without) + 0.5


def test_latin_words_are_heard_from_the_russian_voice(synthesiser: Synthesiser):
    without, with_word = (synthesiser.synthesise(t, "ru") for t in ("Это 5", "Это Pentagon 5"))

    assert seconds_of(with_word) > seconds_of(without) + 0.3


def test_a_blank_of_a_form_is_a_pause(synthesiser: Synthesiser):
    with_blank, without = (synthesiser.synthesise(speakable(t), "en") for t in ("signed _____ today", "signed today"))

    assert seconds_of(with_blank) > seconds_of(without) + 0.2


def test_struck_through_and_bold_sound_as_the_words_alone(synthesiser: Synthesiser):
    plain = synthesiser.synthesise(speakable("CONFIDENTIAL SLIP"), "en")

    assert synthesiser.synthesise(speakable("~~CONFIDENTIAL~~ **SLIP**"), "en") == plain


def test_phonemes_are_read_as_characters(synthesiser: Synthesiser):
    obeyed = synthesiser.synthesise("[[h@loU]]", "en")  # what the program makes of them where nobody prevents it
    read = synthesiser.synthesise(speakable("[[h@loU]]"), "en")

    assert read == synthesiser.synthesise("((h@loU))", "en")
    assert seconds_of(read) > seconds_of(obeyed) + 0.5  # the letters and the at sign are named


def test_control_characters_change_neither_voice_nor_speed(synthesiser: Synthesiser):
    plain = synthesiser.synthesise("x 400S " + fifty_words("en"), "en")

    assert synthesiser.synthesise(speakable("x \x01400S " + fifty_words("en")), "en") == plain


def test_speech_markup_is_read_as_characters(synthesiser: Synthesiser):
    pause = synthesiser.synthesise(speakable('one <break time="9s"/> two'), "en")
    tags = synthesiser.synthesise(speakable("<speak>hello</speak>"), "en")
    louder = synthesiser.synthesise(speakable('<prosody rate="x-fast">hello hello hello hello</prosody>'), "en")

    assert longest_silence(pause) < 2
    assert seconds_of(tags) > seconds_of(synthesiser.synthesise("hello", "en")) + 0.5  # "speak" is said twice
    assert seconds_of(louder) > seconds_of(synthesiser.synthesise("hello hello hello hello", "en")) + 1


def test_files_named_in_markup_are_not_played(synthesiser: Synthesiser, tmp_path: Path):
    (tmp_path / "a1.wav").write_bytes(synthesiser.synthesise(fifty_words("en"), "en"))
    there, missing = (
        synthesiser.synthesise(speakable(f'<audio src="{tmp_path}/{name}.wav"/>'), "en") for name in ("a1", "a2")
    )

    assert abs(seconds_of(there) - seconds_of(missing)) < 1


def test_initials_without_blanks_are_all_said(synthesiser: Synthesiser):
    twenty, sixty = (seconds_of(synthesiser.synthesise(speakable("W." * n), "en")) for n in (20, 60))

    assert 2.5 < sixty / twenty < 3.5


@pytest.mark.parametrize(
    "text",
    [
        "W." * 1000,
        "U.S." * 1000,
        "a" * 5000,
        "%" * 5000 + " so",
        "\u202ereversed\u202c <b>bold</b> &lt;x&gt; \x00\x07\x1b[31m",
        "e" + "\u0301" * 500,
        "中文字 שלום ﷺ 😀 مرحبا",
        "'; rm -rf / #$(reboot)`reboot`|-w /tmp/x --path=/",
        "-v ru --help",
        "[[" * 2000 + "a",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_words_are_read_and_harm_nothing(synthesiser: Synthesiser, text: str):
    assert len(samples_of(synthesiser.synthesise(speakable(text), "en"))) > 0


@pytest.mark.parametrize("text", ["", " ", "—", "____", "()", "~~~~", "...", "\u200b"])
def test_what_has_no_sound_is_said_to_have_none(synthesiser: Synthesiser, text: str):
    with pytest.raises(UnspeakableError, match=r"^nothing in it can be read aloud$"):
        synthesiser.synthesise(speakable(text), "en")


def test_a_text_of_too_many_characters_never_reaches_the_program(synthesiser: Synthesiser):
    with pytest.raises(UnspeakableError, match=r"^6001 characters are too long to be read aloud; 6000 is the most$"):
        replace(synthesiser, program=Path("/nowhere")).synthesise("x" * (MAX_CHARACTERS + 1), "en")


def test_a_text_that_sounds_for_too_long_is_stopped(synthesiser: Synthesiser):
    with pytest.raises(UnspeakableError, match=f"^it takes longer than {MAX_SECONDS} seconds to be read aloud"):
        synthesiser.synthesise("😀 " * (MAX_CHARACTERS // 2), "en")


@pytest.mark.parametrize(
    ("language", "voice"),
    [("en", "en"), ("en-US", "en-us"), ("en_AU", "en"), ("ru", "ru"), ("de-AT", "de"), ("fr-CA", "fr"), ("es", "es")],
)
def test_a_language_gets_its_regions_voice_or_its_own(synthesiser: Synthesiser, language: str, voice: str):
    assert synthesiser.voice(language) == voice
    assert_sounds(synthesiser.synthesise("1987", language))


@pytest.mark.parametrize("language", ["", "tlh-x", "../../etc/passwd", "gmw/en", "-w/tmp/x", "!v/f1", "en+f1"])
def test_no_other_name_is_given_to_the_program_as_a_voice(synthesiser: Synthesiser, language: str):
    with pytest.raises(UnspeakableError, match="espeak-ng has no voice for it"):
        synthesiser.voice(language)


# --- the program


def test_words_go_in_by_standard_input_only(watched: Path):
    find_synthesiser().synthesise("Unmistakable words.", "en")

    (arguments,) = watched.read_text().splitlines()
    assert arguments == "--stdin --stdout -b 1 -s 150 -v en"  # and no -m, which would obey markup


def test_a_program_that_hangs_is_killed(put_program: PutProgram):
    folder = put_program("echo $$ > pid\nexec sleep 600")
    # So long that the script has surely begun when it is killed.
    with pytest.raises(SpeechError, match=r"^espeak-ng took longer than 1 seconds and was stopped; try again$"):
        replace(find_synthesiser(), patience=1.0).synthesise("so", "en")

    assert not is_running(int((folder / "pid").read_text()))


def test_a_program_that_closes_its_output_and_stays_is_killed(put_program: PutProgram):
    folder = put_program("echo $$ > pid\nexec sleep 600 >&-")
    with pytest.raises(SpeechError, match="was stopped"):
        replace(find_synthesiser(), patience=1.0).synthesise("so", "en")

    assert not is_running(int((folder / "pid").read_text()))


def test_a_program_that_never_ends_its_sound_is_killed(put_program: PutProgram):
    folder = put_program("echo $$ > pid\nhead -c 30000000 /dev/zero\nexec sleep 600")
    with pytest.raises(UnspeakableError, match="longer than 600 seconds"):
        find_synthesiser().synthesise("so", "en")

    assert not is_running(int((folder / "pid").read_text()))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("kill -KILL $$", "espeak-ng failed (signal 9); the server's log says more"),
        ("kill -ABRT $$", "espeak-ng failed (signal 6); the server's log says more"),
        ("echo broken /secret >&2; exit 3", "espeak-ng failed (exit code 3); the server's log says more"),
        ("true", f"espeak-ng gave no sound of 22050 Hz, mono, 16 bit. Install it anew: {INSTALL}"),
        ("head -c 500 /dev/zero", f"espeak-ng gave no sound of 22050 Hz, mono, 16 bit. Install it anew: {INSTALL}"),
    ],
)
def test_a_program_that_fails_leaves_nothing_behind(put_program: PutProgram, read_aloud, tmp_path, script, message):
    put_program(script)
    narrator, identifier = read_aloud("A sentence.\n")
    with pytest.raises(SpeechError) as failure:
        narrator.recording(narrator.spoken(identifier))

    assert str(failure.value) == message
    assert not list((tmp_path / "cache").rglob("*.*"))


def test_what_a_failing_program_complains_of_is_in_the_log(put_program: PutProgram, caplog):
    put_program("echo 'no phontab' >&2; exit 3")
    with pytest.raises(SpeechError):
        find_synthesiser().synthesise("so", "en")

    assert caplog.messages == ["espeak-ng failed: no phontab"]


def test_a_missing_program_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeechError) as failure:
        find_synthesiser()

    assert str(failure.value) == "espeak-ng, which reads aloud, is not installed: apt-get install espeak-ng"


def test_a_program_that_does_not_answer_says_how_to_install_it_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "espeak-ng").write_text("no program")
    (tmp_path / "espeak-ng").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeechError) as failure:
        find_synthesiser()

    assert str(failure.value) == f"'espeak-ng --version' does not answer. Install it anew: {INSTALL}"


def test_a_program_removed_meanwhile_says_how_to_install_it(synthesiser: Synthesiser, tmp_path: Path):
    with pytest.raises(SpeechError) as failure:
        replace(synthesiser, program=tmp_path / "gone").synthesise("so", "en")

    assert str(failure.value) == f"espeak-ng cannot be started (No such file or directory): {INSTALL}"


# --- what is kept


def test_a_second_hearing_starts_no_process(watched: Path, read_aloud):
    narrator, identifier = read_aloud("A sentence.\n")
    first = narrator.recording(narrator.spoken(identifier))
    began = watched.read_text()
    second = narrator.recording(narrator.spoken(identifier))

    assert began.count("\n") == 1
    assert watched.read_text() == began
    assert second == first


def test_a_recording_outlives_the_server(watched: Path, seeds: Collection, tmp_path: Path):
    paths = set()
    for _ in range(2):
        narrator = Narrator(seeds, Settings(cache_path=tmp_path))
        paths.add(narrator.recording(narrator.spoken(seeds.passages[0].id)))

    assert len(paths) == 1
    assert watched.read_text().count("--stdin") == 1


def test_all_that_the_sound_depends_on_makes_another_recording(put_program: PutProgram, synthesiser, tmp_path, seeds):
    def kept_by_a_new_server(spoken: Spoken) -> str:
        return Narrator(seeds, Settings(cache_path=tmp_path / "cache")).recording(spoken).name

    variants = [Spoken(text="so", language="en"), Spoken(text="no", language="en"), Spoken(text="so", language="de")]
    names = [kept_by_a_new_server(spoken) for spoken in variants]
    put_program(f'exec {synthesiser.program} "$@"')  # says that it is of another version
    names.append(kept_by_a_new_server(variants[0]))

    assert len(set(names)) == 4


def test_the_least_recently_used_recordings_are_given_up(tmp_path: Path):
    recordings = Recordings(tmp_path, max_bytes=300)
    for key in "abc":
        recordings.keep(key, bytes(100))
    assert recordings.find("a") is not None  # used again: now b is the oldest
    recordings.keep("d", bytes(100))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "c.wav", "d.wav"]
    assert recordings.find("b") is None


def test_a_recording_larger_than_the_bound_is_there_for_whoever_asked(tmp_path: Path):
    recordings = Recordings(tmp_path, max_bytes=300)
    recordings.keep("a", bytes(100))

    assert recordings.keep("b", bytes(1000)).read_bytes() == bytes(1000)
    assert [path.name for path in tmp_path.iterdir()] == ["b.wav"]


def test_use_changes_neither_the_bytes_nor_their_date(tmp_path: Path):
    recordings = Recordings(tmp_path)
    path = recordings.keep("a", b"sound")
    before = path.stat().st_mtime_ns
    recordings.find("a")

    assert (path.read_bytes(), path.stat().st_mtime_ns) == (b"sound", before)


def test_drafts_of_a_power_cut_are_removed_and_those_being_written_stay(tmp_path: Path):
    old, fresh = tmp_path / "old.part", tmp_path / "fresh.part"
    for draft in (old, fresh):
        draft.write_bytes(b"half a so")
    os.utime(old, (0, 0))
    Recordings(tmp_path).keep("a", b"sound")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "fresh.part"]


def test_many_writers_leave_whole_recordings_within_the_bound(tmp_path: Path):
    recordings = Recordings(tmp_path, max_bytes=1000)
    keys = [str(number % 30) for number in range(120)]
    threads = [threading.Thread(target=lambda k=k: recordings.keep(k, k.encode() * 50)) for k in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = {path.stem: path.read_bytes() for path in tmp_path.iterdir()}

    assert left and all(sound == key.encode() * 50 for key, sound in left.items())
    assert sum(map(len, left.values())) <= 1000


def test_a_folder_that_cannot_be_written_is_said_without_its_path(synthesiser, read_aloud, tmp_path: Path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    narrator, identifier = read_aloud("A sentence.\n")
    with pytest.raises(SpeechError) as failure:
        narrator.recording(narrator.spoken(identifier))

    assert str(failure.value) == "the recording cannot be kept (Not a directory); see MEMCON_CACHE_PATH"


def test_so_many_may_wait_and_whoever_comes_after_that_comes_back_later(put_program: PutProgram, seeds, tmp_path):
    folder = put_program("echo x >> begun\nwhile [ ! -e go ]; do sleep 0.05; done\nexit 3")
    narrator = Narrator(seeds, Settings(cache_path=tmp_path, threads=1))
    failures: list[Exception] = []

    def read(number: int) -> None:
        try:
            narrator.recording(Spoken(text=str(number), language="en"))
        except SpeechError as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(1 + N_WAITING)]
    for thread in threads:
        thread.start()
    while narrator._line.n_inside < 1 + N_WAITING:
        threading.Event().wait(0.01)
    with pytest.raises(BusyError):
        narrator.recording(Spoken(text="one too many", language="en"))
    while not (begun := folder / "begun").exists() or not begun.read_text():
        threading.Event().wait(0.01)
    assert begun.read_text() == "x\n"  # one core, one process
    (folder / "go").touch()
    for thread in threads:
        thread.join()

    assert len(failures) == 1 + N_WAITING
    narrator._line.submit(lambda: None).result()  # the line is open again


# --- the route


def test_a_citation_is_read_aloud(client: TestClient, seeds: Collection):
    passage = next(p for p in seeds.passages if seeds.block(p).speaker)
    response = client.get(f"/speech/{passage.id}.wav")

    assert response.status_code == 200
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["accept-ranges"] == "bytes"
    assert int(response.headers["content-length"]) == len(response.content)
    n_words = len(seeds.document(passage.document_id).words(passage.span).split()) + 3
    assert_sounds(response.content)
    assert 0.2 * n_words < seconds_of(response.content) < 0.7 * n_words


def test_a_part_of_a_recording_is_sent_for_seeking(client: TestClient, seeds: Collection):
    path = f"/speech/{seeds.passages[0].id}.wav"
    whole = client.get(path)
    for header, part in (("bytes=1000-1999", slice(1000, 2000)), ("bytes=5000-", slice(5000, None))):
        response = client.get(path, headers={"Range": header, "If-Range": whole.headers["etag"]})

        assert response.status_code == 206
        assert response.content == whole.content[part]
    assert client.get(path, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416


def test_the_tag_is_of_the_sound_and_spares_sending_it_again(client: TestClient, seeds: Collection):
    path = f"/speech/{seeds.passages[0].id}.wav"
    first, other = client.get(path), client.get(f"/speech/{seeds.passages[1].id}.wav")
    again = client.get(path, headers={"If-None-Match": f'"x", {first.headers["etag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"] != other.headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"x"'}).content == first.content


def test_the_head_is_that_of_the_recording(client: TestClient, seeds: Collection):
    path = f"/speech/{seeds.passages[0].id}.wav"
    head, whole = client.head(path), client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers} == {**whole.headers}


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_read_aloud(client: TestClient, reason: Reason):
    sound = client.get(f"/speech/reasons/{reason.value}.wav").content

    assert_sounds(sound)
    assert 0.2 < seconds_of(sound) / len(REASONS[reason].split()) < 0.7


def test_a_sentence_is_read_in_the_language_asked_for(synthesiser, seeds: Collection, tmp_path: Path):
    sentences = {"so": {language: text.split(",")[0] for language, text in FIFTY_WORDS.items()}}
    client = client_of(seeds, tmp_path, sentences=sentences)
    sounds = [client.get(f"/speech/so.wav?language={language}").content for language in FIFTY_WORDS]

    assert len(set(sounds)) == len(FIFTY_WORDS)
    for language, sound in zip(FIFTY_WORDS, sounds, strict=True):
        assert sound == synthesiser.synthesise(speakable(sentences["so"][language]), language)
    assert client.get("/speech/so.wav?language=xx").status_code == 404


@pytest.mark.parametrize(
    "identifier",
    [
        "nothing", "nobody/t1", "reasons/because", "..%2f..%2fetc%2fpasswd", "what%20did%20he%20say", "%00", "a" * 5000,
        "nsdd-311/directive/p1:0-99999999", "nsdd-311/directive/p1:9-3", "%F0%9F%98%80", "%E2%80%AEx", "-v%20ru",
    ],
)  # fmt: skip
def test_an_unknown_id_is_a_problem_and_nothing_is_kept(client: TestClient, tmp_path: Path, identifier: str):
    response = client.get(f"/speech/{identifier}.wav")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"] == "Nothing stands there"
    assert not list(tmp_path.rglob("*.wav"))


def test_nothing_that_a_visitor_sends_is_spoken_or_kept(client: TestClient, seeds: Collection, tmp_path: Path):
    path = f"/speech/{seeds.passages[0].id}.wav"
    plain = client.get(path).content
    typed = client.get(path, params={"text": "zanzibar", "q": "zanzibar", "language": "zanzibar"}).content

    assert typed == plain
    assert client.post(path, json={"text": "zanzibar"}).status_code == 405
    assert client.get("/speech/zanzibar.wav").status_code == 404
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert kept.read_bytes() == plain and b"zanzibar" not in plain


def test_a_missing_program_is_told_and_found_when_it_is_installed(
    synthesiser, seeds: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    client, path = client_of(seeds, tmp_path / "cache"), f"/speech/{seeds.passages[0].id}.wav"
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        response = client.get(path)
    problem = json.loads(response.content)

    assert (response.status_code, response.headers["cache-control"]) == (503, "no-store")
    assert problem["detail"] == "espeak-ng, which reads aloud, is not installed: apt-get install espeak-ng"
    assert shutil.which("espeak-ng") is not None
    assert client.get(path).status_code == 200


def test_what_cannot_be_said_is_a_problem_that_says_why(synthesiser, make_collection, tmp_path: Path):
    manifest = MANIFEST.format(language="tlh", genre="prose")
    klingon = load_collection(make_collection({"talk.txt": "A sentence.\n"}, manifest))
    response = client_of(klingon, tmp_path).get(f"/speech/{klingon.passages[0].id}.wav")

    assert response.status_code == 422
    assert (
        response.json()["detail"] == "language = 'tlh': espeak-ng has no voice for it; 'espeak-ng --voices' lists all"
    )


def test_one_failure_does_not_spoil_the_next_hearing(put_program: PutProgram, synthesiser, seeds, tmp_path: Path):
    folder = put_program(f'if [ ! -e mended ]; then kill -SEGV $$; fi\nexec {synthesiser.program} "$@"')
    client, path = client_of(seeds, tmp_path / "cache"), f"/speech/{seeds.passages[0].id}.wav"
    failed = client.get(path)
    (folder / "mended").touch()

    assert (failed.status_code, failed.headers["content-type"]) == (503, "application/problem+json")
    assert failed.json()["detail"] == "espeak-ng failed (signal 11); the server's log says more"
    assert client.get(path).status_code == 200


def test_no_id_of_a_sentence_can_be_a_citations(seeds: Collection):
    assert all(passage.id[-1].isdigit() for passage in seeds.passages)
    assert not any(identifier[-1].isdigit() for identifier in ENGLISH_SENTENCES)
