//! What can be done with a task besides passing it, pressed by hand: sent back, added to, told of, signed, printed, taken
//! back; and what a request waits for.

use serde_json::{Value, json};
use tests::Browser;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use thirtyfour::Key;

use crate::expenses::{CLERK, Expenses, FINANCE, MANAGER, OPINION, TASK};

/// Has the manager decide and then the finance people, at steps that say more than that.
async fn two_decide(expenses: &Expenses, more: Value) {
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    for (place, label) in ["主管审批", "财务审批"].into_iter().enumerate() {
        let step = &mut flow["steps"][place];
        step["kind"] = json!("approve");
        step["label"] = json!(label);
        step["fields"] = json!({"*": "read"});
        for (member, value) in more.as_object().unwrap() {
            step[member] = value.clone();
        }
    }
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
}

/// How many tasks a list of somebody has.
async fn listed(expenses: &Expenses, email: &str, list: &str) -> usize {
    let who = expenses.server.sign_in(email, ADMIN_PASSWORD).await;
    who.get(&format!("/tasks?box={list}")).await.ok()["items"].as_array().unwrap().len()
}

/// The manager approves what waits first, without a browser.
async fn manager_approves(expenses: &Expenses) {
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo").await.ok();
    let task = waiting["items"][0]["id"].as_str().unwrap();
    manager.post(&format!("/tasks/{task}/approve"), json!({})).await.ok();
}

/// Closes the list of people alone.
async fn close_list(browser: &Browser) {
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
}

/// Chooses from the menu of the decision bar.
async fn choose_more(browser: &Browser, what: &str) {
    browser.part(".decision").click("更多").await;
    browser.part(".menu:popover-open").click(what).await;
}

async fn add(browser: &Browser, who: &str, when: &str) {
    choose_more(browser, "加签…").await;
    browser.dialog().choose("加签给", who).await;
    close_list(browser).await;
    browser.dialog().click(when).await;
    browser.dialog().click("确定").await;
    browser.sees("已加签").await;
}

#[tokio::test]
async fn a_decision_is_taken_back_and_a_request_returned_straight() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({})).await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part(TASK).click("同意").await;
    browser.sees("已同意").await;
    browser.go("/inbox?box=handled").await;
    browser.part(TASK).click("撤回我的决定").await;
    browser.dialog().click("撤回").await;
    browser.sees("已撤回").await;
    assert_eq!(listed(&expenses, FINANCE, "todo").await, 0);
    browser.go("/inbox").await;
    browser.part(".timeline").sees("之前的决定已撤回").await;
    browser.part(TASK).click("同意").await;
    browser.sees("已同意").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    let browser = expenses.browser_of(FINANCE).await;
    browser.go("/inbox").await;
    browser.part(TASK).sees("团建活动").await;
    choose_more(&browser, "退回…").await;
    let dialog = browser.dialog();
    dialog.choose("退回到", "主管审批").await;
    dialog.sees("需要改什么").await;
    dialog.fill("原因", "请核对名单").await;
    dialog.click("直接回到这一步").await;
    // Closed by accident, it loses nothing: the reason is the opinion, and what was chosen stays chosen.
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
    browser.part(".decision").holds(OPINION, "请核对名单").await;
    choose_more(&browser, "退回…").await;
    dialog.holds("原因", "请核对名单").await;
    dialog.sees("主管审批").await;
    let pressed = "return document.querySelector('dialog[open] .segmented [aria-pressed=true]').innerText";
    browser.gives(pressed, "直接回到这一步").await;
    dialog.click("退回").await;
    browser.sees("已退回").await;
    browser.part(".inbox-cards").sees_no_more("团建活动").await;
    // Whoever it was returned to sends it straight back to who returned it.
    manager_approves(&expenses).await;
    browser.go("/inbox").await;
    browser.part(TASK).sees("团建活动").await;
    let timeline = browser.part(".timeline");
    timeline.sees("请核对名单").await;
    timeline.sees("退回到 主管审批").await;
    timeline.part("li.now").sees("李财务").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn others_are_added_told_named_and_reminded() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({})).await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part(TASK).sees("团建活动").await;
    choose_more(&browser, "抄送…").await;
    browser.dialog().choose("抄送给", "李财务").await;
    close_list(&browser).await;
    browser.dialog().click("确定").await;
    browser.sees("已抄送").await;
    assert_eq!(listed(&expenses, FINANCE, "cc").await, 1);

    add(&browser, "林职员", "同时").await;
    assert_eq!(listed(&expenses, CLERK, "todo").await, 1);
    browser.go("/inbox").await;
    let side = browser.part("aside.side");
    side.part(".timeline li.now").sees("林职员").await;
    side.fill("写一条评论", "名单在附件里").await;
    side.click("提醒同事看（@）").await;
    side.choose("提醒同事看（@）", "李财务").await;
    close_list(&browser).await;
    side.click("发送评论").await;
    side.part(".timeline").sees("名单在附件里").await;
    side.part(".timeline").sees("→ 李财务").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    let browser = expenses.browser_of(CLERK).await;
    browser.go("/inbox?box=started").await;
    let side = browser.part("aside.side");
    side.click("催办").await;
    browser.sees("已催办").await;
    side.part(".timeline").sees("催办").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn a_step_calls_its_actions_by_its_own_names_and_hides_what_is_switched_off() {
    let expenses = Expenses::begin().await;
    let called = |words: &str| json!({"label": {"zh-CN": words, "zh-TW": words, "en": words}});
    let actions = json!({"approve": called("核准"), "reject": called("驳回"), "return": called("打回重写"),
        "withdraw": called("收回核准"), "urge": called("请快一点"), "transfer": false, "comment": false});
    two_decide(&expenses, json!({"actions": actions})).await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(CLERK).await;
    browser.go("/inbox?box=started").await;
    let side = browser.part("aside.side");
    side.sees("请快一点").await;
    side.gone(".saying input").await;
    browser.close().await;

    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    let bar = browser.part(".decision");
    bar.click("更多").await;
    let menu = browser.part(".menu:popover-open");
    menu.sees("打回重写").await;
    menu.sees("加签…").await;
    menu.sees_no_more("转交…").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    // The question before it is done says it in the same words.
    bar.click("驳回").await;
    browser.dialog().sees("也可以不填").await;
    browser.dialog().control("驳回").await;
    browser.dialog().click("取消").await;
    browser.gone("dialog[open]").await;
    bar.click("核准").await;
    browser.sees("已同意").await;
    browser.go("/inbox?box=handled").await;
    browser.part(TASK).click("收回核准").await;
    browser.dialog().sees("收回核准").await;
    browser.dialog().click("撤回").await;
    browser.sees("已撤回").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn who_is_added_after_somebody_comes_after_them() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({})).await;
    let request = expenses.ask("出差住宿", "880").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part(TASK).sees("出差住宿").await;
    add(&browser, "林职员", "在我之后").await;
    assert_eq!(listed(&expenses, CLERK, "todo").await, 0);
    browser.go("/inbox").await;
    browser.part(TASK).click("同意").await;
    browser.sees("已同意").await;
    assert_eq!(listed(&expenses, CLERK, "todo").await, 1);
    let id = request["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{}/records/{id}", expenses.form)).await;
    browser.part(".timeline li.now").sees("林职员").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn an_opinion_is_a_phrase_with_a_file_and_a_drawn_signature() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({"signature": "required"})).await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    let bar = browser.part(".decision");
    bar.click("常用语").await;
    browser.part(".menu:popover-open").click("管理常用语…").await;
    browser.dialog().fill("新的常用语", "情况属实").await;
    browser.dialog().click("保存").await;
    browser.dialog().sees("情况属实").await;
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
    bar.click("常用语").await;
    browser.part(".menu:popover-open").click("情况属实").await;
    assert!(browser.until(async || bar.held(OPINION).await == "情况属实").await, "the phrase is not used");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("invoice.txt");
    std::fs::write(&file, "800.00").unwrap();
    browser.choose_file(&file).await;
    bar.sees("invoice.txt").await;
    // The decision waits for the signature.
    bar.click("同意").await;
    let pad = browser.dialog().find("canvas").await;
    let place = "const box = document.querySelector('dialog[open] canvas').getBoundingClientRect(); \
         return [box.x, box.y, box.width, box.height]";
    let lies = browser.script(place).await;
    let pen = browser.driver.action_chain().move_to_element_center(&pad).click_and_hold();
    pen.move_by_offset(60, 15).release().perform().await.unwrap();
    // Nothing comes with the first stroke that would move the pad from under the pen.
    assert_eq!(browser.script(place).await, lies);
    browser.dialog().click("使用此签名").await;
    browser.gone("dialog[open]").await;
    bar.sees("已签名").await;
    bar.click("同意").await;
    browser.sees("已同意").await;
    browser.go("/inbox?box=handled").await;
    let timeline = browser.part(".timeline");
    timeline.sees("情况属实").await;
    timeline.sees("invoice.txt").await;
    timeline.find("img.signed").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn somebody_is_named_by_an_at_in_what_one_writes() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({})).await;
    let request = expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    let bar = browser.part(".decision");
    // By how the name sounds, with keys alone.
    bar.fill(OPINION, "请看 @lcw").await;
    bar.part(".mention-offer").sees("李财务").await;
    browser.keys(Key::Enter + "").await;
    bar.holds(OPINION, "请看 @李财务 ").await;
    bar.gone(".mention-offer").await;
    // By mouse in a comment.
    let side = browser.part("aside.side");
    side.fill("写一条评论", "@林").await;
    side.part(".mention-offer").click("林职员").await;
    side.holds("写一条评论", "@林职员 ").await;
    side.click("发送评论").await;
    side.part(".timeline").sees("→ 林职员").await;
    bar.click("同意").await;
    browser.sees("已同意").await;
    let instance = format!("/instances/{}", request["instance"]["id"].as_str().unwrap());
    let told = expenses.admin.get(&instance).await.ok();
    let log = told["log"].as_array().unwrap();
    let line = log.iter().find(|line| line["action"] == "approve").unwrap();
    assert_eq!(line["mentions"].as_array().map(Vec::len), Some(1), "{line}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn one_signs_on_a_phone_over_the_whole_width() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({"signature": "required"})).await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.resize(390, 844).await;
    browser.go("/inbox").await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(".decision").click("同意").await;
    browser.dialog().find("canvas").await;
    let pad = "const pad = document.querySelector('dialog[open] canvas'); \
         return pad.getBoundingClientRect().width >= window.innerWidth - 48 && getComputedStyle(pad).touchAction === 'none'";
    browser.gives(pad, true).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn what_is_decided_or_put_aside_is_printed_where_the_step_offers_it() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({"print": true})).await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    // Nobody is there to close the window in which one chooses a printer.
    let stands_in = "window.papers = []; window.print = () => \
         window.papers.push(document.querySelector('.inbox .print-out')?.textContent ?? '');";
    browser.on_every_page(stands_in).await;
    browser.go("/inbox").await;
    browser.part(TASK).sees("团建活动").await;
    browser.part(".timeline").sees("陈主管").await;
    let printed = async |count: i64| {
        let papers = async || browser.script("return window.papers.length").await == count;
        assert!(browser.until(papers).await, "{count} papers are not printed");
    };
    choose_more(&browser, "暂存并打印").await;
    browser.sees("已暂存").await;
    printed(1).await;
    // By keys alone: the menu opens with its first item.
    browser.script("document.activeElement.blur()").await;
    browser.keys(".").await;
    browser.part(".menu:popover-open").sees("同意并打印").await;
    let focused = "return document.activeElement.textContent.includes('同意并打印')";
    assert!(browser.until(async || browser.script(focused).await == true).await, "the item has no focus");
    // News of what was put aside may draw the bar anew at this moment.
    let decided = async || {
        if browser.script(focused).await == true {
            browser.keys(Key::Enter + "").await;
        }
        browser.shows("已同意").await
    };
    assert!(browser.until(decided).await, "Enter does not decide");
    printed(2).await;
    let paper = "return [window.papers[0].includes('陈主管'), window.papers[1].includes('陈主管')]";
    assert_eq!(browser.script(paper).await, json!([false, true]), "what was decided is on the paper");
    browser.part(TASK).part(".top").sees("你已同意").await;
    assert_eq!(listed(&expenses, FINANCE, "todo").await, 1);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn cards_say_until_when_and_administrators_see_what_can_not_go_on() {
    let expenses = Expenses::begin().await;
    two_decide(&expenses, json!({"deadlines": [{"after": "P2D", "do": "remind"}]})).await;
    expenses.ask("出差住宿", "880").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part(".inbox-cards .task").sees("截止").await;
    browser.part(".timeline li.now").sees("刚刚").await;
    // Days later it says by how much it is late.
    browser
        .script(
            "const then = Date.now; Date.now = () => then() + 3 * 86400000; \
             window.dispatchEvent(new Event('visibilitychange'))",
        )
        .await;
    browser.part(".inbox-cards .task").sees("已超时").await;
    browser.close().await;

    // Nothing may be spent beyond a thousand, and nobody is there to decide otherwise.
    let budget = json!({"format": 1, "key": "budget", "label": "预算", "read": {"everyone": true},
        "dimensions": [{"key": "reason", "label": "事由"}],
        "sources": [{"form": "expense", "filter": {"field": "$flow_state", "op": "eq", "value": "approved"},
            "group": {"reason": "reason"}, "measures": {"spent": {"fn": "sum", "field": "amount"}}}],
        "measures": [{"key": "left", "label": "余额", "formula": "1000 - spent", "scale": 2}],
        "constraints": [{"key": "enough", "message": "预算不够",
            "check": {"field": "left", "op": "gte", "value": "0"}}]});
    expenses.admin.post("/apps/office/aggregates", budget).await.created();
    two_decide(&expenses, json!({"deadlines": [{"after": "PT1S", "do": "auto_approve"}]})).await;
    let request = expenses.ask("团建活动", "3000").await;
    let instance = format!("/instances/{}", request["instance"]["id"].as_str().unwrap());
    let browser = expenses.browser_of(ADMIN_EMAIL).await;
    let has_failed = async || {
        let waits = expenses.admin.get(&instance).await.ok()["waits"].clone();
        waits.as_array().is_some_and(|waits| waits.iter().any(|wait| wait.get("failed").is_some()))
    };
    assert!(browser.until(has_failed).await, "the deadline was not refused");
    browser.script("localStorage.setItem('formwork.language', 'zh-CN')").await;
    let id = request["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{}/records/{id}", expenses.form)).await;
    browser.part(".timeline").sees("已尝试").await;
    browser.part(".timeline").sees("再试").await;
    // The list says how it stands in the colour and with the sign of the record's head.
    browser.find("h1 + .badge.accent .icon").await;
    browser.go(&format!("/apps/office/forms/{}", expenses.form)).await;
    browser.find("td .badge.accent .icon").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}
