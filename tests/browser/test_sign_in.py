from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in
from tests.browser.watch import Watch
from tests.support.server import EMAIL, PASSWORD


def test_signing_in_leads_to_the_page_that_was_asked_for(stranger: Page) -> None:
    stranger.goto("/settings/keys")
    sign_in(stranger, EMAIL, PASSWORD)
    expect(stranger.get_by_role("heading", level=1, name="API keys")).to_be_visible()


def test_a_wrong_password_is_said_in_words(stranger: Page, watch: Watch) -> None:
    watch.allow("status of 401")
    stranger.goto("/sign-in")
    sign_in(stranger, EMAIL, "not-the-password")
    expect(stranger.get_by_role("alert")).to_contain_text("password")
    expect(stranger.get_by_label("E-mail address")).to_have_value(EMAIL)


def test_signing_out_closes_every_page(stranger: Page) -> None:
    stranger.goto("/sign-in")
    sign_in(stranger, EMAIL, PASSWORD)
    stranger.get_by_role("button", name="Account").click()
    stranger.get_by_role("menuitem", name="Sign out").click()
    expect(stranger.get_by_role("heading", name="Sign in to Northing")).to_be_visible()
    stranger.goto("/live")
    expect(stranger.get_by_role("heading", name="Sign in to Northing")).to_be_visible()
