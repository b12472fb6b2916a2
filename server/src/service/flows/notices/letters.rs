//! Letters about notices: what is due for one member at one time comes in one letter. It says no more than its receiver may
//! see when it is written, and leads to where the rest stands.

use std::collections::BTreeMap;

use engine::flow::NoticeKind;
use engine::text::{Language, Texts};
use engine::value::{Id, Timestamp};
use jiff::SignedDuration;
use store::instance::Task;
use store::notice::Notice as Row;
use wire::Notice as View;

use super::shown::shown;
use crate::service::mail::{self, Letter};
use crate::service::people::{Caller, Credential, sign_in};
use crate::service::{Installation, Refusal, clock};
use crate::texts::texts;

/// How long a letter is tried to be sent.
const LIVES: SignedDuration = SignedDuration::from_hours(48);
/// What comes together is told together: letters wait this long for more.
const GATHERS: SignedDuration = SignedDuration::from_secs(3);
/// Members of one look, and notices of one letter.
const MOST_MEMBERS: i64 = 100;
const MOST_LINES: i64 = 100;

/// Whether a letter is to be written, and there is who sends it.
///
/// # Errors
/// When the database can't be read.
pub async fn is_due(installation: &Installation) -> Result<bool, Refusal> {
    if installation.postman.is_none() {
        return Ok(false);
    }
    Ok(Row::is_mail_due(&mut installation.store.read().await?, gathered()?).await?)
}

fn gathered() -> Result<Timestamp, Refusal> {
    clock::now().checked_sub(GATHERS).map_err(Refusal::internal)
}

/// Writes the letters that are due; how many members that concerned.
///
/// # Errors
/// When the database can't be read or written.
pub async fn write_due(installation: &Installation) -> Result<usize, Refusal> {
    write_due_at(installation, gathered()?).await
}

async fn write_due_at(installation: &Installation, now: Timestamp) -> Result<usize, Refusal> {
    let due = Row::mail_due(&mut installation.store.read().await?, now, MOST_MEMBERS).await?;
    for receiver in &due {
        write(installation, *receiver, now).await?;
    }
    Ok(due.len())
}

/// Writes one letter about everything that is due for a member.
async fn write(installation: &Installation, receiver: (Id, Id), now: Timestamp) -> Result<(), Refusal> {
    let (workspace, member) = receiver;
    let mut db = installation.store.read().await?;
    let rows = Row::for_mail(&mut db, receiver, now, MOST_LINES).await?;
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let credential = Credential::Session(String::new());
    let caller = sign_in::caller(installation, workspace, member, credential, None).await?;
    let letter = match &caller {
        Some(caller) => {
            // What was read or is over meanwhile is no news.
            let news: Vec<Row> = rows.into_iter().filter(|row| row.read_at.is_none()).collect();
            let views = shown(installation, &mut db, caller, &news).await?;
            let is_told = |view: &View| view.link.is_some() || view.kind == NoticeKind::Message.key();
            let seen: Vec<View> = views.into_iter().filter(is_told).collect();
            let waiting = Task::count_waiting_for(&mut db, workspace, member).await?;
            (!seen.is_empty()).then(|| letter(installation, caller, &seen, waiting))
        }
        None => None,
    };
    drop(db);
    let parts = installation.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let mailed = Row::mailed(tx, workspace, &ids).await?;
                if mailed == 0 {
                    // Another server was quicker.
                    return Ok(());
                }
                if let (Some(caller), Some(letter)) = (caller, letter) {
                    mail::post(&parts, tx, &caller, &letter, LIVES).await?;
                }
                Ok(())
            })
        })
        .await
}

fn letter(installation: &Installation, caller: &Caller, seen: &[View], waiting: i64) -> Letter {
    let language = caller.language();
    let (texts, base) = (texts(language), installation.settings.base_url.as_str());
    let line = |view: &View| {
        let mut line = sentence(texts, language, view);
        for said in view.text.iter().flat_map(|text| text.lines()) {
            line.push_str("\n  ");
            line.push_str(said.trim_end());
        }
        if let Some(link) = &view.link {
            line.push_str(&format!("\n  {base}{link}"));
        }
        line
    };
    let lines: Vec<String> = seen.iter().map(line).collect();
    let subject = match seen {
        [one] => sentence(texts, language, one),
        several => said(texts, "mail-notices-subject", [("count", several.len().to_string())]),
    };
    let args = [
        ("name", caller.member.name.clone()),
        ("workspace", caller.workspace.name.clone()),
        ("lines", lines.join("\n\n")),
        ("waiting", waiting.to_string()),
        ("inbox", format!("{base}/inbox")),
        ("settings", format!("{base}/settings/notices")),
    ];
    let text = said(texts, "mail-notices-body", args);
    Letter { to: caller.member.email.clone(), subject: one_line(&subject), text }
}

/// What happened, in one sentence.
fn sentence(texts: &Texts, language: Language, view: &View) -> String {
    let kind = NoticeKind::from_key(&view.kind).unwrap_or(NoticeKind::Task);
    let key = match kind {
        NoticeKind::Outcome => {
            format!("mail-notice-outcome-{}", view.outcome.as_deref().unwrap_or("approved"))
        }
        NoticeKind::Undelivered if view.outcome.is_some() => {
            let why = view.outcome.as_deref().unwrap_or_default().replace('_', "-");
            format!("mail-notice-undelivered-{why}")
        }
        other => format!("mail-notice-{}", other.key()),
    };
    let title = one_line(view.title.as_deref().unwrap_or_default());
    let step = view.step_label.as_ref().map(|label| label.get(language).to_string()).unwrap_or_default();
    let who = view.who_name.clone().unwrap_or_default();
    said(texts, &key, [("title", title), ("step", step), ("who", who)])
}

fn said<const N: usize>(texts: &Texts, key: &str, args: [(&str, String); N]) -> String {
    let args: BTreeMap<String, String> =
        args.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    texts.get(key, &args).unwrap_or_default()
}

/// A subject, and what a line says of a request, is one line, whatever a title holds.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}
