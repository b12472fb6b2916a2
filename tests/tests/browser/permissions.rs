//! An administrator gives people rights: a group to begin with, what it shows, who gains by it; they look as one of its
//! people, ask why, and take the group away.

use serde_json::{Value, json};
use tests::design::{form, group, number, select, test, text};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items};
use tests::{Browser, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn rights_are_given_looked_at_through_others_eyes_and_explained() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note = json!({"key": "note", "label": "Note", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}, {"key": "cost", "label": "Cost", "kind": "number"}]});
    let note = id_of(&admin.post("/apps/office/forms", note).await.created());
    let mut record = String::new();
    for name in ["Chairs", "Tables"] {
        let fields = json!({"fields": {"name": name, "cost": 5}});
        record = id_of(&admin.post(&format!("/forms/{note}/records"), fields).await.created());
    }

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{note}/permissions")).await;
    browser.sees("No permission groups yet").await;
    browser.click("New group").await;
    browser.click("View all").await;
    browser.part(".facts").sees("2 / 2").await;
    browser.choose("Members", "Mei").await;
    browser.click_at("h1").await;
    browser.click_at("input[name='permission-cost'][aria-label='Cost: Hidden']").await;
    browser.part(".facts").sees("1 / 2").await;
    browser.click("Save").await;
    // Nothing is stored before one has seen what it means.
    browser.part("dialog").sees("Mei").await;
    browser.part("dialog").sees("view records").await;
    assert!(items(&admin.get(&format!("/forms/{note}/permissions")).await.ok()).is_empty());
    browser.part("dialog").click("Save").await;
    browser.sees("The permission group is saved").await;
    browser.part(".perm-list").sees("View all").await;
    browser.part(".perm-list").sees("1 person").await;
    let stored = admin.get(&format!("/forms/{note}/permissions")).await.ok();
    assert_eq!(items(&stored)[0]["document"]["fields"]["cost"], "none");

    browser.click("View as a member").await;
    browser.part("dialog").choose("Member", "Mei").await;
    browser.part("dialog").click("Start viewing").await;
    browser.sees("You are viewing as Mei").await;
    browser.go(&format!("/apps/office/forms/{note}")).await;
    browser.sees("Chairs").await;
    browser.sees_no_more("Cost").await;
    browser.click("Stop viewing").await;
    browser.sees_no_more("You are viewing as Mei").await;

    browser.go(&format!("/apps/office/forms/{note}/records/{record}")).await;
    browser.click("More actions").await;
    browser.click("Who may do what here").await;
    browser.part("dialog").choose("Member", "Mei").await;
    browser.part("dialog").sees("Mei may view records.").await;
    browser.part("dialog").sees("Mei may not edit records.").await;
    browser.part("dialog").choose("Field", "Cost").await;
    browser.part("dialog").sees("hides the field “Cost”").await;

    // Who deletes a group is told who loses what by it.
    browser.go(&format!("/apps/office/forms/{note}/permissions")).await;
    browser.part(".page-title").click("Delete").await;
    browser.dialog().sees("Mei").await;
    browser.dialog().sees("view records").await;
    browser.dialog().click("Delete").await;
    browser.sees("No permission groups yet").await;
    assert!(items(&admin.get(&format!("/forms/{note}/permissions")).await.ok()).is_empty());
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Who is in two groups looks through one of them alone, or through both: the list, its totals and what is exported follow.
#[tokio::test]
async fn who_is_in_two_groups_chooses_through_which_they_look() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    let mei = id_of(&admin.post("/members", member).await.created());
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let order =
        form("order", [text("name"), select("region", &["north", "south", "west"]), number("amount", 0)]);
    let order = id_of(&admin.post("/apps/office/forms", order.document()).await.created());
    for (name, region, amount) in [("Chairs", "north", 500), ("Tables", "south", 70), ("Lamps", "west", 9)] {
        let fields = json!({"fields": {"name": name, "region": region, "amount": amount}});
        admin.post(&format!("/forms/{order}/records"), fields).await.created();
    }
    for region in ["north", "south"] {
        let group = group(region, &[&mei]).may(&["view", "export"]).rows(test("region", "eq", region));
        admin.post(&format!("/forms/{order}/permissions"), group.document()).await.created();
    }

    let browser = Browser::open(&server).await;
    browser.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{order}?columns=name,amount&sort=name")).await;
    let (list, total, dialog) = (browser.part("[role=grid]"), browser.part("button.total"), browser.dialog());
    let shows = async |told: &[&str], hidden: &[&str], sum: &str, sentence: &str| {
        for name in told {
            list.sees(name).await;
        }
        for name in hidden {
            list.sees_no_more(name).await;
        }
        total.sees(sum).await;
        browser.click_at("button[aria-label='More for this list']").await;
        browser.part(".menu:popover-open").click("Export").await;
        dialog.sees(sentence).await;
        dialog.click("Export").await;
        let many = told.len();
        dialog
            .sees(&if many == 1 {
                "1 record is in the file".to_owned()
            } else {
                format!("{many} records are in the file")
            })
            .await;
        dialog.click("Done").await;
        browser.gone("dialog[open]").await;
    };
    browser.click_at("button.total").await;
    browser.part(".menu:popover-open").click("Sum").await;
    shows(&["Chairs", "Tables"], &["Lamps"], "570", "All records that you may see").await;
    browser.choose("Permission group", "north").await;
    shows(&["Chairs"], &["Tables", "Lamps"], "500", "permission group “north”").await;
    browser.choose("Permission group", "south").await;
    shows(&["Tables"], &["Chairs", "Lamps"], "70", "permission group “south”").await;
    browser.choose("Permission group", "All data that I may see").await;
    shows(&["Chairs", "Tables"], &["Lamps"], "570", "All records that you may see").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A group that hides a field which the list shows, sums and is sorted by shows the list without it.
#[tokio::test]
async fn a_group_that_hides_a_field_shows_the_list_without_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    let mei = id_of(&admin.post("/members", member).await.created());
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let order = form("order", [text("name"), number("amount", 0)]);
    let order = id_of(&admin.post("/apps/office/forms", order.document()).await.created());
    for (name, amount) in [("Chairs", 512), ("Tables", 70)] {
        let fields = json!({"fields": {"name": name, "amount": amount}});
        admin.post(&format!("/forms/{order}/records"), fields).await.created();
    }
    for (key, right) in [("whole", "read"), ("names", "none")] {
        let group = group(key, &[&mei]).may(&["view"]).field("*", "read").field("amount", right);
        admin.post(&format!("/forms/{order}/permissions"), group.document()).await.created();
    }
    let browser = Browser::open(&server).await;
    browser.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{order}?totals=amount:sum&sort=-amount")).await;
    let (list, total) = (browser.part("[role=grid]"), browser.part("button.total"));
    list.sees("512").await;
    total.sees("582").await;
    browser.choose("Permission group", "names").await;
    list.sees_no_more("512").await;
    list.sees("Chairs").await;
    browser.gone("button.total").await;
    browser.choose("Permission group", "whole").await;
    list.sees("512").await;
    total.sees("582").await;

    // What is filtered by the hidden field stands over no rows of another question, and there is a way back.
    let filter = r#"{"field":"amount","op":"gt","value":"100"}"#.replace('"', "%22");
    browser.go(&format!("/apps/office/forms/{order}?group=names&filter={filter}")).await;
    browser.click("Show everything that I may see").await;
    list.sees("Chairs").await;
    list.sees_no_more("Tables").await;
    browser.close().await;
    server.close().await;
}

/// What is chosen, changed and deleted while one looks through one group is what that group shows.
#[tokio::test]
async fn what_is_done_with_all_of_a_list_ends_with_the_group_that_one_looks_through() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    let mei = id_of(&admin.post("/members", member).await.created());
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let order = form("order", [text("name"), select("region", &["north", "south"]), number("amount", 0)])
        .with("title", "{name}");
    let order = id_of(&admin.post("/apps/office/forms", order.document()).await.created());
    for (name, region) in [("Chairs", "north"), ("Desks", "north"), ("Stools", "south"), ("Tables", "south")]
    {
        let fields = json!({"fields": {"name": name, "region": region}});
        admin.post(&format!("/forms/{order}/records"), fields).await.created();
    }
    for region in ["north", "south"] {
        let group = group(region, &[&mei]).may(&["view", "edit", "bulk_edit", "delete"]);
        let group = group.rows(test("region", "eq", region)).document();
        admin.post(&format!("/forms/{order}/permissions"), group).await.created();
    }
    let names = async || {
        let asked = json!({"sort": [{"field": "name"}]});
        let found = admin.post(&format!("/forms/{order}/records/query"), asked).await.ok();
        items(&found).iter().map(|record| record["fields"]["name"].clone()).collect::<Value>()
    };
    let browser = Browser::open(&server).await;
    browser.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{order}?sort=name")).await;
    let (list, bar, dialog) = (browser.part("[role=grid]"), browser.part(".choice-bar"), browser.dialog());
    list.sees("Tables").await;
    browser.choose("Permission group", "south").await;
    list.sees_no_more("Chairs").await;
    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Edit all these records").await;
    dialog.sees("permission group “south”").await;
    dialog.click("Cancel").await;
    browser.gone("dialog[open]").await;

    browser.script("document.querySelector('.grid-box').focus()").await;
    browser.keys(Key::Control + "a").await;
    bar.sees("2 selected").await;
    bar.click("Delete").await;
    dialog.sees("Delete 2 records?").await;
    dialog.click("Delete").await;
    browser.gone("dialog[open]").await;
    let left = async || names().await == json!(["Chairs", "Desks"]);
    assert!(browser.until(left).await, "{} are left", names().await);

    // Through another group nothing of it is chosen any more.
    browser.choose("Permission group", "north").await;
    list.sees("Desks").await;
    browser.script("document.querySelector('.grid-box').focus()").await;
    browser.keys(Key::Control + "a").await;
    bar.sees("2 selected").await;
    browser.choose("Permission group", "All data that I may see").await;
    browser.gone(".choice-bar").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What a group for everybody means is said once for all of them, and their names to who wants to know.
#[tokio::test]
async fn a_group_for_everybody_is_summed_up() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    for name in ["Ana", "Mei", "Tom"] {
        let email = format!("{}@example.com", name.to_lowercase());
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD, "language": "en"});
        admin.post("/members", member).await.created();
    }
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note =
        id_of(&admin.post("/apps/office/forms", form("note", [text("name")]).document()).await.created());
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{note}/permissions")).await;
    browser.click("New group").await;
    browser.click("View all").await;
    browser.tick("Everyone").await;
    browser.click("Save").await;
    let dialog = browser.dialog();
    dialog.sees("Everyone, 3 people").await;
    dialog.sees("view records").await;
    let rights = "return [...document.querySelectorAll('dialog[open] li')].filter(line => line.innerText.includes('view records')).length";
    // Once for all of them.
    browser.gives(rights, 1).await;
    assert!(!dialog.shows("Ana").await, "the names are there unasked");
    dialog.click_at("details.names > summary").await;
    dialog.sees("Ana, Mei, Tom").await;
    dialog.click("Save").await;
    browser.sees("The permission group is saved").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Who uses a form and does not administer it is told whom to ask. Who administers the app makes them an administrator of the form:
/// then they look after its rights, and name nobody themselves.
#[tokio::test]
async fn who_may_not_open_the_rights_is_told_so_until_they_administer_the_form() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    let mei = id_of(&admin.post("/members", member).await.created());
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note =
        id_of(&admin.post("/apps/office/forms", form("note", [text("name")]).document()).await.created());
    let readers = group("readers", &[&mei]).may(&["view"]).document();
    admin.post(&format!("/forms/{note}/permissions"), readers).await.created();
    let rights = format!("/apps/office/forms/{note}/permissions");

    let hers = Browser::open(&server).await;
    hers.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    hers.go(&rights).await;
    hers.part("main h1").sees("Only administrators of this form can open its permissions").await;

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&rights).await;
    browser.click("Form administrators").await;
    let dialog = browser.dialog();
    dialog.choose("Members", "Mei").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    dialog.click("Save").await;
    browser.gone("dialog[open]").await;
    let named = admin.get(&format!("/forms/{note}/admins")).await.ok();
    assert_eq!(named["admins"][0]["members"], json!([mei]));
    browser.click("Form administrators").await;
    dialog.part(".chips").sees("Mei").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    hers.go(&rights).await;
    hers.part(".perm-list").sees("readers").await;
    hers.part(".perm-more").sees("Who may do what here").await;
    hers.part(".perm-more").sees_no_more("Form administrators").await;
    hers.close().await;
    server.close().await;
}

/// A condition that no record meets is more often a slip than what is wanted; why somebody sees nothing is asked where rights are
/// given.
#[tokio::test]
async fn a_condition_that_nothing_meets_is_told_and_explained_beside_the_groups() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    let mei = id_of(&admin.post("/members", member).await.created());
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note = form("note", [text("name"), number("cost", 0)]).with("title", "{name}");
    let note = id_of(&admin.post("/apps/office/forms", note.document()).await.created());
    for (name, cost) in [("Chairs", 5), ("Tables", 20)] {
        let fields = json!({"fields": {"name": name, "cost": cost}});
        admin.post(&format!("/forms/{note}/records"), fields).await.created();
    }
    for (key, least) in [("dear", "100"), ("fair", "10")] {
        let group = group(key, &[&mei]).may(&["view"]).rows(test("cost", "gt", least));
        admin.post(&format!("/forms/{note}/permissions"), group.document()).await.created();
    }

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{note}/permissions")).await;
    browser.part(".perm-list").click("dear").await;
    browser.part(".facts").sees("0 / 2").await;
    browser.part(".perm-in .banner.warning").sees("No record meets the condition now").await;
    browser.part(".perm-list").click("fair").await;
    browser.part(".facts").sees("1 / 2").await;
    browser.gone(".perm-in .banner.warning").await;

    browser.click("Who may do what here").await;
    let dialog = browser.dialog();
    dialog.choose("Member", "Mei").await;
    dialog.choose("Record", "Tables").await;
    dialog.sees("Mei may view records.").await;
    dialog.choose("Record", "Chairs").await;
    dialog.sees("Mei may not view records.").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
