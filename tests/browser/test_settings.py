from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import visit
from tests.support.server import Server


def test_a_key_is_shown_once_and_works_until_deleted(page: Page, server: Server) -> None:
    visit(page, "/settings/keys", "API keys")
    page.get_by_role("button", name="Create key").click()
    page.get_by_label("Name").fill("nightly export")
    page.get_by_role("dialog").get_by_role("button", name="Create key").click()
    secret = page.get_by_role("region", name="Secret key").inner_text().strip()
    assert status_with(server, secret) == 200

    page.get_by_role("button", name="I have stored it").click()
    row = page.get_by_role("row").filter(has_text="nightly export")
    expect(row).to_contain_text(secret[-4:])
    page.reload()
    expect(row).to_be_visible()
    assert secret not in page.content()

    page.get_by_role("button", name="Delete the key nightly export").click()
    page.get_by_role("button", name="Delete key").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_have_count(0)
    assert status_with(server, secret) == 401


def status_with(server: Server, secret: str) -> int:
    question = {"kind": "top_events"}
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    return server.request("POST", "/api/v1/query", question, headers=headers)[0]


def test_a_project_is_renamed_everywhere(page: Page, server: Server) -> None:
    before = server.api("GET", "/api/v1/projects/1")["name"]
    visit(page, "/settings", "Settings")
    page.get_by_label("Project name").fill("Corner shop")
    page.get_by_role("button", name="Save changes").first.click()
    expect(page.get_by_role("button", name="Switch project")).to_contain_text("Corner shop")
    assert server.api("GET", "/api/v1/projects/1")["name"] == "Corner shop"
    server.api("PATCH", "/api/v1/projects/1", {"name": before})


def test_a_new_member_gets_a_password_that_is_shown_once(page: Page, server: Server) -> None:
    visit(page, "/settings/members", "Members")
    page.get_by_role("button", name="Add member").click()
    page.get_by_label("E-mail address").fill("vera@example.com")
    page.get_by_role("dialog").get_by_role("button", name="Add member").click()
    password = page.get_by_role("region", name="First password").inner_text().strip()
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_role("row").filter(has_text="vera@example.com")).to_be_visible()
    asked = {"email": "vera@example.com", "password": password}
    headers = {"Content-Type": "application/json"}
    assert server.request("POST", "/api/v1/session", asked, headers=headers)[0] == 200


def test_the_ledger_adds_up(page: Page, server: Server) -> None:
    visit(page, "/settings/ledger", "Data ledger")
    expect(page.get_by_text("It adds up.")).to_be_visible()
    expect(page.get_by_text(f"{server.ledger()['received']}", exact=True).first).to_be_visible()


def test_a_project_is_made_and_deleted(page: Page, server: Server) -> None:
    visit(page, "/settings", "Settings")
    page.get_by_role("button", name="Switch project").click()
    page.get_by_role("menuitem", name="New project").click()
    page.get_by_role("dialog").get_by_label("Project name").fill("Pop-up shop")
    page.get_by_role("dialog").get_by_role("button", name="Create project").click()
    expect(page.get_by_role("button", name="Switch project")).to_contain_text("Pop-up shop")
    made = next(one for one in server.api("GET", "/api/v1/projects")["items"] if one["name"] == "Pop-up shop")

    visit(page, f"/settings?project={made['id']}", "Settings")
    page.get_by_role("button", name="Delete project").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Delete project")).to_be_disabled()
    dialog.get_by_role("textbox").fill("Pop-up shop")
    dialog.get_by_role("button", name="Delete project").click()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    expect(page.get_by_role("button", name="Switch project")).not_to_contain_text("Pop-up shop")
    assert made["id"] not in [one["id"] for one in server.api("GET", "/api/v1/projects")["items"]]
