"""How a command ends: the exit code that the contract gives it, and one line on standard error for what a user can cause."""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from typing import Any

import click

DONE, FAILED, WRONG_USAGE, CHECKS_FAILED, LOCKED = range(5)


class Commands(click.Group):
    """Turns what a user can cause into one line on standard error and the exit code that the contract gives it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command and exit with its code; wrong usage is one line and not click's four."""
        code: Any = DONE
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            print(end="", flush=True)  # while it can still be said that it fails
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            code = WRONG_USAGE
        except click.ClickException as error:
            print(f"corpus: {error.format_message()} (--help tells more)", file=sys.stderr)
            code = WRONG_USAGE
        except click.Abort:
            code = FAILED
        except OSError as error:
            with suppress(OSError):
                sys.stdout.close()  # or the interpreter tries once more, and ends with words and a code of its own
            if not code and not isinstance(error, BrokenPipeError):
                print(f"corpus: standard output cannot be written: {error.strerror}", file=sys.stderr)
                code = FAILED
        sys.exit(code if isinstance(code, int) else DONE)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse, for all commands, what is no UTF-8: DuckDB can neither be asked with it nor open such a path."""
        for argument in args:
            shown = argument.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            if shown != argument:
                raise click.UsageError(f"{shown} is no UTF-8, which DuckDB and Prefect need, also of a path")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        from tasks.errors import CorpusError
        from warehouse.errors import WarehouseError

        if threading.current_thread() is threading.main_thread():
            # Asked to end, it ends as at an interrupt from the keyboard.
            before = signal.signal(signal.SIGTERM, signal.default_int_handler)
            ctx.call_on_close(lambda: signal.signal(signal.SIGTERM, before))
        try:
            return super().invoke(ctx)
        except (CorpusError, WarehouseError) as error:
            from flows.display import printable

            print(f"corpus: {printable(error)}", file=sys.stderr)
            ctx.exit(_exit_code(error))
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(DONE)
        except KeyboardInterrupt:
            _say_interrupted(ctx)
        except Exception as error:
            from flows.interruption import is_interrupt

            if is_interrupt(error):
                _say_interrupted(ctx)
            from warehouse.store import BREAKDOWNS  # an interrupt may have come while it was imported

            if not isinstance(error, (BrokenExecutor, *BREAKDOWNS)):
                raise
            _say_broken_off(ctx, error)


def _say_interrupted(ctx: click.Context) -> None:
    print(f"corpus: interrupted{_kept(ctx)}", file=sys.stderr)
    ctx.exit(FAILED)


def _say_broken_off(ctx: click.Context, error: Exception) -> None:
    """Say what the machine has done to the command: a full disk, a share that is gone, a worker that was killed."""
    from flows.display import printable
    from warehouse.errors import first_line

    print(f"corpus: {printable(first_line(error))}{_kept(ctx)}", file=sys.stderr)
    ctx.exit(FAILED)


def _kept(ctx: click.Context) -> str:
    is_run = ctx.invoked_subcommand == "run"
    return "; what was finished is kept, and the next run goes on from there" if is_run else ""


def _exit_code(error: Exception) -> int:
    from flows.publication import ChecksFailedError
    from tasks.errors import UsageError
    from warehouse.errors import StatementError
    from warehouse.lock import LockedError

    codes = {
        UsageError: WRONG_USAGE,
        StatementError: WRONG_USAGE,
        ChecksFailedError: CHECKS_FAILED,
        LockedError: LOCKED,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), FAILED)
