"""ModGov's XML as it comes: nearly well-formed, padded, and escaped more often than needed."""

import html
import re
from html.entities import name2codepoint
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hub.adapters.modgov.errors import ModGovError

HTML_ELEMENTS = ("agendatext", "minutesnonemptyhtmlbody", "decisionnonemptyhtmlbody")
_HTML_BODY = re.compile(rf"<({'|'.join(HTML_ELEMENTS)})>(.*?)</\1>", re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAGE_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)


def read(body: bytes, root: str, where: str) -> Element:
    """The root element, which must be called ``root``. ``where`` names the request in errors.

    Raises ``ModGovError``.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ModGovError(f"{where}: the answer is not UTF-8 text (byte {error.start}).") from error
    _refuse_page(text, where)
    try:
        element: Element = fromstring(_mended(text))
    except ParseError as error:
        line, column = error.position
        raise ModGovError(
            f"{where}: the answer is not complete XML (line {line}, column {column}: {error.msg})."
        ) from error
    except DefusedXmlException as error:
        raise ModGovError(f"{where}: the answer has declarations that we do not follow.") from error
    if element.tag != root:
        raise ModGovError(f"{where}: expected <{root}> and got <{element.tag}>.")
    return element


def text_of(element: Element, name: str) -> str:
    """The stripped text of a child; "" without one. ModGov pads numbers, and empty elements with lines."""
    return (element.findtext(name) or "").strip()


def title_of(element: Element, name: str) -> str:
    """A title as plain text. ModGov escapes titles twice: XML's own unescaping leaves ``Chair&#39;s``."""
    return plain(text_of(element, name))


def plain(text: str) -> str:
    """One more unescaping, and one space for each run of white space."""
    return " ".join(html.unescape(text).split())


def html_of(element: Element, name: str) -> str:
    """A body of HTML, not sanitised."""
    body = text_of(element, name)
    return html.unescape(body) if "<" not in body and "&lt;" in body else body


def flag_of(element: Element, name: str) -> bool:
    """``True`` or ``False``, as ModGov writes them; False without one."""
    return text_of(element, name).lower() == "true"


def number_of(element: Element, name: str, where: str) -> int:
    """A whole number. Raises ``ModGovError``."""
    text = text_of(element, name)
    try:
        return int(text)
    except ValueError:
        raise ModGovError(f"{where}: <{name}> should be a number and is {text[:40]!r}.") from None


def _refuse_page(text: str, where: str) -> None:
    start = text.lstrip()[:200].lower()
    if not start.startswith(("<!doctype html", "<html")):
        return
    found = _PAGE_TITLE.search(text)
    title = plain(found.group(1))[:80] if found else "no title"
    raise ModGovError(
        f"{where}: the answer is a web page (“{title}”), not XML. The web service may be switched off or "
        "the address may be wrong: it must be the directory that holds mgWebService.asmx."
    )


def _mended(text: str) -> str:
    """Mend what ModGov is known to break: raw HTML in its elements, HTML's entities, control characters."""
    text = _ILLEGAL.sub("", text)
    text = _HTML_BODY.sub(_as_cdata, text)
    return _ENTITY.sub(_as_number, text)


def _as_cdata(found: re.Match[str]) -> str:
    name, body = found.groups()
    if "<" not in body or "<![CDATA[" in body:
        return found.group(0)
    return f"<{name}><![CDATA[{body.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def _as_number(found: re.Match[str]) -> str:
    name = found.group(1)
    if name in _XML_ENTITIES or name not in name2codepoint:
        return found.group(0)
    return f"&#{name2codepoint[name]};"
