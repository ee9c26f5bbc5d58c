"""``/speech/ID.wav``: quotations and fixed sentences read aloud, synthesised here, for browsers that cannot offline.

The address holds an id, never words: only what stands in the record, or is fixed, is ever spoken or kept.
"""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from bot.citations import find_citation
from bot.errors import CitationError
from bot.settings import Settings
from embeddings.collection import Collection
from ui.problems import Kind, ProblemError, as_problem, problem_response, shown
from ui.recordings import Recordings
from ui.spoken import ENGLISH_SENTENCES, Sentences, Spoken, say_citation, say_sentence
from ui.synthesiser import WORDS_PER_MINUTE, SpeechError, Synthesiser, UnspeakableError, find_synthesiser
from ui.waiting import BusyError, WaitingLine

SPEECH_PATH = "/speech"
N_WAITING = 8  # few: each holds a thread of the server meanwhile


class Narrator:
    """Reads a collection aloud: one synthesis a thread of the settings at once, each text once."""

    def __init__(self, collection: Collection, settings: Settings, sentences: Sentences = ENGLISH_SENTENCES) -> None:
        self._collection, self._sentences = collection, sentences
        self._recordings = Recordings(settings.cache_path / "speech")
        self._line = WaitingLine(at_once=settings.threads, waiting=N_WAITING)
        self._synthesiser: Synthesiser | None = None

    def spoken(self, identifier: str, language: str = "en") -> Spoken:
        """Return what an id stands for: a citation, in the record's language, or a fixed sentence in ``language``.

        Raises:
            CitationError: it stands for nothing, or the sentence is not translated into that language.
        """
        sentence = self._sentences.get(identifier)
        if sentence is None:
            return say_citation(find_citation(self._collection, identifier), self._collection)
        if language not in sentence:
            raise CitationError(f"language = {shown(language)}: {identifier} is there in {', '.join(sentence)}")
        return say_sentence(sentence[language], language)

    def recording(self, spoken: Spoken) -> Path:
        """Return the file of what is said, made if it is not there; blocks meanwhile.

        Raises:
            BusyError: too many are waiting.
            UnspeakableError, SpeechError: see `Synthesiser.synthesise`; or it cannot be kept.
        """
        synthesiser = self._found()
        key = _key(spoken, synthesiser)
        kept = self._recordings.find(key)
        if kept is not None:
            return kept
        with self._line.place():
            return self._line.submit(partial(self._record, spoken, synthesiser, key)).result()

    def _record(self, spoken: Spoken, synthesiser: Synthesiser, key: str) -> Path:
        kept = self._recordings.find(key)  # by whoever stood before in the line
        if kept is not None:
            return kept
        sound = synthesiser.synthesise(spoken.text, spoken.language)
        try:
            return self._recordings.keep(key, sound)
        except OSError as error:
            raise SpeechError(f"the recording cannot be kept ({error.strerror}); see MEMCON_CACHE_PATH") from error

    def _found(self) -> Synthesiser:
        """Return the synthesiser; one that is installed while the server runs is found at the next question."""
        if self._synthesiser is None:
            self._synthesiser = find_synthesiser()
        return self._synthesiser


def speech_router(collection: Collection, settings: Settings, sentences: Sentences = ENGLISH_SENTENCES) -> APIRouter:
    """Build the route; ``sentences`` are the fixed ones by id, in every language that the pages have."""
    router = APIRouter(include_in_schema=False)
    narrator = Narrator(collection, settings, sentences)

    def speak(identifier: str, request: Request, language: str = "en") -> Response:
        try:
            path = narrator.recording(narrator.spoken(identifier, language))
        except (CitationError, BusyError) as error:
            problem = as_problem(error)
        except UnspeakableError as error:
            problem = ProblemError(Kind.INVALID, str(error))
        except SpeechError as error:
            problem = ProblemError(Kind.FAILURE, str(error), status=503)
        else:
            # The key names the very sound, while a file's times change when it is used or made anew.
            headers = {"ETag": f'"{path.stem}"', "Cache-Control": "private, no-cache"}
            if headers["ETag"] in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            return FileResponse(path, media_type="audio/wav", headers=headers)
        return problem_response(request.scope["path"], problem)

    router.add_api_route(f"{SPEECH_PATH}/{{identifier:path}}.wav", speak, methods=["GET", "HEAD"])
    return router


def _key(spoken: Spoken, synthesiser: Synthesiser) -> str:
    """Return the sha256 over all that the sound depends on."""
    voice = synthesiser.voice(spoken.language)
    parts = (spoken.text, spoken.language, voice, str(WORDS_PER_MINUTE), synthesiser.version)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
