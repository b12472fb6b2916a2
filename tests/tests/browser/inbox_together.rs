//! Deciding several at once, and a request that came back.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;

use crate::expenses::{CLERK, Expenses, MANAGER, TASK};

#[tokio::test]
async fn several_are_decided_at_once_and_what_was_refused_says_why() {
    let expenses = Expenses::begin().await;
    expenses.ask("团建活动", "3000").await;
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    flow["steps"][0]["fields"] = json!({"*": "read"});
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
    expenses.ask("出差住宿", "880").await;
    expenses.ask("打印耗材", "230").await;
    let browser = expenses.browser_of(MANAGER).await;
    // On a phone, as at a desk.
    browser.resize(390, 844).await;
    browser.go("/inbox").await;
    let list = browser.part(".inbox-list");
    list.click("批量处理").await;
    // That each can be picked is seen before the first press.
    let rings = "return document.querySelectorAll('.task .pick-ring').length";
    assert!(
        browser.until(async || browser.script(rings).await == 3).await,
        "nothing shows what can be picked"
    );
    list.click("全选").await;
    list.sees("已选 3 项").await;
    assert!(browser.until(async || browser.script(rings).await == 0).await, "what is picked has no tick");
    browser.part(".batch-bar").click("同意").await;
    browser.dialog().sees("同意 3 项").await;
    browser.dialog().click("同意").await;
    // The first one wants a figure: it stays, and its name and reason are told.
    browser.sees("有些没有处理").await;
    browser.part(".batch-refused").sees("团建活动").await;
    browser.part(".batch-refused").sees("核准金额").await;
    // So is each of the others, with what became of it.
    browser.part(".batch-done").sees("出差住宿").await;
    browser.part(".batch-done").sees("已同意").await;
    let over = "return document.documentElement.scrollWidth - window.innerWidth";
    let fits = async || browser.script(over).await.as_i64().unwrap() <= 0;
    assert!(browser.until(fits).await, "the page is wider than the screen");
    browser.resize(1280, 800).await;
    browser.part(".inbox-cards").sees_no_more("出差住宿").await;
    browser.part("nav.nav").sees("待办 1").await;
    expenses.close(browser).await;
}

#[tokio::test]
async fn a_returned_request_says_what_is_to_be_changed() {
    let expenses = Expenses::begin().await;
    expenses.ask("团建活动", "3000").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo").await.ok();
    let task = waiting["items"][0]["id"].as_str().unwrap();
    let back = json!({"to": "start", "opinion": "金额请附明细", "marks": ["amount"]});
    manager.post(&format!("/tasks/{task}/return"), back).await.ok();
    let browser = expenses.browser_of(CLERK).await;
    browser.go("/inbox").await;
    browser.part(".inbox-filters").sees("退回给我 1").await;
    let task = browser.part(TASK);
    task.sees("陈主管 退回了这份申请").await;
    task.sees("金额请附明细").await;
    task.part(".field:has(> [data-mark=change])").sees("金额").await;
    // The way so far stays in sight, as a list and as a drawing.
    browser.part(".inbox > .side").sees("金额请附明细").await;
    browser.part(".inbox > .side").click("流程图").await;
    browser.part(".flow-drawing").sees("主管审批").await;
    task.click("提交").await;
    browser.sees("已提交").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}
