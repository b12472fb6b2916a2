//! Where each row of the tables of the approval semantics, and of what the product takes from others, has its tests. The
//! rows that are about more than the engine (boxes of the inbox, print-outs, figures) have theirs over the API.

/// The sources with the tests that are named here.
const SOURCES: [&str; 12] = [
    include_str!("actions.rs"),
    include_str!("deadlines.rs"),
    include_str!("direct.rs"),
    include_str!("moving.rs"),
    include_str!("notices.rs"),
    include_str!("people.rs"),
    include_str!("properties.rs"),
    include_str!("publish.rs"),
    include_str!("signing.rs"),
    include_str!("steps.rs"),
    include_str!("waits.rs"),
    include_str!("../delegation.rs"),
];

/// A row, and the tests that hold it.
type Row = (&'static str, &'static [&'static str]);

/// The steps.
const STEPS: &[Row] = &[
    ("start", &["a_started_request_waits_for_its_first_approver_and_is_approved_by_the_last"]),
    ("approve", &["under_any_one_approval_passes_and_cancels_the_other_tasks"]),
    ("fill", &["a_fill_step_is_submitted_and_can_not_be_approved_or_rejected"]),
    ("cc", &["a_cc_step_informs_and_never_waits"]),
    (
        "branch",
        &[
            "an_exclusive_branch_takes_the_first_arm_that_matches_else_the_default",
            "an_inclusive_branch_takes_all_arms_that_match_and_joins",
        ],
    ),
    (
        "parallel",
        &[
            "parallel_arms_run_side_by_side_and_join_when_all_are_through",
            "a_join_of_any_cancels_the_other_arms",
            "a_join_of_n_waits_for_so_many_arms",
        ],
    ),
    (
        "subflow",
        &[
            "a_flow_that_is_waited_for_goes_on_whatever_its_outcome",
            "one_flow_starts_for_each_row_and_all_are_waited_for",
            "without_rows_and_without_waiting_the_flow_goes_on_at_once",
            "ending_the_parent_stops_the_flows_that_it_waits_for",
            "a_subflow_names_a_form_and_fields_of_both_forms",
        ],
    ),
    ("action", &["an_action_is_carried_out_before_the_flow_goes_on"]),
    (
        "delay",
        &[
            "a_delay_goes_on_when_its_time_has_passed_and_fires_once",
            "a_delay_until_a_date_follows_its_field",
        ],
    ),
    (
        "end",
        &[
            "a_flow_without_steps_approves_at_once",
            "a_rejection_ends_the_request_unless_the_step_says_otherwise",
        ],
    ),
];

/// What people do with tasks and instances.
const ACTIONS: &[Row] = &[
    ("save", &["saving_is_for_the_assignee_of_an_open_task_and_changes_nothing"]),
    ("approve", &["only_the_assignee_can_act_on_a_task", "a_second_approval_finds_the_task_closed"]),
    ("submit", &["an_approve_step_can_not_be_submitted"]),
    ("reject", &["the_first_rejection_decides_unless_the_step_waits_until_it_is_exhausted"]),
    (
        "return",
        &[
            "a_return_needs_a_target_that_was_passed_on_the_way",
            "a_return_out_of_a_block_cancels_the_open_tasks_of_all_its_arms",
            "who_acted_and_has_left_since_is_replaced_by_the_rules_of_the_step",
            "it_comes_straight_back_to_the_step_that_returned_it",
            "everything_runs_again_where_something_has_changed_that_a_branch_reads",
            "into_a_block_the_arms_are_as_they_were",
        ],
    ),
    (
        "transfer",
        &[
            "a_transferred_task_keeps_its_id_and_is_no_longer_the_old_assignees",
            "a_task_is_handed_on_at_most_twenty_times",
        ],
    ),
    (
        "add sign",
        &[
            "my_task_waits_for_those_added_before_it",
            "those_added_after_my_task_decide_after_my_approval",
            "those_added_beside_me_are_voters_of_the_step",
            "a_rejection_by_somebody_added_counts_as_the_adders",
            "nobody_adds_to_an_added_task",
        ],
    ),
    (
        "withdraw",
        &[
            "the_submitter_withdraws_until_somebody_has_decided_and_submits_again",
            "a_flow_can_let_the_submitter_withdraw_always_or_never",
            "an_approver_takes_a_decision_back_while_no_later_step_has_acted",
            "taking_back_restores_the_tasks_that_the_decision_cancelled",
            "what_an_action_or_a_flow_followed_cannot_be_taken_back",
            "nothing_is_withdrawn_after_the_end",
        ],
    ),
    (
        "urge",
        &[
            "the_submitter_people_informed_and_those_with_the_power_urge_once_an_hour",
            "copies_reminders_and_words_are_told_of",
        ],
    ),
    ("terminate", &["who_has_the_power_terminates_and_everything_is_cancelled"]),
    ("reassign", &["reassigning_needs_the_power_and_an_open_task"]),
    (
        "reactivate",
        &[
            "an_ended_instance_is_opened_again_at_a_step_that_it_passed",
            "a_step_in_a_finished_block_is_opened_alone",
        ],
    ),
    (
        "comment",
        &[
            "comments_are_logged_also_after_the_end_but_not_without_text",
            "copies_reminders_and_words_are_told_of",
        ],
    ),
];

/// What other products have (product.md 1.6), X07 and Z05 to Z07.
const PRODUCT: &[Row] = &[
    (
        "W01",
        &[
            "members_are_asked_by_name_each_once",
            "departments_are_asked_with_or_without_what_is_below_them",
            "roles_are_found_by_key_and_by_id",
        ],
    ),
    (
        "W02",
        &[
            "member_fields_and_heads_of_department_fields_are_read_from_the_record",
            "the_submitter_can_be_asked",
            "the_submitter_and_the_previous_approver_choose_who_comes_next",
            "the_head_of_the_previous_approvers_department_is_asked",
        ],
    ),
    ("W03", &["managers_are_asked_at_a_level_or_upward_to_a_level_or_role", "a_circle_of_managers_ends"]),
    ("W04", &["nobody_found_passes_holds_or_asks_somebody_else_as_the_step_says"]),
    (
        "W05",
        &[
            "under_all_everybody_has_to_approve",
            "a_sequence_asks_one_after_another_in_the_order_of_who_then_by_name",
            "a_ratio_passes_when_enough_have_approved",
            "under_any_with_exhausted_one_approval_outweighs_rejections",
        ],
    ),
    ("W10", &["a_started_request_waits_for_its_first_approver_and_is_approved_by_the_last"]),
    ("W11", &["saving_is_for_the_assignee_of_an_open_task_and_changes_nothing"]),
    (
        "W13",
        &[
            "an_arm_that_was_not_taken_this_time_is_not_on_the_way",
            "a_step_can_name_where_it_may_be_returned_to_or_switch_returning_off",
            "it_comes_straight_back_to_the_step_that_returned_it",
        ],
    ),
    ("W14", &["a_transfer_needs_somebody_active_who_does_not_decide_there_already"]),
    (
        "W15",
        &["who_is_added_is_there_and_not_asked_already", "in_a_sequence_those_added_beside_me_come_next"],
    ),
    ("W16", &["a_rejection_ends_the_request_unless_the_step_says_otherwise"]),
    ("W18", &["an_approver_takes_a_decision_back_while_no_later_step_has_acted"]),
    (
        "W19",
        &[
            "the_submitter_people_informed_and_those_with_the_power_urge_once_an_hour",
            "an_ended_instance_is_opened_again_at_a_step_that_it_passed",
            "reassigning_needs_the_power_and_an_open_task",
        ],
    ),
    ("W20", &["a_field_is_not_required_and_hidden_at_once"]),
    ("W21", &["opinions_and_signatures_are_given_as_the_step_wants_them"]),
    ("W22", &["conditions_formulas_and_rights_name_fields_that_exist"]),
    (
        "W23",
        &[
            "a_deadline_counts_from_arrival_and_goes_with_its_step",
            "working_time_counts_only_working_hours",
            "a_reminder_goes_to_those_who_have_the_tasks",
            "an_automatic_approval_passes_the_step_whatever_its_policy",
            "an_automatic_rejection_does_what_a_rejection_does",
            "an_automatic_return_goes_to_the_previous_step_or_the_start",
            "an_escalation_gives_the_task_to_the_manager",
            "a_transfer_gives_the_task_to_whom_the_rule_finds",
            "a_deadline_at_a_field_is_read_again_when_the_field_changes",
            "what_fell_due_fires_once_and_late",
            "deadlines_are_up_to_five_and_each_says_when_and_what",
        ],
    ),
    (
        "W24",
        &[
            "the_same_approver_in_the_next_step_passes_automatically_under_consecutive",
            "who_approved_any_earlier_step_passes_but_not_after_a_return_in_between",
            "at_most_fifty_tasks_in_a_row_pass_automatically",
            "after_a_subflow_nobody_has_decided_just_before",
        ],
    ),
    ("W25", &["at_most_two_hundred_flows_start_at_once", "a_subflow_names_a_form_and_fields_of_both_forms"]),
    ("W26", &["a_cc_step_informs_and_never_waits"]),
    ("W27", &["a_running_instance_goes_on_with_the_steps_of_a_newer_version"]),
    ("W28", &["the_timeline_says_who_did_what_and_what_happened_by_itself"]),
    (
        "W29",
        &[
            "a_delegate_decides_for_somebody_and_the_log_names_both",
            "a_delegation_counts_in_its_period_and_its_flows",
            "a_chain_of_delegations_is_followed_one_step",
            "open_tasks_go_to_a_delegate_on_request_and_no_further",
        ],
    ),
    (
        "X07",
        &[
            "a_rejection_that_leaves_a_block_cancels_all_its_arms",
            "a_return_out_of_a_block_cancels_the_open_tasks_of_all_its_arms",
        ],
    ),
    ("Z05", &["the_invariants_hold_over_random_flows_and_commands"]),
    (
        "Z06",
        &[
            "the_simulator_goes_the_way_of_the_engine",
            "a_branch_needs_a_default_and_arms_that_can_match",
            "a_fallback_that_is_not_there_is_none",
        ],
    ),
    (
        "Z07",
        &[
            "a_waiting_join_is_moved_and_may_be_met_by_the_move",
            "what_has_no_place_in_the_newer_version_is_left_untouched",
        ],
    ),
];

#[test]
fn every_row_of_the_tables_has_tests_that_are_there() {
    for (row, tests) in [STEPS, ACTIONS, PRODUCT].concat() {
        assert!(!tests.is_empty(), "{row}");
        for test in tests {
            let head = format!("#[test]\nfn {test}()");
            let inside = format!("#[test]\n    fn {test}()");
            let is_there = SOURCES.iter().any(|source| source.contains(&head) || source.contains(&inside));
            assert!(is_there, "{row} names {test}, which is not there");
        }
    }
}
