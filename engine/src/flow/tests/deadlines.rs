//! Deadlines of steps.

use super::*;

fn late(step: Json, what: Json) -> Json {
    with(step, json!({"deadlines": [{"after": "PT24H", "do": what}]}))
}

#[test]
fn a_deadline_counts_from_arrival_and_goes_with_its_step() {
    let mut world =
        World::started(json!([late(approve("a", &["ann"]), json!("remind")), approve("b", &["bob"])]));
    assert_eq!(world.timer("a").1.unwrap().as_second(), world.now + 24 * 3600);
    world.approve("ann").unwrap();
    assert_eq!(world.state.next_due(), None);
}

#[test]
fn working_time_counts_only_working_hours() {
    let rule = json!([{"after": "PT2H", "working_time": true, "do": "remind"}]);
    let world = World::started(json!([with(approve("a", &["ann"]), json!({"deadlines": rule}))]));
    // Submitted on a Tuesday evening: two hours into Wednesday.
    assert_eq!(world.timer("a").1.unwrap().to_string(), "2023-11-15T11:00:00Z");
}

#[test]
fn a_reminder_goes_to_those_who_have_the_tasks() {
    let step = late(with(approve("a", &["ann", "bob"]), json!({"policy": "all"})), json!("remind"));
    let mut world = World::started(json!([step]));
    world.approve("bob").unwrap();
    world.fire("a").unwrap();
    let reminded = world.log.iter().find_map(|event| match &event.change {
        Change::Reminded { members, .. } => Some(members.clone()),
        _ => None,
    });
    assert_eq!(reminded, Some(ids(&["ann"])));
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn a_reminder_goes_to_others_too_where_its_rule_names_them() {
    let others = json!({"remind": [{"manager": 2}, {"members": ids(&["ann"])}]});
    let mut world = World::started(json!([late(approve("a", &["ann"]), others)]));
    world.fire("a").unwrap();
    let reminded = world.log.iter().find_map(|event| match &event.change {
        Change::Reminded { tasks, members, .. } => Some((tasks.len(), members.clone())),
        _ => None,
    });
    assert_eq!(reminded, Some((1, ids(&["ann", "bob"]))), "each once");
    let told = notices(&world.log, &world.state, &[]).into_iter();
    let told: Vec<(Id, bool)> = told
        .filter(|told| told.kind == NoticeKind::Reminder)
        .map(|told| (told.member, told.task.is_some()))
        .collect();
    assert_eq!(told, [(id("ann"), true), (id("bob"), false)], "who has no task of it is told of the request");
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn an_automatic_approval_passes_the_step_whatever_its_policy() {
    for policy in [json!("any"), json!("all"), json!("sequential"), json!({"ratio": {"percent": 60}})] {
        let step =
            late(with(approve("a", &["ann", "bob"]), json!({"policy": policy})), json!("auto_approve"));
        let mut world = World::started(json!([step, approve("b", &["cid"])]));
        world.fire("a").unwrap();
        assert_eq!(world.open(), ["b:cid"]);
    }
    let held = late(
        with(approve("a", &[]), json!({"who": [{"roles": ["EMPTY"]}], "nobody": "hold"})),
        json!("auto_approve"),
    );
    let mut world = World::started(json!([held, approve("b", &["cid"])]));
    world.fire("a").unwrap();
    assert_eq!(world.open(), ["b:cid"]);
}

#[test]
fn an_automatic_submission_passes_a_fill_step() {
    let mut world =
        World::started(json!([late(fill("f", &["ann"]), json!("auto_approve")), approve("b", &["cid"])]));
    world.fire("f").unwrap();
    assert_eq!(world.open(), ["b:cid"]);
}

#[test]
fn an_automatic_rejection_does_what_a_rejection_does() {
    for on_reject in ["first", "exhausted"] {
        let step = with(approve("a", &["ann", "bob"]), json!({"on_reject": on_reject, "reject_to": "start"}));
        let mut world = World::started(json!([late(step, json!("auto_reject"))]));
        world.fire("a").unwrap();
        assert_eq!(world.open(), ["start:sam"]);
    }
}

#[test]
fn an_automatic_return_goes_to_the_previous_step_or_the_start() {
    for (what, expected) in [(json!("auto_return"), "a:ann"), (json!({"auto_return": "start"}), "start:sam")]
    {
        let mut world = World::started(json!([approve("a", &["ann"]), late(approve("b", &["bob"]), what)]));
        world.approve("ann").unwrap();
        world.fire("b").unwrap();
        assert_eq!(world.open(), [expected]);
    }
}

/// A flow in which whoever approved before passes by themselves.
fn passing(auto_pass: &str, steps: Json) -> World {
    let mut world = World::of(json!({"format": 1, "label": "Test", "auto_pass": auto_pass, "steps": steps}));
    world.start().unwrap();
    world
}

#[test]
fn what_was_approved_before_an_automatic_return_is_asked_again() {
    for what in [json!("auto_return"), json!({"auto_return": "start"})] {
        let is_to_start = what.is_object();
        let steps = json!([approve("first", &["ann"]), late(approve("second", &["bob"]), what)]);
        let mut world = passing("any_earlier", steps);
        world.approve("ann").unwrap();
        world.fire("second").unwrap();
        if is_to_start {
            assert_eq!(world.open(), ["start:sam"]);
            world.submit("sam").unwrap();
        }
        assert_eq!(world.open(), ["first:ann"], "approving before the return does not count");
        world.approve("ann").unwrap();
        assert_eq!(world.open(), ["second:bob"]);
    }
}

#[test]
fn what_a_deadline_approved_for_somebody_they_have_not_approved() {
    for auto_pass in ["consecutive", "any_earlier"] {
        let steps = json!([late(approve("a", &["ann"]), json!("auto_approve")), approve("b", &["ann"])]);
        let mut world = passing(auto_pass, steps);
        world.fire("a").unwrap();
        assert_eq!(world.open(), ["b:ann"], "{auto_pass}");
    }
}

/// W23: what deadlines decide one after another comes to an end.
#[test]
fn after_fifty_decisions_by_deadlines_a_person_has_to_act() {
    let steps = json!([
        late(with(approve("a", &["ann", "cid"]), json!({"policy": "all"})), json!("auto_approve")),
        late(approve("b", &["bob"]), json!("auto_return"))
    ]);
    let mut world = World::started(steps);
    for round in 0..50 {
        world.fire(if round % 2 == 0 { "a" } else { "b" }).unwrap();
    }
    assert_eq!(world.state.unattended.decisions, 50, "the tasks of a step are decided together");
    assert_eq!(world.open(), ["a:ann", "a:cid"]);
    world.fire("a").unwrap();
    assert_eq!(world.open(), ["a:ann", "a:cid"], "it stays with those who have it");
    let last = world.log.last().map(|event| event.change.clone());
    assert!(matches!(last, Some(Change::Reminded { members, .. }) if members == ids(&["ann", "cid"])));
    assert_eq!(world.state.next_due(), None);
    world.approve("ann").unwrap();
    world.approve("cid").unwrap();
    world.fire("b").unwrap();
    assert_eq!(world.open(), ["a:ann", "a:cid"], "somebody has acted since");
}

#[test]
fn an_escalation_gives_the_task_to_the_manager() {
    let mut world = World::started(json!([late(approve("a", &["ann", "fay"]), json!("escalate"))]));
    let task = world.task("ann");
    world.fire("a").unwrap();
    assert_eq!(world.open(), ["a:bob", "a:fay"], "who has no manager keeps it");
    let approve = Command::Approve { task, note: Note::default(), chosen: Chosen::new() };
    assert_eq!(world.give("ann", approve), Err(RefusalCode::NotYours));
}

#[test]
fn a_transfer_gives_the_task_to_whom_the_rule_finds() {
    let step = late(approve("a", &["ann"]), json!({"transfer": {"roles": ["DIR"]}}));
    let mut world = World::started(json!([step]));
    world.fire("a").unwrap();
    assert_eq!(world.open(), ["a:bob"]);
}

#[test]
fn who_is_away_has_somebody_decide_what_a_deadline_gives_them() {
    let world = |what: Json, stands_in: &str| {
        let mut world = World::new(json!([late(approve("a", &["ann", "cid"]), what)]));
        world.directory.members.get_mut(&id("bob")).unwrap().delegate = Some(id(stands_in));
        world.start().unwrap();
        world.fire("a").unwrap();
        world
    };
    for what in [json!("escalate"), json!({"transfer": {"members": ids(&["bob"])}})] {
        let world = world(what.clone(), "fay");
        assert_eq!(world.open(), ["a:fay", "a:cid"], "{what}");
        let task = world.state.task(world.task("fay")).unwrap();
        assert_eq!((task.on_behalf_of, &task.before), (Some(id("bob")), &ids(&["ann", "bob"])));
        let told = notices(&world.log, &world.state, &[]).into_iter();
        let told: Vec<&str> =
            told.filter(|told| told.kind == NoticeKind::Task).map(|told| name(told.member)).collect();
        assert_eq!(told, ["cid", "fay"], "and nobody who does not have it");
    }
    // It goes back to nobody whom it is taken from, and to nobody who decides there anyway.
    assert_eq!(world(json!("escalate"), "ann").open(), ["a:bob", "a:cid"]);
    assert_eq!(world(json!("escalate"), "cid").open(), ["a:bob", "a:cid"]);
}

#[test]
fn a_deadline_at_a_field_is_read_again_when_the_field_changes() {
    let rule = json!([{"at": {"field": "due", "offset": "PT12H"}, "do": "auto_approve"}]);
    let mut world = World::started(json!([with(approve("a", &["ann"]), json!({"deadlines": rule}))]));
    assert_eq!(world.timer("a").1, None, "an empty field is no deadline");
    let due = Timestamp::from_second(NOW + 86_400).unwrap();
    world.record.0.insert("due".into(), Value::DateTime(due));
    world.give("gus", Command::Edit).unwrap();
    assert_eq!(world.timer("a").1.unwrap().as_second(), NOW + 86_400 + 12 * 3600);
    world.fire("a").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn what_fell_due_fires_once_and_late() {
    let mut world = World::started(json!([late(approve("a", &["ann"]), json!("remind"))]));
    world.now += 40 * 86_400;
    let (timer, _) = world.timer("a");
    world.give_as(Actor::System, Command::Fire { timer }).unwrap();
    assert_eq!(world.give_as(Actor::System, Command::Fire { timer }), Err(RefusalCode::TimerClosed));
}

#[test]
fn k7_a_deadline_fires_once_however_the_clock_is_set() {
    let steps =
        json!([late(approve("a", &["ann"]), json!("remind")), late(approve("b", &["bob"]), json!("remind"))]);
    let (mut world, week) = (World::started(steps), 7 * 86_400);
    let (timer, due) = world.timer("a");
    world.now -= week;
    assert_eq!(world.give_as(Actor::System, Command::Fire { timer }), Err(RefusalCode::NotDue));
    assert_eq!(world.timer("a"), (timer, due), "it comes when the clock says its moment");
    world.fire("a").unwrap();
    world.now -= week;
    assert_eq!(world.give_as(Actor::System, Command::Fire { timer }), Err(RefusalCode::TimerClosed));
    assert_eq!(world.state.next_due(), None);
    // Before she was asked, by the clock; the next deadline counts from there.
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["b:bob"]);
    assert_eq!(world.timer("b").1.unwrap().as_second(), world.now + 86_400);
}

#[test]
fn a_step_is_due_by_the_first_deadline_that_does_more_than_remind() {
    let due = |rules: Json| {
        let world = World::started(json!([with(approve("a", &["ann"]), json!({"deadlines": rules}))]));
        let visit = world.state.task(world.task("ann")).unwrap().visit;
        world.flow.due(&world.state, visit).map(|due| due.as_second() - world.now)
    };
    let remind = json!({"after": "PT1H", "do": "remind"});
    assert_eq!(due(json!([])), None);
    assert_eq!(due(json!([remind])), Some(3600));
    let late = json!([{"after": "PT9H", "do": "escalate"}, remind, {"after": "PT5H", "do": "auto_approve"}]);
    assert_eq!(due(late), Some(5 * 3600));
}
