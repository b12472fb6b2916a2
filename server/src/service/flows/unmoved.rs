//! The requests that could not go on with another version, where they are more than an answer lists: as a table.

use std::collections::BTreeMap;

use engine::import::Written;
use engine::text::Language;
use engine::value::{Id, format_date};
use serde::{Deserialize, Serialize};
use store::instance::Instance;
use tokio::sync::mpsc;
use wire::ExportFormat;
use wire::migration::{Migrated, MigrationReason, NotMigrated};

use super::tasks::order_of;
use super::title::title_for_administrator;
use crate::service::exports::{Portion, write};
use crate::service::files::{self, Part};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};
use crate::texts::texts;

/// Instances that an answer tells of one by one, and reasons.
const MOST_LISTED: usize = 1_000;
const MOST_REASONS: usize = 100;

/// Instances that are read at once, and portions that may wait to be written.
const PAGE: usize = 500;
const WAITING: usize = 2;

/// The columns of the table; their names have the key `unmoved-COLUMN`.
const COLUMNS: [&str; 5] = ["title", "step", "why", "instance", "record"];

/// An instance that could not be moved and is not told of in the answer, with the place of its reason; none where there are
/// too many reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlisted(Id, Option<usize>);

/// Counts an instance that could not be moved, and why.
pub fn note(
    result: &mut Migrated,
    unlisted: &mut Vec<Unlisted>,
    instance: &Instance,
    refusal: &Refusal,
    language: Language,
) {
    let document = refusal.document(language);
    let message = document.get("detail").and_then(|detail| detail.as_str()).unwrap_or(refusal.code);
    let (code, step, message) =
        (refusal.code.to_string(), refusal.args.get("step").cloned(), message.to_string());
    result.failed += 1;
    let is_alike = |reason: &MigrationReason| reason.code == code && reason.step == step;
    let place = result.reasons.iter().position(is_alike);
    match place {
        Some(place) => {
            if let Some(known) = result.reasons.get_mut(place) {
                known.count += 1;
            }
        }
        None if result.reasons.len() < MOST_REASONS => {
            let (code, step, message) = (code.clone(), step.clone(), message.clone());
            result.reasons.push(MigrationReason { code, step, message, count: 1 });
        }
        None => {}
    }
    if result.failures.len() < MOST_LISTED {
        let (instance, record, title) = (instance.id, instance.record, instance.title.clone());
        result.failures.push(NotMigrated { instance, record, title, code, step, message });
    } else {
        unlisted.push(Unlisted(instance.id, result.reasons.iter().position(is_alike)));
    }
}

/// Makes a table of all instances that could not be moved; its file.
///
/// # Errors
/// When it can't be read or written.
pub async fn table(
    installation: &Installation,
    caller: &Caller,
    form: Id,
    result: &Migrated,
    unlisted: &[Unlisted],
) -> Result<Id, Refusal> {
    let part = Part::new(installation);
    let (sender, portions) = mpsc::channel(WAITING);
    let (place, language) = (part.path().to_path_buf(), caller.language());
    let title = said("unmoved-sheet", language);
    let headers: Vec<String> =
        COLUMNS.iter().map(|column| said(&format!("unmoved-{column}"), language)).collect();
    let sheet = title.clone();
    let writing = tokio::task::spawn_blocking(move || {
        write(&place, ExportFormat::Csv, (&sheet, &headers, language), portions)
    });
    let read = read(installation, caller, form, (result, unlisted), &sender).await;
    drop(sender);
    writing.await.map_err(Refusal::internal)??;
    read?;
    let zone = jiff::tz::TimeZone::get(&caller.workspace.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let day = format_date(clock::now().to_zoned_datetime(zone).date());
    files::adopt(installation, caller, &format!("{title} {day}.csv"), None, part.path()).await
}

async fn read(
    installation: &Installation,
    caller: &Caller,
    form: Id,
    (result, unlisted): (&Migrated, &[Unlisted]),
    to: &mpsc::Sender<Portion>,
) -> Result<(), Refusal> {
    let listed = result.failures.iter().map(|known| {
        row(&known.title, known.step.as_deref(), &known.message, (known.instance, known.record))
    });
    if to.send(Portion::Rows(listed.collect())).await.is_err() {
        return Ok(());
    }
    let order = order_of(installation, caller, form).await?;
    for some in unlisted.chunks(PAGE) {
        let mut db = installation.store.read().await?;
        let mut rows = Vec::with_capacity(some.len());
        for Unlisted(id, place) in some {
            let Some(instance) = Instance::find(&mut db, caller.workspace_id(), *id).await? else { continue };
            let kept = instance.title.clone();
            let title = title_for_administrator(&mut db, &order, instance.id, kept).await?;
            let reason = place.and_then(|place| result.reasons.get(place));
            let step = reason.and_then(|reason| reason.step.as_deref());
            let why = reason.map_or("", |reason| reason.message.as_str());
            rows.push(row(&title, step, why, (instance.id, instance.record)));
        }
        // Nobody reads while the disk is waited for.
        drop(db);
        if to.send(Portion::Rows(rows)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The cells of an instance, in the order of [`COLUMNS`].
fn row(title: &str, step: Option<&str>, why: &str, (instance, record): (Id, Id)) -> Vec<Written> {
    let text = |text: &str| Written::Text(text.to_string());
    vec![
        text(title),
        step.map_or(Written::Blank, text),
        text(why),
        text(&instance.to_string()),
        text(&record.to_string()),
    ]
}

fn said(key: &str, language: Language) -> String {
    texts(language).get(key, &BTreeMap::new()).unwrap_or_else(|| key.to_string())
}

#[cfg(test)]
mod tests {
    use engine::value::Timestamp;
    use store::instance::InstanceState;

    use super::*;

    #[test]
    fn what_is_not_listed_any_more_is_kept_with_its_reason() {
        let instance = |number: usize| Instance {
            workspace: Id::from_i64(1).unwrap(),
            id: Id::from_i64(i64::try_from(number).unwrap() + 2).unwrap(),
            form: Id::from_i64(1).unwrap(),
            record: Id::from_i64(1).unwrap(),
            flow_version: 1,
            state: InstanceState::Running,
            marking: String::new(),
            title: "Chairs".to_string(),
            submitter: None,
            started_at: Timestamp::UNIX_EPOCH,
            ended_at: None,
            version: 1,
            parent: None,
            hops: 0,
        };
        let (mut result, mut unlisted) = (Migrated::default(), Vec::new());
        let refused = |step: &str| Refusal::conflict("unmappable").arg("step", step);
        for number in 0..MOST_LISTED + 3 {
            let step = if number % 2 == 0 { "even" } else { "odd" };
            note(&mut result, &mut unlisted, &instance(number), &refused(step), Language::En);
        }
        assert_eq!((result.failures.len(), result.failed), (MOST_LISTED, 1_003));
        let counts: Vec<u64> = result.reasons.iter().map(|reason| reason.count).collect();
        assert_eq!(counts, [502, 501]);
        let places: Vec<Option<usize>> = unlisted.iter().map(|Unlisted(_, place)| *place).collect();
        assert_eq!(places, [Some(0), Some(1), Some(0)]);
    }

    #[test]
    fn every_column_has_a_name() {
        for column in COLUMNS.into_iter().chain(["sheet"]) {
            let key = format!("unmoved-{column}");
            assert!(Language::ALL.into_iter().all(|language| said(&key, language) != key), "{key}");
        }
    }
}
