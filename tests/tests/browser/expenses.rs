//! The expenses that a clerk asks for, a manager approves and the finance people read: where stories of deciding begin.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};

pub const MANAGER: &str = "mgr@example.com";
pub const CLERK: &str = "clerk@example.com";
pub const FINANCE: &str = "fin@example.com";
/// What the opinion's input is called.
pub const OPINION: &str = "写几句意见（拒绝时建议填写）";
/// The task that lies open.
pub const TASK: &str = ".inbox > .record";

pub struct Expenses {
    pub server: Server,
    pub admin: Client,
    clerk: Client,
    /// The id of the form.
    pub form: String,
}

impl Expenses {
    pub async fn begin() -> Expenses {
        let server = Server::start(Database::Sqlite).await;
        let admin = server.set_up().await;
        let form = expense_form(&server, &admin).await;
        let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
        Expenses { server, admin, clerk, form }
    }

    /// A path below the form.
    pub fn path(&self, rest: &str) -> String {
        format!("/forms/{}{rest}", self.form)
    }

    /// The clerk asks for an amount; gives the record.
    pub async fn ask(&self, reason: &str, amount: &str) -> Value {
        let request = json!({"fields": {"reason": reason, "amount": amount}});
        self.clerk.post(&self.path("/records"), request).await.created()
    }

    /// A browser that somebody is signed in to, in Chinese.
    pub async fn browser_of(&self, email: &str) -> Browser {
        let browser = Browser::open_in(&self.server, "zh-CN").await;
        browser.sign_in_as(email, ADMIN_PASSWORD).await;
        browser
    }

    pub async fn close(self, browser: Browser) {
        browser.close().await;
        self.server.close().await;
    }
}

/// The form that anybody fills, a manager approves and the finance people read; gives its id.
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
