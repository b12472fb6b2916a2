//! What the lists of the inbox and of home show: all of it to the end, what comes and goes, and what is gone.

use std::time::Duration;

use serde_json::json;
use tests::Browser;
use tests::server::ADMIN_PASSWORD;
use thirtyfour::Key;

use crate::expenses::{CLERK, Expenses, MANAGER, OPINION, TASK};

#[tokio::test]
async fn a_long_list_goes_on_to_its_end() {
    let expenses = Expenses::begin().await;
    for number in 1..=103 {
        expenses.ask(&format!("第{number:03}笔"), "1").await;
    }
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part("nav.nav").sees("待办 103").await;
    let cards = browser.part(".inbox-cards");
    cards.sees("第004笔").await;
    assert!(!cards.shows("第003笔").await);
    // Keys walk past the edge of the list, and what is chosen stays in sight; also when the page is loaded anew.
    cards.find(".task:nth-of-type(1)[aria-current=true]").await;
    for place in 2..=17 {
        browser.keys("j").await;
        cards.find(&format!(".task:nth-of-type({place})[aria-current=true]")).await;
    }
    chosen_is_in_sight(&browser).await;
    let chosen = browser.script("return location.pathname + location.search").await;
    browser.go(chosen.as_str().unwrap()).await;
    chosen_is_in_sight(&browser).await;
    cards.click("显示更多（还有 3 项）").await;
    cards.sees("第001笔").await;
    cards.sees_no_more("显示更多").await;
    // A decision leaves all others where they are.
    cards.click_at(".task:last-of-type").await;
    let task = browser.part(TASK);
    task.sees("第001笔").await;
    task.fill(OPINION, "重复").await;
    task.click("拒绝").await;
    cards.sees_no_more("第001笔").await;
    browser.part("nav.nav").sees("待办 102").await;
    cards.sees("第002笔").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

/// The list is made wider by its edge, by mouse and by keys, and stays so.
#[tokio::test]
async fn the_list_is_as_wide_as_one_makes_it() {
    let expenses = Expenses::begin().await;
    expenses.ask("第001笔", "1").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part(".inbox-cards").sees("第001笔").await;
    let wide = "return Math.round(document.querySelector('.inbox-list')?.getBoundingClientRect().width ?? 0).toString()";
    let is_wide = async |width: &str| {
        let same = browser.until(async || browser.script(wide).await == width).await;
        assert!(same, "{} instead of {width}", browser.script(wide).await);
    };
    is_wide("336").await;
    let (x, y) = browser.middle_of(".inbox .split-bar").await;
    browser.draw((x, y), &[(x + 60, y)]).await;
    is_wide("396").await;
    browser.draw((x + 60, y), &[(x + 600, y)]).await;
    is_wide("480").await;
    browser.go("/inbox").await;
    is_wide("480").await;
    browser.script("document.querySelector('.inbox .split-bar').focus()").await;
    browser.keys(Key::Left + "").await;
    is_wide("464").await;
    browser.keys(Key::Home + "").await;
    is_wide("280").await;
    let twice = "document.querySelector('.inbox .split-bar').dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))";
    browser.script(twice).await;
    is_wide("336").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn what_comes_and_goes_elsewhere_shows_by_itself() {
    let expenses = Expenses::begin().await;
    let ask = async |number: u32| {
        expenses.ask(&format!("第{number:03}笔"), "1").await;
    };
    for number in 1..=30 {
        ask(number).await;
    }
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    let (nav, cards, task) = (browser.part("nav.nav"), browser.part(".inbox-cards"), browser.part(TASK));
    nav.sees("待办 30").await;
    cards.click_at(".task:nth-of-type(5)").await;
    task.sees("第026笔").await;
    task.fill(OPINION, "先看看").await;
    browser.script("document.querySelector('.inbox-cards').scrollTop = 150").await;
    let place =
        "return Math.round(document.querySelector('.task[aria-current=true]')?.getBoundingClientRect().top)";
    let before = browser.script(place).await.as_i64().unwrap();

    // Who comes back to the window finds what came meanwhile, and everything else where it was.
    ask(31).await;
    assert!(comes_back(&browser, async || cards.shows("第031笔").await).await, "the new task is not there");
    nav.sees("待办 31").await;
    let after = async || browser.script(place).await.as_i64().unwrap_or_default();
    let stays = async || (after().await - before).abs() <= 2;
    assert!(browser.until(stays).await, "the chosen card went from {before} to {}", after().await);
    task.sees("第026笔").await;
    task.holds(OPINION, "先看看").await;

    // A server that can't give the list anew takes none of it away.
    lists_are_refused(&browser, true).await;
    let refused = async || browser.script("return window.refused > 0").await == true;
    assert!(comes_back(&browser, refused).await, "the list was not asked for");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(cards.shows("第031笔").await, "the list is gone");
    lists_are_refused(&browser, false).await;

    // Who stays before it needs to do nothing.
    ask(32).await;
    nav.patient(Duration::from_secs(45)).sees("待办 32").await;
    cards.sees("第032笔").await;

    // What is decided elsewhere goes from the list, and from under nobody's hands.
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo&limit=100").await.ok();
    let open = waiting["items"].as_array().unwrap().iter().find(|task| task["title"] == "第026笔").unwrap();
    let open = open["id"].as_str().unwrap();
    manager.post(&format!("/tasks/{open}/reject"), json!({})).await.ok();
    assert!(comes_back(&browser, async || !cards.shows("第026笔").await).await, "it is still listed");
    nav.sees("待办 31").await;
    task.sees("第026笔").await;
    task.holds(OPINION, "先看看").await;
    task.click("拒绝").await;
    task.sees_no_more("第026笔").await;
    expenses.close(browser).await;
}

#[tokio::test]
async fn home_follows_what_comes_and_the_time_goes_on() {
    let expenses = Expenses::begin().await;
    expenses.ask("打车", "1").await;
    let browser = expenses.browser_of(MANAGER).await;
    let main = browser.part("main");
    main.sees("打车").await;
    main.sees("1 件事").await;

    // The list, the heading and the tile know of what came, as the number in the navigation does.
    expenses.ask("买书", "1").await;
    assert!(comes_back(&browser, async || main.shows("买书").await).await, "the new task is not there");
    main.sees("2 件事").await;
    main.part(".cards-4 .figure").sees("2").await;
    browser.part("nav.nav").sees("待办 2").await;

    // All that tells the time tells it anew, and the same.
    browser.go("/inbox").await;
    let (card, timeline) = (browser.part(".task[aria-current=true]"), browser.part(".timeline"));
    card.sees("刚刚").await;
    timeline.sees("刚刚").await;
    browser
        .script(
            "const then = Date.now; Date.now = () => then() + 20 * 60000; \
             window.dispatchEvent(new Event('visibilitychange'))",
        )
        .await;
    card.sees("20 分钟前").await;
    timeline.sees("等待 20 分钟").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn a_task_whose_record_was_deleted_says_so() {
    let expenses = Expenses::begin().await;
    let asked = expenses.ask("团建活动", "3000").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo").await.ok();
    let task = waiting["items"][0]["id"].as_str().unwrap();
    manager.post(&format!("/tasks/{task}/reject"), json!({})).await.ok();
    let record = format!("/forms/{}/records/{}", expenses.form, asked["id"].as_str().unwrap());
    let version = expenses.admin.get(&record).await.ok()["version"].as_i64().unwrap();
    expenses.admin.delete(&record, version).await.with_status(204);
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox?box=handled").await;
    browser.part(".inbox-cards .task").sees("报销单「林职员」（记录已删除）").await;
    browser.part(TASK).sees("报销单「林职员」（记录已删除）").await;
    expenses.close(browser).await;
}

/// W30: what waits in one app, and what can be asked for there.
#[tokio::test]
async fn the_inbox_of_an_app_is_opened_from_it_and_begins_a_request() {
    let expenses = Expenses::begin().await;
    expenses.ask("打车", "1").await;
    let admin = &expenses.admin;
    admin.post("/apps", json!({"key": "travel", "label": "差旅"})).await.created();
    let form = json!({"key": "trip", "label": "出差单", "title": "{where}", "fields": [
        {"key": "where", "label": "目的地", "kind": "text", "required": true}]});
    let form = admin.post("/apps/travel/forms", form).await.created()["id"].as_str().unwrap().to_owned();
    let everyone = json!({"format": 1, "key": "everyone", "label": "所有人", "who": {"everyone": true},
        "operations": ["view", "create"], "fields": {"*": "edit"}});
    admin.post(&format!("/forms/{form}/permissions"), everyone).await.created();
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await.get("/me").await.ok()["id"].clone();
    let flow = json!({"format": 1, "label": "出差审批", "steps": [
        {"kind": "approve", "key": "manager", "label": "主管审批", "who": [{"members": [manager]}]}]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    admin.post(&format!("/forms/{form}/records"), json!({"fields": {"where": "上海"}})).await.created();

    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/apps/travel").await;
    browser.part("nav.nav").click("本应用的审批").await;
    let (list, cards) = (browser.part(".inbox-list"), browser.part(".inbox-cards"));
    cards.sees("上海").await;
    assert!(!cards.shows("打车").await, "it is of another app");
    list.part(".inbox-filters").sees("差旅").await;
    // The number beside the list is that of the app; the navigation still has all.
    list.part(".tabs").sees("1").await;
    browser.part("nav.nav").sees("待办 2").await;
    // Another list is of the app, too.
    list.click("我发起").await;
    list.part(".inbox-filters").sees("差旅").await;
    let place = browser.script("return location.search").await;
    assert!(place.as_str().unwrap().contains("app=travel"), "{place}");
    // What can be asked for is what this app has.
    list.click_at("[aria-label=发起流程]").await;
    let menu = browser.part(".menu:popover-open");
    menu.sees("出差单").await;
    assert!(!menu.shows("报销单").await);
    menu.click("出差单").await;
    let is_new = async || browser.script("return location.pathname.endsWith('/new')").await == true;
    assert!(browser.until(is_new).await, "the form is not there to be filled in");
    browser.go("/inbox?app=travel").await;
    cards.sees("上海").await;
    list.click_at(".inbox-filters .chip button").await;
    cards.sees("打车").await;
    cards.sees("上海").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

/// Below the figures stands what is behind them: of one's own requests how many are in approval, and for how long.
#[tokio::test]
async fn the_figures_of_home_say_how_long_ones_own_requests_wait() {
    let expenses = Expenses::begin().await;
    expenses.ask("打车", "1").await;
    expenses.ask("买书", "1").await;
    let browser = expenses.browser_of(CLERK).await;
    let started = browser.part(".cards-4 a[href$='box=started']");
    started.sees("2 件审批中").await;
    started.sees("平均等待").await;
    let app = browser.part("[data-app]");
    app.sees("1 个表单").await;
    assert!(!app.shows("仪表盘").await, "there is none");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn a_request_is_begun_from_home() {
    let expenses = Expenses::begin().await;
    let browser = expenses.browser_of(CLERK).await;
    browser.go("/").await;
    let entries = browser.part(".start-entries");
    entries.sees("办公").await;
    entries.click("报销单").await;
    browser.fill("事由", "打车").await;
    browser.fill("金额", "46.5").await;
    browser.click("提交").await;
    browser.sees("已提交").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

/// Comes back to the window until something holds; false when it does not come to hold.
async fn comes_back(browser: &Browser, holds: impl AsyncFn() -> bool) -> bool {
    let look = async || {
        browser.script("window.dispatchEvent(new Event('focus'))").await;
        holds().await
    };
    browser.until(look).await
}

/// Whether the server seems to be too busy for whole lists of tasks. Each that was refused counts as `window.refused`.
async fn lists_are_refused(browser: &Browser, busy: bool) {
    let install = "if (window.refused === undefined) { const real = window.fetch; window.refused = 0; \
         window.fetch = (asked, ...rest) => { \
             if (!window.isBusy || !/\\/tasks\\?.*limit=100/.test(asked.url ?? asked)) return real(asked, ...rest); \
             window.refused += 1; return Promise.resolve(new Response('', {status: 503})); }; }";
    browser.script(&format!("{install} window.isBusy = {busy}")).await;
}

/// Whether the card of the task that is open can be seen in its list.
async fn chosen_is_in_sight(browser: &Browser) {
    let in_sight = "const of = place => document.querySelector(place)?.getBoundingClientRect(); \
                    const [card, list] = [of('.task[aria-current=true]'), of('.inbox-cards')]; \
                    return !!card && card.top >= list.top - 1 && card.bottom <= list.bottom + 1";
    let seen = browser.until(async || browser.script(in_sight).await == true).await;
    assert!(seen, "the chosen card is out of sight");
}
