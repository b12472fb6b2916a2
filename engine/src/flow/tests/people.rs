//! Who is asked.

use super::who::{Nobody, Who};
use super::*;

/// Who is asked by a step with this `who`, when sam submits.
fn asked(who: Json) -> Vec<&'static str> {
    asked_in(&mut World::new(json!([with(approve("first", &[]), json!({"who": who}))])))
}

fn asked_in(world: &mut World) -> Vec<&'static str> {
    world.start().unwrap();
    world.state.open_tasks().map(|task| task.assignee.map_or("nobody", name)).collect()
}

#[test]
fn members_are_asked_by_name_each_once() {
    assert_eq!(
        asked(json!([{"members": ids(&["cid", "ann"])}, {"members": ids(&["ann", "bob"])}])),
        ["ann", "cid", "bob"]
    );
}

#[test]
fn departments_are_asked_with_or_without_what_is_below_them() {
    assert_eq!(asked(json!([{"departments": [department(SALES)]}])), ["ann", "eve"]);
    assert_eq!(
        asked(json!([{"departments": [department(SALES)], "with_children": true}])),
        ["ann", "dan", "eve", "sam"]
    );
}

#[test]
fn roles_are_found_by_key_and_by_id() {
    assert_eq!(asked(json!([{"roles": ["FIN", "DIR"]}])), ["bob", "dan", "eve"]);
    assert_eq!(asked(json!([{"roles": [department(601).to_string()]}])), ["bob"]);
}

#[test]
fn member_fields_and_heads_of_department_fields_are_read_from_the_record() {
    let world = |who: Json| World::new(json!([with(approve("first", &[]), json!({"who": who}))]));
    let mut inspected = world(json!([{"field": "inspector"}]));
    inspected
        .record
        .0
        .insert("inspector".to_string(), Value::List(vec![Value::Ref(id("fay")), Value::Ref(id("eve"))]));
    assert_eq!(asked_in(&mut inspected), ["eve", "fay"]);
    let mut headed = world(json!([{"head_of_field": "team"}]));
    headed.record.0.insert("team".to_string(), Value::Ref(department(NORTH)));
    assert_eq!(asked_in(&mut headed), ["dan"]);
}

#[test]
fn managers_are_asked_at_a_level_or_upward_to_a_level_or_role() {
    assert_eq!(asked(json!([{"manager": 1}])), ["ann"]);
    assert_eq!(asked(json!([{"manager": 3}])), ["cid"]);
    assert_eq!(
        asked(json!([{"manager": 4}])),
        ["gus"],
        "nobody is that high, so the administrators are asked"
    );
    assert_eq!(asked(json!([{"managers_up_to": 2}])), ["ann", "bob"]);
    assert_eq!(asked(json!([{"managers_up_to": {"role": "DIR"}}])), ["ann", "bob"]);
    assert_eq!(asked(json!([{"managers_up_to": {"role": "FIN"}}])), ["ann", "bob", "cid"]);
}

#[test]
fn a_circle_of_managers_ends() {
    let mut world =
        World::new(json!([with(approve("first", &[]), json!({"who": [{"managers_up_to": 40}]}))]));
    world.directory.members.get_mut(&id("cid")).unwrap().manager = Some(id("ann"));
    assert_eq!(asked_in(&mut world), ["ann", "bob", "cid"]);
}

#[test]
fn the_submitter_can_be_asked() {
    assert_eq!(asked(json!([{"submitter": true}])), ["sam"]);
}

#[test]
fn the_head_of_the_previous_approvers_department_is_asked() {
    let second = with(approve("second", &[]), json!({"who": [{"head_of_previous": true}]}));
    let mut world = World::started(json!([approve("first", &["eve"]), second.clone()]));
    world.approve("eve").unwrap();
    assert_eq!(world.open(), ["second:ann"]);
    assert_eq!(
        World::started(json!([second])).open(),
        ["second:dan"],
        "at the first step the submitter is the previous"
    );
}

#[test]
fn the_submitter_and_the_previous_approver_choose_who_comes_next() {
    let by = |chooser: &str, key: &str| with(approve(key, &[]), json!({"who": [{"chosen_by": chooser}]}));
    let mut world = World::new(json!([by("submitter", "first"), by("previous", "second")]));
    let chosen = |step: &str, who: &[&str]| Chosen::from([(step.to_string(), ids(who))]);
    let start = |chosen| Command::Start { chosen };
    assert_eq!(world.give("sam", start(chosen("first", &["zoe"]))), Err(RefusalCode::PersonLeft));
    assert_eq!(world.give("sam", start(chosen("nothing", &["fay"]))), Err(RefusalCode::NotChoosable));
    world.give("sam", start(chosen("first", &["fay"]))).unwrap();
    assert_eq!(world.open(), ["first:fay"]);
    let task = world.task("fay");
    let pass = |chosen| Command::Approve { task, note: Note::default(), chosen };
    assert_eq!(world.give("fay", pass(chosen("first", &["eve"]))), Err(RefusalCode::NotChoosable));
    world.give("fay", pass(chosen("second", &["eve"]))).unwrap();
    assert_eq!(world.open(), ["second:eve"]);
}

#[test]
fn nobody_chosen_goes_to_the_administrators() {
    assert_eq!(asked(json!([{"chosen_by": "submitter"}])), ["gus"]);
}

#[test]
fn who_has_left_is_replaced_by_who_took_over_else_by_the_administrators() {
    let steps = || json!([with(approve("first", &[]), json!({"who": [{"field": "inspector"}]}))]);
    let mut world = World::new(steps());
    world.record.0.insert("inspector".to_string(), Value::Ref(id("zoe")));
    assert_eq!(asked_in(&mut world), ["uma"]);
    let mut world = World::new(steps());
    world.record.0.insert("inspector".to_string(), Value::Ref(id("zoe")));
    world.directory.members.get_mut(&id("zoe")).unwrap().hand_over = None;
    assert_eq!(asked_in(&mut world), ["gus"]);
}

#[test]
fn without_anybody_at_all_the_step_holds() {
    let mut world = World::new(json!([with(approve("first", &[]), json!({"who": [{"roles": ["EMPTY"]}]}))]));
    world.directory.admins.clear();
    assert_eq!(asked_in(&mut world), ["nobody"]);
}

#[test]
fn a_delegate_decides_for_somebody_and_the_log_names_both() {
    let mut world = World::new(json!([approve("first", &["ann"])]));
    world.directory.members.get_mut(&id("ann")).unwrap().delegate = Some(id("fay"));
    world.directory.members.get_mut(&id("fay")).unwrap().delegate = Some(id("eve"));
    assert_eq!(asked_in(&mut world), ["fay"], "delegation goes one step only");
    world.approve("fay").unwrap();
    let decided = world.log.iter().find_map(|event| match &event.change {
        Change::Decided { by, on_behalf_of, .. } => Some((*by, *on_behalf_of)),
        _ => None,
    });
    assert_eq!(decided, Some((Some(id("fay")), Some(id("ann")))));
}

#[test]
fn a_request_is_never_delegated_to_its_submitter_or_to_who_decides_anyway() {
    for delegate in ["sam", "bob", "zoe"] {
        let mut world = World::new(json!([approve("first", &["ann", "bob"])]));
        world.directory.members.get_mut(&id("ann")).unwrap().delegate = Some(id(delegate));
        assert_eq!(asked_in(&mut world), ["ann", "bob"], "{delegate}");
    }
}

#[test]
fn a_submitter_without_manager_who_would_approve_alone_is_replaced_by_the_fallback() {
    let steps = json!([approve("first", &["sam"])]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "self_approval": "manager", "steps": steps}));
    world.directory.members.get_mut(&id("sam")).unwrap().manager = None;
    assert_eq!(asked_in(&mut world), ["gus"]);
}

#[test]
fn no_fallback_lets_submitters_approve_their_own_requests_where_the_flow_does_not() {
    let asked = |nobody: Json, admins: &[&str]| {
        let step = with(approve("first", &["sam"]), json!({"nobody": nobody}));
        let mut world =
            World::of(json!({"format": 1, "label": "Test", "self_approval": "manager", "steps": [step]}));
        world.directory.members.get_mut(&id("sam")).unwrap().manager = None;
        world.directory.admins = ids(admins);
        asked_in(&mut world)
    };
    assert_eq!(
        asked(json!("admins"), &["sam"]),
        ["nobody"],
        "it holds until an administrator gives it to somebody"
    );
    assert_eq!(asked(json!("admins"), &["gus", "sam"]), ["gus"]);
    assert_eq!(asked(json!({"member": id("sam")}), &["gus"]), ["nobody"]);
}

#[test]
fn a_walk_ends_where_nobody_else_than_its_submitter_could_have_a_task() {
    let document = json!({"format": 1, "label": "Test", "self_approval": "manager",
        "steps": [approve("first", &["sam"]), approve("last", &["ann"])]});
    let mut world = World::of(document);
    world.directory.members.get_mut(&id("sam")).unwrap().manager = None;
    let walk = |world: &World| {
        let setting = Setting {
            now: Timestamp::from_second(world.now).unwrap(),
            people: &world.directory,
            record: &world.record,
            calendar: &world.calendar,
        };
        let walk = simulate(&world.flow, id("sam"), Chosen::new(), Answers::new(), &setting).unwrap();
        (walk.status, walk.stops.last().unwrap().step.clone())
    };
    world.directory.admins = ids(&["sam"]);
    assert_eq!(
        walk(&world),
        (Status::Running, "first".to_string()),
        "an administrator asks, and nobody else is there"
    );
    world.directory.admins = ids(&["sam", "gus"]);
    assert_eq!(walk(&world), (Status::Approved, "last".to_string()));
}

/// What was amiss with the people of each step on a walk that sam begins, and where it had nothing to go by.
fn amiss(world: &World) -> Vec<(String, Fallback, Vec<String>)> {
    let setting = Setting {
        now: Timestamp::from_second(world.now).unwrap(),
        people: &world.directory,
        record: &world.record,
        calendar: &world.calendar,
    };
    let walk = simulate(&world.flow, id("sam"), Chosen::new(), Answers::new(), &setting).unwrap();
    let told = walk.stops.into_iter().map(|stop| (stop.step, stop.fallback, stop.unset));
    told.filter(|(_, fallback, unset)| *fallback != Fallback::default() || !unset.is_empty()).collect()
}

#[test]
fn a_walk_says_where_it_fell_back_on_others() {
    let step = |key: &str, who: Json| with(approve(key, &[]), json!({ "who": who }));
    let mut world = World::of(json!({"format": 1, "label": "Test", "self_approval": "manager", "steps": [
        step("named", json!([{"members": ids(&["bob"])}])),
        step("headless", json!([{"head_of_field": "team"}])),
        step("partly", json!([{"roles": ["EMPTY"]}, {"members": ids(&["cid"])}])),
        with(step("held", json!([{"roles": ["EMPTY"]}])), json!({"nobody": {"member": id("eve")}})),
        step("gone", json!([{"field": "inspector"}])),
        step("own", json!([{"submitter": true}]))]}));
    world.record.0.insert("team".to_string(), Value::Ref(department(NORTH)));
    world.directory.departments.get_mut(&department(NORTH)).unwrap().head = None;
    world.record.0.insert("inspector".to_string(), Value::Ref(id("zoe")));
    let nobody_in_role = Who::Roles(vec!["EMPTY".to_string()]);
    let headless = Who::HeadOfField("team".to_string());
    let told = amiss(&world);
    let of = |step: &str| told.iter().find(|(key, ..)| key == step).map(|(_, fallback, _)| fallback.clone());
    let instead = |empty: &Who, instead: Nobody| Fallback {
        empty: vec![empty.clone()],
        instead: Some(instead),
        ..Fallback::default()
    };
    assert_eq!(of("named"), None);
    assert_eq!(of("headless"), Some(instead(&headless, Nobody::Admins)));
    assert_eq!(of("partly"), Some(Fallback { empty: vec![nobody_in_role.clone()], ..Fallback::default() }));
    assert_eq!(of("held"), Some(instead(&nobody_in_role, Nobody::Member(id("eve")))));
    assert_eq!(of("gone"), Some(Fallback { left: ids(&["zoe"]), ..Fallback::default() }));
    assert_eq!(of("own"), Some(Fallback { own_manager: true, ..Fallback::default() }));
}

#[test]
fn a_walk_says_which_values_it_had_none_of() {
    let by_amount = branch("size", &[(100, json!([approve("large", &["bob"])]))], json!([]));
    let inspected = with(approve("inspected", &[]), json!({"who": [{"field": "inspector"}]}));
    let world = World::new(json!([by_amount, inspected]));
    let unset = |world: &World| -> Vec<(String, Vec<String>)> {
        let told = amiss(world).into_iter().map(|(step, _, unset)| (step, unset));
        told.filter(|(_, unset)| !unset.is_empty()).collect()
    };
    let size = ("size".to_string(), vec!["amount".to_string()]);
    let people = ("inspected".to_string(), vec!["inspector".to_string()]);
    assert_eq!(unset(&world), [size, people.clone()]);
    assert_eq!(unset(&world.amount(500)), [people]);
}

#[test]
fn who_is_asked_again_has_somebody_decide_for_them_meanwhile() {
    let mut world = World::started(json!([approve("first", &["ann"]), approve("second", &["bob"])]));
    world.approve("ann").unwrap();
    world.directory.members.get_mut(&id("ann")).unwrap().delegate = Some(id("fay"));
    world.send_back("bob", "first").unwrap();
    assert_eq!(world.open(), ["first:fay"]);
    let task = world.state.task(world.task("fay")).unwrap();
    assert_eq!(task.on_behalf_of, Some(id("ann")));
}

/// A step that asks these one after another.
fn in_sequence(who: &[&str]) -> World {
    World::started(json!([with(approve("first", who), json!({"policy": "sequential"}))]))
}

#[test]
fn whose_turn_comes_after_they_have_left_is_replaced_by_who_took_over_else_by_the_administrators() {
    let left = |to: Option<&str>| {
        let mut world = in_sequence(&["ann", "bob", "cid"]);
        // Bob has no task yet, so that nothing is handed over when he leaves.
        let bob = world.directory.members.get_mut(&id("bob")).unwrap();
        (bob.is_active, bob.hand_over) = (false, to.map(id));
        world.approve("ann").unwrap();
        world
    };
    let mut world = left(Some("dan"));
    assert_eq!(world.open(), ["first:dan"]);
    world.approve("dan").unwrap();
    assert_eq!(world.open(), ["first:cid"]);
    world.approve("cid").unwrap();
    assert_eq!(world.state.status, Status::Approved);
    assert_eq!(left(None).open(), ["first:gus"]);
    assert_eq!(left(Some("cid")).open(), ["first:gus"], "who is asked there anyway decides once");
}

#[test]
fn whose_turn_comes_when_nobody_can_be_asked_leaves_it_to_be_assigned() {
    let mut world = in_sequence(&["ann", "bob"]);
    world.directory.members.get_mut(&id("bob")).unwrap().is_active = false;
    world.directory.admins.clear();
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["first:nobody"]);
    let held = world.first_open().unwrap().id;
    world.assign(held).unwrap();
    world.approve("gus").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_turn_goes_to_who_stands_in_when_it_comes() {
    let delegates = |world: &mut World, from: &str, to: Option<&str>| {
        world.directory.members.get_mut(&id(from)).unwrap().delegate = to.map(id);
    };
    // Somebody goes away after the step was reached.
    let mut world = in_sequence(&["ann", "bob"]);
    delegates(&mut world, "bob", Some("fay"));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["first:fay"]);
    assert_eq!(world.state.task(world.task("fay")).unwrap().on_behalf_of, Some(id("bob")));

    // Somebody is back by then.
    let mut world =
        World::new(json!([with(approve("first", &["ann", "bob"]), json!({"policy": "sequential"}))]));
    delegates(&mut world, "bob", Some("fay"));
    world.start().unwrap();
    delegates(&mut world, "bob", None);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["first:bob"]);

    // Who decides there anyway stands in for nobody.
    let mut world = in_sequence(&["ann", "bob", "cid"]);
    delegates(&mut world, "bob", Some("ann"));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["first:bob"]);
    delegates(&mut world, "cid", Some("ann"));
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["first:cid"]);
}

#[test]
fn who_completes_a_step_is_told_for_which_steps_they_name_the_people() {
    let by = |chooser: &str, key: &str| with(approve(key, &[]), json!({"who": [{"chosen_by": chooser}]}));
    let cc = json!({"kind": "cc", "key": "copy", "label": "copy", "who": [{"submitter": true}]});
    let inside = branch("size", &[(5, json!([by("previous", "large")]))], json!([]));
    let world = World::new(json!([
        by("previous", "first"),
        cc,
        inside,
        by("previous", "second"),
        subflow("sub", json!({"wait": true})),
        by("previous", "third"),
        by("submitter", "last")
    ]));
    let told = |step: &str| -> Vec<String> {
        world.flow.choosable_at(step).into_iter().map(|(key, _)| key.to_string()).collect()
    };
    assert_eq!(told(document::START), ["first", "last"]);
    assert_eq!(told("first"), ["large", "second"], "past the copy, by either arm");
    assert_eq!(told("large"), ["second"]);
    assert!(told("second").is_empty(), "another flow comes first");
    assert!(told("third").is_empty() && told("last").is_empty());
}
