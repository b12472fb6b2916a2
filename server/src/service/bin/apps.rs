//! Apps in the recycle bin.

use engine::value::Id;
use store::Tx;
use store::app::App;
use store::bin_line::{BinKind, BinLine};

use super::line::{Binning, key_taken, put};
use super::many::one;
use crate::service::answer::Answer;
use crate::service::apps::{self, is_key, label};
use crate::service::designs::Designs;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Notes that an app lies in the bin from now on.
///
/// # Errors
/// When the database can't be written.
pub async fn put_app(tx: &mut Tx, caller: &Caller, app: &App) -> Result<(), Refusal> {
    let thing = Binning {
        kind: BinKind::App,
        id: app.id,
        app: app.id,
        form: None,
        key: app.key.clone(),
        label: label(&app.label),
        document: None,
        version: app.version,
    };
    put(tx, caller, thing).await
}

/// Takes an app out of the bin, with its forms and all that belongs to them. Things that lay there by themselves stay.
///
/// # Errors
/// Not found; `key_taken` where another app has its key by now.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    one(installation, caller, key, (BinKind::App, id), move |designs: &Designs, caller| {
        let app = designs.apps.get(&id).ok_or_else(Refusal::missing)?;
        Ok(Answer::done(&apps::view(app, caller))?.version(app.version))
    })
    .await
}

/// As [`restore`], inside a transaction, under a key.
pub async fn restore_in(tx: &mut Tx, line: &BinLine, key: &str) -> Result<(), Refusal> {
    if !is_key(key) {
        return Err(Refusal::fault("key", "invalid_key"));
    }
    let app = App::find(tx, line.workspace, line.id).await?;
    let mut app = app.filter(|app| app.deleted_at.is_some()).ok_or_else(Refusal::missing)?;
    if App::by_key(tx, line.workspace, key).await?.is_some() {
        return Err(key_taken());
    }
    app.key = key.to_string();
    app.deleted_at = None;
    app.version += 1;
    match app.update(tx).await {
        // Another one has come in the same moment.
        Err(store::Error::Conflict { .. }) => Err(key_taken()),
        other => Ok(other?),
    }
}
