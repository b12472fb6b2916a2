//! Steps that wait for something else than people: delays, flows of other forms, actions.

use super::*;
use crate::value::Row;

fn rows(count: i64) -> Value {
    Value::Rows((0..count).map(|row| Row { id: Id::from_i64(800 + row), ..Row::default() }).collect())
}

#[test]
fn a_delay_goes_on_when_its_time_has_passed_and_fires_once() {
    let mut world = World::started(json!([delay("wait", "PT2H"), approve("a", &["ann"])]));
    assert!(world.open().is_empty());
    let (timer, due) = world.timer("wait");
    assert_eq!(due.unwrap().as_second(), world.now + 7200);
    let fire = Command::Fire { timer };
    assert_eq!(world.give_as(Actor::System, fire.clone()), Err(RefusalCode::NotDue));
    assert_eq!(world.give("gus", fire.clone()), Err(RefusalCode::NotAllowed));
    world.fire("wait").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    assert_eq!(world.give_as(Actor::System, fire), Err(RefusalCode::TimerClosed));
}

#[test]
fn a_delay_until_a_date_follows_its_field() {
    let until =
        json!({"kind": "delay", "key": "wait", "label": "W", "until": {"field": "due", "offset": "-P1D"}});
    let mut world = World::new(json!([until, approve("a", &["ann"])]));
    let due = |second| Value::DateTime(Timestamp::from_second(second).unwrap());
    let day = 86_400;
    world.record.0.insert("due".into(), due(NOW + 5 * day));
    world.start().unwrap();
    assert_eq!(world.timer("wait").1.unwrap().as_second(), NOW + 4 * day);
    world.record.0.insert("due".into(), due(NOW + 9 * day));
    world.give_as(Actor::System, Command::Reread).unwrap();
    assert_eq!(world.timer("wait").1.unwrap().as_second(), NOW + 8 * day);
    // A field that is emptied leaves nothing to wait for.
    world.record.0.remove("due");
    world.give("gus", Command::Edit).unwrap();
    world.fire("wait").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn a_delay_that_is_over_or_has_no_date_does_not_wait() {
    let until = json!({"kind": "delay", "key": "wait", "label": "W", "until": {"field": "due"}});
    let mut world = World::new(json!([until, approve("a", &["ann"])]));
    world.start().unwrap();
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn a_flow_that_is_waited_for_goes_on_whatever_its_outcome() {
    for (status, expected) in [(Status::Rejected, "sorry:bob"), (Status::Approved, "good:ann")] {
        let decides = json!({"kind": "branch", "key": "b", "label": "B",
            "arms": [{"key": "no", "when": {"field": "steps.sub.outcome", "op": "ne", "value": "approved"},
                      "steps": [approve("sorry", &["bob"])]}],
            "default": {"steps": [approve("good", &["ann"])]}});
        let mut world = World::started(json!([subflow("sub", json!({"wait": true})), decides]));
        let child = world.children()[0];
        world.child_ends(child, status).unwrap();
        assert_eq!(world.open(), [expected]);
        assert_eq!(world.child_ends(child, status), Err(RefusalCode::ChildClosed));
    }
}

#[test]
fn one_flow_starts_for_each_row_and_all_are_waited_for() {
    let step = subflow("sub", json!({"wait": true, "for_each": "lines"}));
    let mut world = World::new(json!([step, approve("a", &["ann"])]));
    world.record.0.insert("lines".into(), rows(3));
    world.start().unwrap();
    let children = world.children();
    assert_eq!(children.len(), 3);
    let rows: Vec<Option<Id>> = world.state.children.iter().map(|child| child.row).collect();
    assert_eq!(rows, [Id::from_i64(800), Id::from_i64(801), Id::from_i64(802)]);
    world.child_ends(children[0], Status::Approved).unwrap();
    world.child_ends(children[2], Status::Terminated).unwrap();
    assert!(world.open().is_empty());
    world.child_ends(children[1], Status::Approved).unwrap();
    assert_eq!(world.open(), ["a:ann"]);
    assert_eq!(world.state.outcome("sub"), Some(Status::Terminated));
}

#[test]
fn without_rows_and_without_waiting_the_flow_goes_on_at_once() {
    let step = subflow("sub", json!({"wait": true, "for_each": "lines"}));
    let world = World::started(json!([step, approve("a", &["ann"])]));
    assert_eq!(world.open(), ["a:ann"]);
    let world = World::started(json!([subflow("sub", json!({})), approve("a", &["ann"])]));
    assert_eq!(world.open(), ["a:ann"]);
    assert_eq!(effects(&world.log).len(), 1, "it starts all the same");
}

#[test]
fn at_most_two_hundred_flows_start_at_once() {
    let mut world = World::new(json!([subflow("sub", json!({"for_each": "lines"}))]));
    world.record.0.insert("lines".into(), rows(201));
    assert_eq!(world.start(), Err(RefusalCode::TooManyChildren));
}

#[test]
fn ending_the_parent_stops_the_flows_that_it_waits_for() {
    let steps = json!([subflow("loose", json!({})), subflow("sub", json!({"wait": true}))]);
    let mut world = World::started(steps);
    let child = world.children()[0];
    world.powers.terminate = true;
    world.give("gus", Command::Terminate { note: Note::default() }).unwrap();
    let stopped = effects(&world.log).into_iter().filter(|effect| matches!(effect, Effect::StopChild { .. }));
    assert_eq!(stopped.collect::<Vec<_>>(), [Effect::StopChild { instance: child }]);
}

#[test]
fn a_return_across_a_subflow_stops_it_and_starts_it_anew() {
    let block =
        parallel("both", &[json!([subflow("sub", json!({"wait": true}))]), json!([approve("b", &["bob"])])]);
    let mut world = World::started(json!([approve("a", &["ann"]), block]));
    world.approve("ann").unwrap();
    let first = world.children();
    world.send_back("bob", "a").unwrap();
    assert!(world.children().is_empty());
    world.approve("ann").unwrap();
    assert_ne!(world.children(), first);
}

#[test]
fn an_action_is_carried_out_before_the_flow_goes_on() {
    let mut world = World::started(json!([approve("a", &["ann"]), action("book"), approve("b", &["bob"])]));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["b:bob"]);
    assert!(matches!(effects(&world.log)[..], [Effect::Perform { ref step, .. }] if step == "book"));
    let visit = world.state.numbered().find(|(_, visit)| visit.step == "book").unwrap().0;
    let again = Command::Performed { visit };
    assert_eq!(world.give_as(Actor::System, again), Err(RefusalCode::TaskClosed));
}

#[test]
fn a_branch_after_an_action_reads_what_the_action_wrote() {
    let block =
        branch("size", &[(100, json!([approve("large", &["ann"])]))], json!([approve("small", &["bob"])]));
    let mut world = World::new(json!([action("raise"), block])).amount(5);
    // The action is carried out between the two commands.
    world.give_one(Actor::Member(id("sam")), &Command::Start { chosen: Chosen::new() }).unwrap();
    world.record.0.insert("amount".into(), Value::number(500));
    let visit = pending_actions(&world.flow, &world.state)[0];
    world.give_as(Actor::System, Command::Performed { visit }).unwrap();
    assert_eq!(world.open(), ["large:ann"]);
}

#[test]
fn what_an_action_or_a_flow_followed_cannot_be_taken_back() {
    for step in [action("book"), subflow("sub", json!({})), subflow("sub", json!({"wait": true}))] {
        let mut world = World::started(json!([approve("a", &["ann"]), step, approve("b", &["bob"])]));
        world.approve("ann").unwrap();
        assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
    }
    let mut world =
        World::started(json!([approve("a", &["ann"]), delay("wait", "PT1H"), approve("b", &["bob"])]));
    world.approve("ann").unwrap();
    world.take_back("ann").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn a_refused_continuation_stays_and_is_tried_again_after_growing_pauses() {
    let mut world = World::started(json!([delay("wait", "PT1H"), approve("a", &["ann"])]));
    let (timer, due) = world.timer("wait");
    world.now = due.unwrap().as_second();
    let fail = Command::Failed { what: Waiting::Timer(timer), reason: "stock".into() };
    let pause = |world: &World| world.state.next_due().unwrap().as_second() - world.now;
    world.give_as(Actor::System, fail.clone()).unwrap();
    assert_eq!(pause(&world), 60);
    world.give_as(Actor::System, fail).unwrap();
    assert_eq!(pause(&world), 120);
    assert_eq!(world.state.timer(timer).unwrap().failed.as_ref().unwrap().reason, "stock");
    world.fire("wait").unwrap();
    assert_eq!(world.open(), ["a:ann"]);
}

#[test]
fn a_restored_delay_keeps_its_moment() {
    let block = with(
        parallel("both", &[json!([delay("wait", "PT9H")]), json!([approve("b", &["bob"])])]),
        json!({"join": "any"}),
    );
    let mut world = World::started(json!([block, approve("after", &["ann"])]));
    let due = world.timer("wait").1;
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["after:ann"]);
    world.take_back("bob").unwrap();
    assert_eq!(world.timer("wait").1, due);
}

#[test]
fn the_simulator_lets_time_pass_and_flows_end() {
    let steps = json!([
        delay("wait", "P3D"),
        action("book"),
        subflow("sub", json!({"wait": true})),
        approve("a", &["ann"])
    ]);
    let world = World::new(steps);
    let setting = Setting {
        now: Timestamp::from_second(NOW).unwrap(),
        people: &world.directory,
        record: &world.record,
        calendar: &world.calendar,
    };
    let walk = simulate(&world.flow, id("sam"), Chosen::new(), Answers::new(), &setting).unwrap();
    assert_eq!(walk.status, Status::Approved);
    assert!(walk.stops.iter().any(|stop| stop.step == "sub"));
}

#[test]
fn what_falls_due_is_told_in_its_order_with_ends_that_could_not_be_followed() {
    let late = json!({"deadlines": [{"after": "PT2H", "do": "remind"}, {"after": "PT1H", "do": "remind"}]});
    let block = parallel(
        "both",
        &[json!([subflow("sub", json!({"wait": true}))]), json!([with(approve("a", &["ann"]), late)])],
    );
    let mut world = World::started(json!([block]));
    let (child, now) = (world.children()[0], |world: &World| Timestamp::from_second(world.now).unwrap());
    assert!(world.state.due(now(&world)).is_empty());
    let what = Waiting::Child(child);
    world.give_as(Actor::System, Command::Failed { what, reason: "no".into() }).unwrap();
    assert_eq!(world.state.next_due().unwrap().as_second(), world.now + 60);
    world.now += 3 * 3600;
    let expected = [what, Waiting::Timer(TimerId(1)), Waiting::Timer(TimerId(0))];
    assert_eq!(world.state.due(now(&world)), expected);
}
