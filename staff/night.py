"""The night shift: who sweeps run as. Not a user, not a superuser: a reach and a short list of rights."""

from staff.roles import May, Reach


class NightShift:
    """Stands where a person stands, in actions and selectors that run by themselves."""

    pk = None
    login = "night shift"
    name = "Night shift"
    role = "night_shift"
    team = team_id = None
    is_active = True
    reach_kind = Reach.ALL
    _may = frozenset(
        {
            May.ALERTS_WORK,
            May.SCREENING_RUN,
            May.PORTFOLIOS_VALUE,
            May.CLIENTS_RATE,
            May.ONBOARDING_WATCH,
            May.HANDOVERS_SETTLE,
        }
    )

    def may(self, permission: May) -> bool:
        return permission in self._may


def night_shift() -> NightShift:
    return NightShift()


class CommandLine(NightShift):
    """Who works at the machine's own command line: brings clients in, and deletes again who was deleted."""

    login = "command line"
    name = "Command line"
    role = "command_line"
    _may = frozenset({May.CLIENTS_IMPORT, May.DELETIONS_REPLAY})


def command_line() -> CommandLine:
    return CommandLine()
