//! The pages worth a look, with addresses found through the API.

use crate::client::Client;
use serde_json::Value;

/// A page of the product.
pub struct Page {
    pub name: String,
    pub path: String,
}

impl Page {
    pub fn new(name: &str, path: &str) -> Self {
        Self { name: name.to_owned(), path: path.to_owned() }
    }
}

/// Every page for somebody who may see everything. The forms with these keys are shown whole: the grid, a record, a new
/// one, the designer, the flow.
pub async fn of(admin: &Client, shown: &[&str]) -> Vec<Page> {
    let fixed = [
        ("home", "/"),
        ("templates", "/templates"),
        ("inbox", "/inbox"),
        ("members", "/settings/members"),
        ("roles", "/settings/roles"),
        ("workspace", "/settings/workspace"),
        ("settings", "/settings"),
        ("security", "/settings/security"),
        ("audit", "/settings/audit"),
        ("bin", "/settings/bin"),
        ("gallery", "/_/gallery"),
    ];
    let mut pages: Vec<_> = fixed.iter().map(|(name, path)| Page::new(name, path)).collect();
    for app in items(admin, "/apps").await {
        let (id, key) = (text(&app, "id"), text(&app, "key"));
        pages.push(Page::new(&format!("app-{key}"), &format!("/apps/{id}")));
        pages.push(Page::new(&format!("app-settings-{key}"), &format!("/apps/{key}/settings")));
        for form in items(admin, &format!("/apps/{id}/forms")).await {
            if shown.contains(&text(&form, "key")) {
                pages.extend(of_form(admin, id, &form).await);
            }
        }
        let tables = items(admin, &format!("/apps/{id}/aggregates")).await;
        if let Some(table) = tables.first() {
            let (all, table) = (format!("/apps/{key}/aggregates"), text(table, "id"));
            pages.push(Page::new(&format!("aggregates-{key}"), &all));
            pages.push(Page::new(&format!("aggregate-{key}"), &format!("{all}/{table}")));
            pages.push(Page::new(&format!("aggregate-design-{key}"), &format!("{all}/{table}/design")));
        }
        for dashboard in items(admin, &format!("/apps/{id}/dashboards")).await {
            let path = format!("/apps/{key}/dashboards/{}", text(&dashboard, "id"));
            pages.push(Page::new(&format!("dashboard-{}", text(&dashboard, "key")), &path));
        }
        for report in items(admin, &format!("/apps/{id}/reports")).await {
            // Those of the app itself; others are among the pages of theirs.
            let name = text(&report, "key");
            if name.starts_with(&format!("{key}.")) {
                pages.push(Page::new(&format!("report-{name}"), &format!("/apps/{key}/reports/{name}")));
            }
        }
    }
    pages
}

async fn of_form(admin: &Client, app: &str, form: &Value) -> Vec<Page> {
    let (id, key) = (text(form, "id"), text(form, "key"));
    let address = format!("/apps/{app}/forms/{id}");
    let mut pages = vec![Page::new(&format!("grid-{key}"), &address)];
    for (name, part) in
        [("new", "new"), ("designer", "design"), ("flow", "flow"), ("permissions", "permissions")]
    {
        pages.push(Page::new(&format!("{name}-{key}"), &format!("{address}/{part}")));
    }
    for record in items(admin, &format!("/forms/{id}/records?limit=1")).await {
        pages
            .push(Page::new(&format!("record-{key}"), &format!("{address}/records/{}", text(&record, "id"))));
    }
    pages
}

async fn items(admin: &Client, path: &str) -> Vec<Value> {
    admin.get(path).await.ok()["items"].as_array().expect("a list has items").clone()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}"))
}
