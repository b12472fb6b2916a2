//! What long work is called, and how it stands.

use crate::api::jobs::{Job, JobState};
use crate::ui::{Tone, toast};
use crate::{browser, i18n, text};

/// The page of long work.
const PAGE: &str = "/jobs";

/// The kinds of long work, each with its name and icon.
const KINDS: [(&str, &str, &str); 16] = [
    ("import", "job-import", "import"),
    ("undo_import", "job-undo", "undo"),
    ("member_import", "job-member-import", "members"),
    ("export", "job-export", "export"),
    ("bulk_edit", "job-bulk-edit", "edit"),
    ("undo", "job-undo", "undo"),
    ("install", "job-install", "gallery"),
    ("clear_demo", "template-demo-clear", "trash"),
    ("purge", "job-purge", "trash"),
    ("rebuild", "job-rebuild", "rollup"),
    ("as_of", "job-as-of", "history"),
    ("zone", "job-zone", "clock"),
    ("flow_migrate", "job-flow-migrate", "flow"),
    ("pass_on", "job-pass-on", "transfer"),
    ("flow_reread", "job-flow-reread", "clock"),
    ("hand_over", "job-hand-over", "transfer"),
];

/// What a kind of work is called.
pub fn name_of(kind: &str) -> String {
    let known = KINDS.iter().find(|(known, ..)| *known == kind);
    i18n::lookup(known.map_or("job-other", |(_, name, _)| name), &[])
}

/// Its icon.
pub fn icon_of(kind: &str) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("refresh", |(_, _, icon)| icon)
}

/// The text that says how it stands, and what that means.
pub fn standing(state: JobState) -> (&'static str, Tone) {
    match state {
        JobState::Queued => ("job-queued", Tone::Neutral),
        JobState::Running => ("job-running", Tone::Accent),
        JobState::Done => ("job-done", Tone::Success),
        JobState::Failed => ("job-failed", Tone::Danger),
        JobState::Cancelled => ("job-cancelled", Tone::Warning),
    }
}

/// The text that says how it stands.
pub fn words_of(state: JobState) -> &'static str {
    standing(state).0
}

/// Tells whoever went on meanwhile that a job is over, and where what came of it is found.
pub fn tell_ended(job: &Job) {
    let (words, _) = standing(job.state);
    let told = text!("jobs-ended", name = name_of(&job.kind), state = i18n::lookup(words, &[]));
    toast::show_with(told, text!("jobs-show"), || browser::follow(PAGE));
}

/// The files that came of it: their ids, and the texts that say what they hold.
pub fn files_of(job: &Job) -> Vec<(String, &'static str)> {
    let id = |member: &str| job.result.get(member).and_then(|id| id.as_str()).map(str::to_string);
    let files = [(id("file"), "job-file"), (id("error_file"), "import-error-file")];
    files.into_iter().filter_map(|(id, words)| Some((id?, words))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_has_a_name() {
        for (kind, name, _) in KINDS {
            assert_ne!(name_of(kind), name, "{kind}");
        }
        assert_eq!(name_of("nosuch"), i18n::lookup("job-other", &[]));
        for state in
            [JobState::Queued, JobState::Running, JobState::Done, JobState::Failed, JobState::Cancelled]
        {
            let (words, _) = standing(state);
            assert_ne!(i18n::lookup(words, &[]), words);
        }
    }

    #[test]
    fn what_came_of_it_can_be_fetched() {
        let job = |result| -> Job {
            serde_json::from_value(json!({"id": "1", "state": "done", "result": result})).unwrap()
        };
        assert_eq!(files_of(&job(json!({"file": "a"}))), [("a".to_string(), "job-file")]);
        let import = json!({"created": 1, "error_file": "b"});
        assert_eq!(files_of(&job(import)), [("b".to_string(), "import-error-file")]);
        assert!(files_of(&job(json!(null))).is_empty());
    }
}
