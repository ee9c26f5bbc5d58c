"""The synthesiser: espeak-ng as a program of its own, which takes text and gives sound.

It is a child process for each text, and never a library inside this one: some texts make it overrun its memory (it did
at 200 characters without a blank), and a child that dies or hangs takes no other visitor with it.
"""

from __future__ import annotations

import io
import logging
import re
import shutil
import struct
import subprocess
import tempfile
import threading
import wave
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import IO, cast

from bot.errors import BotError

logger = logging.getLogger(__name__)
PROGRAM = "espeak-ng"
INSTALL = f"apt-get install {PROGRAM}"
SAMPLE_RATE = 22050  # samples a second, of 16 bits, one channel
WORDS_PER_MINUTE = 150  # for listeners who stand, and may not have the language from birth; the program's own is 175
MAX_CHARACTERS = 6000  # about a thousand words
MAX_SECONDS = 600  # of sound: 26 MB. Six thousand characters of a language take about 400, of pictograms far more
PATIENCE_SECONDS = 20.0  # for one synthesis; a thousand words take about one
_HEADER_BYTES = 44
_MOST_BYTES = _HEADER_BYTES + MAX_SECONDS * SAMPLE_RATE * 2
_FORM = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE, SAMPLE_RATE * 2, 2, 16)  # as a WAV header says it: PCM, mono, 16 bit


class SpeechError(BotError):
    """Nothing can be said now: the synthesiser is missing, failed, or was too slow."""


class UnspeakableError(SpeechError):
    """This text can never be said: too long, no voice for its language, or nothing in it that sounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesiser:
    """An espeak-ng that was found on this machine."""

    program: Path
    version: str
    languages: frozenset[str]  # tags of its voices, in small letters
    patience: float = PATIENCE_SECONDS

    def voice(self, language: str) -> str:
        """Return the voice for a language tag: the region's own, else the language's.

        Only what the program lists is ever named to it: it would take any other name for a file's.

        Raises:
            UnspeakableError: it has no such voice.
        """
        tag = language.lower().replace("_", "-")
        for voice in (tag, tag.partition("-")[0]):
            if voice in self.languages:
                return voice
        raise UnspeakableError(
            f"language = {language!r}: {PROGRAM} has no voice for it; '{PROGRAM} --voices' lists all"
        )

    def synthesise(self, text: str, language: str) -> bytes:
        """Return ``text`` as a WAV file: mono, 16 bit, `SAMPLE_RATE`; the same text gives the same bytes.

        ``text`` must be `ui.spoken.speakable`; it reaches the program by its standard input.

        Raises:
            UnspeakableError: it is longer than `MAX_CHARACTERS` or `MAX_SECONDS`, or nothing in it sounds.
            SpeechError: the program failed, or took longer than ``patience`` seconds and was killed.
        """
        if len(text) > MAX_CHARACTERS:
            raise UnspeakableError(
                f"{len(text)} characters are too long to be read aloud; {MAX_CHARACTERS} is the most"
            )
        command = [str(self.program), "--stdin", "--stdout", "-b", "1", "-s", str(WORDS_PER_MINUTE)]
        # Of no text the program makes no sound and no header.
        sound = self._run([*command, "-v", self.voice(language)], (text or " ").encode("utf-8"))
        if len(sound) > _MOST_BYTES:
            raise UnspeakableError(f"it takes longer than {MAX_SECONDS} seconds to be read aloud, which is the most")
        header, samples = sound[:_HEADER_BYTES], sound[_HEADER_BYTES:]
        if header[:4] != b"RIFF" or header[20:36] != _FORM:
            raise SpeechError(f"{PROGRAM} gave no sound of {SAMPLE_RATE} Hz, mono, 16 bit. Install it anew: {INSTALL}")
        if samples.count(0) == len(samples):
            raise UnspeakableError("nothing in it can be read aloud")
        return _wav(samples)

    def _run(self, command: list[str], text: bytes) -> bytes:
        """Return what ``command`` makes of ``text``; of more than the longest sound, a little more than that."""
        with tempfile.TemporaryFile() as complaints:
            try:
                process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=complaints)
            except OSError as error:
                raise SpeechError(f"{PROGRAM} cannot be started ({error.strerror}): {INSTALL}") from error
            expired = threading.Event()

            def expire() -> None:
                expired.set()
                process.kill()

            timer = threading.Timer(self.patience, expire)
            with process:
                try:
                    timer.start()
                    sound = _exchange(process, text)
                    if len(sound) > _MOST_BYTES:
                        return sound
                    code = process.wait()
                finally:
                    process.kill()  # does nothing to one that has ended
                    timer.cancel()
            if expired.is_set():
                raise SpeechError(f"{PROGRAM} took longer than {self.patience:g} seconds and was stopped; try again")
            if code != 0:
                complaints.seek(0)
                logger.error("%s failed: %s", PROGRAM, complaints.read(300).decode("utf-8", "replace").strip())
                ending = f"exit code {code}" if code > 0 else f"signal {-code}"
                raise SpeechError(f"{PROGRAM} failed ({ending}); the server's log says more")
        return sound


def find_synthesiser() -> Synthesiser:
    """Look for espeak-ng on the path, and ask it for its version and voices.

    Raises:
        SpeechError: it is not there, or does not answer; the message names the command that installs it.
    """
    found = shutil.which(PROGRAM)
    if found is None:
        raise SpeechError(f"{PROGRAM}, which reads aloud, is not installed: {INSTALL}")
    version, voices = _ask(found, "--version"), _ask(found, "--voices")
    # A line reads " 2  en-us  --/M  English_(America)  gmw/en-US  (en 3)": its own tag, then those it stands in for.
    tags = re.findall(r"^ *\d+ +([\w-]+)|\(([\w-]+) \d+\)", voices, re.MULTILINE)
    languages = frozenset((own or other).lower() for own, other in tags)
    return Synthesiser(program=Path(found), version=version.strip(), languages=languages)


def _ask(program: str, option: str) -> str:
    try:
        return subprocess.run(
            [program, option], capture_output=True, check=True, timeout=PATIENCE_SECONDS, stdin=subprocess.DEVNULL
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError) as error:
        raise SpeechError(f"'{PROGRAM} {option}' does not answer. Install it anew: {INSTALL}") from error


def _exchange(process: subprocess.Popen[bytes], text: bytes) -> bytes:
    """Give ``text`` and take the sound; even the longest text fits into the pipe, so that neither side waits."""
    given, taken = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    with suppress(BrokenPipeError), given:  # it ended before it had read: its exit code says why
        given.write(text)
    return taken.read(_MOST_BYTES + 1)


def _wav(samples: bytes) -> bytes:
    """Return ``samples`` under a header that states their length; the program, which streams, cannot know it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes(samples[: len(samples) // 2 * 2])
    return file.getvalue()
