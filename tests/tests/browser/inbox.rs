//! Deciding: the four lists, the keys, the decision bar, the timeline; then all of it on a phone.

use serde_json::json;
use tests::Browser;
use tests::server::ADMIN_PASSWORD;
use thirtyfour::Key;

use crate::expenses::{CLERK, Expenses, FINANCE, MANAGER, OPINION, TASK};

#[tokio::test]
async fn requests_are_decided_at_the_desk_and_on_the_road() {
    let expenses = Expenses::begin().await;
    for (reason, amount) in
        [("团建活动", "3000"), ("出差住宿", "880"), ("客户招待", "1260"), ("打印耗材", "230")]
    {
        expenses.ask(reason, amount).await;
    }
    let browser = expenses.browser_of(MANAGER).await;
    keys_walk_the_list(&browser).await;
    the_bar_decides(&browser).await;
    a_refusal_asks_why(&browser).await;
    the_other_lists(&browser).await;
    sign_out(&browser).await;
    finance_reads_its_copies(&browser).await;
    sign_out(&browser).await;
    a_phone_fills_and_decides(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn an_approval_that_is_refused_says_why_and_what_else_can_be_done() {
    let expenses = Expenses::begin().await;
    let budget = json!({"format": 1, "key": "budget", "label": "预算", "read": {"everyone": true},
        "dimensions": [{"key": "reason", "label": "事由"}],
        "sources": [{"form": "expense", "filter": {"field": "$flow_state", "op": "eq", "value": "approved"},
            "group": {"reason": "reason"}, "measures": {"spent": {"fn": "sum", "field": "amount"}}}],
        "measures": [{"key": "left", "label": "余额", "formula": "1000 - spent", "scale": 2}],
        "constraints": [{"key": "enough", "message": "预算不够",
            "check": {"field": "left", "op": "gte", "value": "0"}}]});
    expenses.admin.post("/apps/office/aggregates", budget).await.created();
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
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
    expenses.close(browser).await;
}

#[tokio::test]
async fn what_was_entered_waits_for_the_decision() {
    let expenses = Expenses::begin().await;
    expenses.ask("出差住宿", "3000").await;
    let request = expenses.ask("团建活动", "3000").await;
    let record = format!("/forms/{}/records/{}", expenses.form, request["id"].as_str().unwrap());
    let granted = async || expenses.admin.get(&record).await.ok()["fields"]["granted"].clone();
    let browser = expenses.browser_of(MANAGER).await;
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
    expenses.close(browser).await;
}

#[tokio::test]
async fn an_opinion_waits_where_there_is_nothing_else_to_enter() {
    let expenses = Expenses::begin().await;
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    flow["steps"][0]["fields"] = json!({"*": "read"});
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
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
    words_and_signature_are_printed(&expenses, &browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn handing_on_and_adding_people_wait_for_the_words_that_the_step_demands() {
    let expenses = Expenses::begin().await;
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    flow["steps"][0]["opinion"] = json!("required");
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    let (task, bar) = (browser.part(TASK), browser.part(".decision"));
    task.sees("团建活动").await;
    let demanded = "写几句意见（这一步必须填写）";
    bar.click("更多").await;
    browser.click("加签…").await;
    browser.dialog().choose("加签给", "李财务").await;
    // Closes the list of people alone.
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    browser.dialog().click("确定").await;
    bar.sees("这一步的每个决定都要写意见").await;
    bar.click("确定").await;
    bar.sees("请先写几句意见").await;
    bar.fill(demanded, "请财务先看").await;
    bar.click("确定").await;
    browser.sees("已加签").await;
    browser.part(".timeline").sees("请财务先看").await;

    bar.click("更多").await;
    browser.click("转交…").await;
    browser.dialog().choose("转交给", "林职员").await;
    browser.dialog().click("确定").await;
    bar.sees("这一步的每个决定都要写意见").await;
    bar.fill(demanded, "我在休假").await;
    bar.click("确定").await;
    browser.sees("已转交").await;
    browser.part(".inbox-cards").sees_no_more("团建活动").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn a_request_is_taken_back_and_sent_again() {
    let expenses = Expenses::begin().await;
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(CLERK).await;
    browser.go("/inbox?box=started").await;
    let task = browser.part(TASK);
    task.click("撤回申请").await;
    browser.dialog().click("撤回").await;
    browser.sees("已撤回").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
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
    expenses.close(browser).await;
}

#[tokio::test]
async fn what_was_decided_is_one_press_back_and_a_narrowed_list_leads_to_all() {
    let expenses = Expenses::begin().await;
    expenses.ask("团建活动", "3000").await;
    expenses.ask("出差住宿", "880").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    browser.part(".inbox-cards").find(".task:nth-of-type(2)").await;
    // The last of the list: the one before it is next.
    browser.part(".inbox-cards").click_at(".task:last-of-type").await;
    let task = browser.part(TASK);
    task.sees("团建活动").await;
    task.enter("核准金额", "800").await;
    task.click("同意").await;
    task.part("h1").sees("出差住宿").await;
    browser.part(".toasts").sees("已同意").await;
    browser.part(".toasts").click("查看").await;
    task.part("h1").sees("团建活动").await;
    task.sees("你已同意").await;

    browser.go("/inbox?box=todo&only=overdue").await;
    browser.part(".inbox-cards").sees("没有符合筛选的内容").await;
    browser.part(".inbox-cards").click("显示全部").await;
    task.part("h1").sees("出差住宿").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn whoever_asked_takes_it_back_where_the_record_is() {
    let expenses = Expenses::begin().await;
    let request = expenses.ask("团建活动", "3000").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = async || manager.get("/tasks?box=todo").await.ok()["items"].as_array().unwrap().len();
    let browser = expenses.browser_of(CLERK).await;
    let list = format!("/apps/office/forms/{}", expenses.form);
    browser.go(&format!("{list}/records/{}", request["id"].as_str().unwrap())).await;
    // It stands beside its way, and in the menu of the record before whatever ends it for good.
    browser.part("aside.side").sees("撤回申请").await;
    browser.part(".top").click("更多操作").await;
    browser.part(".menu:popover-open").sees("催办").await;
    browser.part(".menu:popover-open").click("撤回申请").await;
    browser.dialog().sees("申请会回到你这里").await;
    browser.dialog().click("撤回").await;
    browser.sees("已撤回").await;
    assert_eq!(waiting().await, 0);
    // Now it is theirs to change; there is nothing to take back.
    browser.part("aside.side").sees_no_more("撤回申请").await;
    browser.part(".top").click("更多操作").await;
    browser.part(".menu:popover-open").click("修改后重新提交").await;
    browser.part(TASK).click("提交").await;
    browser.sees("已提交").await;
    assert_eq!(waiting().await, 1);
    // The same in the drawer beside the list.
    browser.go(&format!("{list}?record={}", request["id"].as_str().unwrap())).await;
    let drawer = browser.part(".drawer");
    drawer.sees("团建活动").await;
    drawer.click("更多操作").await;
    browser.part(".menu:popover-open").click("撤回申请").await;
    browser.dialog().click("撤回").await;
    browser.sees("已撤回").await;
    assert_eq!(waiting().await, 0);
    browser.close().await;

    // Who did not ask for it takes nothing back.
    let browser = expenses.browser_of(MANAGER).await;
    browser.go(&format!("{list}/records/{}", request["id"].as_str().unwrap())).await;
    browser.part("aside.side").sees("主管审批").await;
    assert!(!browser.part("aside.side").shows("撤回申请").await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

/// A picture of one point.
const SIGNATURE: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\x0dIDATx\xdacd\xf8\xcfP\x0f\x00\x03\x86\x01\x80Z4}k\x00\x00\x00\x00IEND\xaeB`\x82";

async fn words_and_signature_are_printed(expenses: &Expenses, browser: &Browser) {
    expenses.ask("出差住宿", "880").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo").await.ok();
    let signature = manager.upload("sign.png", "image/png", SIGNATURE.to_vec()).await;
    let decision = json!({"opinion": "已核对发票", "signature": signature});
    let path = format!("/tasks/{}/approve", waiting["items"][0]["id"].as_str().unwrap());
    manager.post(&path, decision).await.ok();
    browser.go("/inbox?box=handled").await;
    browser.part(TASK).sees("出差住宿").await;
    browser.developer_tools("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
    let paper = browser.part(".print-out");
    paper.sees("主管审批").await;
    paper.sees("陈主管").await;
    paper.sees("已核对发票").await;
    paper.find("img.signed").await;
    assert!(!browser.shows("更换处理人").await, "what is pressed is not printed");
    browser.developer_tools("Emulation.setEmulatedMedia", json!({"media": ""})).await;
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
async fn keys_walk_the_list(browser: &Browser) {
    browser.part("nav.nav").click_at("a[href='/inbox']").await;
    browser.part(".inbox-cards").sees("打印耗材").await;
    browser.part(".inbox-list .key-hint").sees("同意").await;
    browser.part(".task:nth-of-type(1) .task-sum").sees("金额").await;
    browser.gives("return document.title", "待办 – Formwork").await;
    let chosen = browser.part(".task[aria-current=true]");
    // On a wide screen the first one lies open already.
    let first = chosen.text_at(".task-head b").await;
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

/// Presses the first of the list and waits until it lies open; gives what it is called.
async fn the_first_is_opened(browser: &Browser) -> String {
    let first = browser.part(".inbox-cards").text_at(".task-head b").await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(TASK).part("h1").sees(&first).await;
    first
}

async fn the_bar_decides(browser: &Browser) {
    let before = browser.part(TASK).text_at("h1").await;
    let task = browser.part(TASK);
    task.enter("核准金额", "800").await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("a").await;
    browser.sees("已同意").await;
    browser.part(".inbox-cards").sees_no_more(&before).await;
    // With an opinion, by mouse.
    let rejected = the_first_is_opened(browser).await;
    browser.part(TASK).fill(OPINION, "超出标准").await;
    browser.part(TASK).click("拒绝").await;
    browser.sees("已拒绝").await;
    browser.part(".inbox-cards").sees_no_more(&rejected).await;
    browser.part("nav.nav").sees("待办 2").await;
}

/// By keys alone: the box for the reason takes the focus, and Escape gives up without losing a word.
async fn a_refusal_asks_why(browser: &Browser) {
    let refused = the_first_is_opened(browser).await;
    let dialog = browser.dialog();
    let focused = "return document.activeElement.matches('dialog[open] textarea')";
    for _ in 0..2 {
        browser.keys("r").await;
        dialog.sees("为什么拒绝").await;
        assert!(browser.until(async || browser.script(focused).await == true).await, "the box has no focus");
        browser.keys(Key::Escape + "").await;
        browser.gone("dialog[open]").await;
    }
    browser.keys("r").await;
    dialog.sees("也可以不填").await;
    dialog.control("取消").await;
    dialog.control("拒绝").await;
    assert!(browser.until(async || browser.script(focused).await == true).await, "the box has no focus");
    dialog.holds("原因", "").await;
    browser.keys("预算已经用完").await;
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
    browser.part(".decision").holds(OPINION, "预算已经用完").await;
    // With a reason it is done at once.
    browser.script("document.activeElement.blur()").await;
    browser.keys("r").await;
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
    let first = browser.part(".task:nth-of-type(1)[aria-current=true]").text_at(".task-head b").await;
    browser.part(TASK).sees(&first).await;
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
    browser.part(".cards-4 a[href$='box=cc']").sees("条未读").await;
    browser.part(".cards-4").click_at("a[href$='box=cc']").await;
    // A copy that is not read yet is to be seen from the moment on in which it is there, and not only once it was read.
    let seen = "const card = document.querySelector('.inbox-cards .task'); \
        return card && getComputedStyle(card).visibility";
    assert!(browser.until(async || !browser.script(seen).await.is_null()).await, "no copy has come");
    assert_eq!(browser.script(seen).await, "visible");
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(TASK).sees("核准金额").await;
    browser.part(TASK).sees("800.00").await;
}

async fn a_phone_fills_and_decides(browser: &Browser) {
    browser.resize(390, 844).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go("/").await;
    browser.part("main").click("办公").await;
    browser.part("main .cards-3").click("报销单").await;
    browser.part(".top").click("新建").await;
    browser.fill("事由", "市内交通").await;
    // Under the form is its own bar alone; the one on top leads back.
    browser.find(".save-bar").await;
    let shell = "return getComputedStyle(document.querySelector('.bottom-bar')).display";
    browser.gives(shell, "none").await;
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
    browser.find("input[type=password]").await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.part(".bottom-bar").click_at("a[href='/inbox']").await;
    fits(browser).await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(TASK).sees("市内交通").await;
    fits(browser).await;
    browser.part(TASK).fill("核准金额", "46.5").await;
    the_bar_leaves_room_for_the_record(browser).await;
    browser.part(".decision").click("更多").await;
    browser.part(".menu:popover-open").click("暂存").await;
    browser.sees("已暂存").await;
    notes_keep_off(browser, ".decision").await;
    browser.part(TASK).click("同意").await;
    // What becomes of a task takes the place of what was said of it before, long before that would have gone.
    browser.part(".toasts").sees("已同意").await;
    let notes = "return document.querySelectorAll('.toasts .toast').length";
    browser.gives(notes, 1).await;
}

/// On a phone the bar with the decision takes at most a sixth of the height, with all that goes with an opinion in one line.
async fn the_bar_leaves_room_for_the_record(browser: &Browser) {
    let share = "const bar = document.querySelector('.decision').getBoundingClientRect(); \
         return Math.round(100 * bar.height / window.innerHeight)";
    let share = browser.script(share).await.as_i64().unwrap();
    let parts = "return [...document.querySelector('.decision').children].map(part => \
         `${part.className || part.id}: ${Math.round(part.getBoundingClientRect().height)}`).join(', ')";
    assert!(share <= 16, "the bar takes {share} % of the height: {}", browser.script(parts).await);
    fits(browser).await;
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
