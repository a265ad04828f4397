"""The commands: report, check, init, demo. What a user is told is one sentence; a traceback goes to a log file.

Exit status: 0 all pages complete; 1 a page failed, or something went wrong that salesnb did not foresee; 2 the request or
the data cannot be used; 130 interrupted.
"""

from __future__ import annotations

import atexit
import datetime as dt
import errno
import gc
import io
import logging
import os
import shlex
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from salesnb import __version__
from salesnb.cli import helps, refusals
from salesnb.errors import InputError, told, trouble, without_secrets
from salesnb.language import LANGUAGES, Language, Message

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The workbook with which a sales organisation runs its year.",
)
INTERRUPTED = 130
CALM = 1_000_000  # new objects before garbage is looked for: a command is over before much of it gathers
INTERRUPTION = Message("Interrupted; nothing was replaced.")
# a file that the request names or that lies where a pack is asked for; a full or broken disk is nobody's request
OF_THE_REQUEST = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG,
}  # fmt: skip

Lang = Annotated[str, typer.Option("--lang", help="en or zh; default: the plan's language")]
Speech = Annotated[str, typer.Option("--lang", help="en or zh; default: the system's language")]


def _show_version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="say which version it is")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="tell what is read anew, and the traceback of a fault")
    ] = False,
) -> None:
    """The workbook with which a sales organisation runs its year."""
    if verbose:
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
        logging.getLogger("salesnb").setLevel(logging.INFO)


@app.command()
def report(
    workspace: Annotated[str, typer.Argument(help="a folder with plan.yml and the tables, or a workbook")],
    month: Annotated[
        str,
        typer.Option("--month", help="the month to report, as 2026-10; default: the data's last whole one"),
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="a day of a running month, as 2026-10-17")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            help="region=East, team=…, rep=…, account=…, product_line=… or an own column of plan.yml; repeats",
        ),
    ] = None,
    lang: Lang = "",
    out: Annotated[Path, typer.Option("--out", help="the folder of the packs")] = Path("reports"),
    notebooks: Annotated[
        Path | None, typer.Option("--notebooks", help="a folder of your own notebooks")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, help="pages at once; 0: one more than there are cores")
    ] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="run what has not changed, too")] = False,
    limit: Annotated[
        float, typer.Option("--page-limit", min=1, max=86_400, help="seconds that a page may take")
    ] = 900.0,
    sheets: Annotated[
        bool, typer.Option("--sheets", help="sheets/ as well: a page a person for the weekly talk")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="month.pdf as well, printed by a Chromium of this machine")
    ] = False,
) -> None:
    """Render the month's pack: the month in one file, the director's page, six pages, every number and table."""
    from salesnb.cli.bare_files import workspace_of
    from salesnb.cli.reporting import read_requests, show_outcome, start_line
    from salesnb.report.progress import Display
    from salesnb.report.run import make_packs

    asked, workspace = workspace, workspace_of(workspace, lang=lang)
    requests = read_requests(
        workspace, month=month, as_of=as_of, scopes=scope or [""], lang=lang, out=out, notebooks=notebooks
    )
    console, say = Console(soft_wrap=True), Language(requests[0].language)
    if not (month or as_of):
        day = requests[0].as_of
        last = (
            say("{month:month} is the last month that the data hold whole.", month=day)
            if (day + dt.timedelta(days=1)).day == 1
            else say("The data hold no month whole; they are told up to {day:date}.", day=day)
        )
        console.print(last, highlight=False, markup=False)
    if asked != workspace:
        keep = say(
            "{file} was read as it is; salesnb init DIR --from {file} keeps how, for you to correct.",
            file=shlex.quote(asked),
        )
        console.print(keep, highlight=False, markup=False)

    def display(pages: int) -> Display:
        console.print(start_line(pages, say=say), highlight=False, markup=False)
        return Display(console, say=say, pages=pages)

    def waiting(request: object) -> None:
        console.print(say("Another run is making this pack; waiting for it."), highlight=False, markup=False)

    status = 0
    for outcome in make_packs(
        requests, jobs=jobs, fresh=fresh, limit=limit, display=display, waiting=waiting
    ):
        show_outcome(outcome, console=console, say=say, pdf=pdf, sheets=sheets)
        status = max(status, 1 if outcome.failed else 0)
    raise typer.Exit(status)


@app.command()
def send(
    pack: Annotated[Path, typer.Argument(help="a pack, such as reports/2026-10")],
    workspace: Annotated[
        str, typer.Option("--workspace", help="whose plan.yml names the addresses; default: the pack's own")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would be sent, and send nothing")
    ] = False,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="send it though a page failed")] = False,
) -> None:
    """Mail the month: month.html, with its five sentences as the text, to those whom plan.yml names."""
    from salesnb.cli.mailing import mail_pack

    for line in mail_pack(pack, workspace=workspace, dry_run=dry_run, incomplete=incomplete):
        Console(soft_wrap=True).print(line, highlight=False, markup=False)


@app.command()
def check(
    workspace: Annotated[str, typer.Argument(help="a folder with plan.yml and the tables, or a workbook")],
    lang: Lang = "",
) -> None:
    """Say what the workspace holds: rows, rejections, what looks wrong, what the plan contradicts, what is missing."""
    from salesnb.cli.bare_files import understood_of, workspace_of
    from salesnb.cli.checking import _list, examine, show

    asked, workspace = workspace, workspace_of(workspace, lang=lang)
    console, say = Console(soft_wrap=True), Language(_language(lang, workspace))
    found = examine(workspace)
    if asked != workspace:
        found.workspace = Path(asked)
        _list(console, say("What was understood"), understood_of(workspace))
    raise typer.Exit(show(found, console=console, say=say))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="a new folder")],
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from", help="demo, excel, salesforce, hubspot, or your own files and folders; repeats"
        ),
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", help="KEY=VALUE for what your files leave open, such as year=2025; repeats"),
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="copy your files into the folder")] = False,
    lang: Speech = "",
) -> None:
    """Write a folder of your own: plan.yml, data or mappings, and the six notebooks."""
    from salesnb.cli.starter import own_files, write_starter

    console = Console(soft_wrap=True)
    sources = source or ["demo"]
    if lang:
        _known_language(lang)
    if paths := own_files(sources):
        from salesnb.cli.own_files import start_from

        start_from(folder, paths, answers=answer or [], copy=copy, lang=lang, console=console)
        return
    if answer or copy:
        raise InputError(
            "--answer and --copy belong to your own files, but --from names {source}", source=sources[0]
        )
    say = Language(_spoken(lang))
    lines = write_starter(folder, source=sources[0], say=say)
    for line in lines:
        console.print(say(line), highlight=False, markup=False)


@app.command("new-page")
def new_page(
    name: Annotated[str, typer.Argument(help="what the page is about, such as margins")],
    folder: Annotated[
        Path | None, typer.Option("--notebooks", help="where it goes; default: notebooks, where that is")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en or zh; default: that of the notebooks there")] = "",
) -> None:
    """Write a notebook of your own that works: it loads, asks, shows and concludes, and is a page of the pack."""
    from salesnb.cli.new_page import write_page

    path = write_page(name, folder=folder, code=_known_language(lang) if lang else "")
    Console(soft_wrap=True).print(str(path), highlight=False, markup=False)


@app.command("explain")
def explain_name(
    name: Annotated[
        str,
        typer.Argument(
            metavar="TABLE|plan|KEY",
            help="a table, a column, plan, a setting, or a number such as bookings.ytd",
        ),
    ],
    lang: Lang = "",
) -> None:
    """Say what a table, a column, a setting of plan.yml or a headline number means."""
    from salesnb.cli.checking import show_rows
    from salesnb.cli.explaining import explain

    lines, rows = explain(name, Language(_known_language(lang or refusals.locale_language())))
    console = Console(soft_wrap=True)
    for line in lines:
        console.print(line, highlight=False, markup=False)
    if rows:
        show_rows(console, list(rows[0]), [list(row) for row in rows[1:]])


@app.command()
def answers(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a pack, or the folder that holds the packs")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the pack's actions.xlsx with answers")],
    lang: Speech = "",
) -> None:
    """Take in what people answered to a pack's decisions; the next pack shows it."""
    from salesnb.cli.answering import take_in

    say = Language(_spoken(lang))
    Console(soft_wrap=True).print(
        say("{n:count} answers are taken in", n=take_in(folder, file)), highlight=False, markup=False
    )


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="a new folder")],
    accounts: Annotated[int, typer.Option("--accounts", min=20, help="how many accounts")] = 400,
    months: Annotated[
        int, typer.Option("--months", min=14, max=600, help="how many months, to October 2026")
    ] = 36,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="another seed, another company")] = None,
    lines: Annotated[
        int | None,
        typer.Option("--lines", min=1000, help="a large company of about so many order lines, as Parquet"),
    ] = None,
    lang: Speech = "",
) -> None:
    """Write the sample company as a workspace."""
    from salesnb.cli.starter import require_empty, write_demo_workspace

    language = _spoken(lang)
    require_empty(folder)
    write_demo_workspace(folder, accounts=accounts, months=months, seed=seed, lines=lines, language=language)
    Console(soft_wrap=True).print(str(folder), highlight=False, markup=False)


def main(arguments: Sequence[str] | None = None, *, interrupted: bool = False) -> NoReturn:
    """Run a command and leave with its status; nothing that goes wrong shows a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _say_in_any_encoding()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if interrupted:  # while all this was imported
            raise KeyboardInterrupt
        command = typer.main.get_command(app)
        helps.translate(command, Language(refusals.asked_language(given)))
        status = command(given, prog_name="salesnb", standalone_mode=False) or 0  # what typer.Exit carries
        if status == INTERRUPTED:
            _tell(INTERRUPTION, given)
    except InputError as error:
        status = _tell(error.message, given, 2)
    except (Exception, KeyboardInterrupt) as error:
        if hasattr(error, "format_message"):  # what typer says of options and arguments
            status = _tell(refusals.worded(error, given), given, 2)
        elif isinstance(error, OSError) and error.errno:
            status = _tell(_unusable(error), given, 2 if error.errno in OF_THE_REQUEST else 1)
        elif isinstance(error, Exception) and type(error).__name__ != "Abort":
            status = _tell(_unforeseen(error), given, 1)
        else:
            status = _tell(INTERRUPTION, given, INTERRUPTED)
    sys.stdout.flush()
    sys.stderr.flush()
    if status == INTERRUPTED:
        os._exit(status)  # threads that still wait for a kernel have nothing left to do
    sys.exit(status)


def run(*, interrupted: bool = False) -> NoReturn:
    """`main` as a process of its own: it leaves at once, without taking apart what it imported, which takes half a second."""
    gc.set_threshold(CALM)
    try:
        main(interrupted=interrupted)
    except SystemExit as left:  # whatever else came out of `main` would be told as Python tells it
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(left.code if isinstance(left.code, int) else 1)


def _say_in_any_encoding() -> None:
    """What the terminal's or file's encoding has no sign for is written as its number, not a fault."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: the clean-up runs to its end
    raise KeyboardInterrupt


def _tell(message: Message | None, arguments: Sequence[str], status: int = 0) -> int:
    if message is not None:
        print(Language(refusals.asked_language(arguments))(message), file=sys.stderr)
    return status


def _unusable(error: OSError) -> Message:
    if not error.filename:
        return told(Message("A file could not be used: {problem}.", problem=trouble(error)))
    return told(Message("{file} cannot be used: {problem}", file=error.filename, problem=trouble(error)))


def _unforeseen(error: Exception) -> Message:
    """A fault of ours: a sentence, and a log for whoever corrects it."""
    try:
        handle, path = tempfile.mkstemp(prefix="salesnb-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write(f"salesnb {__version__}\n{without_secrets(traceback.format_exc())}")
    except OSError:
        path = "–"
    logging.getLogger("salesnb").info("%s", without_secrets(traceback.format_exc()))
    return Message(
        "salesnb met a fault of its own ({kind}); the details are in {path}: please report them.",
        kind=type(error).__name__,
        path=path,
    )


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise InputError(
            "--lang must be one of {known:list}, but is {code}", known=list(LANGUAGES), code=code
        )
    return code


def _spoken(asked: str) -> str:
    """The language asked for, else the locale's."""
    return _known_language(asked) if asked else refusals.locale_language()


def _language(asked: str, workspace: str) -> str:
    """The language asked for, else the plan's, else the locale's."""
    if asked:
        return _known_language(asked)
    return refusals.plan_language(workspace) or refusals.locale_language()
