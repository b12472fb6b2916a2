//! Where the rows of the approval semantics, and of what the product takes from others, that are about more than the engine
//! have their tests. Those of the engine are listed beside it (`engine/src/flow/tests/rows.rs`).

/// The sources with the tests that are named here.
const SOURCES: [&str; 22] = [
    include_str!("at_once.rs"),
    include_str!("acting.rs"),
    include_str!("children.rs"),
    include_str!("deciding.rs"),
    include_str!("delegating.rs"),
    include_str!("designing.rs"),
    include_str!("figures.rs"),
    include_str!("going_back.rs"),
    include_str!("inbox.rs"),
    include_str!("moving.rs"),
    include_str!("notices.rs"),
    include_str!("refusing.rs"),
    include_str!("saying.rs"),
    include_str!("seeing.rs"),
    include_str!("starting.rs"),
    include_str!("../zone.rs"),
    include_str!("trying.rs"),
    include_str!("waiting.rs"),
    include_str!("../hand_over.rs"),
    include_str!("../write_paths/triggered.rs"),
    include_str!("../../../../frontend/src/inbox/print_out.rs"),
    include_str!("../../../../server/src/service/flows/notices/settings.rs"),
];

/// A row, and the tests that hold it.
type Row = (&'static str, &'static [&'static str]);

/// What approvals.md says outside of its tables.
const SENTENCES: &[Row] = &[
    ("running instances stay on their version", &["running_requests_stay_on_the_version_they_began_with"]),
    ("publishing is refused", &["a_flow_that_cannot_work_is_refused_where_it_is_wrong"]),
    (
        "left members' tasks go to their hand-over person, else admins",
        &[
            "what_waits_for_a_member_who_leaves_goes_to_who_takes_over_else_to_an_administrator",
            "neither_a_department_nor_a_role_nor_a_member_that_is_gone_holds_a_request_up",
        ],
    ),
    ("two people acting at once", &["two_approve_and_one_of_them_has", "an_approval_meets_a_withdrawal"]),
    ("repeated with the same key", &["a_decision_that_is_repeated_while_it_is_on_its_way_counts_once"]),
    (
        "what fell due while the server was down",
        &["what_fell_due_while_no_server_ran_happens_once_at_the_next_start"],
    ),
    (
        "the last decision is refused with the list",
        &["the_last_decision_is_refused_with_what_is_still_missing"],
    ),
    ("field permission per step", &["a_step_says_which_fields_its_people_see_and_change"]),
    ("validate, the step's own", &["a_step_is_completed_once_its_own_checks_hold"]),
    ("chosen by the submitter", &["the_submitter_says_who_decides_where_the_flow_lets_them"]),
    ("nobody found: hold, shown to administrators", &["administrators_are_told_of_what_waits_for_nobody"]),
    ("renamed per step", &["what_a_step_calls_an_action_is_told_to_whoever_decides"]),
    (
        "instances are moved to a newer version",
        &[
            "running_requests_are_moved_to_a_newer_version_and_those_that_can_not_stay",
            "copies_go_with_their_step_to_a_newer_version",
        ],
    ),
    (
        "after the end it is edited like any other",
        &["a_change_after_the_end_starts_the_flow_again_where_the_form_says_so"],
    ),
    (
        "at a date field, in the workspace's zone",
        &["what_flows_wait_for_begins_with_the_days_of_the_new_zone"],
    ),
    ("what is recorded", &["edits_beside_the_tasks_are_in_the_timeline_with_the_fields_that_one_may_read"]),
];

/// The task actions as people meet them.
const ACTIONS: &[Row] = &[
    ("save", &["what_an_assignee_puts_aside_is_nobody_elses_to_read"]),
    ("approve", &["anybody_of_several_approves_and_the_record_is_approved"]),
    ("reject", &["all_must_agree_and_one_who_does_not_ends_it"]),
    ("return", &["a_returned_request_comes_back_to_its_submitter_and_goes_on_as_the_same_record"]),
    ("transfer", &["a_task_is_handed_to_somebody_else"]),
    ("add sign", &["somebody_added_before_a_task_decides_first"]),
    (
        "withdraw",
        &[
            "a_submitter_withdraws_until_somebody_decided",
            "a_decision_is_offered_to_be_taken_back_as_long_as_it_can_be",
        ],
    ),
    ("urge", &["returns_reminders_copies_and_words_are_told_of"]),
    ("terminate", &["an_end_by_an_administrator_meets_a_deadline"]),
    ("reassign", &["a_decision_meets_what_takes_its_task_away"]),
    ("reactivate", &["what_is_over_is_opened_again_at_a_step_that_it_had_passed"]),
    (
        "comment",
        &[
            "people_are_told_without_being_asked_and_comment",
            "returns_reminders_copies_and_words_are_told_of",
        ],
    ),
    ("refusals", &["a_refused_command_says_why_in_three_languages"]),
];

/// What other products have (product.md 1.6).
const PRODUCT: &[Row] = &[
    ("W12", &["only_decisions_are_printed"]),
    ("W17", &["several_tasks_are_decided_at_once_and_each_says_what_became_of_it"]),
    ("W20", &["a_step_says_which_fields_its_people_see_and_change"]),
    ("W21", &["a_signature_is_a_picture_of_ones_own_that_stays_with_the_decision"]),
    (
        "W23",
        &[
            "a_delay_ends_at_its_time_and_a_deadline_does_what_it_says",
            "working_time_is_that_of_the_workspace",
        ],
    ),
    ("W25", &["one_flow_starts_for_each_row_and_gives_back_to_its_row"]),
    ("W26", &["a_copy_is_unseen_until_it_was_looked_at"]),
    ("W27", &["every_version_is_there_to_be_compared"]),
    ("W28", &["what_comes_next_says_who_and_why_and_the_drawing_shows_the_way"]),
    (
        "W29",
        &[
            "tasks_go_to_who_stands_in_and_the_log_says_for_whom",
            "a_delegation_counts_in_its_time_and_its_flows",
        ],
    ),
    ("W30", &["the_inbox_is_counted_and_narrowed", "every_list_is_read_to_its_end_and_counted_whole"]),
    (
        "W31",
        &[
            "a_flow_starts_as_its_path_says",
            "every_way_leaves_its_name_in_the_history_and_word_in_the_outbox",
        ],
    ),
    ("W32", &["requests_are_counted_by_step_person_period_and_version"]),
    ("Z06", &["a_trial_tells_which_arm_is_taken_and_why"]),
    ("Z07", &["running_requests_are_moved_to_a_newer_version_and_those_that_can_not_stay"]),
    (
        "notices, daily in the member's zone",
        &[
            "a_letter_leads_to_the_task_and_says_nothing_that_its_receiver_may_not_see",
            "the_daily_letter_comes_at_the_time_of_the_members_day",
        ],
    ),
];

#[test]
fn every_row_has_tests_that_are_there() {
    for (row, tests) in [SENTENCES, ACTIONS, PRODUCT].concat() {
        assert!(!tests.is_empty(), "{row}");
        for test in tests {
            let is_there = SOURCES.iter().any(|source| source.contains(&format!("fn {test}()")));
            assert!(is_there, "{row} names {test}, which is not there");
        }
    }
}
