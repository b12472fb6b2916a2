//! Adding people to a task.

use super::*;

fn all(who: &[&str]) -> World {
    World::started(json!([with(approve("a", who), json!({"policy": "all"})), approve("b", &["eve"])]))
}

#[test]
fn my_task_waits_for_those_added_before_it() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["eve"])]));
    world.add_sign("ann", AddMode::Before, &["bob", "cid"]).unwrap();
    assert_eq!(world.open(), ["a:ann", "a:bob", "a:cid"]);
    assert_eq!(world.approve("ann"), Err(RefusalCode::WaitsForAdded));
    assert_eq!(world.reject("ann"), Err(RefusalCode::WaitsForAdded));
    world.approve("bob").unwrap();
    world.approve("cid").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["b:eve"]);
}

#[test]
fn those_added_after_my_task_decide_after_my_approval() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["eve"])]));
    world.add_sign("ann", AddMode::After, &["bob"]).unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["a:bob"], "the approval counts once bob has approved too");
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["b:eve"]);
}

/// ann is asked in both arms, with dan in the first one; whoever approved any earlier step passes by themselves.
fn ann_in_two_arms() -> World {
    let first = with(approve("one", &["ann", "dan"]), json!({"policy": "all"}));
    let arms = parallel("both", &[json!([first]), json!([approve("two", &["ann"])])]);
    let steps = json!([arms, approve("b", &["eve"])]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "any_earlier", "steps": steps}));
    world.start().unwrap();
    world
}

/// Approves the open task that somebody has at a step.
fn approve_at(world: &mut World, step: &str, who: &str) {
    let is_meant = |task: &&Task| task.step == step && task.assignee == Some(id(who));
    let task = world.state.open_tasks().find(is_meant).unwrap().id;
    world.give(who, Command::Approve { task, note: Note::default(), chosen: Chosen::new() }).unwrap();
}

#[test]
fn those_who_come_after_my_task_are_asked_though_i_approved_elsewhere() {
    let mut world = ann_in_two_arms();
    world.add_sign("ann", AddMode::After, &["bob"]).unwrap();
    approve_at(&mut world, "two", "ann");
    world.approve("dan").unwrap();
    assert_eq!(world.open(), ["one:ann"], "her task does not pass without her");
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["one:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["b:eve"]);
}

#[test]
fn a_task_that_has_arrived_does_not_pass_by_what_is_approved_elsewhere_in_whatever_order() {
    for order in [["two:ann", "one:dan"], ["one:dan", "two:ann"]] {
        let mut world = ann_in_two_arms();
        for (step, who) in order.iter().filter_map(|decision| decision.split_once(':')) {
            approve_at(&mut world, step, who);
        }
        assert_eq!(world.open(), ["one:ann"], "{order:?}");
        world.approve("ann").unwrap();
        assert_eq!(world.open(), ["b:eve"]);
    }
}

#[test]
fn who_comes_after_my_task_and_has_left_by_then_is_replaced() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["eve"])]));
    world.add_sign("ann", AddMode::After, &["bob", "cid"]).unwrap();
    let bob = world.directory.members.get_mut(&id("bob")).unwrap();
    (bob.is_active, bob.hand_over) = (false, Some(id("dan")));
    world.directory.members.get_mut(&id("cid")).unwrap().delegate = Some(id("fay"));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["a:dan", "a:fay"]);
    world.approve("dan").unwrap();
    world.approve("fay").unwrap();
    assert_eq!(world.open(), ["b:eve"]);
}

#[test]
fn those_added_beside_me_are_voters_of_the_step() {
    let mut world = all(&["ann", "dan"]);
    world.add_sign("ann", AddMode::Parallel, &["bob"]).unwrap();
    for who in ["ann", "dan"] {
        world.approve(who).unwrap();
    }
    assert_eq!(world.open(), ["a:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["b:eve"]);
}

#[test]
fn in_a_sequence_those_added_beside_me_come_next() {
    let step = with(approve("a", &["ann", "dan"]), json!({"policy": "sequential"}));
    let mut world = World::started(json!([step]));
    world.add_sign("ann", AddMode::Parallel, &["bob"]).unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["a:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["a:dan"]);
}

#[test]
fn a_rejection_by_somebody_added_counts_as_the_adders() {
    for mode in [AddMode::Before, AddMode::After] {
        let mut world = World::started(json!([approve("a", &["ann"])]));
        world.add_sign("ann", mode, &["bob"]).unwrap();
        if mode == AddMode::After {
            world.approve("ann").unwrap();
        }
        world.reject("bob").unwrap();
        assert_eq!(world.state.status, Status::Rejected);
    }
}

#[test]
fn where_others_can_still_approve_the_adder_need_not_decide_any_more() {
    let step = with(approve("a", &["ann", "dan"]), json!({"on_reject": "exhausted"}));
    let mut world = World::started(json!([step]));
    world.add_sign("ann", AddMode::Before, &["bob", "cid"]).unwrap();
    world.reject("bob").unwrap();
    assert_eq!(world.open(), ["a:dan"]);
    world.take_back("bob").unwrap();
    assert_eq!(world.open(), ["a:ann", "a:dan", "a:bob", "a:cid"]);
    world.reject("bob").unwrap();
    world.approve("dan").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn nobody_adds_to_an_added_task() {
    let mut world = all(&["ann", "dan"]);
    world.add_sign("ann", AddMode::Before, &["bob"]).unwrap();
    assert_eq!(world.add_sign("bob", AddMode::Before, &["cid"]), Err(RefusalCode::AddedTask));
    world.add_sign("dan", AddMode::Parallel, &["cid"]).unwrap();
    assert_eq!(world.add_sign("cid", AddMode::Before, &["fay"]), Err(RefusalCode::AddedTask));
    // Whoever it is handed to, the task is that of somebody who was added.
    world.transfer("cid", "fay").unwrap();
    assert_eq!(world.add_sign("fay", AddMode::Before, &["uma"]), Err(RefusalCode::AddedTask));
    world.powers.reassign = true;
    let task = world.task("fay");
    world.give("gus", Command::Reassign { task, to: id("uma") }).unwrap();
    assert_eq!(world.add_sign("uma", AddMode::Before, &["fay"]), Err(RefusalCode::AddedTask));
    // And who was added once has an ordinary task where one is handed to them.
    world.transfer("dan", "cid").unwrap();
    assert_eq!(world.add_sign("cid", AddMode::Before, &["fay"]), Ok(()));
}

#[test]
fn who_is_added_after_handing_theirs_on_leaves_that_one_as_it_was() {
    for policy in ["all", "sequential"] {
        let step = with(approve("a", &["ann", "dan"]), json!({"policy": policy}));
        let mut world = World::started(json!([step, approve("b", &["eve"])]));
        world.transfer("ann", "bob").unwrap();
        world.add_sign("bob", AddMode::Parallel, &["ann"]).unwrap();
        assert_eq!(world.add_sign("bob", AddMode::Before, &["cid"]), Ok(()), "{policy}");
        world.approve("cid").unwrap();
        world.approve("bob").unwrap();
        assert_eq!(world.add_sign("ann", AddMode::Before, &["cid"]), Err(RefusalCode::AddedTask), "{policy}");
        world.approve("ann").unwrap();
        world.approve("dan").unwrap();
        assert_eq!(world.open(), ["b:eve"], "{policy}");
    }
}

#[test]
fn who_stands_in_for_somebody_who_was_added_to_a_sequence_is_asked_and_adds_nobody() {
    let step = with(approve("a", &["ann", "dan"]), json!({"policy": "sequential"}));
    let steps = json!([approve("first", &["fay"]), step]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "any_earlier", "steps": steps}));
    world.start().unwrap();
    world.approve("fay").unwrap();
    world.add_sign("ann", AddMode::Parallel, &["cid"]).unwrap();
    world.directory.members.get_mut(&id("cid")).unwrap().delegate = Some(id("fay"));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["a:fay"], "who was added is asked for the sake of being asked");
    assert_eq!(world.add_sign("fay", AddMode::Before, &["bob"]), Err(RefusalCode::AddedTask));
    world.approve("fay").unwrap();
    assert_eq!(world.open(), ["a:dan"]);
    assert_eq!(world.add_sign("dan", AddMode::Before, &["bob"]), Ok(()));
}

#[test]
fn who_is_added_is_there_and_not_asked_already() {
    let mut world = all(&["ann", "dan"]);
    let add = |world: &mut World, to: &[&str]| world.add_sign("ann", AddMode::Before, to);
    assert_eq!(add(&mut world, &[]), Err(RefusalCode::NobodyNamed));
    assert_eq!(add(&mut world, &["dan"]), Err(RefusalCode::AlreadyAssigned));
    assert_eq!(add(&mut world, &["bob", "bob"]), Err(RefusalCode::AlreadyAssigned));
    assert_eq!(add(&mut world, &["zoe"]), Err(RefusalCode::PersonLeft));
    let step = with(approve("a", &["ann"]), json!({"actions": {"add_sign": false}}));
    let mut world = World::started(json!([step]));
    assert_eq!(add(&mut world, &["bob"]), Err(RefusalCode::ActionOff));
}

#[test]
fn an_approval_is_not_taken_back_under_those_who_came_after_it() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["eve"])]));
    world.add_sign("ann", AddMode::After, &["bob"]).unwrap();
    world.approve("ann").unwrap();
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
}

#[test]
fn handing_on_and_adding_people_ask_for_the_same_words() {
    let outcomes = |members: Json, note: Note| {
        let give = |command: &dyn Fn(Id) -> Command| {
            let mut world = World::started(json!([with(approve("first", &["ann"]), members.clone())]));
            let task = world.task("ann");
            world.give("ann", command(task))
        };
        let transfer = give(&|task| Command::Transfer { task, to: id("bob"), note: note.clone() });
        let mode = AddMode::Before;
        let added = give(&|task| Command::AddSign { task, to: ids(&["bob"]), mode, note: note.clone() });
        assert_eq!(transfer, added);
        transfer
    };
    let said = || Note { opinion: Some("your field".to_string()), signature: None };
    let signed = || Note { opinion: None, signature: Some(department(900)) };
    let nothing = Note::default;
    assert_eq!(outcomes(json!({"opinion": "required"}), nothing()), Err(RefusalCode::OpinionRequired));
    assert_eq!(outcomes(json!({"opinion": "required"}), said()), Ok(()));
    assert_eq!(outcomes(json!({"opinion": "off"}), said()), Err(RefusalCode::OpinionOff));
    assert_eq!(outcomes(json!({"signature": "required"}), said()), Err(RefusalCode::SignatureRequired));
    assert_eq!(outcomes(json!({"signature": "required"}), signed()), Ok(()));
    assert_eq!(outcomes(json!({"signature": "off"}), signed()), Err(RefusalCode::SignatureOff));
    assert_eq!(outcomes(json!({}), nothing()), Ok(()));
}
