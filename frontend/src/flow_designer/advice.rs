//! What to do about what is wrong, beside what is wrong.

use crate::i18n;

/// The faults of flows that there is advice for.
#[rustfmt::skip]
const KNOWN: [&str; 47] = [
    "action_needed", "arm_never_matches", "bad_duration", "bad_header", "bad_join", "bad_ratio", "bad_url",
    "duplicate_key", "empty_who", "field_not_editable", "half_condition", "header_not_allowed", "key_not_set", "label_missing",
    "level_zero", "map_out_without_wait", "nested_too_deeply", "no_arms", "no_body_taken", "no_condition",
    "no_default_arm", "no_fallback", "no_flow", "no_outcome", "not_a_date_field", "not_a_field_of_people",
    "not_a_subform", "nothing_to_reject", "one_moment", "outcome_not_readable", "private_address",
    "ratio_without_votes", "record_or_filter", "required", "required_and_hidden", "required_and_read_only",
    "secret_needs_https", "secret_not_for_host", "subflow_cycle", "target_not_earlier", "too_many",
    "unknown_department", "unknown_field", "unknown_form", "unknown_member", "unknown_role", "unknown_secret",
];

/// What people do about a fault; nothing where its sentence says all there is to say.
pub fn advice(code: &str) -> Option<String> {
    KNOWN.binary_search(&code).ok()?;
    Some(i18n::lookup(&format!("flows-do-{}", code.replace('_', "-")), &[]))
}

/// The tab of a step's settings where what is wrong is set.
pub fn tab_of(path: &str) -> &'static str {
    // Members that hold steps are no settings: what counts is what stands behind the last of them.
    let own = path.rsplit_once("/steps/").map_or(path, |(_, own)| own);
    let member = own
        .split('/')
        .find(|part| matches!(*part, "fields" | "actions" | "return_to" | "deadlines" | "validate"));
    match member {
        Some("fields") => "fields",
        Some("actions" | "return_to") => "actions",
        Some("deadlines") => "deadlines",
        Some("validate") => "checks",
        _ => "basic",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_advice_is_written() {
        let mut sorted = KNOWN.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, KNOWN, "it is searched by halves");
        for code in KNOWN {
            let words = advice(code).unwrap();
            assert!(!words.starts_with("flows-do-"), "{code}");
        }
        assert_eq!(advice("something_else"), None);
    }

    #[test]
    fn what_is_wrong_leads_to_the_tab_where_it_is_set() {
        for (path, tab) in [
            ("/steps/0/who", "basic"),
            ("/steps/0/fields/amount", "fields"),
            ("/steps/1/arms/0/steps/2/deadlines/0/after", "deadlines"),
            ("/steps/1/arms/0/steps/2/validate/0/formula", "checks"),
            ("/steps/0/return_to/0", "actions"),
            ("/start/fields/amount", "fields"),
            ("/nobody/member", "basic"),
        ] {
            assert_eq!(tab_of(path), tab, "{path}");
        }
    }
}
