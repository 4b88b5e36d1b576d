"""What is true in Lumen's world: the rates and dates that a right analysis finds again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

COMPANY = "Lumen (simulated)"
SITE = "https://lumen.example"
APP = "https://app.lumen.example"

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
DAYS = 90
# People who came before the first day shown, so that it starts with regulars.
DAYS_BEFORE = 60
# No person's plans reach further; the few that would are long gone.
HORIZON = 400

VIRAL_DAY, VIRAL_FACTOR = 31, 6.0
RELEASE_DAY = 52
BUG_FROM, BUG_TO = 64, 72  # the days of the mobile checkout bug; the second is the first without it

CREATE_BEFORE_RELEASE, CREATE_SINCE_RELEASE = 0.58, 0.74
CREATE_AT_ONCE = 0.8
INVITE = 0.42  # of those who created a project
CHECKOUT_WITH_TEAM, CHECKOUT_ALONE = 0.5, 0.22
CHECKOUT_WORKS, CHECKOUT_WORKS_IN_BUG = 0.96, 0.15
BUSINESS_SHARE = 0.3
CANCEL_PER_MONTH = 0.07
POWER_SHARE = 0.03
VISITORS_PER_DAY = 215.0  # at the first day, on an average weekday, for the usual number of events
EVENTS_PER_GROWTH_DAY = 2750.0  # what one day of growth 1 brings, measured over 90 days
NO_RESULTS_SHARE = 0.14

# Monday to Sunday.
VISIT_WEEK = (1.12, 1.15, 1.12, 1.06, 0.95, 0.75, 0.85)
WORK_WEEK = (1.05, 1.1, 1.1, 1.05, 0.85, 0.35, 0.4)
# Share of sessions that start in each local hour.
VISIT_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 12, 12, 12, 12, 12, 12, 12, 13, 14, 13, 9, 5)
WORK_HOURS = (1, 0.5, 0.5, 0.5, 0.5, 1, 3, 7, 14, 18, 18, 16, 12, 14, 17, 17, 15, 11, 7, 6, 6, 5, 3, 2)


class Country(NamedTuple):
    """Where people live; `share` is that among new visitors."""

    code: str
    city: str
    offset_hours: float
    share: float


COUNTRIES = (
    Country("US", "Chicago", -6, 0.25),
    Country("DE", "Berlin", 1, 0.14),
    Country("GB", "Leeds", 0, 0.12),
    Country("IN", "Pune", 5.5, 0.08),
    Country("FR", "Lyon", 1, 0.08),
    Country("BR", "Recife", -3, 0.07),
    Country("NL", "Utrecht", 1, 0.05),
    Country("CA", "Toronto", -5, 0.05),
    Country("JP", "Osaka", 9, 0.05),
    Country("AU", "Brisbane", 10, 0.04),
    Country("ES", "Valencia", 1, 0.04),
    Country("SE", "Malmö", 1, 0.03),
)


class Channel(NamedTuple):
    """Where first visits come from; `signs_up` is the share of first visits that end with an account."""

    name: str
    referrer: str
    utm: tuple[str, str, str] | None
    landing: tuple[str, ...]
    share: float
    signs_up: float


_SEARCH = "https://www.google.com/"
CHANNELS = (
    Channel("Direct", "", None, ("/", "/", "/pricing"), 0.24, 0.075),
    Channel("Organic search", _SEARCH, None, ("/", "/blog/seating-plans", "/templates"), 0.27, 0.095),
    Channel(
        "Paid search", "https://www.google.com/", ("google", "cpc", "event-planner"), ("/pricing", "/"), 0.13, 0.06
    ),
    Channel("Organic social", "https://www.instagram.com/", None, ("/templates", "/"), 0.09, 0.03),
    Channel("Paid social", "https://www.instagram.com/", ("instagram", "paid-social", "spring"), ("/",), 0.06, 0.035),
    Channel("Email", "", ("newsletter", "email", "monthly-ideas"), ("/blog/garden-party", "/templates"), 0.07, 0.14),
    Channel("Referral", "https://party-ideas.example/", None, ("/", "/features/guest-list"), 0.08, 0.11),
    Channel("AI assistants", "https://chatgpt.com/", None, ("/", "/features/guest-list", "/pricing"), 0.06, 0.13),
    # Nobody comes this way but on the viral day.
    Channel("Organic social", "https://news.ycombinator.com/", None, ("/blog/seating-plans",), 0.0, 0.02),
)
VIRAL_CHANNEL, VIRAL_SHARE = 8, 0.8


class Device(NamedTuple):
    """What people use, in PostHog's words."""

    kind: str
    os: str
    browser: str
    version: str
    share: float


DEVICES = (
    Device("Desktop", "Windows", "Chrome", "141", 0.23),
    Device("Desktop", "Mac OS X", "Chrome", "141", 0.13),
    Device("Desktop", "Mac OS X", "Safari", "26", 0.09),
    Device("Desktop", "Windows", "Microsoft Edge", "141", 0.07),
    Device("Desktop", "Windows", "Firefox", "144", 0.04),
    Device("Desktop", "Linux", "Firefox", "144", 0.02),
    Device("Mobile", "iOS", "Mobile Safari", "26", 0.20),
    Device("Mobile", "Android", "Chrome", "141", 0.15),
    Device("Mobile", "Android", "Samsung Internet", "28", 0.03),
    Device("Tablet", "iOS", "Mobile Safari", "26", 0.04),
)

BOTS = (
    ("bot-search", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    ("bot-answers", "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)"),
    ("bot-links", "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"),
    ("bot-uptime", "ExampleUptimeMonitor/2.0"),
)
BOT_VISITS_PER_DAY = 9.0

# Path, title, weight among the pages a visitor goes on to.
PAGES = (
    ("/", "Lumen: plan small events", 20),
    ("/pricing", "Pricing", 18),
    ("/templates", "Templates", 16),
    ("/features/guest-list", "Guest list", 12),
    ("/features/budget", "Budget", 9),
    ("/blog/seating-plans", "Seating plans without tears", 9),
    ("/blog/garden-party", "A garden party for thirty", 8),
    ("/about", "About us", 5),
    ("/help", "Help", 3),
)
APP_PAGES = (
    ("/projects", "Projects", 26),
    ("/projects/guests", "Guests", 24),
    ("/projects/seating", "Seating", 14),
    ("/projects/budget", "Budget", 13),
    ("/projects/timeline", "Timeline", 12),
    ("/settings", "Settings", 6),
    ("/templates", "Templates", 5),
)
FEATURES = (
    ("guest_list", 30),
    ("seating_plan", 20),
    ("budget", 16),
    ("timeline", 14),
    ("invitations", 12),
    ("vendor_contacts", 5),
    ("print_signs", 3),
)
SEARCHES = (
    ("birthday", 24),
    ("wedding", 22),
    ("garden party", 14),
    ("invitation text", 12),
    ("seating chart", 10),
    ("budget", 9),
    ("retirement", 9),
)
NO_RESULTS = (("boat hire", 40), ("gluten free", 35), ("dietary needs", 25))
PROJECT_KINDS = (("birthday", 34), ("wedding", 22), ("team day", 20), ("reunion", 13), ("workshop", 11))
PLANS = (("team", 29.0), ("business", 99.0))


def truth(start: date) -> dict[str, Any]:
    """What was built into the simulation that starts on `start`, for tests, docs and whoever checks an analysis."""
    return {
        "company": COMPANY,
        "start": start.isoformat(),
        "signup_rate_by_channel": {c.name: c.signs_up for c in CHANNELS if c.share},
        "viral": {
            "day": _day(start, VIRAL_DAY),
            "visitors_times": VIRAL_FACTOR,
            "referrer": CHANNELS[VIRAL_CHANNEL].referrer,
            "signup_rate": CHANNELS[VIRAL_CHANNEL].signs_up,
        },
        "release": {
            "day": _day(start, RELEASE_DAY),
            "create_project_before": CREATE_BEFORE_RELEASE,
            "create_project_since": CREATE_SINCE_RELEASE,
        },
        "mobile_checkout_bug": {
            "from": _day(start, BUG_FROM),
            "to": _day(start, BUG_TO - 1),
            "works": CHECKOUT_WORKS,
            "works_on_mobile_meanwhile": CHECKOUT_WORKS_IN_BUG,
        },
        "invite_teammate": INVITE,
        "checkout_with_team": CHECKOUT_WITH_TEAM,
        "checkout_alone": CHECKOUT_ALONE,
        "business_plan_share": BUSINESS_SHARE,
        "cancel_per_month": CANCEL_PER_MONTH,
        "searches_without_results": NO_RESULTS_SHARE,
        "countries": {c.code: c.share for c in COUNTRIES},
        "prices": dict(PLANS),
    }


def growth(day: int) -> float:
    """New visitors relative to the first day; it levels off a year later."""
    return max(0.25, 1.0 + min(day, 365) / 75.0)


def scale_for(events: int, days: int) -> float:
    """How many times the usual number of people bring about so many events in the first `days` days."""
    return events / (EVENTS_PER_GROWTH_DAY * sum(growth(day) for day in range(days)))


def _day(start: date, number: int) -> str:
    return (start + timedelta(days=number)).isoformat()
