"""Every route has a guard; the public ones are named here."""

import re

from flask import Flask

from mentorlink.web.errors import nearest_page

PUBLIC = {
    "assets.versioned",
    "health.healthz",
    # the script that browsers fetch by themselves to hear while no page is open
    "notifications.push_worker",
    "health.readyz",
    "styleguide.index",
    "styleguide.rare",
    "static",
    # the way in, and what links in mails and on the console open
    "people.sign_in",
    "people.take_sign_in",
    "people.sign_in_demo",
    "people.forgot",
    "people.take_forgot",
    "people.forgot_sent",
    "people.reset",
    "people.take_reset",
    "people.invitation",
    "people.take_invitation",
    "people.first_administrator",
    "people.take_first_administrator",
    # what is printed on a certificate, for who has the paper; who issues badges, with which keys
    "learning.check_form",
    "learning.check",
    "learning.badge",
    "learning.badge_issuer",
    "learning.badge_achievement",
    "learning.badge_keys",
    "learning.badge_key",
    "learning.badge_status",
    # a calendar program reads it; the address is the key
    "meetings.feed",
    # language and theme, before signing in too
    "people.set_locale",
    "people.set_theme",
}


def test_every_route_has_a_guard(whole_app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in whole_app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(whole_app.view_functions[rule.endpoint], "guard")
    ]
    assert bare == []


def test_only_the_named_routes_are_public(whole_app: Flask) -> None:
    public = {name for name, view in whole_app.view_functions.items() if getattr(view, "guard", "public") == "public"}
    assert public == PUBLIC


def test_every_address_that_only_takes_forms_leads_to_a_page_that_it_lies_below(whole_app: Flask) -> None:
    rules = [rule for rule in whole_app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    pages = {rule.rule for rule in rules if "GET" in (rule.methods or ())}
    for rule in rules:
        if rule.rule in pages:
            continue
        path = re.sub("<[^>]+>", "7", rule.rule)
        with whole_app.test_request_context(path):
            page = nearest_page(path)
        assert path.startswith(page)
        known = [each for each in pages if len(each) > 1 and rule.rule.startswith(each + "/")]
        assert page.count("/") >= max((each.count("/") for each in known), default=1), rule.rule


def test_no_get_route_takes_other_methods_too(whole_app: Flask) -> None:
    mixed = [rule.endpoint for rule in whole_app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    assert mixed == []
