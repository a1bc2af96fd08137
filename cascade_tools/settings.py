"""Every setting of a programme, once: its name, its default and what it is for.

They live in ``programme.toml`` in the programme folder, where people can read and change them.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit
from tomlkit.exceptions import TOMLKitError

from cascade_tools.errors import SettingsFault
from cascade_tools.model.programme_facts import Plan
from cascade_tools.model.retention import fault_in

PLACEHOLDER = "CHANGE ME"


def setting(default: Any, about: str) -> Any:
    if default == {}:
        return field(default_factory=dict, metadata={"about": about})
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ring: ``name``, ``phone`` and, where it helps, ``about``."""

    name: str
    phone: str
    about: str = ""

    def is_open(self) -> bool:
        """Whether somebody still has to fill this in."""
        return any(said.strip() in ("", PLACEHOLDER) for said in (self.name, self.phone))


@dataclass(frozen=True, slots=True)
class Policy:
    """What an organisation itself says about the matter of a workbook: ``title`` and where to read
    it, an https address outside the kit."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``programme.toml`` may say.  ``describe()`` lists every setting with its meaning."""

    programme_name: str = setting(PLACEHOLDER, "What people call the programme.")
    demo: bool = setting(False, "A fictional programme: anyone on this computer may be anyone.")
    time_zone: str = setting("Europe/London", "Times on pages are shown in this zone.")
    sessions_planned: int = setting(5, "Coaching sessions planned for each pair.")
    months_min: int = setting(5, "The shortest a pair usually takes, in months.")
    months_max: int = setting(8, "The longest a pair usually takes, in months.")
    pairs_expected: int = setting(15, "Pairs expected; some measures need 20 or more.")
    places_offered: int = setting(0, "Places offered to leaders; 0: not said.")
    bursaries_used: int = setting(0, "Bursaries that were used; 0: not said.")
    followup_months: int = setting(6, "Months after the last session until the last look back.")
    then_test: bool = setting(
        False, "Ask people at the end to look back at their start, too, beside what they said then."
    )
    hours_per_session: float = setting(0.0, "Hours a session takes with its writing; 0: not said.")
    fee_gbp: int = setting(
        800, "The fee for one leader, in pounds; it goes to the coach's employer."
    )
    income_limit_gbp: int = setting(500_000, "Yearly income up to which an organisation can join.")
    bursary_turnover_gbp: int = setting(150_000, "Yearly turnover under which a bursary is for.")
    bursary_rule: str = setting("any", "How many bursary rules must be met: any, or all.")
    idle_minutes: float = setting(30.0, "Minutes without a key or a click before signing out.")
    leave_to: str = setting("", "Where *Leave this page quickly* goes: an https address, or ours.")
    share_default_days: int = setting(180, "How long a share lasts unless the author changes it.")
    kernels_per_person: int = setting(3, "Open pages with pictures one person may have at once.")
    kernel_grace_seconds: float = setting(60.0, "How long pictures wait for a page that went away.")
    kernel_hours: float = setting(
        3.0, "Hours without a change after which an open page's picture is kept as it is."
    )
    kernels_at_most: int = setting(
        0, "Pages with pictures at once; 0: as many as half of this computer's memory holds."
    )
    kernels_forked: bool = setting(
        True, "Kernels are forked from a warm process, where the system can (Linux)."
    )
    kernel_megabytes: int = setting(1500, "Memory one forked kernel may take, in megabytes.")
    controller: str = setting(PLACEHOLDER, "Who answers for the data: an organisation.")
    computer: str = setting(PLACEHOLDER, "Who runs the computer: a name and an organisation.")
    programme_phone: str = setting(
        PLACEHOLDER, "Whom to ring when the supervisor cannot be reached."
    )
    checked_on: str = setting("", "The day somebody last checked the contacts, as 2026-11-22.")
    roles: Mapping[str, str] = setting({}, 'Other words for roles, such as lead = "organiser".')
    retention: Mapping[str, int] = setting(
        {}, "Months something is kept, by rule, where not as in docs/retention.md."
    )
    safeguarding: tuple[Contact, ...] = setting((), "For *Worried about someone?*, in order.")
    support: tuple[Contact, ...] = setting((), "Support for the person reading, in order.")
    policies: Mapping[str, Policy] = setting(
        {}, "Your own policy at the end of a workbook, by its id: a title and an https link."
    )
    not_right: Mapping[str, Contact] = setting(
        {}, "For *Something is not right*: safety, people, complaint, data."
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def plan(self) -> Plan:
        """The numbers by which it is told how the programme is running."""
        return Plan(
            sessions=self.sessions_planned,
            months_min=self.months_min,
            months_max=self.months_max,
            followup_months=self.followup_months,
            places=self.places_offered,
            bursaries_used=self.bursaries_used,
        )

    def placeholders(self) -> list[str]:
        """The settings an organisation still has to fill in before real people use the kit."""
        missing = [
            name
            for name in ("programme_name", "controller", "computer", "programme_phone")
            if getattr(self, name) in ("", PLACEHOLDER)
        ]
        if not self.safeguarding or any(c.is_open() for c in self.safeguarding):
            missing.append("safeguarding")
        for branch in NOT_RIGHT:
            contact = self.not_right.get(branch)
            if contact is None or contact.is_open():
                missing.append(f"not_right.{branch}")
        return missing


NOT_RIGHT = ("safety", "people", "complaint", "data")
_CONTACTS = {"safeguarding", "support"}


def describe() -> list[tuple[str, Any, str]]:
    """Every setting: name, default, meaning."""
    return [
        (f.name, {} if f.default is MISSING else f.default, f.metadata["about"])
        for f in fields(Settings)
    ]


def read_settings(path: Path) -> Settings:
    """Read ``programme.toml``.  Raises ``SettingsFault`` naming the setting and the fix."""
    try:
        doc = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()
    except FileNotFoundError:
        raise SettingsFault(
            f"There is no programme.toml in {path.parent.name}. Run: cascade init FOLDER"
        ) from None
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SettingsFault(f"programme.toml cannot be read: {error}. Mend that line.") from None
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in doc.items():
        if name not in known:
            raise SettingsFault(
                f"programme.toml: there is no setting {name!r}. Remove it, or see docs/settings.md."
            )
        default = {} if known[name].default is MISSING else known[name].default
        values[name] = _value(name, default, value)
    settings = Settings(**values)
    try:
        _ = settings.zone
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsFault(
            f"programme.toml: {settings.time_zone!r} is no time zone. Write Europe/London."
        ) from None
    return settings


def _value(name: str, default: Any, value: Any) -> Any:
    try:
        if name in _CONTACTS:
            return tuple(Contact(**c) for c in value)
        if name == "not_right":
            return {branch: Contact(**c) for branch, c in value.items()}
        if name == "policies":
            return {id: _policy(id, Policy(**one)) for id, one in value.items()}
    except (TypeError, AttributeError):
        if name == "policies":
            raise SettingsFault(
                "programme.toml: policies needs a title and a link for each workbook."
            ) from None
        raise SettingsFault(
            f"programme.toml: {name} needs a name and a phone for each contact."
        ) from None
    wanted = (int, float) if isinstance(default, float) else type(default)
    if isinstance(default, bool) is not isinstance(value, bool) or not isinstance(value, wanted):
        raise SettingsFault(f"programme.toml: {name} should look like {default!r}, not {value!r}.")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0 or (value == 0 and default != 0):
            raise SettingsFault(f"programme.toml: {name} must be more than 0.")
    elif name == "leave_to" and value and not value.startswith("https://"):
        raise SettingsFault("programme.toml: leave_to must begin with https://, or be empty.")
    elif name == "retention" and (fault := fault_in(value)):
        raise SettingsFault(f"programme.toml: {fault}")
    elif name == "bursary_rule" and value not in ("any", "all"):
        raise SettingsFault('programme.toml: bursary_rule must be "any" or "all".')
    return value


def _policy(id: str, policy: Policy) -> Policy:
    if not isinstance(policy.title, str) or not policy.title.strip():
        raise SettingsFault(f"programme.toml: the policy of {id!r} needs a title, in words.")
    if not re.fullmatch(r"https://[^\s/\\]\S*", str(policy.link)):
        raise SettingsFault(f"programme.toml: the link of {id!r} must begin with https://.")
    return policy


def settings_text(**values: Any) -> str:
    """A ``programme.toml`` with every setting, its meaning beside it, and these values."""
    doc = tomlkit.document()
    doc.add(tomlkit.comment("Settings of this programme. Change them here, then start it again."))
    tables = {"safeguarding", "support", "not_right", "policies", "roles", "retention"}
    for name, default, about in describe():
        if name not in tables:
            doc.add(tomlkit.nl())
            doc.add(tomlkit.comment(about))
            doc.add(name, values.get(name, default))
    for name, _default, about in describe():
        if name in tables:
            doc.add(tomlkit.nl())
            doc.add(tomlkit.comment(about))
            value = values.get(name)
            if value is None and name == "not_right":
                value = {b: {"name": PLACEHOLDER, "phone": PLACEHOLDER} for b in NOT_RIGHT}
            elif value is None and name == "safeguarding":
                value = [{"name": PLACEHOLDER, "phone": PLACEHOLDER}]
            if value:
                doc.add(name, tomlkit.item(value))
    return tomlkit.dumps(doc)


def change_settings(path: Path, **values: Any) -> Settings:
    """Write these values into ``programme.toml``, whose other lines stay as people wrote them.

    Raises ``SettingsFault`` for what could not be read again; the file stays as it was then.
    """
    read_settings(path)
    doc = tomlkit.parse(path.read_text(encoding="utf-8"))
    doc.update(values)
    aside = path.with_name(f".{path.name}-new")
    try:
        aside.touch(0o600)
        aside.write_text(tomlkit.dumps(doc), encoding="utf-8")
        settings = read_settings(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return settings


@dataclass(frozen=True, slots=True)
class Folder:
    """A programme folder: where everything an organisation owns lies."""

    path: Path

    @property
    def toml(self) -> Path:
        return self.path / "programme.toml"

    @property
    def database(self) -> Path:
        return self.path / "cascade.db"

    @property
    def key(self) -> Path:
        return self.path / "secret.key"

    @property
    def local(self) -> Path:
        return self.path / "local"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def lock(self) -> Path:
        return self.path / "cascade.lock"

    @property
    def door(self) -> Path:
        return self.path / "cascade.door"

    def guard(self) -> None:
        """Keep other accounts of this computer out."""
        if os.name == "posix":
            self.path.chmod(0o700)
