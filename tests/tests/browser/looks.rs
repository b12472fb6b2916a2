//! Every page, gone through element by element: nothing is cut, nothing lies on something else, fingers find what they press,
//! and nobody is kept out.

use serde_json::json;
use tests::browser::FINGER;
use tests::pages::{self, Page};
use tests::{Browser, Client, Database, Server, lived_in};

/// What people do on a phone: fill, approve, read lists, records and figures. Designing is for a desk, and so is drawing the
/// bars of a gantt; on a phone its names lead to the records.
const AT_A_DESK: [&str; 6] =
    ["designer-", "flow-", "permissions-", "aggregate-design-", "gantt-view-", "gallery"];

#[tokio::test]
async fn no_page_cuts_a_text_hides_a_target_or_keeps_anybody_out() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let install = json!({"locale": "en", "demo": true});
    let job = admin.job(admin.post("/templates/crm/install", install).await).await;
    assert_eq!(job["state"], "done", "{job}");
    lived_in::move_in(&server, &admin).await;
    let mut all = pages::of(&admin, &["quotation", lived_in::FORM]).await;
    let browser = Browser::open(&server).await;
    let before = entrances(&admin).await;
    let mut wrong = before_signing_in(&browser, &before).await;
    browser.sign_in().await;
    // Who needs no second step is led on from its page.
    all.push(Page::new("second-step", "/second-step"));
    let left = pages::left_out(&all.iter().chain(&before).cloned().collect::<Vec<_>>());
    assert_eq!(left, Vec::<String>::new(), "pages that nobody looks at");
    for page in &all {
        browser.resize(1440, 900).await;
        browser.go(&page.path).await;
        browser.settled(&page.name).await;
        wrong.extend(named(page, "desk", browser.looks(0).await));
        wrong.extend(named(page, "barrier", browser.barriers().await));
        browser.prefer_dark(true).await;
        wrong.extend(named(page, "barrier in the dark", browser.barriers().await));
        browser.prefer_dark(false).await;
        let is_for_a_desk = AT_A_DESK.iter().any(|start| page.name.starts_with(start));
        browser.resize(360, 740).await;
        browser.settled(&page.name).await;
        let least = if is_for_a_desk { 0 } else { FINGER };
        wrong.extend(named(page, "phone", browser.looks(least).await));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
    server.close().await;
}

/// The pages before somebody is signed in.
async fn entrances(admin: &Client) -> Vec<Page> {
    let guest = json!({"email": "guest@example.com", "name": "Gil"});
    let guest = admin.post("/members", guest).await.created();
    let path = format!("/members/{}/invitation", guest["id"].as_str().unwrap());
    let invitation = admin.post(&path, json!({})).await.created();
    let invitation = format!("/invitation#{}", invitation["token"].as_str().unwrap());
    let paths =
        ["/sign-in", "/forgotten-password", "/new-password#of-a-letter", invitation.as_str(), "/nowhere"];
    paths.map(|path| Page::new(path.split('#').next().unwrap_or_default(), path)).into_iter().collect()
}

async fn before_signing_in(browser: &Browser, pages: &[Page]) -> Vec<String> {
    let mut wrong = Vec::new();
    for page in pages {
        browser.resize(1440, 900).await;
        browser.go(&page.path).await;
        browser.settled(&page.name).await;
        wrong.extend(named(page, "desk", browser.looks(0).await));
        wrong.extend(named(page, "barrier", browser.barriers().await));
        browser.resize(360, 740).await;
        browser.settled(&page.name).await;
        wrong.extend(named(page, "phone", browser.looks(FINGER).await));
    }
    browser.resize(1440, 900).await;
    wrong
}

fn named(page: &Page, place: &str, found: Vec<String>) -> Vec<String> {
    found.into_iter().map(|what| format!("{} ({place}): {what}", page.name)).collect()
}

#[tokio::test]
async fn the_script_sees_what_is_wrong() {
    let server = Server::start(Database::Sqlite).await;
    let browser = Browser::open(&server).await;
    browser.go("/setup").await;
    browser.settled("/setup").await;
    browser.resize(360, 740).await;
    assert_eq!(browser.looks(FINGER).await, Vec::<String>::new());
    browser
        .script(
            "document.body.innerHTML = '<main><h1>Head</h1><div id=cut>A text that is much too long</div><div id=over>One</div>\
             <button>Go</button><img src=x></main>'; \
             const set = (css, style) => Object.assign(document.querySelector(css).style, style); \
             set('#cut', {width: '60px', overflow: 'hidden', whiteSpace: 'nowrap'}); \
             set('#over', {position: 'relative', top: '-16px'}); \
             set('button', {width: '30px', height: '20px', padding: '0'});",
        )
        .await;
    let found = browser.looks(FINGER).await;
    for start in
        ["cut: \"A text that is much too long\"", "lies on \"One\": \"A text", "only 30 × 20 px: \"Go\""]
    {
        assert!(found.iter().any(|what| what.starts_with(start)), "{start}: {found:?}");
    }
    assert!(
        browser.barriers().await.iter().any(|what| what.starts_with("image-alt")),
        "a picture without words"
    );
    browser.close().await;
    server.close().await;
}
