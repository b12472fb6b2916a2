//! Somebody is told of what waits for them, says of what they want to be told, and lets somebody stand in; an administrator
//! moves what is under way to a newer version of its flow.

use std::time::Duration;

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use thirtyfour::Key;

use crate::expenses::{Expenses, FINANCE, MANAGER, TASK};

#[tokio::test]
async fn a_notice_comes_at_once_and_leads_to_its_task_until_somebody_stands_in() {
    let expenses = Expenses::begin().await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/").await;
    // Sooner than anybody looks again by themselves: the server says that something has come.
    browser.part("nav.nav").sees("通知").await;
    expenses.ask("团建活动", "3000").await;
    browser.part("nav.nav").patient(Duration::from_secs(15)).sees("通知 1").await;
    browser.part("nav.nav").sees("待办 1").await;
    browser.part("nav.nav").click_at("a[href='/notices']").await;
    browser.part(".notice.unread").sees("「团建活动」等待你处理").await;
    browser.part(".notice").sees("报销单 · 主管审批").await;
    browser.part(".notice").click_at("a.notice-body").await;
    browser.part(TASK).sees("团建活动").await;
    browser.part("nav.nav").sees_no_more("通知 1").await;

    browser.go("/settings/notices").await;
    browser.sees("系统还没有配置邮件服务").await;
    browser.part("tr[data-kind=copy]").click_at("input[role=switch]").await;
    browser.click("保存").await;
    browser.sees("已保存").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let settings = manager.get("/notices/settings").await.ok();
    assert_eq!(settings["channels"]["copy"]["app"], json!(false), "{settings}");

    browser.go("/settings/delegations").await;
    browser.choose("代理人", "李财务").await;
    browser.click_at("input[name=open-tasks]").await;
    browser.click("开始委托").await;
    browser.sees("已移交 1 项").await;
    browser.part("tbody").sees("李财务").await;
    let finance = expenses.server.sign_in(FINANCE, ADMIN_PASSWORD).await;
    let waiting = finance.get("/tasks?box=todo").await.ok();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1, "{waiting}");
    browser.part("tbody").click("结束").await;
    browser.sees("还没有委托").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn somebody_stands_in_from_a_day_to_a_day_in_some_flows() {
    let expenses = Expenses::begin().await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/settings/delegations").await;
    browser.choose("代理人", "李财务").await;
    browser.enter("第一天", "2020-01-01").await;
    browser.enter("最后一天", "2099-12-30").await;
    browser.choose("哪些流程", "报销单").await;
    // Closes the list of flows alone.
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    browser.click("开始委托").await;
    browser.sees("委托已设置").await;
    browser.part("tbody").sees("报销单").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let given = manager.get("/delegations").await.ok()["items"][0].clone();
    assert_eq!(given["forms"], json!([expenses.form]), "{given}");
    assert!(given["starts"].is_string() && given["ends"].is_string(), "{given}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    // Who stands in is told for whom, and so is everybody afterwards.
    expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(FINANCE).await;
    browser.go("/inbox").await;
    let task = browser.part(TASK);
    task.sees("由你代 陈主管 处理").await;
    browser.part(".timeline li.now").sees("代 陈主管").await;
    task.enter("核准金额", "800").await;
    task.click("同意").await;
    browser.sees("已同意").await;
    browser.go("/inbox?box=handled").await;
    browser.part(".timeline").sees("代 陈主管").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}

#[tokio::test]
async fn what_is_under_way_is_moved_after_a_trial_with_a_map_of_steps() {
    let expenses = Expenses::begin().await;
    expenses.ask("团建活动", "3000").await;
    let mut flow = expenses.admin.get(&expenses.path("/flow/draft")).await.ok();
    flow["steps"][0]["key"] = json!("director");
    flow["steps"][0]["label"] = json!("总监审批");
    expenses.admin.put(&expenses.path("/flow/draft"), "*", flow).await.ok();
    expenses.admin.post(&expenses.path("/flow/publish"), json!({})).await.ok();
    let browser = expenses.browser_of(tests::server::ADMIN_EMAIL).await;
    browser.script("localStorage.setItem('formwork.language', 'zh-CN')").await;
    browser.go(&format!("/apps/office/forms/{}/flow", expenses.form)).await;
    browser.click("版本").await;
    browser.dialog().sees("迁移进行中的申请").await;
    browser.dialog().click("试算").await;
    browser.dialog().sees("0 个可以迁移，1 个保持不变").await;
    browser.dialog().sees("团建活动").await;
    browser.dialog().choose("主管审批", "总监审批").await;
    browser.dialog().click("试算").await;
    browser.dialog().sees("1 个可以迁移，0 个保持不变").await;
    browser.dialog().click("迁移").await;
    browser.dialog().sees("已迁移 1 个，0 个保持不变").await;
    let manager = expenses.server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    let waiting = manager.get("/tasks?box=todo").await.ok();
    assert_eq!(waiting["items"][0]["step"], "director", "{waiting}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    expenses.close(browser).await;
}
