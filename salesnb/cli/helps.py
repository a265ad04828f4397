"""How do the help pages speak? In the reader's language, from the same texts that the commands carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import typer.rich_utils

from salesnb.language import Language, marked

PANELS: Mapping[str, str] = {
    "ARGUMENTS_PANEL_TITLE": marked("Arguments"),
    "OPTIONS_PANEL_TITLE": marked("Options"),
    "COMMANDS_PANEL_TITLE": marked("Commands"),
    "DEFAULT_STRING": marked("[default: {}]"),
    "REQUIRED_LONG_STRING": marked("[required]"),
}
USAGE = marked("Usage: ")
PLACES = {"[OPTIONS]": marked("[options]"), "COMMAND [ARGS]...": marked("command [arguments]...")}
VALUE = marked("<value>")
HELP = marked("Show this page.")


def texts(command: Any) -> Iterator[str]:
    """What a command and those below it say of themselves: its help and that of its parameters."""
    yield command.help
    for each in command.params:
        if each.param_type_name == "argument":
            yield each.name.upper()
        if getattr(each, "help", None):
            yield each.help
    for each in getattr(command, "commands", {}).values():
        yield from texts(each)


def translate(command: Any, say: Language) -> None:
    """Lets a command and those below it speak the reader's language; typer's own words with them.

    Typer keeps the words around the texts in its module: they are the process's, as its one command is.
    """
    if say.code == "en":
        return
    for name, text in PANELS.items():
        setattr(typer.rich_utils, name, say.word(text))
    _translate(command, say)


def _translate(command: Any, say: Language) -> None:
    command.help = say.word(command.help)
    command.options_metavar = say.word(PLACES["[OPTIONS]"])
    if hasattr(command, "commands"):
        command.subcommand_metavar = say.word(PLACES["COMMAND [ARGS]..."])
    plain = command.get_usage
    command.get_usage = lambda context: plain(context).replace("Usage: ", say.word(USAGE), 1)
    own = command.get_help_option

    def help_option(context: Any) -> Any:
        option = own(context)
        if option is not None:
            option.help, option.metavar = say.word(HELP), ""
        return option

    command.get_help_option = help_option
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = say.word(parameter.help)
        if parameter.param_type_name == "argument":
            parameter.metavar = say.word(parameter.name.upper())
        else:
            parameter.metavar = "" if isinstance(parameter.default, bool) else say.word(VALUE)
    for each in getattr(command, "commands", {}).values():
        _translate(each, say)
