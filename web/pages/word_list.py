"""The list of words that flag a question for the moderator, which officers write themselves."""

from aiohttp import web

from hub.domain.errors import DomainError
from hub.domain.services.words import words_now, write_words
from web.forms import Form, read_form
from web.keys import DESK
from web.templating import render
from web.visitors import staff


async def show(request: web.Request) -> web.Response:
    """The list in a form."""
    await staff(request)
    known = await words_now(request.app[DESK])
    return _page(request, Form({"words": "\n".join(known.words), "seen": str(known.number)}))


async def write(request: web.Request) -> web.Response:
    """A new edition of it; what cannot be one is shown again with what is wrong."""
    officer = await staff(request)
    form = await read_form(request, ("words", "seen"))
    try:
        seen = form.number("seen") or 0
        await write_words(request.app[DESK], officer, form.value("words"), seen=seen)
    except DomainError as error:
        form.blame(error, "words")
        return _page(request, form, error.status)
    return web.Response(status=303, headers={"Location": "/console/words?written=1"})


def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    return render(
        request, "pages/word_list.html", {"form": form, "written": "written" in request.query}, status
    )


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/console/words", show), web.post("/console/words", write)]
