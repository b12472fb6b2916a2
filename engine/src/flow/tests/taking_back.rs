//! Taking a decision back while nobody has gone on from there.

use super::actions::{around_a_block, finish_block, three};
use super::*;

#[test]
fn an_approver_takes_a_decision_back_while_no_later_step_has_acted() {
    let mut world = three();
    world.approve("ann").unwrap();
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    assert_eq!(world.approve("bob"), Err(RefusalCode::TaskClosed));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
}

#[test]
fn taking_back_restores_the_tasks_that_the_decision_cancelled() {
    let mut world = World::started(json!([approve("first", &["ann", "bob"]), approve("second", &["cid"])]));
    world.approve("ann").unwrap();
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["first:ann", "first:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["second:cid"]);
}

#[test]
fn a_task_that_comes_back_goes_to_who_took_over_from_somebody_who_has_left() {
    let arms = parallel("both", &[json!([approve("law", &["ann"])]), json!([approve("tax", &["bob"])])]);
    let mut world = World::started(json!([approve("first", &["cid"]), arms]));
    world.approve("cid").unwrap();
    world.send_back("ann", "first").unwrap();
    // Bob has no open task when he leaves, so that nothing is handed over then.
    let bob = world.directory.members.get_mut(&id("bob")).unwrap();
    (bob.is_active, bob.hand_over) = (false, Some(id("dan")));
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["law:ann", "tax:dan"]);
    world.approve("dan").unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn taking_back_one_of_several_votes_keeps_the_others() {
    let step = with(approve("first", &["ann", "bob"]), json!({"policy": "all"}));
    let mut world = World::started(json!([step, approve("second", &["cid"])]));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["second:cid"]);
}

#[test]
fn taking_back_in_a_sequence_unasks_the_next_but_not_once_they_decided() {
    let step = with(approve("first", &["ann", "bob", "cid"]), json!({"policy": "sequential"}));
    let mut world = World::started(json!([step]));
    world.approve("ann").unwrap();
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
    world.take_back("bob").unwrap();
    assert_eq!(world.open(), ["first:bob"]);
}

#[test]
fn taking_a_rejection_back_restores_the_arms_that_it_cancelled() {
    let arm = with(approve("b", &["bob"]), json!({"reject_to": "start"}));
    let block = parallel("both", &[json!([approve("a", &["ann"])]), json!([arm])]);
    let mut world = World::started(json!([block]));
    world.reject("bob").unwrap();
    world.take_back("bob").unwrap();
    assert_eq!(world.open(), ["a:ann", "b:bob"]);
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn taking_a_return_back_leaves_a_block_that_it_had_opened_again() {
    let mut world = around_a_block();
    finish_block(&mut world);
    world.send_back("fay", "b2").unwrap();
    assert_eq!(world.open(), ["b2:dan"]);
    world.take_back("fay").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
    world.approve("fay").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_return_into_a_block_can_still_be_taken_back_after_a_decision_in_there_was() {
    let mut world = around_a_block();
    finish_block(&mut world);
    world.send_back("fay", "b1").unwrap();
    world.send_back("cid", "start").unwrap();
    world.take_back("cid").unwrap();
    assert_eq!(world.open(), ["b1:cid"]);
    world.take_back("fay").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
}

#[test]
fn a_decision_is_not_taken_back_once_what_came_of_it_was_sent_back_and_its_block_left_again() {
    let mut world = around_a_block();
    finish_block(&mut world);
    world.send_back("fay", "b2").unwrap();
    world.approve("dan").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
    assert_eq!(world.take_back("bob"), Err(RefusalCode::TooLate));
    world.take_back("dan").unwrap();
    assert_eq!(world.open(), ["b2:dan"]);
}

#[test]
fn a_return_of_another_is_not_undone_by_taking_a_vote_back() {
    let second = with(approve("second", &["bob", "cid"]), json!({"policy": "all"}));
    let mut world = World::started(json!([approve("first", &["ann"]), second]));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    world.send_back("cid", "first").unwrap();
    assert_eq!(world.take_back("bob"), Err(RefusalCode::TooLate));
    world.take_back("cid").unwrap();
    assert_eq!(world.open(), ["second:cid"]);
}

#[test]
fn an_old_decision_is_not_taken_back_once_the_flow_has_come_along_again() {
    let mut world = three();
    world.approve("ann").unwrap();
    world.send_back("bob", "first").unwrap();
    world.withdraw("sam").unwrap_err();
    world.send_back("ann", "start").unwrap();
    world.submit("sam").unwrap();
    let old = world.state.tasks.iter().find(|task| task.decision == Some(Decision::Returned)).unwrap().id;
    assert_eq!(world.give("bob", Command::TakeBack { task: old }), Err(RefusalCode::TooLate));
}

#[test]
fn a_decision_that_others_joined_is_taken_back_while_the_step_after_waits() {
    let mut world = around_a_block();
    finish_block(&mut world);
    world.take_back("bob").unwrap();
    assert_eq!(world.open(), ["a2:bob"], "the other arm stays as it was");
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
}

#[test]
fn a_decision_in_an_arm_is_not_taken_back_once_its_block_was_left_another_way() {
    let mut world = around_a_block();
    world.approve("eve").unwrap();
    world.approve("ann").unwrap();
    world.send_back("cid", "before").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
}

#[test]
fn a_decision_is_not_taken_back_after_the_submitter_withdrew() {
    let steps = json!([approve("first", &["ann"]), approve("second", &["bob"])]);
    let mut world = World::of(
        json!({"format": 1, "label": "Test", "start": {"withdraw": "while_running"}, "steps": steps}),
    );
    world.start().unwrap();
    world.approve("ann").unwrap();
    world.withdraw("sam").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
}

#[test]
fn only_a_decision_of_ones_own_is_taken_back() {
    let mut world = three();
    let task = world.task("ann");
    assert_eq!(world.give("ann", Command::TakeBack { task }), Err(RefusalCode::NotDecided));
    world.approve("ann").unwrap();
    assert_eq!(world.give("bob", Command::TakeBack { task }), Err(RefusalCode::NotYours));
    let mut world = World::started(json!([
        with(approve("first", &["ann"]), json!({"actions": {"withdraw": false}})),
        approve("second", &["bob"])
    ]));
    world.approve("ann").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::ActionOff));
}

#[test]
fn approvals_from_before_a_return_count_again_once_it_is_taken_back() {
    let steps = json!([approve("first", &["ann"]), approve("second", &["bob"]), approve("third", &["ann"])]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "any_earlier", "steps": steps}));
    world.start().unwrap();
    world.approve("ann").unwrap();
    world.send_back("bob", "first").unwrap();
    world.take_back("bob").unwrap();
    assert_eq!(world.open(), ["second:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.state.status, Status::Approved, "ann has approved, and nothing was sent back since");
}
