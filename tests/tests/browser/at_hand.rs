//! What is at hand around a record: begun by an address, copied, talked about, printed, with what links to it below.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn a_record_is_begun_copied_talked_about_and_printed() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let member = json!({"email": "mei@example.com", "name": "Mei", "language": "en"});
    admin.post("/members", member).await.created();
    let (customer, order) = forms(&admin).await;
    let acme = json!({"fields": {"name": "Acme"}});
    let acme = admin.post(&format!("/forms/{customer}/records"), acme).await.created();
    let acme = acme["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    it_begins_by_an_address(&browser, &order, &acme).await;
    rows_are_copied_and_removed_together(&browser).await;
    it_is_shown_as_stored_and_copied(&browser, &admin, &order).await;
    people_talk_about_it(&browser).await;
    it_is_printed(&browser).await;
    it_stands_below_what_it_links_to(&browser, &customer, &acme).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Customers, and orders that link to them.
async fn forms(admin: &Client) -> (String, String) {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true}]});
    let order = json!({"key": "order", "label": "Order", "title": "{subject}", "fields": [
        {"key": "subject", "label": "Subject", "kind": "text", "required": true},
        {"key": "buyer", "label": "Buyer", "kind": "link", "options": {"form": "customer"}},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text"},
            {"key": "qty", "label": "Qty", "kind": "number", "options": {"scale": 0}}]}}]});
    let mut ids = Vec::new();
    for form in [customer, order] {
        ids.push(admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned());
    }
    let order = ids.pop().unwrap();
    (ids.pop().unwrap(), order)
}

async fn it_begins_by_an_address(browser: &Browser, order: &str, acme: &str) {
    let address = format!("/apps/office/forms/{order}/new?subject=Chairs%20for%20all&buyer={acme}");
    browser.go(&address).await;
    browser.holds("Subject", "Chairs for all").await;
    browser.part("#at-buyer").sees("Acme").await;
    // Nobody typed anything yet: one may go as one came.
    let asked = "const event = new Event('beforeunload', {cancelable: true}); \
                 window.dispatchEvent(event); return event.defaultPrevented";
    assert_eq!(browser.script(asked).await, false);
}

async fn rows(browser: &Browser) -> Value {
    let text = "return [...document.querySelectorAll('.sub tbody tr')].map(row => \
                [...row.querySelectorAll('td input')].map(input => input.value).join(' '))";
    browser.script(text).await
}

async fn rows_are_copied_and_removed_together(browser: &Browser) {
    browser.click("Add a row").await;
    browser.click_at("#at-lines-0-item input").await;
    browser.keys("Chair".to_owned() + Key::Tab + "4").await;
    browser.keys(Key::Control + "d").await;
    assert!(browser.until(async || rows(browser).await == json!(["Chair 4", "Chair 4"])).await);
    browser.click_at("#number-lines-1 button").await;
    let menu = browser.part(".menu:popover-open");
    menu.click("Copy this row").await;
    assert!(browser.until(async || rows(browser).await.as_array().map(Vec::len) == Some(3)).await);
    browser.click_at("#number-lines-1 button").await;
    menu.click("Select").await;
    browser.part(".chosen-rows").sees("1 row selected").await;
    browser.click("Select all").await;
    browser.part(".chosen-rows").sees("3 rows selected").await;
    browser.part(".chosen-rows").click("Remove").await;
    browser.gone("#at-lines-0-item").await;
    browser.part(".toasts").sees("3 rows removed").await;
    browser.part(".toasts").click("Undo").await;
    assert!(browser.until(async || rows(browser).await == json!(["Chair 4", "Chair 4", "Chair 4"])).await);
}

async fn it_is_shown_as_stored_and_copied(browser: &Browser, admin: &Client, order: &str) {
    browser.click("Save").await;
    browser.sees("This is the record as it is stored.").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Copy").await;
    browser.sees("New Order").await;
    assert!(browser.until(async || browser.held("Subject").await == "Chairs for all").await);
    assert!(browser.until(async || rows(browser).await.as_array().map(Vec::len) == Some(3)).await);
    browser.fill("Subject", "Desks for all").await;
    browser.click("Save").await;
    browser.sees("This is the record as it is stored.").await;
    let list = admin.get(&format!("/forms/{order}/records?fields=subject,buyer,lines")).await.ok();
    let stored = list["items"].as_array().unwrap();
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0]["fields"]["buyer"], stored[1]["fields"]["buyer"]);
    assert_ne!(stored[0]["fields"]["lines"][0]["id"], stored[1]["fields"]["lines"][0]["id"]);
}

async fn people_talk_about_it(browser: &Browser) {
    let side = browser.part("aside.side");
    side.click("Comments").await;
    side.sees("No comments yet").await;
    side.type_at("textarea", "Is this urgent?").await;
    side.click("Mention people").await;
    side.click_at("[aria-haspopup=listbox]").await;
    browser.pick("Mei").await;
    browser.keys(Key::Escape + "").await;
    side.click("Send").await;
    side.sees("Is this urgent?").await;
    side.sees("@ Mei").await;
    side.gone(".empty").await;
    // Its writer says it in other words.
    side.click_at("button[aria-label='Edit']").await;
    side.type_at("textarea[name=comment-edit]", Key::Control + "a").await;
    side.type_at("textarea[name=comment-edit]", "Is it urgent?").await;
    side.click("Save").await;
    side.sees("Is it urgent?").await;
    side.sees("edited").await;
}

async fn it_is_printed(browser: &Browser) {
    browser.script("window.printed = 0; window.print = () => { window.printed++; };").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Print").await;
    assert!(browser.until(async || browser.script("return window.printed").await == 1).await);
    let text = "return document.querySelector('.record-out').textContent";
    let text = browser.script(text).await.as_str().unwrap().to_owned();
    for said in ["Desks for all", "Buyer", "Acme", "Chair"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let inputs = "return document.querySelectorAll('.record-out input').length";
    assert_eq!(browser.script(inputs).await, 0);
    browser.script("window.dispatchEvent(new Event('afterprint'))").await;
    browser.gone(".record-out").await;
}

async fn it_stands_below_what_it_links_to(browser: &Browser, customer: &str, acme: &str) {
    browser.go(&format!("/apps/office/forms/{customer}/records/{acme}")).await;
    let below = browser.part(".linked-lists");
    below.sees("Desks for all").await;
    below.sees("Chairs for all").await;
    below.sees("2 records").await;
    below.click("Add").await;
    browser.sees("New Order").await;
    browser.part("#at-buyer").sees("Acme").await;
}

/// An address that nothing of ours should be at, and how often somebody came.
struct Elsewhere {
    port: u16,
    came: Arc<AtomicUsize>,
}

impl Elsewhere {
    async fn listen() -> Elsewhere {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let came = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&came);
        tokio::spawn(async move {
            // Whoever comes is counted, and hung up on.
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Elsewhere { port, came }
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }

    /// Texts that a page which took them for more than texts would fetch something for.
    fn texts(&self) -> Vec<String> {
        let there = format!("http://127.0.0.1:{}", self.port);
        vec![
            format!("t35 <img src={there}/image>"),
            format!("t35 <link rel=stylesheet href={there}/style>"),
            "t35 <img src=file:///etc/hostname><iframe src=file:///etc/hostname></iframe>".to_owned(),
            format!(
                "t35 <p style=\"background:url({there}/style)\">x</p><style>@import url({there}/import);</style>"
            ),
        ]
    }
}

/// Who prints: an administrator who has to decide, too.
const LEAD: &str = "lead@example.com";

/// Writes the texts wherever somebody may write what is printed: gives the form and the record.
async fn written(server: &Server, admin: &Client, texts: &[String]) -> (String, String) {
    let mut people = Vec::new();
    for (email, is_administrator) in [(LEAD, true), ("boss@example.com", false)] {
        let member = json!({"email": email, "name": texts[0], "password": ADMIN_PASSWORD, "language": "en",
            "administrator": is_administrator});
        people.push(admin.post("/members", member).await.created()["id"].clone());
    }
    admin.post("/apps", json!({"key": "office", "label": texts[0]})).await.created();
    let choices = json!([{"key": "a", "label": texts[1]}]);
    let order = json!({"key": "order", "label": texts[2], "title": "{subject}", "fields": [
        {"key": "subject", "label": texts[0], "kind": "text", "help": texts[3]},
        {"key": "story", "label": texts[1], "kind": "rich_text"},
        {"key": "more", "label": texts[3], "kind": "long_text"},
        {"key": "sort", "label": texts[2], "kind": "select", "options": {"choices": choices}}]});
    let form = admin.post("/apps/office/forms", order).await.created()["id"].as_str().unwrap().to_owned();
    let step = |key: &str, label: &str, who: &Value| json!({"kind": "approve", "key": key, "label": label, "who": [{"members": [who]}], "policy": "any"});
    let flow = json!({"format": 1, "label": texts[0], "title": "{subject}", "start": {"fields": {"*": "edit"}},
        "steps": [step("first", &texts[1], &people[1]), step("second", &texts[2], &people[0])]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let rich = format!("<p>{}</p>", texts.join("</p><p>"));
    let fields = json!({"subject": texts[0], "story": rich, "more": texts.join("\n"), "sort": "a"});
    let record = admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
    let record = record["id"].as_str().unwrap().to_owned();

    let boss = server.sign_in("boss@example.com", ADMIN_PASSWORD).await;
    let todo = boss.get("/tasks?box=todo").await.ok();
    let task = todo["items"][0]["id"].as_str().unwrap();
    boss.post(&format!("/tasks/{task}/approve"), json!({"opinion": texts.join("\n")})).await.ok();

    let tile = json!({"key": "t", "label": texts[3], "at": [0, 0, 6, 4], "kind": "bar", "source": "order",
        "group": [{"field": "sort"}], "measures": [{"key": "n", "fn": "count"}]});
    let board =
        json!({"format": 1, "key": "board", "label": texts[1], "read": {"everyone": true}, "tiles": [tile]});
    admin.post("/apps/office/dashboards", board).await.created();
    let job = admin.post("/templates/roi/install", json!({"locale": "en", "demo": true})).await;
    assert_eq!(admin.job(job).await["state"], "done");
    let label = admin.request(reqwest::Method::PATCH, "/apps/roi").header("if-match", "*");
    admin.send(label.json(&json!({"label": texts[0]}))).await.ok();
    (form, record)
}

/// Prints what is on the page, as a person would and into a file, and sees that it asked nobody for anything.
async fn asks_nobody(browser: &Browser, elsewhere: &Elsewhere, page: &str) {
    browser.developer_tools("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
    let made = format!(
        "return document.querySelectorAll(\"[src*=':{0}'], [style*=':{0}'], link[href*=':{0}'], [src^='file:'], iframe\").length",
        elsewhere.port
    );
    assert_eq!(browser.script(&made).await, 0, "{page}");
    browser.developer_tools("Page.printToPDF", json!({"printBackground": true})).await;
    // What it asks for in vain has come by now.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "{page}");
    assert_eq!(elsewhere.came(), 0, "{page}");
    browser.developer_tools("Emulation.setEmulatedMedia", json!({"media": ""})).await;
}

/// T35: a record, a request, a dashboard and a report on paper read no file and call nobody, whatever people wrote.
#[tokio::test]
async fn t35_what_is_printed_fetches_nothing() {
    let elsewhere = Elsewhere::listen().await;
    // It counts who comes.
    drop(TcpStream::connect(("127.0.0.1", elsewhere.port)).await.unwrap());
    for _ in 0..100 {
        if elsewhere.came() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(elsewhere.came.swap(0, Ordering::SeqCst), 1);

    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, record) = written(&server, &admin, &elsewhere.texts()).await;
    let browser = Browser::open(&server).await;
    // Nobody is there to close the window in which one chooses a printer.
    browser.on_every_page("window.printed = 0; window.print = () => { window.printed++; };").await;
    browser.sign_in_as(LEAD, ADMIN_PASSWORD).await;
    let was_asked = async || browser.until(async || browser.script("return window.printed").await == 1).await;

    browser.go(&format!("/apps/office/forms/{form}/records/{record}")).await;
    browser.sees("t35").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Print").await;
    assert!(was_asked().await);
    let paper = "return document.querySelector('.record-out').textContent.split('t35').length > 8";
    assert_eq!(browser.script(paper).await, true, "what was written is on the paper, as text");
    asks_nobody(&browser, &elsewhere, "record").await;

    browser.go("/inbox").await;
    browser.part(".inbox > .record").sees("t35").await;
    browser.click("Print the approval").await;
    assert!(was_asked().await);
    let said = "return document.querySelector('.inbox .print-out')?.textContent.includes('/image') === true";
    assert!(browser.until(async || browser.script(said).await == true).await, "the opinion is on the paper");
    asks_nobody(&browser, &elsewhere, "request").await;

    for page in ["/apps/office/dashboards/board", "/apps/roi/reports/roi.yearly"] {
        browser.go(page).await;
        browser.sees("t35").await;
        browser.find(".dash").await;
        browser.click("Print").await;
        assert!(was_asked().await);
        asks_nobody(&browser, &elsewhere, page).await;
    }
    browser.close().await;
    server.close().await;
}
