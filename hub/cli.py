"""``moothall``: the commands."""

import asyncio
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from pydantic import ValidationError

from hub import rules as rule_files
from hub.adapters.modgov import ImportReport, ModGovError, import_modgov
from hub.app import address_of, open_desk, serving, with_free_ports
from hub.claim import Taken
from hub.demo import WORDS, start_demo
from hub.domain.errors import DomainError
from hub.domain.people import Role
from hub.domain.rules import RulesContradict
from hub.domain.services.accounts import add_user, new_sign_in_link
from hub.domain.services.rules import committee_rules, rules_of_all, set_rules
from hub.emergency import cut
from hub.migrations import upgrade
from hub.settings import Settings
from media.logs import set_up_logs

log = structlog.get_logger(__name__)

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Live meetings and remote participation for councils."
)
import_app = typer.Typer(no_args_is_help=True, help="Bring meetings in from an agenda system.")
user_app = typer.Typer(no_args_is_help=True, help="Staff who may sign in.")
rules_app = typer.Typer(no_args_is_help=True, help="Committees' rules for taking part.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
private_app = typer.Typer(no_args_is_help=True, help="Recordings of private sessions.")
app.add_typer(import_app, name="import")
app.add_typer(private_app, name="private-recording")
app.command()(cut)
app.add_typer(user_app, name="user")
app.add_typer(rules_app, name="rules")
app.add_typer(db_app, name="db")


@app.command()
def demo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the links as one line of JSON.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of pages and sockets; 0 picks a free one.")] = 8080,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep the data here. By default it goes when the demo ends.")
    ] = None,
    no_feed: Annotated[
        bool, typer.Option("--no-feed", help="Wait for a real encoder instead of the generated feed.")
    ] = False,
) -> None:
    """Run a whole council meeting on this machine: seeded council, live meeting, generated chamber feed."""
    folder = data_dir or Path(tempfile.mkdtemp(prefix="moothall-demo-"))
    chosen: dict[str, Any] = {"host": host, "port": port, "data_dir": folder}
    if port == 0:
        chosen |= {"rtmp_port": 0, "srt_port": 0}
    settings = with_free_ports(_settings(**chosen))
    try:
        _run(_demo(settings, as_json=as_json, generated_feed=not no_feed))
    finally:
        if data_dir is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _demo(settings: Settings, *, as_json: bool, generated_feed: bool) -> None:
    async with (
        _until_told_to_stop() as stop,
        serving(settings, generated_feed=generated_feed, leave_running=False) as hub,
    ):
        links = await start_demo(hub)
        typer.echo(links.model_dump_json() if as_json else WORDS.format(**links.model_dump()))
        sys.stdout.flush()
        await stop.wait()


@app.command()
def serve() -> None:
    """Run the hub with the settings of the environment (MOOTHALL_*)."""
    _run(_serve(with_free_ports(_settings())))


async def _serve(settings: Settings) -> None:
    async with (
        _until_told_to_stop() as stop,
        serving(settings, generated_feed=False, leave_running=True),
    ):
        typer.echo(f"Moot Hall is at {address_of(settings)}")
        sys.stdout.flush()
        await stop.wait()


@app.command()
def relay() -> None:
    """Run one more relay for viewers by WebRTC. Needs MOOTHALL_REDIS_URL and its own MOOTHALL_RELAY_NAME."""
    from hub.relay import relay_config
    from media.relay.__main__ import serve as serve_relay

    settings = _settings()
    if not settings.redis_url:
        _fail(
            "A relay of its own finds its meetings through Redis. Set MOOTHALL_REDIS_URL to the hub’s Redis."
        )
    _run(serve_relay(relay_config(settings)))


@app.command()
def verify(recording: Annotated[Path, typer.Argument(help="The folder of a recording.")]) -> None:
    """Check a recording: every file, every fragment, every timestamp. Ends with 1 when something is wrong."""
    from recordings.verify import verify as check

    report = check(recording)
    for file in report.files:
        typer.echo(f"{file.name}: {file.seconds:.1f} s in {file.fragments} fragments, SHA-256 {file.sha256}")
    for sentence in (*report.remarks, *report.findings):
        typer.echo(sentence)
    typer.echo("The recording is whole." if report.ok else "The recording is not whole.")
    raise typer.Exit(0 if report.ok else 1)


@private_app.command("new-key")
def new_key(
    key: Annotated[Path, typer.Argument(help="The private key goes here, the public one beside it as .pub.")],
) -> None:
    """Make a pair of keys for private recordings. Keep the private one away from this machine."""
    from hub.private_recording import make_keys

    typer.echo(f"MOOTHALL_PRIVATE_RECORDING_KEY={make_keys(key)}")


@private_app.command("decrypt")
def decrypt(
    file: Annotated[Path, typer.Argument(help="A file of a meeting's folder “private”.")],
    *,
    key: Annotated[Path, typer.Option(help="The private key, PEM.")],
    out: Annotated[Path | None, typer.Option(help="By default beside it, without .sealed.")] = None,
) -> None:
    """Decrypt the recording of a private session into an MPEG transport stream."""
    from hub.private_recording import decrypt_file

    code, sentence = decrypt_file(file, key, out or file.with_suffix(""))
    typer.echo(sentence, err=code != 0)
    raise typer.Exit(code)


@import_app.command("modgov")
def import_from_modgov(
    *,
    base_url: Annotated[str, typer.Option(help="The address of the folder that holds mgWebService.asmx.")],
    committee: Annotated[int, typer.Option(help="The committee's number in ModGov.")],
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d", "%d/%m/%Y"], help="First day.")],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Last day.")],
) -> None:
    """Import a committee's meetings. Import again later: what ModGov has published since is added."""
    _run(_import(base_url, committee, since.date(), until.date()))


async def _import(base_url: str, committee: int, since: date, until: date) -> None:
    settings = _settings()
    async with open_desk(settings) as desk:
        try:
            report = await import_modgov(
                desk.store,
                desk.clock,
                base_url,
                committee,
                since,
                until,
                progress=lambda line: typer.echo(line, err=True),
            )
        except ModGovError as error:
            _fail(f"{error}\nNothing was changed.")
        for line in import_lines(report, address_of(settings)):
            typer.echo(line)


def import_lines(report: ImportReport, home: str) -> list[str]:
    """What an import did, a sentence for each meeting."""
    if not report.meetings:
        return ["ModGov lists no meetings for these days. Nothing was changed."]
    lines = [f"{report.committee}: {len(report.meetings)} meetings."]
    lines += [
        f"{home}/meetings/{meeting.ref}  {'added' if meeting.added else 'updated'}"
        for meeting in report.meetings
    ]
    if report.hidden:
        lines.append(f"ModGov does not show these meetings yet: {', '.join(map(str, report.hidden))}.")
    return lines


@user_app.command("add")
def add(
    email: str,
    *,
    name: Annotated[str, typer.Option(help="As it should stand in the log.")],
    role: Annotated[Role, typer.Option(help="clerk runs meetings; admin also adds users.")] = Role.CLERK,
) -> None:
    """Add somebody and print their one-time sign-in link."""
    _run(_add_user(email, name, role))


async def _add_user(email: str, name: str, role: Role) -> None:
    settings = _settings()
    async with open_desk(settings) as desk:
        await add_user(desk, email=email, name=name, role=role)
        token = await new_sign_in_link(desk, email)
        typer.echo(f"{address_of(settings)}/sign-in/{token}")


@user_app.command("link")
def link(email: str) -> None:
    """Print a new one-time sign-in link for somebody who is already known."""
    _run(_link(email))


async def _link(email: str) -> None:
    settings = _settings()
    async with open_desk(settings) as desk:
        typer.echo(f"{address_of(settings)}/sign-in/{await new_sign_in_link(desk, email)}")


@rules_app.command("list")
def list_rules() -> None:
    """The schemes that come with Moot Hall, and what each committee has."""
    for name in rule_files.names():
        typer.echo(f"{name}: {rule_files.scheme(name).name}")
    _run(_list_committees())


async def _list_committees() -> None:
    async with open_desk(_settings()) as desk:
        for committee, rules in await rules_of_all(desk):
            typer.echo(f"Committee {committee} has the rules of: {rules}")


@rules_app.command("show")
def show_rules(
    scheme: Annotated[str | None, typer.Argument(help="A scheme that comes with Moot Hall.")] = None,
    *,
    committee: Annotated[str | None, typer.Option(help="A committee's name or number instead.")] = None,
) -> None:
    """Print a rule set, to be changed and given back with “set”."""
    if (scheme is None) == (committee is None):
        _fail("Name either a scheme or a --committee.")
    try:
        if scheme is not None:
            typer.echo(rule_files.text(scheme), nl=False)
    except DomainError as error:
        _fail(error.message)
    if committee is not None:
        _run(_show_rules(committee))


async def _show_rules(committee: str) -> None:
    async with open_desk(_settings()) as desk:
        rules = await committee_rules(desk, committee)
    typer.echo(rules.model_dump_json(indent=2, exclude_defaults=True))


@rules_app.command("set")
def give_rules(
    committee: Annotated[str, typer.Argument(help="Its name, or its number in the agenda system.")],
    file: Annotated[str, typer.Argument(help="A TOML or JSON file, or the name of a scheme.")],
) -> None:
    """Give a committee its rules. A file with a fault changes nothing."""
    _run(_give_rules(committee, file))


async def _give_rules(committee: str, file: str) -> None:
    try:
        rules = rule_files.scheme(file) if file in rule_files.names() else rule_files.read(Path(file))
    except RulesContradict as error:
        _fail(f"{error.message}\nNothing was changed.")
    async with open_desk(_settings()) as desk:
        moved = await set_rules(desk, committee, rules, "command line")
    typer.echo(f"{committee} has the rules of {rules.name} now.")
    if moved:
        typer.echo(f"From waiting lists moved up: {moved}.")


@db_app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database to this program's shape. The hub does it by itself when it starts."""
    settings = _settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _run(upgrade(settings.database))
    typer.echo("The database is up to date.")


def main() -> None:
    """The entry point of the ``moothall`` script."""
    app()


def _settings(**chosen: Any) -> Settings:
    try:
        settings = Settings(**chosen)
    except ValidationError as error:
        lines = [
            f"MOOTHALL_{'_'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
            for one in error.errors()
        ]
        _fail("These settings do not fit:\n" + "\n".join(lines))
    set_up_logs(settings.log_format)
    return settings


def _run(work: Coroutine[Any, Any, None]) -> None:
    # Viewers are open files: as many as the machine allows, not as many as a shell gives by default.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        asyncio.run(work)
    except DomainError as error:
        _fail(error.message)
    except Taken as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@asynccontextmanager
async def _until_told_to_stop() -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    yield stop
