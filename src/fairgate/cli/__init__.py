"""The command line: thin, and quick to start. Nothing heavy is imported before a command needs it."""

from fairgate.cli.front import main

__all__ = ["main"]
