//! A request that was rejected or terminated is asked again by who asked for it, as a new one that says what was said of the old one.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;

use crate::expenses::{CLERK, Expenses, MANAGER, TASK};

/// What was refused stays as it is; a new request is filled in as it was, and says what was said of it.
#[tokio::test]
async fn a_rejected_request_is_asked_again_as_a_new_one() {
    let expenses = Expenses::begin().await;
    let request = expenses.ask("团建活动", "3000").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = async || manager.get("/tasks?box=todo").await.ok()["items"].as_array().unwrap().clone();
    let task = format!("/tasks/{}/reject", waiting().await[0]["id"].as_str().unwrap());
    manager.post(&task, json!({"opinion": "超出标准"})).await.ok();
    let records =
        async || expenses.admin.get(&expenses.path("/records")).await.ok()["items"].as_array().unwrap().len();
    let browser = expenses.browser_of(CLERK).await;
    browser.go("/inbox?box=started").await;
    browser.part(TASK).click("再次提交").await;
    let (body, banner) = (browser.part(".record-body"), browser.part(".record-body .banner"));
    for said in ["团建活动", "已拒绝", "陈主管 拒绝了这份申请", "超出标准"] {
        banner.sees(said).await;
    }
    body.holds("事由", "团建活动").await;
    // Until it is submitted there is nothing new.
    assert_eq!((records().await, waiting().await.len()), (1, 0));
    body.enter("金额", "800").await;
    browser.part(".save-bar").click("提交").await;
    browser.sees("已提交").await;
    let waits = waiting().await;
    assert_eq!((records().await, waits.len()), (2, 1));
    assert_ne!(waits[0]["record"], request["id"]);
    let old = format!("/records/{}", request["id"].as_str().unwrap());
    let before = expenses.admin.get(&expenses.path(&old)).await.ok();
    assert_eq!(before["system"]["flow_state"], "rejected");
    assert_eq!(before["fields"]["amount"], request["fields"]["amount"]);

    // The same beside its record and in the menu there; the new one leads back.
    let page = format!("/apps/office/forms/{}{old}", expenses.form);
    browser.go(&page).await;
    browser.part("aside.side").click("再次提交").await;
    banner.click("团建活动").await;
    browser.part("aside.side").sees("超出标准").await;
    browser.part(".top").click("更多操作").await;
    browser.part(".menu:popover-open").click("再次提交").await;
    banner.sees("超出标准").await;
    assert_eq!(records().await, 2);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    // Who did not ask for it does not ask again.
    let browser = expenses.browser_of(MANAGER).await;
    browser.go(&page).await;
    browser.part("aside.side").sees("超出标准").await;
    assert!(!browser.part("aside.side").shows("再次提交").await);
    expenses.close(browser).await;
}

#[tokio::test]
async fn a_terminated_request_is_asked_again_and_one_under_way_is_not() {
    let expenses = Expenses::begin().await;
    let request = expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(CLERK).await;
    let page = format!("/apps/office/forms/{}/records/{}", expenses.form, request["id"].as_str().unwrap());
    browser.go(&page).await;
    browser.part("aside.side").sees("撤回申请").await;
    assert!(!browser.part("aside.side").shows("再次提交").await);
    let end = format!("/instances/{}/terminate", request["instance"]["id"].as_str().unwrap());
    expenses.admin.post(&end, json!({"opinion": "预算冻结"})).await.ok();
    browser.go(&page).await;
    browser.part("aside.side").click("再次提交").await;
    let banner = browser.part(".record-body .banner");
    for said in ["团建活动", "已终止", "终止了这份申请", "预算冻结"] {
        banner.sees(said).await;
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}
