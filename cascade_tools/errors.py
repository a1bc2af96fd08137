"""What can go wrong.  An error says what, which and what next; never a person's words."""


class CascadeError(Exception):
    """Anything the kit raises on purpose.  Its text is safe to show and to log."""


class ContentFault(CascadeError):
    """A data file is not what the model needs.  Names the file, the line and the fix."""


class WorkbookFault(CascadeError):
    """A workbook cannot be read or run.  Names the file, the cell and the fix."""


class SettingsFault(CascadeError):
    """``programme.toml`` or a command's option is missing or impossible.  Names the fix."""


class NotFound(CascadeError):
    """There is no such thing, or it is not yours: the two are never told apart."""


class SignedOut(CascadeError):
    """Nobody is signed in, or somebody else is."""


class WrongPassphrase(CascadeError):
    """The name and passphrase do not belong together, or the link is used up."""


class NotNow(CascadeError):
    """The records cannot be written at the moment (disk full, locked, read-only).  Try again."""


class NotPossible(CascadeError):
    """A rule of the programme forbids this.  Says which rule and what would work."""


class NotAccepted(NotPossible):
    """This person has not said that what they write may be kept, or has taken it back."""
