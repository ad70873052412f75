"""A tired caseworker asks: a woman and her son, near Polokwane, a bed tonight and a doctor."""

from playwright.sync_api import Page, expect


def fill(page: Page, place: str = "Polokwane") -> None:
    """Fill in the form, with script or without."""
    page.get_by_label("Town or village").fill(place)
    page.get_by_text("A safe bed tonight").click()
    later = page.locator("details.wideopen")
    if not later.get_by_text("A doctor or nurse").is_visible():
        later.locator("summary").click()
    later.get_by_text("A doctor or nurse").click()
    page.get_by_label("Age", exact=True).select_option("25-59")
    page.get_by_label("Gender", exact=True).select_option("female")
    page.get_by_role("button", name="A child").click()
    expect(page.get_by_label("Age", exact=True)).to_have_count(2)
    page.get_by_label("Age", exact=True).nth(1).select_option("6-11")
    page.get_by_label("Gender", exact=True).nth(1).select_option("male")


def send(page: Page) -> None:
    """Ask, and wait for the answer."""
    page.locator("#find").click()
    expect(page.get_by_role("heading", name="Whom to call")).to_be_visible()
