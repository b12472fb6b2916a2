//! An administrator sets up a department, invites somebody into it by a link or a letter, moves it in the tree, and hands over
//! what somebody has when they leave.

use serde_json::json;
use tests::browser::Dragging;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{id_of, items};
use tests::{Browser, Database, Inside, MailCatcher, Server};
use thirtyfour::Key;

const PASSWORD: &str = "a horse of another colour";

#[tokio::test]
async fn somebody_is_invited_joins_and_hands_over_when_they_leave() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let tom = json!({"email": "tom@example.com", "name": "Tom", "password": ADMIN_PASSWORD});
    admin.post("/members", tom).await.created();

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.click("Add department").await;
    browser.dialog().fill("Name of the department", "East").await;
    browser.dialog().click("Save").await;
    browser.part("[data-department=East]").sees("East").await;

    // Who is added while a department is shown is in it.
    browser.part("[data-department=East]").click("East").await;
    browser.click("Add member").await;
    browser.dialog().fill("Name", "Lin").await;
    browser.dialog().fill("E-mail", "lin@example.com").await;
    // Escape asks before all that is gone, and gives up asking.
    browser.keys(Key::Escape + "").await;
    browser.dialog().sees("What you entered would be gone").await;
    browser.keys(Key::Escape + "").await;
    browser.dialog().sees_no_more("What you entered would be gone").await;
    browser.dialog().holds("Name", "Lin").await;
    browser.dialog().click("Add member").await;
    // Who has no password yet gets a link.
    browser.dialog().sees("Invitation for Lin").await;
    let link = browser.dialog().held("Link").await;
    browser.dialog().click("Close").await;
    browser.part("tr[data-member='lin@example.com']").sees("Invited").await;
    browser.part("tr[data-member='lin@example.com']").sees("East").await;

    let guest = Browser::open(&server).await;
    let (_, path) = link.split_once("://").and_then(|(_, place)| place.split_once('/')).expect(&link);
    guest.go(&format!("/{path}")).await;
    guest.part("main").sees("lin@example.com").await;
    guest.fill("Password", PASSWORD).await;
    guest.click("Join").await;
    guest.gone("input[type=password]").await;
    guest.close().await;

    // Lin has a record, and leaves.
    let members = admin.get("/members").await.ok();
    let lin = items(&members).iter().find(|member| member["email"] == "lin@example.com").unwrap();
    assert_eq!(lin["state"], "active");
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let form = json!({"key": "note", "label": "Notes", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let form = id_of(&admin.post("/apps/office/forms", form).await.created());
    let record = json!({"fields": {"name": "a"}, "system": {"owner": lin["id"]}});
    let record = admin.post(&format!("/forms/{form}/records"), record).await.created();
    browser.go("/settings/members").await;
    browser.part("tr[data-member='lin@example.com']").click("Actions").await;
    browser.click("Hand over").await;
    browser.dialog().sees("1 record").await;
    browser.dialog().choose("Who takes over", "Tom").await;
    browser.dialog().part(".dialog-foot").click("Hand over").await;
    browser.dialog().sees("Handed over from Lin to Tom:").await;
    browser.dialog().click("Close").await;
    browser.part("tr[data-member='lin@example.com']").sees("Disabled").await;
    let after = admin.get(&format!("/forms/{form}/records/{}", id_of(&record))).await.ok();
    assert_ne!(after["system"]["owner"], lin["id"]);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Where no mail is sent, who forgot the password is told whom to ask, and gets a link from there.
#[tokio::test]
async fn who_forgot_the_password_is_helped_by_an_administrator() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let tom = json!({"email": "tom@example.com", "name": "Tom", "password": ADMIN_PASSWORD});
    admin.post("/members", tom).await.created();
    let guest = Browser::open(&server).await;
    guest.go("/sign-in").await;
    // The link stands beside what the input is called: it is no part of its name, and a press of it is none on the input.
    let name = "return document.querySelector('input[name=password]')?.labels[0]?.textContent.trim()";
    guest.gives(name, "Password").await;
    guest.click("Forgot it?").await;
    guest.sees("This workspace sends no mail").await;
    guest.sees("Ask an administrator of your workspace").await;

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.part("tr[data-member='tom@example.com']").click("Actions").await;
    browser.click("Link for a new password").await;
    browser.dialog().sees("New password for Tom").await;
    let link = browser.dialog().held("Link").await;
    browser.dialog().click("Close").await;

    let (_, path) = link.split_once("://").and_then(|(_, place)| place.split_once('/')).expect(&link);
    guest.go(&format!("/{path}")).await;
    guest.fill("New password", PASSWORD).await;
    guest.click("Set password").await;
    guest.sees("Your password is set").await;
    guest.sign_in_as("tom@example.com", PASSWORD).await;
    guest.find("nav").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    guest.close().await;
    browser.close().await;
    server.close().await;
}

/// Drags a department onto another line of the tree, which shows that it would land there.
async fn drag(browser: &Browser, department: &str, onto: &str) {
    let line = format!(".card .tree [data-department={department}]");
    let says = Dragging { dragged: ".card .tree [data-dragged]", lands: ".card .tree [data-lands]" };
    browser.drag(&line, (&format!(".card .tree {onto}"), (40, 50)), says).await;
}

#[tokio::test]
async fn departments_are_moved_by_drag_and_an_invitation_goes_by_mail() {
    let mail = MailCatcher::start().await;
    let options =
        ["--base-url", "http://localhost", "--smtp", mail.url(), "--mail-from", "Formwork <f@example.com>"];
    let server = Server::start_with(Database::Sqlite, &options).await;
    let admin = server.set_up().await;
    for name in ["East", "West"] {
        admin.post("/departments", json!({"name": name})).await.created();
    }
    admin
        .post("/members", json!({"email": "lin@example.com", "name": "Lin", "language": "en"}))
        .await
        .created();
    let parent_of = async |name: &str| {
        let all = admin.get("/departments").await.ok();
        items(&all).iter().find(|department| department["name"] == name).unwrap()["parent"].clone()
    };
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    drag(&browser, "West", "[data-department=East]").await;
    browser.sees("Department moved").await;
    assert_ne!(parent_of("West").await, json!(null));
    // The tree shows it one step further in.
    let margin = "return document.querySelector('[data-department=West] .tree-item').style.marginLeft";
    assert!(browser.until(async || browser.script(margin).await == "20px").await);
    drag(&browser, "West", "li:last-child").await;
    let is_up = async || parent_of("West").await == json!(null);
    assert!(browser.until(is_up).await, "West did not come up again");

    browser.part("tr[data-member='lin@example.com']").click("Actions").await;
    browser.click("Invitation link").await;
    browser.dialog().click("Send by mail").await;
    browser.dialog().sees("An invitation is on its way to lin@example.com.").await;
    browser.dialog().click("Close").await;
    let letter = mail.wait_for(1).await;
    assert_eq!(letter.to, ["lin@example.com"]);
    assert!(letter.text.contains("http://localhost/invitation#"), "{}", letter.text);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn departments_are_chosen_from_their_tree_by_keys() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let sales = admin.post("/departments", json!({"name": "Sales"})).await.created();
    admin.post("/departments", json!({"name": "East", "parent": sales["id"]})).await.created();
    admin.post("/departments", json!({"name": "Workshop"})).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.part("[data-department=East]").sees("East").await;
    browser.click("Add member").await;
    browser.dialog().fill("Name", "Lin").await;
    browser.script("document.querySelector('dialog[open] [aria-haspopup=tree]').focus()").await;
    browser.keys(Key::Enter + "").await;
    let at = "return document.activeElement.getAttribute('role') === 'treeitem' && document.activeElement.innerText.trim()";
    let stands_at = async |name: &str| {
        let there = browser.until(async || browser.script(at).await == name).await;
        assert!(there, "{name}: {}", browser.script(at).await);
    };
    stands_at("Sales").await;
    // Folded and unfolded, and down to what is within.
    let lines = "return document.querySelectorAll(':popover-open [role=treeitem]').length";
    browser.keys(Key::Left + "").await;
    assert!(browser.until(async || browser.script(lines).await == 2).await);
    browser.keys(Key::Right + "").await;
    assert!(browser.until(async || browser.script(lines).await == 3).await);
    browser.keys(Key::Down + "").await;
    stands_at("East").await;
    // Who only hears the tree is told how deep one stands in it.
    browser.gives("return document.activeElement.getAttribute('aria-level')", "2").await;
    browser.keys(Key::Enter + "").await;
    browser.keys(Key::End + "").await;
    stands_at("Workshop").await;
    browser.keys(Key::Enter + "").await;
    let chosen = "return [...document.querySelectorAll('dialog[open] [aria-haspopup=tree] .chip')].map(chip => chip.innerText.trim())";
    let both = browser.until(async || browser.script(chosen).await == json!(["East", "Workshop"])).await;
    assert!(both, "{}", browser.script(chosen).await);
    browser.keys(Key::Escape + "").await;
    browser.gone(":popover-open [role=treeitem]").await;
    browser.dialog().sees("Workshop").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What changes how somebody signs in asks who does it, and goes on by itself once that is shown.
#[tokio::test]
async fn an_administrator_shows_anew_who_they_are_and_what_they_began_is_done() {
    let server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    let own = format!("tr[data-member='{ADMIN_EMAIL}']");
    browser.part(&own).sees(ADMIN_EMAIL).await;
    Inside::of(&server).await.age_confirmations(6).await;

    browser.part(&own).click("Actions").await;
    browser.click("Edit member").await;
    browser.dialog().fill("E-mail", "chief@example.com").await;
    browser.dialog().click("Save").await;
    // It stands over what was entered.
    let again = browser.part("dialog.s[open]");
    again.sees("Confirm it’s you").await;
    again.fill("Password, or code of your authenticator", ADMIN_PASSWORD).await;
    again.click("Continue").await;
    browser.part("tr[data-member='chief@example.com']").sees("chief@example.com").await;
    browser.gone("dialog[open]").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn several_are_added_at_once_and_a_role_tells_where_it_counts() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    for (key, name) in [("teller", "Tellers"), ("idle", "Idle")] {
        admin.post("/roles", json!({"key": key, "name": name})).await.created();
    }
    admin.post("/apps", json!({"key": "till", "label": "Till"})).await.created();
    let form = json!({"key": "order", "label": "Orders", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let form = id_of(&admin.post("/apps/till/forms", form).await.created());
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let group = json!({"format": 1, "key": "clerks", "label": "Clerks", "who": {"roles": ["teller"]},
        "operations": ["view"], "fields": {"*": "read"}, "rows": null, "enabled": true});
    admin.post(&format!("/forms/{form}/permissions"), group).await.created();

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.sees("No departments yet.").await;
    browser.click("Add several").await;
    let dialog = browser.dialog();
    dialog.type_in("People, one a line", "Lin Wang <lin@example.com>\nbob@example.com\nBea").await;
    dialog.sees("There is no e-mail address in “Bea”.").await;
    dialog.choose("Roles", "Tellers").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    dialog.click("Add 2 people").await;
    // Who has no address is left there, and said.
    dialog.sees("Bea: There is no e-mail address in this line.").await;
    dialog.holds("People, one a line", "Bea").await;
    dialog.click("Cancel").await;
    browser.gone("dialog[open]").await;
    browser.part("tr[data-member='lin@example.com']").sees("Lin Wang").await;
    browser.part("tr[data-member='bob@example.com']").sees("Tellers").await;
    browser.choose("Filter by role", "Idle").await;
    browser.gone("tr[data-member]").await;
    browser.sees("Nobody here").await;

    browser.go("/settings/roles").await;
    browser.part("tr[data-role=Idle]").sees("Nobody has it yet").await;
    browser.part("tr[data-role=Tellers]").click("Edit role").await;
    browser.dialog().sees("Permission group “Clerks”: View").await;
    browser.dialog().sees("Till / Orders").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Nobody is disabled, no role is deleted and none gets other people without a look at what that means.
#[tokio::test]
async fn what_a_change_of_people_means_is_told_before_it_is_made() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let mei = json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD});
    let mei = id_of(&admin.post("/members", mei).await.created());
    let role = json!({"key": "teller", "name": "Tellers", "members": [mei]});
    let role = id_of(&admin.post("/roles", role).await.created());
    admin.post("/apps", json!({"key": "till", "label": "Till"})).await.created();
    let form = json!({"key": "order", "label": "Orders", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let form = id_of(&admin.post("/apps/till/forms", form).await.created());
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let group = json!({"format": 1, "key": "clerks", "label": "Clerks", "who": {"roles": ["teller"]},
        "operations": ["view"], "fields": {"*": "read"}, "rows": null, "enabled": true});
    admin.post(&format!("/forms/{form}/permissions"), group).await.created();
    let record = json!({"fields": {"name": "a"}, "system": {"owner": mei}});
    admin.post(&format!("/forms/{form}/records"), record).await.created();
    let of_mei = async |what: &str| {
        let members = admin.get("/members").await.ok();
        items(&members).iter().find(|member| member["name"] == "Mei").unwrap()[what].clone()
    };

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/roles").await;
    browser.part("tr[data-role=Tellers]").sees("Mei").await;
    browser.part("tr[data-role=Tellers]").click("Edit role").await;
    // Taking Mei out is told, and given up.
    browser.dialog().choose("Members", "Mei").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    browser.dialog().click("Save").await;
    let question = browser.part("dialog[open] ~ dialog[open]");
    question.sees("What this change means").await;
    question.sees("Till / Orders").await;
    question.sees("Mei").await;
    question.sees("view records").await;
    question.click("Cancel").await;
    browser.gone("dialog[open] ~ dialog[open]").await;
    assert_eq!(of_mei("roles").await, json!([role]));
    // To delete it says the same, and what names it.
    browser.dialog().click("Delete role").await;
    question.sees("Delete the role “Tellers”?").await;
    question.sees("Till / Orders").await;
    question.sees("Permission group “Clerks”: View").await;
    question.click("Delete role").await;
    browser.gone("dialog[open]").await;
    browser.gone("tr[data-role=Tellers]").await;
    assert_eq!(of_mei("roles").await, json!([]));

    browser.go("/settings/members").await;
    let row = browser.part("tr[data-member='mei@example.com']");
    row.click("Actions").await;
    browser.click("Disable").await;
    browser.dialog().sees("Disable Mei?").await;
    browser.dialog().sees("1 record").await;
    browser.dialog().click("Hand over first").await;
    browser.dialog().sees("Who takes over").await;
    browser.dialog().click("Cancel").await;
    browser.gone("dialog[open]").await;
    assert_eq!(of_mei("state").await, "active");
    row.click("Actions").await;
    browser.click("Disable").await;
    browser.dialog().sees("1 record").await;
    browser.dialog().click("Disable").await;
    row.sees("Disabled").await;
    assert_eq!(of_mei("state").await, "disabled");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn the_list_of_members_tells_who_administers_and_whose_manager_one_is() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let boss = json!({"email": "bea@example.com", "name": "Bea", "title": "Head of sales"});
    let boss = id_of(&admin.post("/members", boss).await.created());
    let lin = json!({"email": "lin@example.com", "name": "Lin", "manager": boss});
    admin.post("/members", lin).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.part("tr[data-member='lin@example.com']").sees("Bea").await;
    browser.part(&format!("tr[data-member='{ADMIN_EMAIL}']")).sees("Administrator").await;
    assert!(!browser.part("tr[data-member='bea@example.com']").shows("Administrator").await);
    // A title stands clear of the lines between the rows.
    let clear = "const row = document.querySelector(\"tr[data-member='bea@example.com']\").getBoundingClientRect();\
         const title = document.querySelector(\"tr[data-member='bea@example.com'] .lines > .note\").getBoundingClientRect();\
         return row.bottom - title.bottom >= 4";
    browser.gives(clear, true).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
