//! Where the palette leads: the pages of the product, those of the app and the form that are open, and what was found.

use engine::value::Id;
use leptos::prelude::*;
use wire::View;

use super::{ShellContext, app_icon};
use crate::api::session;
use crate::i18n::{self, Language};
use crate::text;
use crate::theme::Theme;
use crate::ui::icon_or;

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Go(String),
    NewApp,
    NewForm { from_sheet: bool },
    Theme(Theme),
    Language(Language),
    SignOut,
}

impl Act {
    /// Whether something new comes of it.
    pub fn makes(&self) -> bool {
        match self {
            Act::NewApp | Act::NewForm { .. } => true,
            Act::Go(path) => path.contains("/forms/") && path.ends_with("/new"),
            Act::Theme(_) | Act::Language(_) | Act::SignOut => false,
        }
    }
}

/// One place or action.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub act: Act,
    pub icon: String,
    pub title: String,
    /// Where it belongs: the app of a form.
    pub note: String,
}

impl Entry {
    fn place(path: impl Into<String>, icon: &str, title: String, note: String) -> Entry {
        Entry { act: Act::Go(path.into()), icon: icon.to_string(), title, note }
    }
}

/// The places of everybody.
pub fn fixed_places() -> Vec<Entry> {
    let place = |path: &str, icon: &str, title: String| Entry::place(path, icon, title, String::new());
    vec![
        place("/", "home", text!("nav-home")),
        place("/inbox", "inbox", text!("nav-to-do")),
        place("/notices", "bell", text!("nav-notices")),
        place("/templates", "gallery", text!("nav-templates")),
        place("/settings/members", "dept", text!("nav-members")),
        place("/settings", "settings", text!("nav-settings")),
    ]
}

/// The pages of the settings that the reader may open; tracked.
pub fn settings_places(shell: ShellContext) -> Vec<Entry> {
    let place = |page: &str, icon: &str, title: String| {
        Entry::place(format!("/settings/{page}"), icon, title, text!("nav-settings"))
    };
    let mut all = vec![
        place("security", "shield", text!("settings-security")),
        place("notices", "bell", text!("settings-notices")),
        place("delegations", "transfer", text!("settings-delegations")),
        place("roles", "group", text!("settings-roles")),
    ];
    if session::me().is_some_and(|me| me.member.administrator) {
        all.push(place("workspace", "settings", text!("settings-workspace")));
        all.push(place("audit", "shield", text!("audit-title")));
    }
    if shell.administers() {
        all.push(place("bin", "trash", text!("grid-bin")));
    }
    all
}

/// The reports, dashboards and tables of the app that is open; tracked.
pub fn app_places(shell: ShellContext) -> Vec<Entry> {
    let Some(app) = shell.current_app() else { return Vec::new() };
    let language = i18n::language();
    let (base, note) = (format!("/apps/{}", app.key), app.label.get(language).to_string());
    let place = |rest: String, icon: &str, title: String| {
        Entry::place(format!("{base}{rest}"), icon, title, note.clone())
    };
    let mut all = Vec::new();
    for known in shell.dashboards.get().and_then(Result::ok).unwrap_or_default() {
        let title = known.label.get(language).to_string();
        all.push(place(format!("/dashboards/{}", known.id), "trend", title));
    }
    for known in shell.reports.get().and_then(Result::ok).unwrap_or_default() {
        let title = known.label.get(language).to_string();
        all.push(place(format!("/reports/{}", known.key), "chart", title));
    }
    let has_tables = shell.aggregates.get().and_then(Result::ok).is_some_and(|tables| !tables.is_empty());
    if has_tables || app.administrator {
        all.push(place("/aggregates".to_string(), "rollup", text!("aggregates-title")));
    }
    if app.administrator {
        all.push(place("/scripts".to_string(), "bolt", text!("scripts-title")));
    }
    all
}

/// The form whose pages are shown, from the address: `/apps/APP/forms/FORM/…`.
pub fn form_of(path: &str) -> Option<Id> {
    let (_, rest) = path.strip_prefix("/apps/")?.split_once("/forms/")?;
    rest.split('/').next()?.parse().ok()
}

/// What there is of the form that is open besides its records: its views, and for who designs it how it is made; tracked.
pub fn pages_of_form(shell: ShellContext, id: Id, views: &[View]) -> Vec<Entry> {
    let language = i18n::language();
    let Some(app) = shell.current_app() else { return Vec::new() };
    let forms = shell.forms.get().and_then(Result::ok).unwrap_or_default();
    let Some(form) = forms.into_iter().find(|form| form.id == id) else { return Vec::new() };
    let (base, note) = (format!("/apps/{}/forms/{id}", app.key), form.label.get(language).to_string());
    let place = |rest: &str, icon: &str, title: String| {
        Entry::place(format!("{base}{rest}"), icon, title, note.clone())
    };
    let mut all: Vec<Entry> = views
        .iter()
        .map(|view| place(&format!("?view={}", view.id), "table", view.label.get(language).to_string()))
        .collect();
    if app.administrator {
        all.push(place("/design", "edit", text!("grid-design")));
        all.push(place("/flow", "flow", text!("flows-flow")));
        all.push(place("/permissions", "lock", text!("permissions-title")));
        all.push(place("/prints", "print", text!("prints-title")));
        if form.flow.is_some() {
            all.push(place("/flow/figures", "chart", text!("flow-figures-title")));
        }
    }
    all
}

/// A form to open, and to fill if the reader may.
pub fn form_entries(app: &wire::App, form: &wire::Form) -> Vec<Entry> {
    let language = i18n::language_now();
    let label = form.label.get(language).to_string();
    let note = app.label.get(language).to_string();
    let path = format!("/apps/{}/forms/{}", app.key, form.id);
    let mut entries = Vec::with_capacity(2);
    if form.may.operations.iter().any(|may| may == "create") {
        let title = i18n::in_language(language, "palette-fill", &[("form", label.clone().into())]);
        entries.push(Entry::place(format!("{path}/new"), "plus", title, note.clone()));
    }
    entries.push(Entry::place(path, &icon_or(form.icon.as_deref(), "table"), label, note));
    entries
}

/// An app to open.
pub fn app_entry(app: &wire::App) -> Entry {
    let title = app.label.get(i18n::language()).to_string();
    Entry::place(format!("/apps/{}", app.key), &app_icon(app), title, text!("palette-app"))
}

/// Something the server found. Apps and forms are known here already.
pub fn hit_entry(hit: wire::SearchHit) -> Option<Entry> {
    let app = &hit.app;
    let (path, icon) = match (hit.kind.as_str(), hit.form) {
        ("record", Some(form)) => (format!("/apps/{app}/forms/{form}/records/{}", hit.id), "form"),
        ("dashboard", _) => (format!("/apps/{app}/dashboards/{}", hit.id), "trend"),
        ("report", _) => (format!("/apps/{app}/reports/{}", hit.id), "chart"),
        _other_kind => return None,
    };
    Some(Entry::place(path, icon, hit.title, hit.snippet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_something_is_told_from_where_one_goes() {
        assert!(Act::Go("/apps/crm/forms/7/new".to_string()).makes());
        assert!(Act::NewApp.makes() && Act::NewForm { from_sheet: true }.makes());
        for place in ["/inbox", "/settings", "/apps/crm/forms/7", "/apps/new"] {
            assert!(!Act::Go(place.to_string()).makes(), "{place}");
        }
        assert!(!Act::SignOut.makes());
    }

    #[test]
    fn the_form_that_is_open_is_read_from_the_address() {
        let id = Id::from_i64(7).unwrap();
        assert_eq!(form_of(&format!("/apps/crm/forms/{id}")), Some(id));
        assert_eq!(form_of(&format!("/apps/crm/forms/{id}/records/x")), Some(id));
        assert_eq!(form_of("/apps/crm/reports/sales"), None);
        assert_eq!(form_of("/apps/crm/forms/"), None);
    }
}
