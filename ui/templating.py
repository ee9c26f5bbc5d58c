"""The templates of pages and fragments, in each language of the interface."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from embeddings.dates import spell_date
from ui.dates import date_in
from ui.languages import DEFAULT_LANGUAGE, translation
from ui.runs import split_unseen, words
from ui.terminal import plain
from ui.wording import title_of

TEMPLATES_PATH = Path(__file__).parent / "templates"


@cache
def environment(language: str = DEFAULT_LANGUAGE, *, linked: bool = True) -> Environment:
    """Return the templates whose own words are in ``language``; without ``linked`` a record leads nowhere else.

    Raises:
        ValueError: the language is none of the interface's.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES_PATH),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translation(language), newstyle=True)  # type: ignore[attr-defined]  # by the extension
    made.globals |= {"own_language": language, "linked": linked}
    made.filters |= {
        "cite_path": lambda identifier: f"/cite/{quote(identifier, safe='/:')}",
        "exact": _exact,
        "legible": plain,
        "path": lambda identifier: quote(identifier, safe="/"),
        "runs": split_unseen,
        "spelled_date": spell_date if language == DEFAULT_LANGUAGE else partial(date_in, language),
        "title_of": title_of,
        "words": words,
    }
    return made


def _exact(text: str) -> Markup:
    """Escape ``text`` so that a parser gives back the very characters: it would turn a carriage return into a feed."""
    return Markup(re.sub("\r", "&#13;", str(escape(text))))
