"""What one run of the command line knows: its flags, and the settings once somebody asks for them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fairgate.cli.house import Doors, House
from fairgate.cli.log import LogFile, TerminalLog, log
from fairgate.cli.output import mark_as_demo

if TYPE_CHECKING:
    from fairgate.bootstrap.officer import OfficerDesk
    from fairgate.config import Configured, Settings


@dataclass(slots=True)
class Session:
    """One run.

    Args:
        doors: ways into the house.
        flags: settings given as global options, by setting name; ``None`` where not given.
        config_file: as named with ``--config``.
        command: the command that runs, for the log.
    """

    doors: Doors = field(default_factory=Doors)
    flags: dict[str, object] = field(default_factory=dict)
    config_file: Path | None = None
    command: str = ""
    log_path: Path | None = field(default=None, init=False)
    _handlers: list[logging.Handler] = field(default_factory=list, init=False, repr=False)
    _configured: Configured | None = field(default=None, init=False, repr=False)

    def configured(self) -> Configured:
        """Return the settings in force with their origins.

        Raises:
            ConfigurationRefused: they cannot be used.
        """
        if self._configured is None:
            from fairgate.config import load_settings

            self._configured = load_settings(self.flags, self.doors.environ, self.config_file)
            self.log_path = LogFile.path_in(self.settings.data_dir)
            self._handlers.append(LogFile(self.settings.data_dir, self.settings.log_level))
            if self.settings.demo_mode:
                mark_as_demo()
        return self._configured

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.configured().settings

    @contextmanager
    def house(self, *, for_people: bool = True) -> Iterator[House]:
        """Open the house for the length of a ``with`` block, and log how that ended.

        Args:
            for_people: travellers will be staged, compared or recorded, which needs an adopted rulebook.
        """
        start = self.doors.timer()
        try:
            with self.doors.open_house(self.settings, for_people=for_people) as opened:
                yield opened
        except BaseException as error:
            log.info("%s ended after %.1f s: %s", self.command, self.doors.timer() - start, type(error).__name__)
            raise
        log.info("%s done in %.1f s", self.command, self.doors.timer() - start)

    @contextmanager
    def desk(self) -> Iterator[OfficerDesk]:
        """Open an officer's desk for the length of a ``with`` block; no engine is loaded for it."""
        with self.doors.open_desk(self.settings) as opened:
            yield opened

    def log_to_terminal(self) -> None:
        """Show the log on standard error too."""
        self._handlers.append(TerminalLog())

    def close(self) -> None:
        """Close the log."""
        for handler in self._handlers:
            handler.close()
