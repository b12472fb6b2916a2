//! An administrator is told of a request that waits for nobody, and gives it to somebody, ends it and opens it again; and who submits
//! a draft says who decides about it.

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use thirtyfour::Key;

use crate::expenses::{CLERK, Expenses, MANAGER, TASK};

/// Has the first step ask others.
async fn ask(expenses: &Expenses, who: Value, nobody: &str) {
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    flow["steps"][0]["who"] = who;
    flow["steps"][0]["nobody"] = json!(nobody);
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
}

/// How many tasks wait for the manager.
async fn waiting(expenses: &Expenses) -> usize {
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    manager.get("/tasks?box=todo").await.ok()["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn what_waits_for_nobody_is_given_to_somebody_ended_and_opened_again() {
    let expenses = Expenses::begin().await;
    expenses.admin.post("/roles", json!({"key": "AUDIT", "name": "稽核"})).await.created();
    ask(&expenses, json!([{"roles": ["AUDIT"]}]), "hold").await;
    let asked = expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(ADMIN_EMAIL).await;
    browser.script("localStorage.setItem('formwork.language', 'zh-CN')").await;
    browser.go("/notices").await;
    browser.part(".notice.unread").sees("团建活动").await;
    browser.part(".notice").click_at("a.notice-body").await;
    browser.part(TASK).sees("团建活动").await;
    let side = browser.part("aside.side");
    side.part(".timeline").sees("暂无处理人").await;

    side.click("更换处理人…").await;
    browser.dialog().choose("换成谁", "陈主管").await;
    browser.dialog().click("更换处理人").await;
    browser.sees("已更换处理人").await;
    side.part(".timeline li.now").sees("陈主管").await;
    assert_eq!(waiting(&expenses).await, 1);

    side.click("终止审批…").await;
    browser.dialog().fill("原因（能看到申请的人都能看到）", "预算冻结").await;
    browser.dialog().click("终止审批").await;
    browser.sees("审批已终止").await;
    side.part(".timeline").sees("预算冻结").await;
    assert_eq!(waiting(&expenses).await, 0);

    side.click("重新打开…").await;
    browser.dialog().sees("从哪个步骤").await;
    browser.dialog().click("重新打开").await;
    browser.sees("已重新打开").await;
    side.part(".timeline").sees("暂无处理人").await;

    // Beside its record it is the same, with the drawing of the way that it took.
    let id = asked["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{}/records/{id}", expenses.form)).await;
    browser.part(".timeline").sees("暂无处理人").await;
    browser.click_at("details.drawn > summary").await;
    browser.part(".flow-drawing .step[data-state=active]").sees("主管审批").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn what_a_request_waits_for_besides_people_stands_in_its_timeline() {
    let expenses = Expenses::begin().await;
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    let wait = json!({"kind": "delay", "key": "rest", "label": "冷静期", "for": "P1D"});
    flow["steps"].as_array_mut().unwrap().insert(0, wait);
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
    let asked = expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(CLERK).await;
    let id = asked["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{}/records/{id}", expenses.form)).await;
    let now = browser.part(".timeline li.now");
    now.sees("冷静期").await;
    now.sees("直到 明天").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn who_submits_a_draft_says_who_decides_about_it() {
    let expenses = Expenses::begin().await;
    ask(&expenses, json!([{"chosen_by": "submitter"}]), "admins").await;
    let clerk = expenses.server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let draft = json!({"fields": {"reason": "团建活动", "amount": "3000"}, "draft": true});
    let draft = clerk.post(&expenses.path("/records"), draft).await.created();
    let browser = expenses.browser_of(CLERK).await;
    let id = draft["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{}/records/{id}", expenses.form)).await;
    browser.choose("由谁处理：主管审批", "陈主管").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    browser.part(".save-bar").click("提交").await;
    browser.sees("已提交").await;
    assert_eq!(waiting(&expenses).await, 1);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

/// The record says why nobody changes it, and its cells in the list are fixed; whoever publishes a flow without the lock is told who can.
#[tokio::test]
async fn what_is_locked_once_it_is_approved_says_so_and_who_leaves_it_open_is_told() {
    let expenses = Expenses::begin().await;
    let editors = json!({"format": 1, "key": "editors", "label": "复核", "operations": ["view", "edit"],
        "who": {"everyone": true}, "fields": {"*": "edit"}});
    expenses.admin.post(&expenses.path("/permissions"), editors).await.created();
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    flow["label"] = json!("费用审批");
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    let browser = expenses.browser_of(ADMIN_EMAIL).await;
    browser.script("localStorage.setItem('formwork.language', 'zh-CN')").await;
    browser.go(&format!("/apps/office/forms/{}/flow", expenses.form)).await;
    browser.part(".top").click("发布").await;
    browser.dialog().sees("审批通过的记录仍可由 所有人 修改").await;
    browser.dialog().click("到表单设置中锁定").await;
    browser.part(".canvas").sees("事由").await;

    let draft = expenses.admin.get(&expenses.path("/draft")).await.ok();
    let locks = json!({"do": "set_form", "member": "settings", "value": {"lock_approved": true}});
    let edits = json!({"base": draft["base"], "edits": [locks]});
    expenses.admin.post(&expenses.path("/draft/edits"), edits).await.ok();
    expenses.admin.post(&expenses.path("/publish"), json!({})).await.ok();
    let asked = expenses.ask("团建活动", "3000").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let task = manager.get("/tasks?box=todo").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    manager.post(&format!("/tasks/{task}/approve"), json!({"fields": {"granted": "800"}})).await.ok();
    let id = asked["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{}/records/{id}", expenses.form)).await;
    browser.part(".record-body").sees("记录已审批通过并锁定").await;
    browser.gone(".record-body input").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}
