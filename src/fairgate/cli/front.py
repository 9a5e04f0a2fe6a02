"""The front: runs a command, and turns whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import dataclasses
import itertools
import logging
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import typer

from fairgate.cli.house import Doors
from fairgate.cli.output import (
    COMMAND_LINE,
    JSON_FLAG,
    OutputClosed,
    begin_output,
    drop_output,
    output_is_closed,
    print_json,
    print_note,
    say_mode,
)
from fairgate.cli.session import Session
from fairgate.errors import ConfigurationRefused, FairgateError

log = logging.getLogger("fairgate")

EXIT_DONE = 0
EXIT_CHECK_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141

_WITH_VALUE = ("--config", "--data-dir", "--pack", "--rulebook")
_WITHOUT_VALUE = ("--debug",)
_EXTRA_OF = {
    **dict.fromkeys(("dlib", "threadpoolctl"), "bench"),
    **dict.fromkeys(("numpy", "scipy", "pyarrow", "jinja2", "vl_convert"), "measure"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is told about an error, and how the process ends."""

    code: str
    text: str
    way_out: str
    exit_code: int
    reason: str = ""


def main(argv: Sequence[str] | None = None, *, doors: Doors | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: arguments after the program's name; default those of the process.
        doors: ways into the house; default the real ones.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    session = Session(doors or Doors())
    begin_output()
    try:
        ended = _run(arguments, session)
        if isinstance(ended, Failure):
            _tell(ended, as_json=JSON_FLAG in _before_dashes(arguments))
    except OutputClosed:
        drop_output()
        return EXIT_PIPE_CLOSED
    except (KeyboardInterrupt, typer.Abort):
        print_note("interrupted")
        return EXIT_INTERRUPTED
    finally:
        session.close()
    return ended.exit_code if isinstance(ended, Failure) else ended


def _run(arguments: list[str], session: Session) -> int | Failure:
    from fairgate.cli.app import app

    try:
        command = typer.main.get_command(app)
        # Not command.main(): it answers a closed pipe with 1, which here means that a check failed.
        with command.make_context("fairgate", globals_first(arguments), obj=session) as context:
            context.meta[COMMAND_LINE] = shlex.join(["fairgate", *arguments])
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except typer.TyperException as error:
        return _usage(error)
    except FairgateError as error:
        reason = str(getattr(error, "reason", ""))
        failure = Failure(error.code, error.public_text, error.way_out, error.exit_code, reason)
        if error.exit_code != FairgateError.exit_code:
            return failure
        log.exception("fault in %s", session.command)
        return dataclasses.replace(failure, way_out=f"{failure.way_out} {_details(session)}".strip())
    except (OutputClosed, typer.Abort):
        raise
    except SystemExit as error:
        # Help is printed by rich, which answers a closed pipe by ending the process with 1.
        if isinstance(error.__context__, BrokenPipeError):
            raise OutputClosed from error
        raise
    except Exception as error:
        if isinstance(error, BrokenPipeError) and output_is_closed():
            raise OutputClosed from error
        log.exception("fault in %s", session.command)
        return _unforeseen(error, _details(session))
    return EXIT_DONE


def globals_first(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with global options moved before the command, so that they may stand anywhere.

    Raises:
        typer.BadParameter: the value of one is missing.
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _WITH_VALUE:
            value = next(waiting, None)
            if value is None or value.startswith("--"):
                raise typer.BadParameter("a value is missing.", param_hint=argument)
            front += [argument, value]
        elif argument in _WITHOUT_VALUE or argument.partition("=")[0] in _WITH_VALUE:
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def _usage(error: typer.TyperException) -> Failure:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "fairgate"
    return Failure("usage", _one_line(error.format_message()), f"Try: {path} --help", EXIT_USAGE)


def _unforeseen(error: Exception, where: str) -> Failure:
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("fairgate"):
        extra = _EXTRA_OF.get(error.name.partition(".")[0], "service")
        text, way_out = f"The Python package {error.name} is not installed.", f"Install fairgate[{extra}]."
        return Failure(ConfigurationRefused.code, text, way_out, ConfigurationRefused.exit_code)
    text = "Something went wrong inside Fairgate."
    if isinstance(error, OSError) and error.strerror:
        text = f"The system refused something: {error.strerror}."
    return Failure(FairgateError.code, text, where, FairgateError.exit_code)


def _details(session: Session) -> str:
    """Say where the traceback went that was logged just now."""
    if session.log_path is not None and session.log_path.is_file():
        return f"The details are in {session.log_path}"
    return "Run it again with --debug to see the details."


def _tell(failure: Failure, *, as_json: bool) -> None:
    reason = {"reason": failure.reason} if failure.reason else {}
    if as_json:
        print_json({"error": {"code": failure.code, **reason, "text": failure.text, "way_out": failure.way_out}})
    else:
        say_mode()
        print_note(_one_line(f"error [{failure.code}]: {failure.text} {failure.way_out}"))


def _before_dashes(arguments: Iterable[str]) -> list[str]:
    return list(itertools.takewhile(lambda argument: argument != "--", arguments))


def _one_line(text: str) -> str:
    return " ".join(text.split())
