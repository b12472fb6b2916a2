//! Deciding: the four lists, the keys, the decision bar, the timeline; then all of it on a phone.

use std::time::Duration;

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const MANAGER: &str = "mgr@example.com";
const CLERK: &str = "clerk@example.com";
const FINANCE: &str = "fin@example.com";
const OPINION: &str = "写几句意见（拒绝时建议填写）";

#[tokio::test]
async fn requests_are_decided_at_the_desk_and_on_the_road() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    for (reason, amount) in
        [("团建活动", "3000"), ("出差住宿", "880"), ("客户招待", "1260"), ("打印耗材", "230")]
    {
        let request = json!({"fields": {"reason": reason, "amount": amount}});
        clerk.post(&format!("/forms/{form}/records"), request).await.created();
    }
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    keys_walk_the_list(&browser).await;
    the_bar_decides(&browser).await;
    a_refusal_asks_why(&browser).await;
    the_other_lists(&browser).await;
    sign_out(&browser).await;
    finance_reads_its_copies(&browser).await;
    sign_out(&browser).await;
    a_phone_fills_and_decides(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_long_list_goes_on_to_its_end() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    for number in 1..=103 {
        let request = json!({"fields": {"reason": format!("第{number:03}笔"), "amount": "1"}});
        clerk.post(&format!("/forms/{form}/records"), request).await.created();
    }
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
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
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn what_comes_and_goes_elsewhere_shows_by_itself() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let ask = async |number: u32| {
        let request = json!({"fields": {"reason": format!("第{number:03}笔"), "amount": "1"}});
        clerk.post(&format!("/forms/{form}/records"), request).await.created();
    };
    for number in 1..=30 {
        ask(number).await;
    }
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
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
    let after = browser.script(place).await.as_i64().unwrap();
    assert!((after - before).abs() <= 2, "the chosen card went from {before} to {after}");
    task.sees("第026笔").await;
    assert_eq!(task.held(OPINION).await, "先看看");

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
    let manager = server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo&limit=100").await.ok();
    let open = waiting["items"].as_array().unwrap().iter().find(|task| task["title"] == "第026笔").unwrap();
    let open = open["id"].as_str().unwrap();
    manager.post(&format!("/tasks/{open}/reject"), json!({})).await.ok();
    assert!(comes_back(&browser, async || !cards.shows("第026笔").await).await, "it is still listed");
    nav.sees("待办 31").await;
    task.sees("第026笔").await;
    assert_eq!(task.held(OPINION).await, "先看看");
    task.click("拒绝").await;
    task.sees_no_more("第026笔").await;
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn an_approval_that_is_refused_says_why_and_what_else_can_be_done() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let budget = json!({"format": 1, "key": "budget", "label": "预算", "read": {"everyone": true},
        "dimensions": [{"key": "reason", "label": "事由"}],
        "sources": [{"form": "expense", "filter": {"field": "$flow_state", "op": "eq", "value": "approved"},
            "group": {"reason": "reason"}, "measures": {"spent": {"fn": "sum", "field": "amount"}}}],
        "measures": [{"key": "left", "label": "余额", "formula": "1000 - spent", "scale": 2}],
        "constraints": [{"key": "enough", "message": "预算不够",
            "check": {"field": "left", "op": "gte", "value": "0"}}]});
    admin.post("/apps/office/aggregates", budget).await.created();
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let request = json!({"fields": {"reason": "团建活动", "amount": "3000"}});
    clerk.post(&format!("/forms/{form}/records"), request).await.created();
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.go("/inbox").await;
    let (task, banner) = (browser.part(TASK), browser.part(".banner.danger"));
    // What the step wants can be mended here.
    task.click("同意").await;
    banner.sees("还有 1 处需要修改").await;
    task.enter("核准金额", "3000").await;
    // The amount that was asked for can't.
    task.click("同意").await;
    banner.sees("预算不够").await;
    banner.sees("现在不能同意").await;
    banner.sees("你可以").await;
    assert!(!banner.shows("需要修改").await);
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn home_follows_what_comes_and_the_time_goes_on() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let ask = async |reason: &str| {
        let request = json!({"fields": {"reason": reason, "amount": "1"}});
        clerk.post(&format!("/forms/{form}/records"), request).await.created();
    };
    ask("打车").await;
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    let main = browser.part("main");
    main.sees("打车").await;
    main.sees("1 件事").await;

    // The list, the heading and the tile know of what came, as the number in the navigation does.
    ask("买书").await;
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
    browser.close().await;
    server.close().await;
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

#[tokio::test]
async fn what_was_entered_waits_for_the_decision() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let ask = async |reason: &str| {
        let request = json!({"fields": {"reason": reason, "amount": "3000"}});
        clerk.post(&format!("/forms/{form}/records"), request).await.created()
    };
    ask("出差住宿").await;
    let request = ask("团建活动").await;
    let record = format!("/forms/{form}/records/{}", request["id"].as_str().unwrap());
    let granted = async || admin.get(&record).await.ok()["fields"]["granted"].clone();
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.go("/inbox").await;
    let task = browser.part(TASK);
    task.enter("核准金额", "750").await;
    task.click("暂存").await;
    browser.sees("已暂存").await;
    // It is still to be decided, and the record is as it was.
    browser.part(".inbox-cards").sees("团建活动").await;
    task.find(".put-aside[aria-disabled=true]").await;
    assert_eq!(granted().await, json!(null));
    // What one means to say is put aside, too, also by itself.
    task.fill(OPINION, "先核对名单").await;
    task.find(".put-aside:not([aria-disabled=true])").await;
    task.click("暂存").await;
    task.find(".put-aside[aria-disabled=true]").await;
    notes_keep_off(&browser, ".decision").await;
    browser.go("/inbox").await;
    let held =
        async || task.held("核准金额").await.starts_with("750") && task.held(OPINION).await == "先核对名单";
    assert!(browser.until(held).await, "what was put aside is gone");
    task.find(".put-aside[aria-disabled=true]").await;
    leaving_a_task_asks(&browser).await;
    task.click("同意").await;
    browser.sees("已同意").await;
    assert_eq!(granted().await, "800.00");
    // What was decided is unsent no more: nothing asks, and nothing of it is offered again.
    browser.part(".inbox-cards").sees_no_more("团建活动").await;
    task.sees("出差住宿").await;
    assert!(!asks_before_it_ends(&browser).await);
    assert_eq!(unsent(&browser).await, 0);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn an_opinion_waits_where_there_is_nothing_else_to_enter() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let mut flow = admin.get(&format!("/forms/{form}/flow/draft")).await.ok();
    flow["steps"][0]["fields"] = json!({"*": "read"});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let request = json!({"fields": {"reason": "团建活动", "amount": "3000"}});
    clerk.post(&format!("/forms/{form}/records"), request).await.created();
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.go("/inbox").await;
    let task = browser.part(TASK);
    task.find(".put-aside[aria-disabled=true]").await;
    task.fill(OPINION, "等预算批下来").await;
    task.find(".put-aside:not([aria-disabled=true])").await;
    task.click("暂存").await;
    browser.sees("填写的内容和意见都留着").await;
    browser.go("/inbox").await;
    assert!(browser.until(async || task.held(OPINION).await == "等预算批下来").await);
    task.click("同意").await;
    browser.sees("已同意").await;
    browser.go("/inbox?box=handled").await;
    browser.part(".timeline").sees("等预算批下来").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_task_whose_record_was_deleted_says_so() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let request = json!({"fields": {"reason": "团建活动", "amount": "3000"}});
    let asked = clerk.post(&format!("/forms/{form}/records"), request).await.created();
    let manager = server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo").await.ok();
    let task = waiting["items"][0]["id"].as_str().unwrap();
    manager.post(&format!("/tasks/{task}/reject"), json!({})).await.ok();
    let record = format!("/forms/{form}/records/{}", asked["id"].as_str().unwrap());
    let version = admin.get(&record).await.ok()["version"].as_i64().unwrap();
    admin.delete(&record, version).await.with_status(204);
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.go("/inbox?box=handled").await;
    browser.part(".inbox-cards .task").sees("报销单 · 林职员（记录已删除）").await;
    browser.part(TASK).sees("报销单 · 林职员（记录已删除）").await;
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_request_is_taken_back_and_sent_again() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = expense_form(&server, &admin).await;
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let request = json!({"fields": {"reason": "团建活动", "amount": "3000"}});
    clerk.post(&format!("/forms/{form}/records"), request).await.created();
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go("/inbox?box=started").await;
    let task = browser.part(TASK);
    task.click("撤回申请").await;
    browser.dialog().click("撤回").await;
    browser.sees("已撤回").await;
    let manager = server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = async || manager.get("/tasks?box=todo").await.ok()["items"].as_array().unwrap().len();
    assert_eq!(waiting().await, 0);
    browser.go("/inbox").await;
    // The keys that are told are those that do something here.
    let hints = browser.part(".inbox-list .key-hint");
    hints.sees("移动").await;
    task.sees("提交").await;
    assert!(!hints.shows("同意").await && !hints.shows("更多").await);
    task.click("提交").await;
    browser.sees("已提交").await;
    assert_eq!(waiting().await, 1);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A form that anybody fills, a manager approves and the finance people read; gives its id.
async fn expense_form(server: &Server, admin: &Client) -> String {
    for (email, name) in [(MANAGER, "陈主管"), (CLERK, "林职员"), (FINANCE, "李财务")] {
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD, "language": "zh-CN"});
        admin.post("/members", member).await.created();
    }
    let id = async |email: &str| {
        let me = server.sign_in(email, ADMIN_PASSWORD).await.get("/me").await.ok();
        me["id"].clone()
    };
    let (manager, finance) = (id(MANAGER).await, id(FINANCE).await);
    admin.post("/apps", json!({"key": "office", "label": "办公"})).await.created();
    let form = json!({"key": "expense", "label": "报销单", "title": "{reason}", "fields": [
        {"key": "reason", "label": "事由", "kind": "text", "required": true},
        {"key": "amount", "label": "金额", "kind": "money", "required": true},
        {"key": "granted", "label": "核准金额", "kind": "money"}]});
    let form = admin.post("/apps/office/forms", form).await.created();
    let form = form["id"].as_str().unwrap().to_owned();
    let everyone = json!({"format": 1, "key": "everyone", "label": "所有人", "who": {"everyone": true},
        "operations": ["view", "create"], "fields": {"*": "edit"}});
    admin.post(&format!("/forms/{form}/permissions"), everyone).await.created();
    let flow = json!({"format": 1, "label": "报销审批", "title": "{reason}",
        "start": {"fields": {"reason": "edit", "amount": "edit", "granted": "hidden"}},
        "steps": [
            {"kind": "approve", "key": "manager", "label": "主管审批", "who": [{"members": [manager]}],
                "reject_to": "end", "fields": {"*": "read", "granted": "required"}},
            {"kind": "cc", "key": "finance", "label": "财务知会", "who": [{"members": [finance]}], "fields": {"*": "read"}}]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    form
}

/// Every step away from a task asks first; what is left as a draft is offered on coming back.
async fn leaving_a_task_asks(browser: &Browser) {
    let task = browser.part(TASK);
    let (first, second) = (".task:nth-of-type(1)", ".task:nth-of-type(2)");
    let stays = async || {
        browser.dialog().sees("离开这一页？").await;
        browser.dialog().click("留在这里").await;
        browser.gone("dialog[open]").await;
        assert!(task.held("核准金额").await.starts_with("800"));
    };
    assert!(!asks_before_it_ends(browser).await);
    task.enter("核准金额", "800").await;
    assert!(asks_before_it_ends(browser).await);
    browser.part(".inbox-cards").click_at(second).await;
    stays().await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("j").await;
    browser.dialog().sees("离开这一页？").await;
    // While it asks, keys decide nothing.
    browser.keys("a").await;
    stays().await;
    browser.part(".inbox-list").click("已处理").await;
    stays().await;
    task.fill(OPINION, "名单已核对").await;
    browser.part("nav.nav").click("首页").await;
    stays().await;
    browser.part(".inbox-cards").click_at(second).await;
    browser.dialog().click("留作草稿").await;
    task.sees("出差住宿").await;
    browser.part(".inbox-cards").click_at(first).await;
    task.sees("上次在这里填写的内容还没有保存。").await;
    task.click("继续填写").await;
    let back =
        async || task.held("核准金额").await.starts_with("800") && task.held(OPINION).await == "名单已核对";
    assert!(browser.until(back).await, "what was left as a draft is gone");
    assert_eq!(unsent(browser).await, 1);
}

/// Of how many tasks this browser keeps what was entered and not sent.
async fn unsent(browser: &Browser) -> i64 {
    let kept = "return Object.keys(localStorage).filter(name => name.startsWith('formwork.task.')).length";
    browser.script(kept).await.as_i64().unwrap()
}

/// Whether the page asks before it is closed or loaded anew.
async fn asks_before_it_ends(browser: &Browser) -> bool {
    let asks = "const event = new Event('beforeunload', {cancelable: true}); \
                window.dispatchEvent(event); return event.defaultPrevented";
    browser.script(asks).await == true
}

/// The task that is open beside the list.
const TASK: &str = ".inbox > .record";

async fn keys_walk_the_list(browser: &Browser) {
    browser.part("nav.nav").click_at("a[href='/inbox']").await;
    browser.part(".inbox-cards").sees("打印耗材").await;
    browser.part(".inbox-list .key-hint").sees("同意").await;
    assert_eq!(browser.script("return document.title").await, "待办 – Formwork");
    let chosen = browser.part(".task[aria-current=true]");
    // On a wide screen the first one lies open already.
    let first = chosen.find(".task-head b").await.text().await.unwrap();
    browser.part(TASK).sees(&first).await;
    browser.keys("j").await;
    browser.part(".task:nth-of-type(2)[aria-current=true]").find(".task-head").await;
    browser.keys("k").await;
    browser.part(".task:nth-of-type(1)[aria-current=true]").find(".task-head").await;
    browser.part(TASK).sees(&first).await;
    // The step wants a figure first: the key says so and decides nothing.
    browser.part(TASK).find("input").await;
    browser.keys("a").await;
    browser.part(".banner.danger").sees("核准金额").await;
}

async fn the_bar_decides(browser: &Browser) {
    let before = browser.part(TASK).find("h1").await.text().await.unwrap();
    let task = browser.part(TASK);
    task.enter("核准金额", "800").await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("a").await;
    browser.sees("已同意").await;
    browser.part(".inbox-cards").sees_no_more(&before).await;
    // With an opinion, by mouse.
    browser.part(".inbox-cards").click_at(".task").await;
    let rejected = browser.part(TASK).find("h1").await.text().await.unwrap();
    browser.part(TASK).fill(OPINION, "超出标准").await;
    browser.part(TASK).click("拒绝").await;
    browser.sees("已拒绝").await;
    browser.part(".inbox-cards").sees_no_more(&rejected).await;
    browser.part("nav.nav").sees("待办 2").await;
}

/// By keys alone: the question takes the focus, an empty answer decides nothing, Escape gives up.
async fn a_refusal_asks_why(browser: &Browser) {
    browser.part(".inbox-cards").click_at(".task").await;
    let refused = browser.part(TASK).find("h1").await.text().await.unwrap();
    let bar = browser.part(".decision");
    for _ in 0..2 {
        browser.keys("r").await;
        bar.sees("为什么拒绝").await;
        let focused = "return document.activeElement.closest('#opinion') !== null";
        assert!(browser.until(async || browser.script(focused).await == true).await, "the box has no focus");
        browser.keys(Key::Escape + "").await;
        bar.gone(".why").await;
    }
    browser.keys("r").await;
    bar.sees("不写理由").await;
    let held = "return document.activeElement.closest('#opinion')?.querySelector('input').value === ''";
    assert!(browser.until(async || browser.script(held).await == true).await, "the key was typed");
    browser.keys(Key::Enter + "").await;
    bar.sees("请先写几句意见").await;
    browser.keys("预算已经用完").await;
    browser.keys(Key::Enter + "").await;
    browser.sees("已拒绝").await;
    browser.part(".inbox-cards").sees_no_more(&refused).await;
    browser.part("nav.nav").sees("待办 1").await;
}

async fn the_other_lists(browser: &Browser) {
    browser.part(".inbox-list").click("已处理").await;
    // The task of the other list goes with it, and the first of this one is open; no key decides anything here.
    browser.part(".inbox-list .key-hint").sees_no_more("同意").await;
    browser.part(".inbox-cards").find(".task:nth-of-type(3)").await;
    // What was decided stands on each card, the latest first, and beside how the request as a whole stands.
    for (place, decided) in [(1, "已拒绝"), (2, "已拒绝"), (3, "已同意")] {
        browser.part(&format!(".task:nth-of-type({place}) .task-head")).sees(decided).await;
    }
    browser.part(TASK).part(".top").sees("你已拒绝").await;
    let first = browser.part(".task:nth-of-type(1)[aria-current=true]").find(".task-head b").await;
    browser.part(TASK).sees(&first.text().await.unwrap()).await;
    browser.gone(".decision").await;
    let timeline = browser.part(".timeline");
    timeline.sees("林职员").await;
    timeline.sees("陈主管").await;
    // What was decided can't be decided again.
    browser.gone(".decision").await;
    browser.part(".inbox-list").click("我发起").await;
    browser.sees("这里还没有内容").await;
}

async fn sign_out(browser: &Browser) {
    browser.go("/").await;
    browser.click_at(".nav-foot button[aria-haspopup=menu]").await;
    browser.click("退出登录").await;
    browser.find("input[type=password]").await;
}

async fn finance_reads_its_copies(browser: &Browser) {
    browser.sign_in_as(FINANCE, ADMIN_PASSWORD).await;
    browser.part(".cards-4").click_at("a[href$='box=cc']").await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(TASK).sees("核准金额").await;
    browser.part(TASK).sees("800.00").await;
}

async fn a_phone_fills_and_decides(browser: &Browser) {
    browser.resize(390, 844).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go("/").await;
    browser.part("main").click("办公").await;
    browser.part("main").click("报销单").await;
    browser.part(".top").click("新建").await;
    browser.fill("事由", "市内交通").await;
    // Under the form is its own bar alone; the one on top leads back.
    browser.find(".save-bar").await;
    let shell = "return getComputedStyle(document.querySelector('.bottom-bar')).display";
    assert_eq!(browser.script(shell).await, "none");
    assert!(browser.find(".breadcrumb .back").await.is_displayed().await.unwrap());
    browser.click_at(".breadcrumb .back").await;
    browser.dialog().click("留作草稿").await;
    browser.part(".top").click("新建").await;
    browser.sees("上次在这里填写的内容还没有保存。").await;
    notes_keep_off(browser, ".save-bar").await;
    browser.click("继续填写").await;
    browser.fill("金额", "46.5").await;
    // Nothing is wider than the screen.
    fits(browser).await;
    browser.click("提交").await;
    browser.sees("已提交").await;
    fits(browser).await;
    browser.go("/inbox?box=started").await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(TASK).sees("市内交通").await;
    browser.part(TASK).click("流程").await;
    browser.part(".timeline").sees("陈主管").await;
    fits(browser).await;

    browser.go("/settings").await;
    browser.click("退出登录").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.part(".bottom-bar").click_at("a[href='/inbox']").await;
    fits(browser).await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(TASK).sees("市内交通").await;
    fits(browser).await;
    browser.part(TASK).fill("核准金额", "46.5").await;
    browser.part(TASK).click("暂存").await;
    browser.part(TASK).find(".put-aside[aria-disabled=true]").await;
    notes_keep_off(browser, ".decision").await;
    browser.part(TASK).click("同意").await;
    // What becomes of a task takes the place of what was said of it before, long before that would have gone.
    browser.part(".toasts").sees("已同意").await;
    let notes = "return document.querySelectorAll('.toasts .toast').length";
    assert_eq!(browser.script(notes).await, 1);
}

/// Whether the card of the task that is open can be seen in its list.
async fn chosen_is_in_sight(browser: &Browser) {
    let in_sight = "const of = place => document.querySelector(place)?.getBoundingClientRect(); \
                    const [card, list] = [of('.task[aria-current=true]'), of('.inbox-cards')]; \
                    return !!card && card.top >= list.top - 1 && card.bottom <= list.bottom + 1";
    let seen = browser.until(async || browser.script(in_sight).await == true).await;
    assert!(seen, "the chosen card is out of sight");
}

/// What is said about what was just done lies over no key of the bar at the bottom.
async fn notes_keep_off(browser: &Browser, bar: &str) {
    let keeps_off = format!(
        "const of = place => document.querySelector(place)?.getBoundingClientRect(); \
         const [note, bar] = [of('.toasts:popover-open'), of('{bar}')]; \
         return !!note && !!bar && note.height > 0 && bar.height > 0 && note.bottom <= bar.top"
    );
    assert!(browser.until(async || browser.script(&keeps_off).await == true).await, "a note lies on `{bar}`");
}

/// Whether the page scrolls sideways.
async fn fits(browser: &Browser) {
    let wide = "return document.documentElement.scrollWidth - window.innerWidth";
    let over = browser.script(wide).await.as_i64().unwrap();
    assert!(over <= 0, "the page is {over} pixels wider than the screen\n{}", browser.text().await);
}
