//! The pages of the product, with addresses found through the API.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::client::Client;
use crate::every_kind;
use serde_json::Value;

/// A page of the product.
#[derive(Clone, Debug)]
pub struct Page {
    pub name: String,
    pub path: String,
}

impl Page {
    pub fn new(name: &str, path: &str) -> Self {
        Self { name: name.to_owned(), path: path.to_owned() }
    }
}

/// Every page for somebody who may see everything. The forms with these keys are shown whole: the grid and other views, a
/// record, a new one, the designer, the flow and its figures, its links and what a visitor with one sees.
pub async fn of(admin: &Client, shown: &[&str]) -> Vec<Page> {
    let fixed = [
        ("home", "/"),
        ("start", "/setup"),
        ("templates", "/templates"),
        ("inbox", "/inbox"),
        ("notices", "/notices"),
        ("jobs", "/jobs"),
        ("notice-settings", "/settings/notices"),
        ("delegations", "/settings/delegations"),
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
    if let Some(task) = items(admin, "/tasks?box=todo").await.first() {
        pages.push(Page::new("task", &format!("/inbox?task={}", text(task, "id"))));
    }
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
        let new = format!("/apps/{key}/aggregates/new");
        pages.push(Page::new(&format!("aggregate-design-new-{key}"), &new));
        if let Some(table) = tables.first() {
            let (all, table) = (format!("/apps/{key}/aggregates"), text(table, "id"));
            pages.push(Page::new(&format!("aggregates-{key}"), &all));
            pages.push(Page::new(&format!("aggregate-{key}"), &format!("{all}/{table}")));
            pages.push(Page::new(&format!("aggregate-design-{key}"), &format!("{all}/{table}/design")));
        }
        let scripts = format!("/apps/{key}/scripts");
        pages.push(Page::new(&format!("scripts-{key}"), &scripts));
        pages.push(Page::new(&format!("script-new-{key}"), &format!("{scripts}/new")));
        if let Some(script) = items(admin, &format!("/apps/{id}/scripts")).await.first() {
            let path = format!("{scripts}/edit/{}", text(script, "key"));
            pages.push(Page::new(&format!("script-{key}"), &path));
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
    for (name, part) in [
        ("new", "new"),
        ("designer", "design"),
        ("flow", "flow"),
        ("permissions", "permissions"),
        ("prints", "prints"),
        ("links", "links"),
    ] {
        pages.push(Page::new(&format!("{name}-{key}"), &format!("{address}/{part}")));
    }
    for template in items(admin, &format!("/forms/{id}/prints")).await {
        let path = format!("{address}/prints/{}", text(&template, "id"));
        pages.push(Page::new(&format!("print-{}-{key}", text(&template, "key")), &path));
    }
    if !form["flow"].is_null() {
        pages.push(Page::new(&format!("figures-{key}"), &format!("{address}/flow/figures")));
    }
    for view in items(admin, &format!("/forms/{id}/views")).await {
        let name = format!("{}-view-{key}", text(&view, "kind"));
        pages.push(Page::new(&name, &format!("{address}?view={}", text(&view, "id"))));
    }
    if let Some(link) = items(admin, &format!("/forms/{id}/links")).await.first() {
        pages.push(Page::new(&format!("public-{key}"), &format!("/f/{}", text(link, "token"))));
    }
    for record in items(admin, &format!("/forms/{id}/records?limit=1")).await {
        pages
            .push(Page::new(&format!("record-{key}"), &format!("{address}/records/{}", text(&record, "id"))));
    }
    pages
}

/// Which pages one of several walks goes to, so that they share the work. With each walk go the first page of every sort and all
/// pages of the form with every kind of field; the others, the same once more for another form or app, go with one walk each.
pub fn in_turn(pages: &[Page], turn: usize, turns: usize) -> Vec<Page> {
    let routes = routes();
    let mut met = BTreeSet::new();
    let going = pages.iter().enumerate().filter(|(place, page)| {
        let is_first = met.insert(sort_of(&routes, page));
        is_first || page.name.ends_with(every_kind::FORM) || place % turns == turn
    });
    going.map(|(_, page)| page.clone()).collect()
}

/// What a page shows, for whatever form or app: its route and the kind of its view. A page on no route is of a sort of its own.
fn sort_of<'a>(routes: &'a [String], page: &'a Page) -> (&'a str, &'a str) {
    let route = routes.iter().find(|route| leads_to(route, &page.path));
    let view = page.name.split_once("-view-").map_or("", |(kind, _)| kind);
    (route.unwrap_or(&page.path), view)
}

/// The routes of the browser part that none of these pages is on: whoever adds a page adds it above, and it is looked at in
/// every language, light and dark, on a desk and on a phone.
pub fn left_out(pages: &[Page]) -> Vec<String> {
    let mut routes = routes();
    routes.retain(|route| !pages.iter().any(|page| leads_to(route, &page.path)));
    routes
}

/// The paths of the routes of `frontend/src/app.rs`, with `:NAME` for what differs.
fn routes() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/src/app.rs");
    let source = fs::read_to_string(file).unwrap();
    let (mut around, mut found) = (Vec::new(), Vec::new());
    for line in source.lines().map(str::trim) {
        let path =
            line.split_once("path=path!(\"").and_then(|(_, rest)| rest.split_once('"')).map(|(path, _)| path);
        match path {
            _ if line.starts_with("</ParentRoute>") => drop(around.pop()),
            Some(path) if line.starts_with("<ParentRoute ") => around.push(path.trim_matches('/').to_owned()),
            Some(path) => {
                let parts = around.iter().map(String::as_str).chain([path.trim_matches('/')]);
                let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
                found.push(format!("/{}", parts.join("/")));
            }
            None => {}
        }
    }
    found
}

fn leads_to(route: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let is_met =
        |(wanted, part): (&&str, &&str)| wanted == part || wanted.starts_with(':') && !part.is_empty();
    // A place of its own is no name of something else.
    let is_new = path.last() == Some(&"new") && route.last() != Some(&"new");
    route.len() == path.len() && !is_new && route.iter().zip(&path).all(is_met)
}

async fn items(admin: &Client, path: &str) -> Vec<Value> {
    admin.get(path).await.ok()["items"].as_array().expect("a list has items").clone()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_share_pages_of_one_sort_and_each_sees_every_sort_and_every_kind() {
        let everything = format!("new-{}", every_kind::FORM);
        let pages = [
            ("grid-a", "/apps/a/forms/1"),
            ("gantt-view-a", "/apps/a/forms/1?view=1"),
            ("new-a", "/apps/a/forms/1/new"),
            (everything.as_str(), "/apps/a/forms/2/new"),
            ("grid-c", "/apps/a/forms/3"),
            ("grid-d", "/apps/a/forms/4"),
        ];
        let pages = pages.map(|(name, path)| Page::new(name, path));
        let names = |turn| in_turn(&pages, turn, 2).into_iter().map(|page| page.name).collect::<Vec<_>>();
        assert_eq!(names(0), ["grid-a", "gantt-view-a", "new-a", everything.as_str(), "grid-c"]);
        assert_eq!(names(1), ["grid-a", "gantt-view-a", "new-a", everything.as_str(), "grid-d"]);
    }

    #[test]
    fn routes_are_read_and_pages_are_found_on_them() {
        let routes = routes();
        for route in ["/", "/setup", "/settings", "/settings/bin", "/apps/:app/forms/:form/records/:record"] {
            assert!(routes.iter().any(|known| known == route), "{route}: {routes:?}");
        }
        assert!(leads_to("/apps/:app/forms/:form", "/apps/crm/forms/7?view=3"));
        assert!(!leads_to("/apps/:app/aggregates/:aggregate", "/apps/crm/aggregates/new"));
        let pages = [Page::new("setup", "/setup"), Page::new("home", "/")];
        let left = left_out(&pages);
        assert!(!left.contains(&"/setup".to_owned()) && left.contains(&"/notices".to_owned()), "{left:?}");
    }
}
