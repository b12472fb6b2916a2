//! Records of a larger work that could not be saved, as they are told of: which, and why.

use std::collections::BTreeMap;

use engine::access::Access;
use engine::text::Language;
use engine::value::Id;
use store::Reader;
use wire::bulk_edit::{BulkFailure, BulkReason};

use super::Order;
use crate::service::faults::detail;
use crate::service::{Cause, Refusal};

/// Failures and reasons that are told one by one.
const MOST: usize = 50;

/// Whether a refusal is not about a record but about everything.
pub fn is_of_all(refusal: &Refusal) -> bool {
    matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull)
        || refusal.code == "job_taken_over"
}

/// Why a record could not be saved, in the words of the one who reads it.
pub fn reason(refusal: &Refusal, language: Language) -> BulkReason {
    let Some(first) = refusal.faults.first() else {
        let document = refusal.document(language);
        let title = document.get("title").and_then(|title| title.as_str()).unwrap_or(refusal.code);
        return BulkReason { code: refusal.code.into(), field: None, message: title.into(), count: 1 };
    };
    let field = first.path.strip_prefix("fields.").map(str::to_string);
    let message = detail(first, 1, language);
    BulkReason { code: first.code.to_string(), field, message, count: 1 }
}

/// Counts a reason; those past the first are counted under their code alone.
pub fn count_reason(reasons: &mut Vec<BulkReason>, reason: BulkReason) {
    let alike = |known: &&mut BulkReason| {
        (&known.code, &known.field, &known.message) == (&reason.code, &reason.field, &reason.message)
    };
    if let Some(known) = reasons.iter_mut().find(alike) {
        known.count += reason.count;
    } else if reasons.len() < MOST {
        reasons.push(reason);
    } else if let Some(last) = reasons.iter_mut().rfind(|known| known.code == reason.code) {
        last.count += reason.count;
    } else if let Some(last) = reasons.last_mut() {
        last.count += reason.count;
    }
}

/// Adds failures as long as there are few, with what the caller sees the records called.
///
/// # Errors
/// When the database can't be read.
pub async fn add_failures(
    db: &mut Reader,
    order: &Order,
    failures: &mut Vec<BulkFailure>,
    failed: &[(Id, BulkReason)],
) -> Result<(), Refusal> {
    let room = MOST.saturating_sub(failures.len());
    let told: Vec<&(Id, BulkReason)> = failed.iter().take(room).collect();
    if told.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = told.iter().map(|(id, _)| *id).collect();
    let titles = titles(db, order, &ids).await?;
    failures.extend(told.into_iter().map(|(id, reason)| BulkFailure {
        record: *id,
        title: titles.get(id).cloned().unwrap_or_default(),
        code: reason.code.clone(),
        message: reason.message.clone(),
    }));
    Ok(())
}

/// What the caller sees records called.
///
/// # Errors
/// When the database can't be read.
pub async fn titles(db: &mut Reader, order: &Order, ids: &[Id]) -> Result<BTreeMap<Id, String>, Refusal> {
    let access: &Access = &order.access;
    let found = store::record::get_many(db, access, order.table(), ids, &order.context).await?;
    let records: Vec<_> = found.into_values().collect();
    let titles = order.seen_titles(db, &records).await?;
    Ok(records.iter().map(|record| record.id).zip(titles).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_reasons_are_counted_together_and_their_number_is_bounded() {
        let mut reasons = Vec::new();
        let of =
            |number: usize| reason(&Refusal::fault(format!("fields.f{number}"), "required"), Language::En);
        for number in (0..200).chain([7, 7]) {
            count_reason(&mut reasons, of(number));
        }
        assert_eq!(reasons.len(), MOST);
        assert_eq!(reasons.iter().map(|reason| reason.count).sum::<u64>(), 202);
        let seventh = &reasons[7];
        assert_eq!((seventh.field.as_deref(), seventh.count), (Some("f7"), 3));
        assert_eq!(seventh.message, "Please fill this in.");
        let forbidden = reason(&Refusal::forbidden("forbidden"), Language::En);
        assert_eq!(
            (forbidden.code.as_str(), forbidden.message.as_str()),
            ("forbidden", "You may not do this.")
        );
    }
}
