//! Opening again, moving to another version, handing over.

use super::*;

fn reactivate(world: &mut World, step: &str) -> Outcome {
    world.powers.reactivate = true;
    world.give("gus", Command::Reactivate { step: step.to_string() })
}

#[test]
fn an_ended_instance_is_opened_again_at_a_step_that_it_passed() {
    let steps = json!([approve("a", &["ann"]), approve("b", &["bob"])]);
    let mut world = World::started(steps);
    assert_eq!(reactivate(&mut world, "a"), Err(RefusalCode::NotEnded));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(reactivation_targets(&world.flow, &world.state), ["b", "a", "start"]);
    assert_eq!(reactivate(&mut world, "nowhere"), Err(RefusalCode::UnknownStep));
    world.powers.reactivate = false;
    assert_eq!(world.give("gus", Command::Reactivate { step: "a".into() }), Err(RefusalCode::NotAllowed));
    reactivate(&mut world, "a").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    assert_eq!(world.take_back("bob"), Err(RefusalCode::TooLate));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["b:bob"]);
}

#[test]
fn a_step_that_was_not_passed_is_not_opened() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["bob"])]));
    world.reject("ann").unwrap();
    assert_eq!(reactivate(&mut world, "b"), Err(RefusalCode::TargetNotPassed));
    reactivate(&mut world, "start").unwrap();
    assert_eq!(world.open(), ["start:sam"]);
}

#[test]
fn a_step_in_a_finished_block_is_opened_alone() {
    let block = parallel("both", &[json!([approve("a", &["ann"])]), json!([approve("b", &["bob"])])]);
    let mut world = World::started(json!([block]));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    reactivate(&mut world, "a").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

/// Moves a world to other steps.
fn migrate(world: &mut World, steps: Json, map: &[(&str, &str)]) -> Outcome {
    let document = json!({"format": 1, "label": "Test", "steps": steps});
    let new = Flow::publish(FlowDocument::read(document).unwrap(), &TestForm, &world.directory).unwrap();
    let map = map.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect();
    let command = Command::migrate(&world.flow, 2, map);
    world.powers.migrate = true;
    let old = std::mem::replace(&mut world.flow, new);
    let outcome = world.give("gus", command);
    if outcome.is_err() {
        world.flow = old;
    }
    outcome
}

#[test]
fn a_running_instance_goes_on_with_the_steps_of_a_newer_version() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["bob"])]));
    world.approve("ann").unwrap();
    let newer = json!([approve("first", &["ann"]), approve("b2", &["cid"]), approve("more", &["dan"])]);
    migrate(&mut world, newer, &[("a", "first"), ("b", "b2")]).unwrap();
    assert_eq!(world.open(), ["b2:bob"], "who is asked already stays asked");
    assert_eq!(
        return_targets(&world.flow, &world.state, world.state.task(world.task("bob")).unwrap()),
        ["first", "start"]
    );
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["more:dan"]);
}

#[test]
fn what_has_no_place_in_the_newer_version_is_left_untouched() {
    let mut world = World::started(json!([approve("a", &["ann"])]));
    assert_eq!(migrate(&mut world, json!([approve("b", &["bob"])]), &[]), Err(RefusalCode::Unmappable));
    assert_eq!(migrate(&mut world, json!([fill("a", &["ann"])]), &[]), Err(RefusalCode::Unmappable));
    let inside = parallel("p", &[json!([approve("a", &["ann"])])]);
    assert_eq!(migrate(&mut world, json!([inside]), &[]), Err(RefusalCode::Unmappable));
    assert_eq!(
        migrate(&mut world, json!([approve("a", &["ann"])]), &[("gone", "a")]),
        Err(RefusalCode::UnknownStep)
    );
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn a_step_that_is_gone_cannot_be_returned_to() {
    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["bob"])]));
    world.approve("ann").unwrap();
    migrate(&mut world, json!([approve("b", &["bob"])]), &[]).unwrap();
    assert_eq!(world.send_back("bob", "a"), Err(RefusalCode::UnknownStep));
    world.send_back("bob", "start").unwrap();
    world.submit("sam").unwrap();
    assert_eq!(world.open(), ["b:bob"]);
}

#[test]
fn a_rejection_to_a_step_that_was_never_passed_goes_to_the_one_before() {
    let to = |step: &str| with(approve("b", &["bob"]), json!({"reject_to": step}));
    // The step is new in the version that the request was moved to.
    let mut world = World::started(json!([approve("b", &["bob"])]));
    migrate(&mut world, json!([approve("new", &["cid"]), to("new")]), &[]).unwrap();
    world.reject("bob").unwrap();
    assert_eq!(world.open(), ["start:sam"], "nobody was asked before");
    world.submit("sam").unwrap();
    assert_eq!(world.open(), ["new:cid"]);

    let mut world = World::started(json!([approve("a", &["ann"]), approve("b", &["bob"])]));
    world.approve("ann").unwrap();
    migrate(&mut world, json!([approve("a", &["ann"]), approve("new", &["cid"]), to("new")]), &[]).unwrap();
    world.reject("bob").unwrap();
    assert_eq!(world.open(), ["a:ann"]);

    // The step has become another one, so that what was passed is gone.
    let mut world = World::started(json!([approve("a", &["ann"]), approve("x", &["eve"]), to("x")]));
    world.approve("ann").unwrap();
    world.approve("eve").unwrap();
    migrate(&mut world, json!([approve("a", &["ann"]), fill("x", &["eve"]), to("x")]), &[]).unwrap();
    world.reject("bob").unwrap();
    assert_eq!(world.open(), ["a:ann"]);

    // A deadline that rejects finds its way as well.
    let late = json!({"deadlines": [{"after": "PT1H", "do": "auto_reject"}]});
    let mut world = World::started(json!([approve("b", &["bob"])]));
    migrate(&mut world, json!([approve("new", &["cid"]), with(to("new"), late)]), &[]).unwrap();
    world.fire("b").unwrap();
    assert_eq!(world.open(), ["start:sam"]);
}

#[test]
fn the_start_stays_the_start() {
    let mut world = World::started(json!([approve("a", &["ann"])]));
    let newer = json!([approve("a", &["ann"])]);
    assert_eq!(migrate(&mut world, newer, &[("start", "a")]), Err(RefusalCode::UnknownStep));
    world.send_back("ann", "start").unwrap();
    assert_eq!(world.open(), ["start:sam"]);
}

#[test]
fn a_waiting_join_is_moved_and_may_be_met_by_the_move() {
    let arms = [json!([approve("a", &["ann"])]), json!([approve("b", &["bob"])])];
    let mut world = World::started(json!([parallel("p", &arms), approve("last", &["cid"])]));
    world.approve("ann").unwrap();
    let all = json!([parallel("p", &arms), approve("other", &["dan"])]);
    migrate(&mut world, all, &[]).unwrap();
    assert_eq!(world.open(), ["b:bob"]);
    let any = json!([with(parallel("p", &arms), json!({"join": "any"})), approve("last", &["cid"])]);
    migrate(&mut world, any, &[]).unwrap();
    assert_eq!(world.open(), ["last:cid"]);
}

/// The arm that one was enough for has ended; a version that waits for all does not wait for what can't come.
#[test]
fn an_arm_that_an_earlier_join_has_ended_is_not_waited_for() {
    let arms = [json!([approve("a", &["ann"])]), json!([approve("b", &["bob"])])];
    let block = |join: &str| with(parallel("p", &arms), json!({ "join": join }));
    let mut world = World::started(json!([block("any"), approve("last", &["cid"])]));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["last:cid"]);
    migrate(&mut world, json!([block("all"), approve("last", &["cid"])]), &[]).unwrap();
    world.approve("cid").unwrap();
    reactivate(&mut world, "a").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["last:cid"]);
}

#[test]
fn a_policy_that_is_met_by_the_move_passes_the_step() {
    let step = |policy: &str| with(approve("a", &["ann", "bob"]), json!({"policy": policy}));
    let mut world = World::started(json!([step("all"), approve("b", &["cid"])]));
    world.approve("ann").unwrap();
    migrate(&mut world, json!([step("any"), approve("b", &["cid"])]), &[]).unwrap();
    assert_eq!(world.open(), ["b:cid"]);
    let mut world = World::started(json!([step("sequential")]));
    migrate(&mut world, json!([step("all")]), &[]).unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["a:bob"], "who was still to be asked is asked");
}

#[test]
fn who_is_added_to_a_sequence_that_became_another_policy_comes_before_those_still_to_be_asked() {
    let step = |policy: &str| with(approve("a", &["ann", "cid"]), json!({"policy": policy}));
    let mut world = World::started(json!([step("sequential")]));
    migrate(&mut world, json!([step("all")]), &[]).unwrap();
    world.add_sign("ann", AddMode::Parallel, &["bob"]).unwrap();
    assert_eq!(world.add_sign("bob", AddMode::Before, &["dan"]), Err(RefusalCode::AddedTask));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["a:cid"]);
    world.approve("cid").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn deadlines_are_those_of_the_newer_version_and_none_fires_twice() {
    let late = |rules: Json| json!([with(approve("a", &["ann"]), json!({"deadlines": rules}))]);
    let hour = json!({"after": "PT1H", "do": "remind"});
    let mut world = World::started(late(json!([hour])));
    world.fire("a").unwrap();
    migrate(&mut world, late(json!([hour, {"after": "PT9H", "do": "auto_approve"}])), &[]).unwrap();
    assert_eq!(world.state.waiting_timers().count(), 1);
    world.fire("a").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

fn leaves(world: &mut World, who: &str, to: Option<&str>) {
    let person = world.directory.members.get_mut(&id(who)).unwrap();
    person.is_active = false;
    person.hand_over = to.map(id);
    world.give_as(Actor::System, Command::HandOver { member: id(who), to: None }).unwrap();
}

#[test]
fn the_open_tasks_of_a_leaver_go_to_who_takes_over_else_to_an_administrator() {
    let mut world = World::started(json!([approve("a", &["ann"])]));
    leaves(&mut world, "ann", Some("uma"));
    assert_eq!(world.open(), ["a:uma"]);
    leaves(&mut world, "uma", None);
    assert_eq!(world.open(), ["a:gus"]);
    leaves(&mut world, "gus", None);
    assert_eq!(world.open(), ["a:nobody"], "it is held");
}

#[test]
fn open_tasks_go_to_a_delegate_on_request_and_no_further() {
    let mut world = World::started(json!([approve("a", &["ann", "bob"]), approve("b", &["bob"])]));
    let delegates = |world: &mut World, from: &str, to: &str| {
        world.directory.members.get_mut(&id(from)).unwrap().delegate = Some(id(to));
        world.give(from, Command::PassOn { member: id(from) })
    };
    delegates(&mut world, "ann", "fay").unwrap();
    assert_eq!(world.open(), ["a:fay", "a:bob"]);
    assert_eq!(world.state.task(world.task("fay")).unwrap().on_behalf_of, Some(id("ann")));
    delegates(&mut world, "fay", "cid").unwrap();
    delegates(&mut world, "bob", "bob").unwrap();
    assert_eq!(world.open(), ["a:fay", "a:bob"]);
    assert_eq!(world.give("dan", Command::PassOn { member: id("bob") }), Err(RefusalCode::NotAllowed));
}

#[test]
fn what_is_handed_over_to_somebody_who_is_away_goes_to_who_stands_in_for_them() {
    let step = with(approve("b", &["bob"]), json!({"reject_to": "start"}));
    let mut world = World::started(json!([approve("a", &["ann"]), step]));
    world.directory.members.get_mut(&id("uma")).unwrap().delegate = Some(id("fay"));
    leaves(&mut world, "ann", Some("uma"));
    assert_eq!(world.open(), ["a:fay"]);
    assert_eq!(world.state.task(world.task("fay")).unwrap().on_behalf_of, Some(id("uma")));
    world.approve("fay").unwrap();
    world.reject("bob").unwrap();
    leaves(&mut world, "sam", Some("uma"));
    assert_eq!(world.open(), ["start:uma"], "what the submitter has to do stays with who took over");
}

#[test]
fn who_was_named_takes_over_from_somebody_who_has_not_left_yet() {
    let mut world = World::started(json!([approve("a", &["ann"])]));
    let hand_over = |to: &str| Command::HandOver { member: id("ann"), to: Some(id(to)) };
    assert_eq!(world.give("dan", hand_over("fay")), Err(RefusalCode::NotAllowed));
    world.give_as(Actor::System, hand_over("fay")).unwrap();
    assert_eq!(world.open(), ["a:fay"]);
}

#[test]
fn a_request_whose_submitter_has_left_goes_back_to_who_takes_over_else_to_an_administrator() {
    let step = with(approve("a", &["ann"]), json!({"reject_to": "start"}));
    let mut world = World::started(json!([step]));
    world.reject("ann").unwrap();
    assert_eq!(world.open(), ["start:sam"]);
    leaves(&mut world, "sam", Some("uma"));
    assert_eq!(world.open(), ["start:uma"], "it waits there, and goes along");
    world.submit("uma").unwrap();
    world.reject("ann").unwrap();
    assert_eq!(world.open(), ["start:uma"], "it comes back later");
    leaves(&mut world, "uma", None);
    assert_eq!(world.open(), ["start:gus"]);
    world.submit("gus").unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}
