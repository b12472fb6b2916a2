//! The lines of the bin: what was put there, by whom, and whose it is to take back.

use engine::text::{Fault, Label};
use engine::value::{Id, fold};
use store::Tx;
use store::app::App;
use store::bin_line::{BinKind, BinLine};

use crate::service::apps::{label as stored_label, to_json};
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, administers};
use crate::service::people::Caller;
use crate::service::{Refusal, clock};

/// What goes into the bin.
pub struct Binning {
    pub kind: BinKind,
    pub id: Id,
    pub app: Id,
    pub form: Option<Id>,
    pub key: String,
    pub label: Label,
    pub document: Option<String>,
    pub version: i64,
}

/// Puts a thing into the bin, as the caller's doing.
///
/// # Errors
/// When the database can't be written.
pub async fn put(tx: &mut Tx, caller: &Caller, thing: Binning) -> Result<(), Refusal> {
    let Binning { kind, id, app, form, key, label, document, version } = thing;
    let line = BinLine {
        workspace: caller.workspace_id(),
        id,
        kind,
        app,
        form,
        label: to_json(&label)?,
        searched: fold(&format!("{key} {}", label.texts().join(" "))),
        key,
        document,
        version,
        deleted_at: clock::now(),
        deleted_by: Some(caller.id()),
    };
    line.insert(tx).await?;
    Ok(())
}

/// The line of this id, kept from others until the transaction ends, for one who may take the thing back.
///
/// # Errors
/// Not found for everybody else, and while its app or form lies in the bin too.
pub async fn held(tx: &mut Tx, caller: &Caller, id: Id) -> Result<BinLine, Refusal> {
    let line = BinLine::lock(tx, caller.workspace_id(), id).await?.ok_or_else(Refusal::missing)?;
    if may_take_back(tx, caller, &line).await? { Ok(line) } else { Err(Refusal::missing()) }
}

async fn may_take_back(tx: &mut Tx, caller: &Caller, line: &BinLine) -> Result<bool, Refusal> {
    if let Some(form) = line.form {
        let designs = Designs::load(tx, line.workspace).await?;
        return Ok(designs.forms.get(&form).is_some_and(|form| designs.administers_form(form, caller)));
    }
    let app = App::find(tx, line.workspace, line.app).await?;
    let is_own = line.kind == BinKind::App;
    Ok(app.is_some_and(|app| app.deleted_at.is_some() == is_own && administers(caller, &app)))
}

/// Another thing has the key by now.
pub fn key_taken() -> Refusal {
    Refusal { faults: vec![Fault::new("key", "not_unique")], ..Refusal::conflict("key_taken") }
}

/// What a line is called.
pub fn label_of(line: &BinLine) -> Label {
    stored_label(&line.label)
}

/// The noun of what is noted of a thing of this kind.
pub fn noun(kind: BinKind) -> &'static str {
    match kind {
        BinKind::App => "app",
        BinKind::Form => "form",
        BinKind::Dashboard => "dashboard",
        BinKind::Report => "report",
        BinKind::Aggregate => "aggregate",
        BinKind::FlowVersion | BinKind::FlowDraft => "flow",
    }
}
