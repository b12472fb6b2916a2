//! What people do with tasks and instances besides passing a step.

use super::*;

/// first:ann, then second:bob, then third:cid.
pub(super) fn three() -> World {
    World::started(json!([
        approve("first", &["ann"]),
        approve("second", &["bob"]),
        approve("third", &["cid"])
    ]))
}

/// A step before, two parallel arms of two steps each, and a step after.
pub(super) fn around_a_block() -> World {
    let block = parallel(
        "both",
        &[
            json!([approve("a1", &["ann"]), approve("a2", &["bob"])]),
            json!([approve("b1", &["cid"]), approve("b2", &["dan"])]),
        ],
    );
    World::started(json!([approve("before", &["eve"]), block, approve("after", &["fay"])]))
}

pub(super) fn finish_block(world: &mut World) {
    for who in ["eve", "ann", "bob", "cid", "dan"] {
        world.approve(who).unwrap();
    }
    assert_eq!(world.open(), ["after:fay"]);
}

#[test]
fn only_the_assignee_can_act_on_a_task() {
    let mut world = three();
    let task = world.task("ann");
    let approve = |task| Command::Approve { task, note: Note::default(), chosen: Chosen::new() };
    assert_eq!(world.give("bob", approve(task)), Err(RefusalCode::NotYours));
    assert_eq!(world.give("sam", approve(task)), Err(RefusalCode::NotYours));
    assert_eq!(world.give_as(Actor::System, approve(task)), Err(RefusalCode::NotYours));
    assert_eq!(world.give("ann", approve(department(1))), Err(RefusalCode::NoSuchTask));
}

#[test]
fn a_second_approval_finds_the_task_closed() {
    let mut world = three();
    world.approve("ann").unwrap();
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
}

#[test]
fn saving_is_for_the_assignee_of_an_open_task_and_changes_nothing() {
    let mut world = three();
    let task = world.task("ann");
    world.give("ann", Command::Save { task }).unwrap();
    assert_eq!(world.give("bob", Command::Save { task }), Err(RefusalCode::NotYours));
    world.approve("ann").unwrap();
    assert_eq!(world.give("ann", Command::Save { task }), Err(RefusalCode::TaskClosed));
}

#[test]
fn a_rejection_ends_the_request_unless_the_step_says_otherwise() {
    let mut world = three();
    world.reject("ann").unwrap();
    assert_eq!(world.state.status, Status::Rejected);
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
}

#[test]
fn a_rejected_request_returns_to_its_submitter() {
    let step = with(approve("second", &["bob"]), json!({"reject_to": "start"}));
    let mut world = World::started(json!([approve("first", &["ann"]), step]));
    world.approve("ann").unwrap();
    world.reject("bob").unwrap();
    assert_eq!(world.state.status, Status::Running);
    assert_eq!(world.open(), ["start:sam"]);
    world.submit("sam").unwrap();
    assert_eq!(world.open(), ["first:ann"], "everything after the start again");
}

#[test]
fn a_rejection_to_an_earlier_step_asks_those_who_acted_there() {
    let last = with(approve("last", &["cid"]), json!({"reject_to": "first"}));
    let mut world =
        World::started(json!([approve("first", &["ann", "bob"]), approve("second", &["dan"]), last]));
    world.approve("bob").unwrap();
    world.approve("dan").unwrap();
    world.reject("cid").unwrap();
    assert_eq!(world.open(), ["first:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["second:dan"]);
}

#[test]
fn a_rejection_that_leaves_a_block_cancels_all_its_arms() {
    let arm = with(approve("b", &["bob"]), json!({"reject_to": "start"}));
    let block = parallel("both", &[json!([approve("a", &["ann"])]), json!([arm])]);
    let mut world = World::started(json!([block]));
    world.reject("bob").unwrap();
    assert_eq!(world.open(), ["start:sam"]);
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
}

#[test]
fn a_rejection_inside_its_arm_leaves_the_other_arms_alone() {
    let second = with(approve("a2", &["bob"]), json!({"reject_to": "a1"}));
    let block =
        parallel("both", &[json!([approve("a1", &["ann"]), second]), json!([approve("b", &["cid"])])]);
    let mut world = World::started(json!([block]));
    world.approve("ann").unwrap();
    world.reject("bob").unwrap();
    assert_eq!(world.open(), ["b:cid", "a1:ann"]);
}

#[test]
fn a_return_goes_to_a_passed_step_and_everything_after_it_runs_again() {
    let mut world = three();
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    world.send_back("cid", "first").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    for who in ["ann", "bob", "cid"] {
        world.approve(who).unwrap();
    }
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_return_needs_a_target_that_was_passed_on_the_way() {
    let mut world = three();
    assert_eq!(world.send_back("ann", "second"), Err(RefusalCode::TargetNotPassed));
    assert_eq!(world.send_back("ann", "first"), Err(RefusalCode::TargetNotPassed));
    assert_eq!(world.send_back("ann", "nowhere"), Err(RefusalCode::UnknownStep));
    let mut world = around_a_block();
    world.approve("eve").unwrap();
    world.approve("ann").unwrap();
    world.approve("cid").unwrap();
    assert_eq!(world.send_back("bob", "b1"), Err(RefusalCode::TargetNotPassed), "a sibling arm");
    assert_eq!(world.send_back("bob", "both"), Err(RefusalCode::TargetNotPassed), "a block takes no tasks");
}

#[test]
fn an_arm_that_was_not_taken_this_time_is_not_on_the_way() {
    let block = branch(
        "size",
        &[(100, json!([approve("director", &["bob"])]))],
        json!([approve("manager", &["ann"])]),
    );
    let mut world = World::new(json!([block, approve("last", &["cid"])])).amount(500);
    world.start().unwrap();
    world.approve("bob").unwrap();
    world.send_back("cid", "start").unwrap();
    world.record.0.insert("amount".to_string(), Value::number(5));
    world.submit("sam").unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.send_back("cid", "director"), Err(RefusalCode::TargetNotPassed));
    assert_eq!(
        return_targets(&world.flow, &world.state, world.state.task(world.task("cid")).unwrap()),
        ["manager", "start"]
    );
}

#[test]
fn a_return_out_of_a_block_cancels_the_open_tasks_of_all_its_arms() {
    let mut world = around_a_block();
    world.approve("eve").unwrap();
    world.approve("ann").unwrap();
    world.send_back("bob", "before").unwrap();
    assert_eq!(world.open(), ["before:eve"]);
    world.approve("eve").unwrap();
    assert_eq!(world.open(), ["a1:ann", "b1:cid"]);
}

#[test]
fn a_return_into_a_finished_block_runs_that_arm_again_and_keeps_the_others() {
    let mut world = around_a_block();
    finish_block(&mut world);
    world.send_back("fay", "a1").unwrap();
    assert_eq!(world.open(), ["a1:ann"]);
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
}

#[test]
fn a_step_can_name_where_it_may_be_returned_to_or_switch_returning_off() {
    let steps = |members: Json| {
        json!([
            approve("first", &["ann"]),
            approve("second", &["bob"]),
            with(approve("third", &["cid"]), members)
        ])
    };
    let reach_third = |members: Json| {
        let mut world = World::started(steps(members));
        world.approve("ann").unwrap();
        world.approve("bob").unwrap();
        world
    };
    let mut world = reach_third(json!({"return_to": ["start", "first"]}));
    assert_eq!(world.send_back("cid", "second"), Err(RefusalCode::TargetNotAllowed));
    assert_eq!(
        return_targets(&world.flow, &world.state, world.state.task(world.task("cid")).unwrap()),
        ["first", "start"]
    );
    world.send_back("cid", "first").unwrap();
    let mut world = reach_third(json!({"actions": {"return": false}}));
    assert_eq!(world.send_back("cid", "first"), Err(RefusalCode::ActionOff));
}

#[test]
fn a_return_cancels_the_other_tasks_of_its_step() {
    let second = with(approve("second", &["bob", "cid"]), json!({"policy": "all"}));
    let mut world = World::started(json!([approve("first", &["ann"]), second]));
    world.approve("ann").unwrap();
    world.send_back("cid", "first").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    assert_eq!(world.approve("bob"), Err(RefusalCode::TaskClosed));
}

#[test]
fn who_acted_and_has_left_since_is_replaced_by_the_rules_of_the_step() {
    let mut world = World::started(json!([
        with(approve("first", &[]), json!({"who": [{"roles": ["FIN"]}]})),
        approve("second", &["bob"])
    ]));
    world.approve("eve").unwrap();
    world.directory.members.get_mut(&id("eve")).unwrap().is_active = false;
    world.send_back("bob", "first").unwrap();
    assert_eq!(world.open(), ["first:dan"]);
}

#[test]
fn a_transferred_task_keeps_its_id_and_is_no_longer_the_old_assignees() {
    let mut world = three();
    let task = world.task("ann");
    world.transfer("ann", "fay").unwrap();
    assert_eq!(world.task("fay"), task);
    let approve = Command::Approve { task, note: Note::default(), chosen: Chosen::new() };
    assert_eq!(world.give("ann", approve), Err(RefusalCode::NotYours));
    world.approve("fay").unwrap();
    assert_eq!(world.open(), ["second:bob"]);
}

#[test]
fn a_transfer_needs_somebody_active_who_does_not_decide_there_already() {
    let step = with(approve("first", &["ann", "bob", "cid"]), json!({"policy": "sequential"}));
    let mut world = World::started(json!([step]));
    assert_eq!(world.transfer("ann", "ann"), Err(RefusalCode::SelfTransfer));
    assert_eq!(world.transfer("ann", "zoe"), Err(RefusalCode::PersonLeft));
    assert_eq!(world.transfer("ann", "cid"), Err(RefusalCode::AlreadyAssigned), "cid is asked later");
    world.approve("ann").unwrap();
    assert_eq!(world.transfer("bob", "ann"), Err(RefusalCode::AlreadyAssigned), "ann has decided");
    world.transfer("bob", "dan").unwrap();
    assert_eq!(world.open(), ["first:dan"]);
    world.approve("dan").unwrap();
    assert_eq!(world.open(), ["first:cid"]);
}

#[test]
fn a_task_is_handed_on_at_most_twenty_times() {
    let mut world = three();
    for round in 0..20 {
        let (from, to) = if round % 2 == 0 { ("ann", "fay") } else { ("fay", "ann") };
        world.transfer(from, to).unwrap();
    }
    assert_eq!(world.transfer("ann", "fay"), Err(RefusalCode::Loop));
    world.approve("ann").unwrap();
}

#[test]
fn a_step_can_switch_actions_off() {
    let step = with(
        approve("first", &["ann"]),
        json!({"actions": {"transfer": false, "reject": false, "save": false}}),
    );
    let mut world = World::started(json!([step]));
    assert_eq!(world.transfer("ann", "fay"), Err(RefusalCode::ActionOff));
    assert_eq!(world.reject("ann"), Err(RefusalCode::ActionOff));
    let task = world.task("ann");
    assert_eq!(world.give("ann", Command::Save { task }), Err(RefusalCode::ActionOff));
    let offered = actions(&world.flow, &world.state, world.state.task(task).unwrap());
    assert_eq!(offered, [document::Action::Approve, document::Action::Return, document::Action::AddSign]);
}

#[test]
fn a_step_can_switch_off_what_is_done_to_the_request_while_it_waits_there() {
    let off =
        json!({"urge": false, "terminate": false, "reassign": false, "comment": false, "reactivate": false});
    let quiet = with(approve("first", &["ann"]), json!({"actions": off}));
    let mut world = World::started(json!([quiet, approve("second", &["bob"])]));
    world.powers = Powers { terminate: true, reassign: true, reactivate: true, ..Powers::default() };
    let task = world.task("ann");
    let comment = || Command::Comment { text: "why".into(), mentions: Vec::new() };
    let end = || Command::Terminate { note: Note::default() };
    for command in [Command::Urge, end(), Command::Reassign { task, to: id("cid") }, comment()] {
        assert_eq!(world.give("sam", command.clone()), Err(RefusalCode::ActionOff), "{command:?}");
    }
    world.approve("ann").unwrap();
    world.give("sam", Command::Urge).unwrap();
    world.give("sam", comment()).unwrap();
    world.give("sam", end()).unwrap();
    assert_eq!(reactivation_targets(&world.flow, &world.state), ["second", "start"]);
    // The product itself ends what loses its record, whatever a step says.
    let quiet = with(approve("first", &["ann"]), json!({"actions": {"terminate": false}}));
    World::started(json!([quiet])).give_as(Actor::System, end()).unwrap();
    // Nothing waits for nobody because of it.
    let held = json!({"who": [{"roles": ["EMPTY"]}], "nobody": "hold", "actions": {"reassign": false}});
    let mut world = World::started(json!([with(approve("first", &[]), held)]));
    let task = world.first_open().unwrap().id;
    world.assign(task).unwrap();
}

#[test]
fn the_submitter_withdraws_until_somebody_has_decided_and_submits_again() {
    let mut world = three();
    assert_eq!(world.withdraw("ann"), Err(RefusalCode::NotSubmitter));
    world.withdraw("sam").unwrap();
    assert_eq!(world.state.status, Status::Withdrawn);
    assert_eq!(world.open(), ["start:sam"]);
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
    assert_eq!(world.withdraw("sam"), Err(RefusalCode::AlreadyWithdrawn));
    world.submit("sam").unwrap();
    assert_eq!(world.state.status, Status::Running);
    world.approve("ann").unwrap();
    assert_eq!(world.withdraw("sam"), Err(RefusalCode::AlreadyDecided));
}

#[test]
fn a_flow_can_let_the_submitter_withdraw_always_or_never() {
    let world = |withdraw: &str| {
        let steps = json!([approve("first", &["ann"]), approve("second", &["bob"])]);
        let mut world =
            World::of(json!({"format": 1, "label": "Test", "start": {"withdraw": withdraw}, "steps": steps}));
        world.start().unwrap();
        world
    };
    assert_eq!(world("never").withdraw("sam"), Err(RefusalCode::WithdrawOff));
    let mut always = world("while_running");
    always.approve("ann").unwrap();
    always.withdraw("sam").unwrap();
    assert_eq!(always.open(), ["start:sam"]);
}

#[test]
fn nothing_is_withdrawn_after_the_end() {
    let mut world = World::started(json!([approve("first", &["ann"])]));
    world.approve("ann").unwrap();
    assert_eq!(world.withdraw("sam"), Err(RefusalCode::Ended));
    assert_eq!(world.take_back("ann"), Err(RefusalCode::Ended));
}

#[test]
fn the_submitter_people_informed_and_those_with_the_power_urge_once_an_hour() {
    let cc = json!({"kind": "cc", "key": "copy", "label": "copy", "who": [{"members": ids(&["eve"])}]});
    let mut world = World::started(json!([cc, approve("first", &["ann"])]));
    assert_eq!(world.give("bob", Command::Urge), Err(RefusalCode::NotAllowed));
    world.give("sam", Command::Urge).unwrap();
    assert_eq!(world.give("eve", Command::Urge), Err(RefusalCode::UrgedRecently));
    world.now += 3600;
    world.give("eve", Command::Urge).unwrap();
    world.now += 3600;
    world.powers.urge = true;
    world.give("bob", Command::Urge).unwrap();
    let urged =
        |event: &Event| matches!(&event.change, Change::Urged { members, .. } if *members == ids(&["ann"]));
    assert_eq!(world.log.iter().filter(|event| urged(event)).count(), 3);
}

#[test]
fn whom_a_decider_let_know_urges_too() {
    let mut world = three();
    let inform =
        |world: &World, whom: &[&str]| Command::Inform { task: world.task("ann"), members: ids(whom) };
    assert_eq!(world.give("eve", Command::Urge), Err(RefusalCode::NotAllowed));
    world.give("ann", inform(&world, &["eve", "fay"])).unwrap();
    world.give("ann", inform(&world, &["eve"])).unwrap();
    assert_eq!(world.state.copied, ids(&["eve", "fay"]), "each once");
    assert!(world.state.involved().contains(&id("fay")));
    world.give("eve", Command::Urge).unwrap();
    assert_eq!(world.give("fay", Command::Urge), Err(RefusalCode::UrgedRecently));
    assert_eq!(world.give("dan", Command::Urge), Err(RefusalCode::NotAllowed));
}

#[test]
fn who_has_the_power_terminates_and_everything_is_cancelled() {
    let mut world = around_a_block();
    world.approve("eve").unwrap();
    let terminate = || Command::Terminate { note: Note::default() };
    assert_eq!(world.give("gus", terminate()), Err(RefusalCode::NotAllowed));
    world.powers.terminate = true;
    world.give("gus", terminate()).unwrap();
    assert_eq!(world.state.status, Status::Terminated);
    assert_eq!(world.give("gus", terminate()), Err(RefusalCode::Ended));
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
}

#[test]
fn the_product_terminates_what_loses_its_record() {
    let mut world = three();
    world.withdraw("sam").unwrap();
    world.give_as(Actor::System, Command::Terminate { note: Note::default() }).unwrap();
    assert_eq!(world.state.status, Status::Terminated);
}

#[test]
fn reassigning_needs_the_power_and_an_open_task() {
    let mut world = three();
    let task = world.task("ann");
    assert_eq!(world.give("gus", Command::Reassign { task, to: id("fay") }), Err(RefusalCode::NotAllowed));
    world.powers.reassign = true;
    assert_eq!(world.give("gus", Command::Reassign { task, to: id("zoe") }), Err(RefusalCode::PersonLeft));
    world.give("gus", Command::Reassign { task, to: id("fay") }).unwrap();
    assert_eq!(world.open(), ["first:fay"]);
    world.approve("fay").unwrap();
    assert_eq!(world.give("gus", Command::Reassign { task, to: id("ann") }), Err(RefusalCode::TaskClosed));
}

#[test]
fn comments_are_logged_also_after_the_end_but_not_without_text() {
    let mut world = World::started(json!([]));
    let comment = |text: &str| Command::Comment { text: text.to_string(), mentions: ids(&["bob"]) };
    world.give("sam", comment("why?")).unwrap();
    assert_eq!(world.give("sam", comment("  ")), Err(RefusalCode::CommentEmpty));
}

#[test]
fn whoever_decides_lets_others_know_of_it_and_nothing_moves() {
    let mut world = three();
    let task = world.state.open_tasks().next().cloned().unwrap();
    let decider = name(task.assignee.unwrap());
    let inform = |whom: &[&str]| Command::Inform { task: task.id, members: ids(whom) };
    let before = world.open();
    assert_eq!(world.give("gus", inform(&["fay"])), Err(RefusalCode::NotYours));
    assert_eq!(world.give(decider, inform(&["zoe"])), Err(RefusalCode::PersonLeft));
    world.give(decider, inform(&["fay", "fay"])).unwrap();
    assert_eq!(world.open(), before);
    let told = world.log.last().map(|event| event.change.clone());
    assert_eq!(told, Some(Change::Copied { step: task.step.clone(), members: ids(&["fay"]) }), "once");
    // Whoever need not decide any more has nothing to tell.
    let mut world = World::started(json!([approve("first", &["ann", "bob"]), approve("second", &["cid"])]));
    let task = world.task("bob");
    world.approve("ann").unwrap();
    let command = Command::Inform { task, members: ids(&["fay"]) };
    assert_eq!(world.give("bob", command), Err(RefusalCode::TaskClosed));
}

#[test]
fn an_edit_beside_the_tasks_is_logged_while_it_goes_on_and_moves_nothing() {
    let mut world = three();
    let before = world.open();
    world.give("gus", Command::Edit).unwrap();
    assert_eq!(world.open(), before);
    let line = world.log.last().and_then(Event::line).unwrap();
    assert_eq!((line.action, line.who, line.step), (Did::Edit, Some(id("gus")), None));
    world.reject("ann").unwrap();
    assert_eq!(world.give("gus", Command::Edit), Err(RefusalCode::Ended));
}

#[test]
fn nothing_can_be_done_before_the_start() {
    let mut world = World::new(json!([approve("first", &["ann"])]));
    assert_eq!(world.give("sam", Command::Urge), Err(RefusalCode::NotStarted));
    assert_eq!(world.withdraw("sam"), Err(RefusalCode::NotSubmitter));
    let comment = Command::Comment { text: "hi".into(), mentions: Vec::new() };
    assert_eq!(world.give("sam", comment), Err(RefusalCode::NotStarted));
}

#[test]
fn a_submitter_who_has_left_is_replaced_at_start() {
    let mut world = three();
    world.directory.members.get_mut(&id("sam")).unwrap().is_active = false;
    world.send_back("ann", "start").unwrap();
    assert_eq!(world.open(), ["start:gus"]);
    world.submit("gus").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    assert_eq!(world.way(), ["start", "start", "first"]);
}
