//! Two people in one draft at once, several fields chosen together, fields copied to another form, an earlier version taken up.

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const PROPERTIES: &str = ".pane.right";
/// Sooner than the draft is asked for where nothing is told.
const BY_NEWS: Duration = Duration::from_secs(12);
/// What is changed in a draft is on its way for as long as `__holds` says so, until `__go` lets it go.
const HOLDS: &str = "const real = window.fetch; window.__holds = true; \
     window.fetch = async (...asked) => { \
         if (window.__holds && asked[0].url?.endsWith('/draft/edits')) await new Promise(go => { window.__go = go; }); \
         return real.apply(window, asked); }";

async fn form(admin: &Client, key: &str, label: &str, fields: Value) -> String {
    let form = admin.post("/apps/shop/forms", json!({"key": key, "label": label, "fields": fields})).await;
    form.created()["id"].as_str().unwrap().to_owned()
}

async fn design(browser: &Browser, form: &str, sees: &str) {
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    browser.part(CANVAS).sees(sees).await;
}

/// A version may name another form by its id, or with its app before the key: on the screen it is the same form.
#[tokio::test]
async fn what_an_earlier_version_links_to_is_called_as_the_form_is() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let text = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "text"});
    let customer = form(&admin, "customer", "Customers", json!([text("name", "Name")])).await;
    let link = |key: &str, label: &str, form: &str| json!({"key": key, "label": label, "kind": "link", "options": {"form": form}});
    let links = json!([link("buyer", "Buyer", &customer), link("payer", "Payer", "shop/customer")]);
    let order = form(&admin, "order", "Order", links).await;
    let base = admin.get(&format!("/forms/{order}/draft")).await.ok()["base"].clone();
    let set = |key: &str| json!({"do": "set", "key": key, "member": "options.form", "value": "customer"});
    let edits = json!({"base": base, "edits": [set("buyer"), set("payer")]});
    admin.post(&format!("/forms/{order}/draft/edits"), edits).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    design(&browser, &order, "Payer").await;
    browser.part(CANVAS).click_at(".paper-title").await;
    browser.part(PROPERTIES).click("Versions").await;
    browser.dialog().click("Take into the draft").await;
    browser.gone("dialog[open]").await;
    browser.control("Undo: Take version 1").await;
    // From below: the list of a link that is pressed lies over what comes after it.
    for (slot, label) in [(2, "Payer"), (1, "Buyer")] {
        browser.part(CANVAS).click_at(&format!(".slot:nth-child({slot})")).await;
        browser.part(PROPERTIES).holds("Label", label).await;
        browser.part(PROPERTIES).sees("Customers").await;
        browser.part(PROPERTIES).sees_no_more("shop/customer").await;
        browser.part(PROPERTIES).sees_no_more(&customer).await;
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn two_design_one_form_and_nothing_of_either_is_lost() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let text = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "text"});
    let fields = json!([text("name", "Name"), text("city", "City"), text("note", "Note")]);
    let order = form(&admin, "order", "Order", fields).await;
    let other = form(&admin, "other", "Other", json!([text("title", "Title")])).await;
    let mei = json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD});
    let mei = admin.post("/members", mei).await.created();
    let admins = json!({"admins": [{"members": [mei["id"]]}]});
    admin.patch("/apps/shop", 1, admins).await.ok();
    let (mine, theirs) = (Browser::open(&server).await, Browser::open(&server).await);
    mine.sign_in().await;
    theirs.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    for browser in [&mine, &theirs] {
        design(browser, &order, "Note").await;
    }
    each_sees_what_the_other_does(&mine, &theirs).await;
    nothing_is_drawn_anew_under_the_hand(&mine, &theirs).await;
    both_change_the_name_of_one_field(&mine, &theirs).await;
    both_make_a_field_of_one_kind(&mine, &theirs).await;
    let draft = admin.get(&format!("/forms/{order}/draft")).await.ok();
    let labels = draft["definition"]["fields"].as_array().unwrap().iter();
    let labels: Vec<&str> = labels.filter_map(|field| field["label"].as_str()).collect();
    for label in ["Customer", "Town", "Mine", "Theirs"] {
        assert!(labels.contains(&label), "{label} is lost: {labels:?}");
    }
    theirs.close().await;
    several_are_copied_to_another_form(&mine, &other).await;
    an_earlier_version_is_taken_up(&mine, &order).await;
    assert_eq!(mine.complaints().await, Vec::<String>::new());
    mine.close().await;
    server.close().await;
}

async fn each_sees_what_the_other_does(mine: &Browser, theirs: &Browser) {
    mine.part(CANVAS).click_at(".slot:nth-child(1)").await;
    mine.part(PROPERTIES).enter("Label", "Customer").await;
    theirs.patient(BY_NEWS).part(CANVAS).sees("Customer").await;
    theirs.part(CANVAS).click_at(".slot:nth-child(2)").await;
    theirs.part(PROPERTIES).enter("Label", "Town").await;
    mine.patient(BY_NEWS).part(CANVAS).sees("Town").await;
    // Each reads who the other is.
    mine.sees("Mei is changing this draft too").await;
    theirs.sees("Ada is changing this draft too").await;
}

/// What others change waits until a field that is dragged lies down; and who types on the canvas goes on typing.
async fn nothing_is_drawn_anew_under_the_hand(mine: &Browser, theirs: &Browser) {
    let field = ".canvas .slot:nth-child(1)";
    mine.script(&format!("document.querySelector('{field}').dataset.drawn = 'before'")).await;
    let place = mine.middle_of(&format!("{field} .label")).await;
    mine.take_up(place, "return document.querySelector('.canvas .slot.gap') !== null").await;
    let drafts =
        "return performance.getEntriesByType('resource').filter(e => e.name.endsWith('/draft')).length";
    let asked = mine.script(drafts).await.as_u64();
    theirs.part(PROPERTIES).enter("Label", "Place").await;
    // The page has the change, and does not draw it.
    assert!(mine.until(async || mine.script(drafts).await.as_u64() > asked).await, "nothing was asked");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let is_kept = format!("return document.querySelector('{field}').dataset.drawn === 'before'");
    assert_eq!(mine.script(&is_kept).await, true, "the canvas was drawn anew under a drag");
    assert!(!mine.part(CANVAS).shows("Place").await, "the canvas was drawn anew under a drag");
    mine.let_go(place).await;
    mine.part(CANVAS).sees("Place").await;

    mine.part(CANVAS).click_at(".slot:nth-child(1) input").await;
    mine.keys("ab").await;
    theirs.part(PROPERTIES).enter("Label", "Town").await;
    mine.part(CANVAS).sees("Town").await;
    let is_there = format!("return document.activeElement.matches('{field} input')");
    assert!(mine.until(async || mine.script(&is_there).await == true).await, "the focus is lost");
    mine.keys("c").await;
    let is_typed = format!("return document.querySelector('{field} input').value === 'abc'");
    assert!(mine.until(async || mine.script(&is_typed).await == true).await, "keys are lost");
}

/// Of two changes of one thing the one that came first stands in the draft, and who came later chooses.
async fn both_change_the_name_of_one_field(mine: &Browser, theirs: &Browser) {
    for browser in [mine, theirs] {
        browser.part(CANVAS).click_at(".slot:nth-child(3)").await;
    }
    theirs.script(HOLDS).await;
    let clash = theirs.part(".banner.warning");
    let is_held = async || theirs.script("return window.__go !== undefined").await == true;
    for (first, later, chosen, stands, gone) in [
        ("Memo", "Remark", "Keep theirs", "Memo", "Remark"),
        ("Notice", "Comment", "Take mine", "Comment", "Notice"),
    ] {
        theirs.script("window.__go = undefined; window.__holds = true;").await;
        theirs.part(PROPERTIES).enter("Label", later).await;
        assert!(theirs.until(is_held).await, "nothing is sent");
        mine.part(PROPERTIES).enter("Label", first).await;
        mine.part(".top").sees("Saved").await;
        theirs.script("window.__holds = false; window.__go();").await;
        clash.sees("Theirs stands in the draft now.").await;
        theirs.part(CANVAS).sees(first).await;
        clash.click(chosen).await;
        theirs.gone(".banner.warning").await;
        for browser in [mine, theirs] {
            browser.part(CANVAS).sees(stands).await;
            browser.part(CANVAS).sees_no_more(gone).await;
        }
    }
}

async fn both_make_a_field_of_one_kind(mine: &Browser, theirs: &Browser) {
    // Both make a field of the same kind, whose keys would be the same, at the same time.
    let (here, there) = (mine.part(PALETTE), theirs.part(PALETTE));
    tokio::join!(here.click("Text"), there.click("Text"));
    // Each has its own key before it gets its name.
    for browser in [mine, theirs] {
        browser.part(".top").sees("Saved").await;
        browser.part(CANVAS).find(".slot:nth-child(5)").await;
    }
    let (here, there) = (mine.part(PROPERTIES), theirs.part(PROPERTIES));
    tokio::join!(here.enter("Label", "Mine"), there.enter("Label", "Theirs"));
    for browser in [mine, theirs] {
        browser.part(CANVAS).sees("Mine").await;
        browser.part(CANVAS).sees("Theirs").await;
        browser.part(".top").sees("Saved").await;
    }
}

async fn several_are_copied_to_another_form(browser: &Browser, other: &str) {
    browser.part(CANVAS).click_at(".slot:nth-child(1) .label").await;
    let besides = "const slots = [...document.querySelectorAll('.canvas .slot')]; \
        const slot = slots.find(slot => slot.textContent.includes('Town')); \
        slot.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, ctrlKey: true}))";
    browser.script(besides).await;
    browser.part(PROPERTIES).sees("2 fields").await;
    browser.part(PROPERTIES).click("Make all required").await;
    browser.control("Undo: Change “2 fields”").await;
    browser.part(PROPERTIES).click_at("[aria-label='Copy fields']").await;
    browser.sees("2 fields copied").await;
    browser.part(".top").sees("Saved").await;
    design(browser, other, "Title").await;
    browser.part(CANVAS).click_at(".paper-title").await;
    browser.keys(Key::Control + "v").await;
    browser.part(CANVAS).sees("Customer").await;
    browser.part(CANVAS).sees("Town").await;
    browser.click("Undo: Add “2 fields”").await;
    browser.part(CANVAS).sees_no_more("Town").await;
    browser.part(".top").sees("Saved").await;
}

async fn an_earlier_version_is_taken_up(browser: &Browser, order: &str) {
    design(browser, order, "Mine").await;
    browser.part(CANVAS).click_at(".paper-title").await;
    browser.part(PROPERTIES).click("Versions").await;
    browser.dialog().part(".differences").sees("“Mine” added").await;
    browser.dialog().click("Take into the draft").await;
    browser.gone("dialog[open]").await;
    browser.part(CANVAS).sees_no_more("Mine").await;
    browser.part(CANVAS).sees("City").await;
    browser.click("Undo: Take version 1").await;
    browser.part(CANVAS).sees("Mine").await;
}
