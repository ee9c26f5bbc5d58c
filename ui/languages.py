"""The languages of the interface: which there are, which a visitor wants, and the words of each.

English stands in the code and the templates.  The other catalogues are ``locales/LANGUAGE/LC_MESSAGES/memcon.po``,
compiled as they are read, so that no second file can differ from what the translators wrote.  Babel loads when the
first is read: the command line speaks English and does without.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LANGUAGES: tuple[str, ...] = ("en", "ru", "de", "fr", "es")
DEFAULT_LANGUAGE = LANGUAGES[0]
# What each calls itself: visitors look for the language they read.
LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {"en": "English", "ru": "Русский", "de": "Deutsch", "fr": "Français", "es": "Español"}
)
DOMAIN = "memcon"
MAX_HEADER = 1000  # characters of Accept-Language; browsers send some fifty


def N_(message: str) -> str:
    """Return ``message`` as it stands, marked for the catalogues: it is translated where it is shown."""
    return message


@cache
def translation(language: str) -> gettext.NullTranslations:
    """Return the words of ``language``, one of `LANGUAGES`; those of English are the code's own.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language = {language!r}: is not spoken here; choose one of {', '.join(LANGUAGES)}")
    if language == DEFAULT_LANGUAGE:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalogue = files("ui") / "locales" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(catalogue.read_bytes()), locale=language, domain=DOMAIN, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def known_language(tag: str | None) -> str | None:
    """Return the one of `LANGUAGES` that a tag such as ``fr`` or ``de-CH`` means, None where it means none."""
    primary = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


def best_language(accept_language: str | None) -> str:
    """Return the one of `LANGUAGES` that an ``Accept-Language`` header wants most (RFC 9110, 12.5.4), else English.

    Of two wanted as much the one named first counts; what is no language or no weight is passed over.
    """
    best, most = DEFAULT_LANGUAGE, 0.0
    for choice in (accept_language or "")[:MAX_HEADER].split(","):
        tag, _, parameter = choice.partition(";")
        language, weight = known_language(tag), _weight(parameter)
        if language is not None and weight > most:
            best, most = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0  # NaN is between no two numbers
