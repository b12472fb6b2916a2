//! Notices in words.

use wire::Notice;

use crate::{i18n, text};

/// The icon of a kind of notice.
pub(super) fn icon_of(kind: &str) -> &'static str {
    match kind {
        "task" => "stamp",
        "returned" => "return",
        "reminder" => "clock",
        "mention" => "member",
        "comment" => "comment",
        "copy" => "email",
        "outcome" => "ok",
        "message" => "send",
        "failed" | "undelivered" => "warning",
        _other_kind => "bell",
    }
}

/// What happened, in one sentence.
pub(super) fn sentence(notice: &Notice) -> String {
    let Some(title) = notice.title.clone() else { return text!("notice-gone") };
    let who = notice.who_name.clone().unwrap_or_default();
    match notice.kind.as_str() {
        "returned" => text!("notice-returned", title = title),
        "reminder" => text!("notice-reminder", title = title),
        "mention" => text!("notice-mention", who = who, title = title),
        "comment" => text!("notice-comment", who = who, title = title),
        "copy" => text!("notice-copy", title = title),
        "outcome" => match notice.outcome.as_deref() {
            Some("rejected") => text!("notice-outcome-rejected", title = title),
            Some("terminated") => text!("notice-outcome-terminated", title = title),
            _approved => text!("notice-outcome-approved", title = title),
        },
        "message" => title,
        "failed" => text!("notice-failed", title = title),
        "undelivered" => match notice.outcome.as_deref() {
            Some("receiver_off") => text!("notice-undelivered-receiver-off", title = title),
            Some("call_chain_too_long") => text!("notice-undelivered-call-chain-too-long", title = title),
            Some("call_budget_spent") => text!("notice-undelivered-call-budget-spent", title = title),
            _given_up => text!("notice-undelivered", title = title),
        },
        _task => text!("notice-task", title = title),
    }
}

/// Where in the flow, and in which form.
pub(super) fn place(notice: &Notice) -> String {
    let language = i18n::language();
    let labels = [notice.form_label.as_ref(), notice.step_label.as_ref()];
    let names = labels.into_iter().flatten().map(|label| label.get(language).to_string());
    names.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::i18n::Language;

    fn notice(kind: &str, more: serde_json::Value) -> Notice {
        let mut notice = json!({"id": "0sbqd00000001", "kind": kind, "at": "2026-11-22T08:00:00Z", "read": false,
            "form": "0sbqd00000002", "record": "0sbqd00000003", "instance": "0sbqd00000004", "title": "Chairs"});
        for (member, value) in more.as_object().unwrap() {
            notice[member] = value.clone();
        }
        serde_json::from_value(notice).unwrap()
    }

    #[test]
    fn every_kind_has_its_sentence() {
        i18n::set_language(Language::En);
        let said = |kind: &str, more| sentence(&notice(kind, more));
        assert_eq!(said("task", json!({})), "“Chairs” waits for you");
        assert_eq!(said("mention", json!({"who_name": "Mei"})), "Mei mentioned you in “Chairs”");
        assert_eq!(said("outcome", json!({"outcome": "rejected"})), "“Chairs” was rejected");
        assert_eq!(said("failed", json!({})), "“Chairs” cannot go on by itself");
        assert_eq!(said("undelivered", json!({})), "A webhook call of “Chairs” failed for good");
        let off = said("undelivered", json!({"outcome": "receiver_off"}));
        assert!(off.starts_with("Webhook calls of a step are switched off"), "{off}");
        assert_eq!(said("comment", json!({"title": null})), "About something that you can no longer see");
        let labels = json!({"form_label": "Request", "step_label": "Manager"});
        assert_eq!(place(&notice("task", labels)), "Request · Manager");
    }
}
