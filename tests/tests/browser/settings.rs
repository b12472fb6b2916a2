//! What an administrator says for the whole workspace, and people who come in by a file: on their screens.

use serde_json::{Value, json};
use tests::workspace::items;
use tests::{Browser, Client, Database, Server};

/// The cards of the page, each with a button of its own, by an input that stands on it.
const GENERAL: &str = "section.card:has([name=workspace-name])";
const CALENDAR: &str = "section.card:has([name=work-hours])";
const SIGN_IN: &str = "section.card:has([name=password-length])";
const APPS: &str = "section.card:has(#app-makers)";

/// Waits until the workspace says something.
async fn comes_to(browser: &Browser, admin: &Client, holds: impl Fn(&Value) -> bool) {
    let said = async || admin.get("/workspace").await.ok();
    let is_said = browser.until(async || holds(&said().await)).await;
    assert!(is_said, "{}", said().await);
}

#[tokio::test]
async fn an_administrator_says_what_holds_in_the_workspace() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/workspace").await;
    let said = async || admin.get("/workspace").await.ok();

    // What is wrong is told beside its field, and nothing is stored.
    browser.part(GENERAL).fill("Base currency (ISO code)", "yuan").await;
    browser.part(GENERAL).click("Save").await;
    browser.part(GENERAL).find("[name=workspace-currency][aria-invalid=true]").await;
    assert_ne!(said().await["currency"], "yuan");
    browser.part(GENERAL).fill("Base currency (ISO code)", "twd").await;
    browser.part(GENERAL).fill("Name of the workspace", "Seed").await;
    browser.part(GENERAL).click("Save").await;
    comes_to(&browser, &admin, |said| said["name"] == "Seed" && said["currency"] == "TWD").await;

    browser.part(CALENDAR).fill("Working hours", "08:30-12:00 1-5pm").await;
    browser.part(CALENDAR).fill("Holidays", "1 October").await;
    browser.part(CALENDAR).click("Save").await;
    browser.part(CALENDAR).find("[name=work-hours][aria-invalid=true]").await;
    browser.part(CALENDAR).sees("“1-5pm”:").await;
    browser.part(CALENDAR).sees("“October”:").await;
    browser.part(CALENDAR).tick("Saturday").await;
    browser.part(CALENDAR).tick("Friday").await;
    browser.part(CALENDAR).fill("Working hours", "08:30-12:00 13:00-17:00").await;
    browser.part(CALENDAR).fill("Holidays", "2026-10-01").await;
    browser.part(CALENDAR).click("Save").await;
    let hours = json!([{"from": "08:30", "to": "12:00"}, {"from": "13:00", "to": "17:00"}]);
    comes_to(&browser, &admin, |said| {
        let calendar = &said["calendar"];
        calendar["days"] == json!([1, 2, 3, 4, 6])
            && calendar["hours"] == hours
            && calendar["holidays"] == json!(["2026-10-01"])
    })
    .await;

    browser.part(SIGN_IN).fill("Characters of a password at least", "3").await;
    browser.part(SIGN_IN).click("Save").await;
    browser.part(SIGN_IN).find("[name=password-length][aria-invalid=true]").await;
    browser.part(SIGN_IN).fill("Characters of a password at least", "20").await;
    browser.part(SIGN_IN).fill("Minutes without use until a session ends", "60").await;
    browser.part(SIGN_IN).fill("Browsers signed in at once", "3").await;
    browser.part(SIGN_IN).tick("The sign-in page names the workspace").await;
    browser.part(SIGN_IN).click("Save").await;
    let session = json!({"idle_minutes": 60, "longest_days": 7, "at_once": 3});
    comes_to(&browser, &admin, |said| said["password"]["min_length"] == 20 && said["session"] == session)
        .await;

    assert_eq!(said().await["named_at_sign_in"], true);
    let stranger = Browser::open(&server).await;
    stranger.go("/sign-in").await;
    stranger.part("h1").sees("Sign in to Seed").await;
    assert_eq!(stranger.complaints().await, Vec::<String>::new());
    stranger.close().await;

    browser.part(APPS).click("Administrators").await;
    browser.part(APPS).click("Save").await;
    comes_to(&browser, &admin, |said| said["app_makers"] == "administrators").await;

    browser.choose("Time zone", "Asia/Tokyo").await;
    browser.click("Change time zone").await;
    browser.sees("Done: 0 aggregate tables").await;
    comes_to(&browser, &admin, |said| said["zone"] == "Asia/Tokyo").await;

    // It is there for whoever comes back.
    browser.go("/settings/workspace").await;
    browser.part(CALENDAR).find("[name=work-hours]").await;
    browser.holds("Working hours", "08:30-12:00 13:00-17:00").await;
    browser.holds("Name of the workspace", "Seed").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn an_administrator_is_warned_before_there_is_no_room_for_files() {
    let server = Server::start_with(Database::Sqlite, &["--workspace-quota", "1"]).await;
    let admin = server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let room = browser.part("#workspace-files");
    browser.go("/settings/workspace").await;
    room.sees("0 B of 1.0 MB taken").await;
    room.find("progress").await;
    for (bytes, told, warned) in [
        (900_000, "879 KB of 1.0 MB taken", "More than 80 %"),
        (110_000, "987 KB of 1.0 MB taken", "More than 95 %"),
        (38_576, "1.0 MB of 1.0 MB taken", "There is no room left"),
    ] {
        admin.upload("a.txt", "text/plain", vec![b'x'; bytes]).await;
        browser.go("/settings/workspace").await;
        room.sees(told).await;
        room.sees(warned).await;
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

const PEOPLE: &str = "\
Who,Email,Department,Role
Ann,ann@example.com,Sales/East,Seller
Bob,bob@example.com,Sales/East,
Cas,cas@example.com,,Juggler
";

#[tokio::test]
async fn people_come_in_by_a_file_that_is_looked_at_first() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/roles", json!({"key": "seller", "name": "Seller"})).await.created();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    std::fs::write(&file, PEOPLE).unwrap();
    let addresses = async || -> Vec<String> {
        let all = admin.get("/members").await.ok();
        let found = items(&all).iter().filter_map(|member| member["email"].as_str());
        found.filter(|address| address.len() == "ann@example.com".len()).map(str::to_owned).collect()
    };

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.part("main").click("Import").await;
    browser.choose_file(&file).await;
    let dialog = browser.dialog();
    // No column is called as names are: who reads it says which one it is, and it is looked at anew.
    dialog.sees("Email").await;
    dialog.choose("Who", "Name").await;
    dialog.sees("2 new, 0 changed, 0 unchanged, 1 left out").await;
    dialog.sees("New departments:").await;
    dialog.sees("Line 4").await;
    dialog.sees("There is no role “Juggler”.").await;
    assert_eq!(addresses().await, Vec::<String>::new(), "nothing is stored by looking");

    // Without departments being made nobody can be placed, and nothing is left to do.
    dialog.click_at("[name=make-departments]").await;
    dialog.sees("0 new, 0 changed, 0 unchanged, 3 left out").await;
    dialog.click_at("[name=make-departments]").await;
    dialog.sees("2 new, 0 changed, 0 unchanged, 1 left out").await;
    dialog.click("Import members").await;
    dialog.sees("Done: 2 new, 0 changed, 0 unchanged, 1 left out").await;
    dialog.click("Close").await;
    browser.part("tr[data-member='ann@example.com']").sees("East").await;
    browser.part("tr[data-member='ann@example.com']").sees("Invited").await;
    let mut there = addresses().await;
    there.sort();
    assert_eq!(there, ["ann@example.com", "bob@example.com"]);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Groups hold roles together on the screen and give nothing; a role stays where its group goes.
#[tokio::test]
async fn roles_are_put_into_groups() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/roles").await;
    for (button, name) in [("Add group", "Sales"), ("Add role", "Seller")] {
        browser.part("main").click(button).await;
        browser.dialog().fill("Name", name).await;
        browser.dialog().click("Save").await;
        browser.gone("dialog[open]").await;
        browser.part("main").sees(name).await;
    }
    let seller = async || {
        let roles = admin.get("/roles").await.ok();
        items(&roles).iter().find(|role| role["name"] == "Seller").cloned().unwrap()
    };
    assert!(seller().await["group"].is_null(), "{}", seller().await);
    browser.part("tr[data-role=Seller]").click("Edit role").await;
    browser.dialog().choose("Group", "Sales").await;
    browser.dialog().click("Save").await;
    browser.gone("dialog[open]").await;
    browser.part("main").sees_no_more("In no group").await;
    let groups = admin.get("/role-groups").await.ok();
    assert_eq!(seller().await["group"], items(&groups)[0]["id"]);

    // A new one is put into it at once, and a group can be called otherwise.
    browser.part("main").click("Add role").await;
    browser.dialog().fill("Name", "Buyer").await;
    browser.dialog().choose("Group", "Sales").await;
    browser.dialog().click("Save").await;
    browser.gone("dialog[open]").await;
    browser.part("tr[data-role=Buyer]").sees("Buyer").await;
    browser.part("main").click("Rename group").await;
    browser.dialog().holds("Name", "Sales").await;
    browser.dialog().fill("Name", "Trade").await;
    browser.dialog().click("Save").await;
    browser.gone("dialog[open]").await;
    browser.part("main h3").sees("Trade").await;
    browser.part("main").sees_no_more("In no group").await;

    browser.part("main").click("Delete group").await;
    browser.dialog().click("Delete group").await;
    browser.part("main").sees("In no group").await;
    browser.part("tr[data-role=Seller]").sees("Seller").await;
    assert!(items(&admin.get("/role-groups").await.ok()).is_empty());
    assert!(seller().await["group"].is_null(), "{}", seller().await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What colleagues know of somebody is said by them, and so is who else comes in their name.
#[tokio::test]
async fn people_say_who_they_are_and_end_what_acts_in_their_name() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let token = admin.post("/tokens", json!({"name": "Robot", "scopes": ["read"]})).await.created();
    let robot = Client::with_token(admin.url(), token["token"].as_str().unwrap());
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings").await;
    let profile = browser.part("section.card:has([name=profile-name])");
    profile.fill("Name", "Ada Lovelace").await;
    profile.fill("Telephone", "030 1234").await;
    profile.click("Save").await;
    let is_said = async || {
        let me = admin.get("/me").await.ok();
        me["name"] == "Ada Lovelace" && me["phone"] == "030 1234"
    };
    assert!(browser.until(is_said).await, "{}", admin.get("/me").await.ok());

    browser.go("/settings/security").await;
    let tokens = browser.part("#tokens");
    tokens.sees("Robot").await;
    robot.get("/me").await.ok();
    tokens.click("Revoke").await;
    tokens.sees("No tokens").await;
    robot.get("/me").await.refused(401, "sign_in_required");
    // The others that are signed in are no browsers: one since the installation was set up, and one that signed in after it.
    let signed_in = "return document.querySelectorAll('#sessions tbody tr').length";
    browser.part("#sessions").sees("Other program").await;
    browser.gives(signed_in, 3).await;
    browser.click_at("#sessions tbody button").await;
    browser.gives(signed_in, 2).await;
    browser.part("#sessions").click("Sign out all others").await;
    browser.part("#sessions").sees_no_more("Other program").await;
    browser.part("#sessions").sees("This device").await;
    admin.get("/me").await.refused(401, "sign_in_required");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
