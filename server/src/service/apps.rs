//! Apps: what belongs together, and who administers it.

use engine::import::key_of;
use engine::text::{Fault, Label};
use engine::value::format_timestamp;
use serde_json::{Value as Json, json};
use store::app::App;
use store::{Tx, ids};

use super::answer::Answer;
use super::audit::{self, Note};
use super::bin;
use super::cached::Snapshot;
use super::designs::{AppWho, Designs, administers};
use super::once::Key;
use super::people::Caller;
use super::{Installation, Refusal};
use crate::service::clock;

/// Letters of what an app is called, in each language, and of the name of its icon.
const LONGEST_LABEL: usize = 200;
const LONGEST_ICON: usize = 100;

/// An app as the wire has it.
pub fn view(app: &App, caller: &Caller) -> wire::App {
    wire::App {
        id: app.id,
        key: app.key.clone(),
        label: label(&app.label),
        icon: app.icon.clone(),
        admins: serde_json::from_str(&app.admins).unwrap_or_default(),
        created_at: format_timestamp(app.created_at),
        administrator: administers(caller, app),
        forms: 0,
        dashboards: 0,
        needs: Vec::new(),
    }
}

/// An app with what the caller may use in it, and the apps that it builds on.
fn view_in_full(designs: &Designs, app: &App, caller: &Caller) -> wire::App {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let usable =
        designs.forms.values().filter(|design| design.row.app == app.id && designs.may_use(design, caller));
    let forms = number(usable.count());
    let dashboards = number(designs.count_dashboards(app.id, caller));
    let needed = designs.with_needed(app.id).into_iter().filter(|needed| *needed != app.id);
    let seen = needed.filter_map(|id| designs.apps.get(&id)).filter(|app| designs.is_visible(app, caller));
    let needs = seen.map(|app| app.key.clone()).collect();
    wire::App { forms, dashboards, needs, ..view(app, caller) }
}

/// A stored label.
pub fn label(text: &str) -> Label {
    serde_json::from_str(text).unwrap_or_default()
}

/// The apps in which the caller may use something.
pub fn list(designs: &Designs, caller: &Caller) -> Vec<wire::App> {
    let visible = designs.apps.values().filter(|app| designs.is_visible(app, caller));
    visible.map(|app| view_in_full(designs, app, caller)).collect()
}

/// # Errors
/// Not found where the caller may use nothing in it.
pub fn read(designs: &Designs, name: &str, caller: &Caller) -> Result<wire::App, Refusal> {
    let app = designs.app(name).filter(|app| designs.is_visible(app, caller));
    app.map(|app| view_in_full(designs, app, caller)).ok_or_else(Refusal::missing)
}

/// Makes an app; its maker administers it.
///
/// # Errors
/// Forbidden where the workspace leaves it to its administrators; faults of what was given; `app_taken` for a key that is there
/// already.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::AppInput,
) -> Result<Answer, Refusal> {
    let is_named = input.key.is_some();
    match try_to_create(installation, caller, key.clone(), input.clone()).await {
        // Somebody took the key in the same moment; the app that nobody named can have the next one.
        Err(refusal) if refusal.code == "app_taken" && !is_named => {
            try_to_create(installation, caller, key, input).await
        }
        other => other,
    }
}

async fn try_to_create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::AppInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                if !actor.may_make_apps() {
                    return Err(Refusal::forbidden("forbidden"));
                }
                let app = insert(&parts, tx, &actor, input).await?;
                Ok(Answer::created(&view(&app, &actor))?.version(app.version))
            })
        })
        .await
}

/// As [`create`], inside a transaction.
pub async fn insert(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    input: wire::AppInput,
) -> Result<App, Refusal> {
    let designs = Designs::load(tx, caller.workspace_id()).await?;
    let mut faults = faults_of(Some(&input.label), input.icon.as_deref());
    let key = match input.key {
        Some(key) => key,
        None => free_key(&designs, &input.label),
    };
    if !is_key(&key) {
        faults.push(Fault::new("key", "invalid_key"));
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    if designs.apps.values().any(|app| app.key == key) {
        return Err(taken());
    }
    let admins = vec![AppWho { members: vec![caller.id()], ..AppWho::default() }];
    let app = App {
        workspace: caller.workspace_id(),
        id: ids::next(),
        key,
        label: to_json(&input.label)?,
        icon: input.icon,
        admins: to_json(&admins)?,
        created_at: clock::now(),
        deleted_at: None,
        version: 1,
    };
    match app.insert(tx).await {
        Err(store::Error::Conflict { .. }) => return Err(taken()),
        other => other?,
    }
    finish(installation, tx, caller, (&app, "app.create", Some(described(&app)))).await?;
    Ok(app)
}

/// What is wrong with what an app is called, and with its icon's name.
fn faults_of(label: Option<&Label>, icon: Option<&str>) -> Vec<Fault> {
    let is_long = |text: &str, most: usize| text.chars().count() > most;
    let mut faults = Vec::new();
    if label.is_some_and(Label::is_blank) {
        faults.push(Fault::new("label", "label_missing"));
    }
    if label.is_some_and(|label| label.texts().iter().any(|text| is_long(text, LONGEST_LABEL))) {
        faults.push(Fault::new("label", "too_long").arg("max", LONGEST_LABEL));
    }
    if icon.is_some_and(|icon| is_long(icon, LONGEST_ICON)) {
        faults.push(Fault::new("icon", "too_long").arg("max", LONGEST_ICON));
    }
    faults
}

fn taken() -> Refusal {
    Refusal { faults: vec![Fault::new("key", "not_unique")], ..Refusal::conflict("app_taken") }
}

/// # Errors
/// Not found, forbidden; faults of what was given.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    name: String,
    patch: wire::AppPatch,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let mut app = designs.app_to_administer(&name, &actor)?.clone();
                let old = described(&app);
                let faults = faults_of(patch.label.as_ref(), patch.icon.as_ref().and_then(Option::as_deref));
                if !faults.is_empty() {
                    return Err(Refusal::invalid(faults));
                }
                if let Some(label) = &patch.label {
                    app.label = to_json(label)?;
                }
                app.icon = patch.icon.clone().unwrap_or(app.icon);
                if let Some(admins) = &patch.admins {
                    app.admins = to_json(&read_admins(admins, &actor)?)?;
                }
                app.version += 1;
                app.update(tx).await?;
                let changes = Some(audit::difference(&old, &described(&app)));
                finish(&parts, tx, &actor, (&app, "app.update", changes)).await?;
                Ok(Answer::done(&view(&app, &actor))?.version(app.version))
            })
        })
        .await
}

/// Puts an app with all its forms into the recycle bin.
///
/// # Errors
/// Not found, forbidden; `app_in_use` where forms of other apps would not work any more, or tables count its forms beside others.
pub async fn delete(installation: &Installation, caller: &Caller, name: String) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = parts.designs.held(&parts.store, tx, workspace).await?;
                let mut app = designs.app_to_administer(&name, &actor)?.clone();
                app.deleted_at = Some(clock::now());
                app.version += 1;
                app.update(tx).await?;
                let left = Designs::load(tx, workspace).await?;
                bin::app_may_go(&designs, &left, &actor, app.id)?;
                bin::put_app(tx, &actor, &app).await?;
                finish(&parts, tx, &actor, (&app, "app.delete", None)).await
            })
        })
        .await
}

/// Reads who administers an app, or a form alone.
///
/// # Errors
/// The place of one that names nobody here.
pub fn read_admins(admins: &[Json], caller: &Caller) -> Result<Vec<AppWho>, Refusal> {
    let mut read = Vec::new();
    for (place, who) in admins.iter().enumerate() {
        let path = format!("admins.{place}");
        let who: AppWho =
            serde_json::from_value(who.clone()).map_err(|_| Refusal::fault(path.as_str(), "wrong_type"))?;
        let people = &caller.people;
        let known = who.members.iter().all(|id| people.members.contains_key(id))
            && who.departments.iter().all(|id| people.departments.contains_key(id))
            && who.roles.iter().all(|role| people.role(role).is_some());
        if !known {
            return Err(Refusal::fault(path, "not_an_id"));
        }
        read.push(who);
    }
    Ok(read)
}

/// What the trail tells of an app.
pub fn described(app: &App) -> Json {
    let parsed = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
    json!({"key": app.key, "label": parsed(&app.label), "icon": app.icon, "admins": parsed(&app.admins)})
}

async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (app, action, changes): (&App, &str, Option<Json>),
) -> Result<(), Refusal> {
    installation.designs.changed(tx, app.workspace).await?;
    let note = Note { action, object: Some(app.id), label: Some(&app.key), changes };
    audit::note(tx, caller, note).await
}

/// A key made of the label's ASCII words, or `app`, with a number where it is taken.
fn free_key(designs: &Designs, label: &Label) -> String {
    let wanted = key_of(label.get(engine::text::Language::En)).unwrap_or_else(|| "app".to_string());
    engine::import::free_key(&wanted, |key| designs.apps.values().any(|app| app.key == key))
}

/// Whether a text can be the key of an app or a document.
pub fn is_key(key: &str) -> bool {
    key.len() <= 63
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// What is stored of a document or label.
pub fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}
