//! Starting, passing steps, branches and parallel arms.

use super::*;

#[test]
fn a_started_request_waits_for_its_first_approver_and_is_approved_by_the_last() {
    let mut world = World::started(json!([approve("first", &["ann"]), approve("second", &["bob"])]));
    assert_eq!(world.state.status, Status::Running);
    assert_eq!(world.open(), ["first:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["second:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.state.status, Status::Approved);
    assert_eq!(world.open(), [""; 0]);
    let states: Vec<Status> = world.log.iter().filter_map(Event::flow_state).collect();
    assert_eq!(states, [Status::Running, Status::Approved]);
}

#[test]
fn a_request_is_started_once() {
    let mut world = World::started(json!([approve("first", &["ann"])]));
    assert_eq!(world.start(), Err(RefusalCode::AlreadyStarted));
}

#[test]
fn a_flow_without_steps_approves_at_once() {
    let world = World::started(json!([]));
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn under_any_one_approval_passes_and_cancels_the_other_tasks() {
    let mut world = World::started(json!([approve("first", &["ann", "bob"]), approve("second", &["cid"])]));
    assert_eq!(world.open(), ["first:ann", "first:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["second:cid"]);
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
}

#[test]
fn under_all_everybody_has_to_approve() {
    let step = with(approve("first", &["ann", "bob"]), json!({"policy": "all"}));
    let mut world = World::started(json!([step]));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["first:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_sequence_asks_one_after_another_in_the_order_of_who_then_by_name() {
    let who = json!([{"members": ids(&["eve"])}, {"members": ids(&["cid", "bob", "ann"])}]);
    let step = with(approve("first", &[]), json!({"policy": "sequential", "who": who}));
    let mut world = World::started(json!([step]));
    for who in ["eve", "ann", "bob", "cid"] {
        assert_eq!(world.open(), [format!("first:{who}")]);
        world.approve(who).unwrap();
    }
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_sequence_follows_the_chain_of_managers() {
    let step = with(approve("first", &[]), json!({"policy": "sequential", "who": [{"managers_up_to": 3}]}));
    let mut world = World::new(json!([step]));
    for (who, manager) in [("sam", "cid"), ("cid", "ann"), ("ann", "bob")] {
        world.directory.members.get_mut(&id(who)).unwrap().manager = Some(id(manager));
    }
    world.start().unwrap();
    for who in ["cid", "ann", "bob"] {
        assert_eq!(world.open(), [format!("first:{who}")]);
        world.approve(who).unwrap();
    }
}

#[test]
fn a_percentage_is_rounded_up_to_whole_people() {
    for (percent, needed) in [(1, 1), (33, 1), (34, 2), (66, 2), (67, 3), (100, 3)] {
        let policy = json!({"policy": {"ratio": {"percent": percent}}});
        let mut world = World::started(json!([with(approve("first", &["ann", "bob", "cid"]), policy)]));
        for who in &["ann", "bob", "cid"][..needed] {
            assert_eq!(world.state.status, Status::Running, "{percent}");
            world.approve(who).unwrap();
        }
        assert_eq!(world.state.status, Status::Approved, "{percent}");
    }
}

#[test]
fn a_ratio_passes_when_enough_have_approved() {
    let step = with(approve("first", &["ann", "bob", "cid"]), json!({"policy": {"ratio": {"percent": 60}}}));
    let mut world = World::started(json!([step]));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["first:bob", "first:cid"]);
    world.approve("cid").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn the_first_rejection_decides_unless_the_step_waits_until_it_is_exhausted() {
    let first = with(approve("first", &["ann", "bob", "cid"]), json!({"policy": {"ratio": {"n": 2}}}));
    let mut world = World::started(json!([first.clone()]));
    world.reject("ann").unwrap();
    assert_eq!(world.state.status, Status::Rejected);

    let mut world = World::started(json!([with(first, json!({"on_reject": "exhausted"}))]));
    world.reject("ann").unwrap();
    assert_eq!(world.open(), ["first:bob", "first:cid"]);
    world.reject("bob").unwrap();
    assert_eq!(world.state.status, Status::Rejected);
}

#[test]
fn under_any_with_exhausted_one_approval_outweighs_rejections() {
    let step = with(approve("first", &["ann", "bob"]), json!({"on_reject": "exhausted"}));
    let mut world = World::started(json!([step]));
    world.reject("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_fill_step_is_submitted_and_can_not_be_approved_or_rejected() {
    let mut world = World::started(json!([fill("details", &["ann"])]));
    assert_eq!(world.approve("ann"), Err(RefusalCode::WrongAction));
    assert_eq!(world.reject("ann"), Err(RefusalCode::WrongAction));
    world.submit("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn an_approve_step_can_not_be_submitted() {
    let mut world = World::started(json!([approve("first", &["ann"])]));
    assert_eq!(world.submit("ann"), Err(RefusalCode::WrongAction));
}

#[test]
fn a_cc_step_informs_and_never_waits() {
    let cc = json!({"kind": "cc", "key": "copy", "label": "copy", "who": [{"roles": ["FIN"]}, {"members": ids(&["dan"])}]});
    let world = World::started(json!([cc, approve("first", &["ann"])]));
    assert_eq!(world.open(), ["first:ann"]);
    let informed: Vec<_> = world
        .log
        .iter()
        .filter_map(|event| match &event.change {
            Change::Informed { step, members, .. } => Some((step.as_str(), members.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(informed, [("copy", ids(&["dan", "eve"]))]);
    assert!(world.state.involved().contains(&id("eve")));
}

#[test]
fn an_exclusive_branch_takes_the_first_arm_that_matches_else_the_default() {
    let steps = json!([branch(
        "size",
        &[(1000, json!([approve("director", &["bob"])])), (100, json!([approve("manager", &["ann"])]))],
        json!([]),
    )]);
    for (amount, expected) in [(5000, vec!["director:bob"]), (500, vec!["manager:ann"]), (5, vec![])] {
        let mut world = World::new(steps.clone()).amount(amount);
        world.start().unwrap();
        assert_eq!(world.open(), expected, "{amount}");
    }
}

#[test]
fn an_inclusive_branch_takes_all_arms_that_match_and_joins() {
    let arms = [(1000, json!([approve("director", &["bob"])])), (100, json!([approve("manager", &["ann"])]))];
    let block = with(branch("size", &arms, json!([])), json!({"mode": "inclusive"}));
    let mut world = World::new(json!([block, approve("last", &["cid"])])).amount(5000);
    world.start().unwrap();
    assert_eq!(world.open(), ["director:bob", "manager:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["director:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["last:cid"]);
}

#[test]
fn an_inclusive_branch_takes_the_one_arm_that_matches_else_the_default() {
    let arms = [(1000, json!([approve("director", &["bob"])])), (100, json!([approve("manager", &["ann"])]))];
    let block = branch("size", &arms, json!([approve("clerk", &["dan"])]));
    let steps = json!([with(block, json!({"mode": "inclusive"})), approve("last", &["cid"])]);
    for (amount, who) in [(500, "ann"), (5, "dan")] {
        let mut world = World::new(steps.clone()).amount(amount);
        world.start().unwrap();
        assert_eq!(world.state.open_tasks().count(), 1, "{amount}");
        world.approve(who).unwrap();
        assert_eq!(world.open(), ["last:cid"], "{amount}");
    }
}

#[test]
fn what_a_branch_decides_on_is_read_when_it_is_reached() {
    let decide = branch("size", &[(100, json!([approve("director", &["bob"])]))], json!([]));
    let mut world = World::new(json!([fill("details", &["ann"]), decide])).amount(5);
    world.start().unwrap();
    world.record.0.insert("amount".to_string(), Value::number(500));
    world.submit("ann").unwrap();
    assert_eq!(world.open(), ["director:bob"]);
}

#[test]
fn parallel_arms_run_side_by_side_and_join_when_all_are_through() {
    let block = parallel(
        "both",
        &[json!([approve("a", &["ann"]), approve("a2", &["bob"])]), json!([approve("b", &["cid"])])],
    );
    let mut world = World::started(json!([block, approve("last", &["dan"])]));
    assert_eq!(world.open(), ["a:ann", "b:cid"]);
    world.approve("cid").unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["a2:bob"]);
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["last:dan"]);
}

#[test]
fn a_join_of_any_cancels_the_other_arms() {
    let block = with(
        parallel("both", &[json!([approve("a", &["ann"])]), json!([approve("b", &["cid"])])]),
        json!({"join": "any"}),
    );
    let mut world = World::started(json!([block, approve("last", &["dan"])]));
    world.approve("cid").unwrap();
    assert_eq!(world.open(), ["last:dan"]);
    assert_eq!(world.approve("ann"), Err(RefusalCode::TaskClosed));
}

#[test]
fn a_join_of_n_waits_for_so_many_arms() {
    let arms =
        [json!([approve("a", &["ann"])]), json!([approve("b", &["bob"])]), json!([approve("c", &["cid"])])];
    let mut world = World::started(json!([with(parallel("three", &arms), json!({"join": {"n": 2}}))]));
    world.approve("cid").unwrap();
    assert_eq!(world.open(), ["a:ann", "b:bob"]);
    world.approve("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn a_branch_inside_a_parallel_arm_joins_before_the_arms_do() {
    let inner = branch("size", &[(100, json!([approve("director", &["bob"])]))], json!([]));
    let block =
        parallel("both", &[json!([inner, approve("after", &["cid"])]), json!([approve("b", &["ann"])])]);
    let mut world = World::new(json!([block])).amount(500);
    world.start().unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["b:ann", "after:cid"]);
    world.approve("cid").unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn the_same_approver_in_the_next_step_passes_automatically_under_consecutive() {
    let steps = json!([
        approve("first", &["ann"]),
        approve("second", &["ann"]),
        approve("third", &["bob"]),
        approve("fourth", &["ann"])
    ]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "consecutive", "steps": steps}));
    world.start().unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["third:bob"]);
    let second = world.state.tasks.iter().find(|task| task.step == "second").unwrap();
    assert_eq!(second.automatic, Some(Automatic::ApprovedBefore));
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["fourth:ann"]);
}

#[test]
fn consecutive_looks_through_copies_and_joins() {
    let cc = json!({"kind": "cc", "key": "copy", "label": "copy", "who": [{"members": ids(&["eve"])}]});
    let block = parallel("both", &[json!([approve("a", &["ann"]), cc]), json!([approve("b", &["bob"])])]);
    let steps = json!([block, with(approve("last", &["ann", "bob", "cid"]), json!({"policy": "all"}))]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "consecutive", "steps": steps}));
    world.start().unwrap();
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.open(), ["last:cid"]);
}

#[test]
fn who_approved_any_earlier_step_passes_but_not_after_a_return_in_between() {
    let steps = json!([approve("first", &["ann"]), approve("second", &["bob"]), approve("third", &["ann"])]);
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "any_earlier", "steps": steps}));
    world.start().unwrap();
    world.approve("ann").unwrap();
    world.send_back("bob", "start").unwrap();
    world.submit("sam").unwrap();
    assert_eq!(world.open(), ["first:ann"], "approving before the return does not count");
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    assert_eq!(world.state.status, Status::Approved, "the third step passes by itself");
}

#[test]
fn after_a_subflow_nobody_has_decided_just_before() {
    let steps =
        json!([approve("a", &["ann"]), subflow("sub", json!({"wait": true})), approve("b", &["ann"])]);
    let mut world = World::of(json!({"format": 1, "label": "T", "auto_pass": "consecutive", "steps": steps}));
    world.start().unwrap();
    world.approve("ann").unwrap();
    let child = world.children()[0];
    world.child_ends(child, Status::Approved).unwrap();
    assert_eq!(world.open(), ["b:ann"]);
}

#[test]
fn at_most_fifty_tasks_in_a_row_pass_automatically() {
    let steps: Vec<Json> = (0..60).map(|place| approve(&format!("s{place}"), &["ann"])).collect();
    let mut world =
        World::of(json!({"format": 1, "label": "Test", "auto_pass": "any_earlier", "steps": steps}));
    world.start().unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["s51:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn nobody_found_passes_holds_or_asks_somebody_else_as_the_step_says() {
    let step =
        |nobody: Json| with(approve("first", &[]), json!({"who": [{"roles": ["EMPTY"]}], "nobody": nobody}));
    let open = |nobody: Json| {
        let world = World::started(json!([step(nobody), approve("last", &["bob"])]));
        world.open()
    };
    assert_eq!(open(json!("auto_approve")), ["last:bob"]);
    assert_eq!(open(json!("admins")), ["first:gus"]);
    assert_eq!(open(json!({"member": id("fay")})), ["first:fay"]);
    assert_eq!(open(json!("hold")), ["first:nobody"]);
}

#[test]
fn a_held_step_goes_on_once_an_administrator_assigns_it() {
    let step = with(approve("first", &[]), json!({"who": [{"roles": ["EMPTY"]}], "nobody": "hold"}));
    let mut world = World::started(json!([step]));
    let task = world.state.tasks[0].id;
    let take = Command::Approve { task, note: Note::default(), chosen: Chosen::new() };
    assert_eq!(world.give("gus", take), Err(RefusalCode::NotYours));
    world.powers.reassign = true;
    world.give("gus", Command::Reassign { task, to: id("fay") }).unwrap();
    world.powers.reassign = false;
    world.approve("fay").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn submitters_approve_their_own_requests_as_the_flow_says() {
    let open = |self_approval: &str| {
        let steps = json!([approve("first", &["sam"]), approve("last", &["cid"])]);
        let document = json!({"format": 1, "label": "Test", "self_approval": self_approval, "steps": steps});
        let mut world = World::of(document);
        world.start().unwrap();
        world.open()
    };
    assert_eq!(open("allow"), ["first:sam"]);
    assert_eq!(open("manager"), ["first:ann"]);
    assert_eq!(open("auto_approve"), ["last:cid"]);
}

#[test]
fn a_task_is_not_handed_to_a_submitter_who_may_not_approve() {
    let handed = |self_approval: &str, steps: Json| {
        let document = json!({"format": 1, "label": "Test", "self_approval": self_approval, "steps": steps});
        let mut world = World::of(document);
        world.start().unwrap();
        world.powers.reassign = true;
        let transferred = world.transfer("cid", "sam");
        world.powers.reassign = true;
        let task = world.task(if transferred.is_ok() { "sam" } else { "cid" });
        (transferred, world.give("gus", Command::Reassign { task, to: id("sam") }))
    };
    let approval = || json!([approve("first", &["cid"])]);
    let refused = || Err(RefusalCode::OwnRequest);
    assert_eq!(handed("manager", approval()), (refused(), refused()));
    assert_eq!(handed("allow", approval()), (Ok(()), Err(RefusalCode::AlreadyAssigned)));
}

#[test]
fn opinions_and_signatures_are_given_as_the_step_wants_them() {
    let ask = |members: Json, note: Note| {
        let mut world = World::started(json!([with(approve("first", &["ann"]), members)]));
        let task = world.task("ann");
        world.give("ann", Command::Approve { task, note, chosen: Chosen::new() })
    };
    let said = |text: &str| Note { opinion: Some(text.to_string()), signature: None };
    let signed = Note { opinion: None, signature: Some(department(900)) };
    assert_eq!(ask(json!({"opinion": "required"}), said(" ")), Err(RefusalCode::OpinionRequired));
    let unseen = "\u{200b}\u{feff} \u{2060}";
    assert_eq!(ask(json!({"opinion": "required"}), said(unseen)), Err(RefusalCode::OpinionRequired));
    assert_eq!(ask(json!({"opinion": "required"}), said("fine")), Ok(()));
    assert_eq!(ask(json!({"opinion": "off"}), said("fine")), Err(RefusalCode::OpinionOff));
    assert_eq!(ask(json!({"signature": "required"}), said("fine")), Err(RefusalCode::SignatureRequired));
    assert_eq!(ask(json!({"signature": "required"}), signed.clone()), Ok(()));
    assert_eq!(ask(json!({"signature": "off"}), signed), Err(RefusalCode::SignatureOff));
    assert_eq!(ask(json!({}), Note::default()), Ok(()));
}

#[test]
fn the_timeline_says_who_did_what_and_what_happened_by_itself() {
    let nobody =
        with(approve("first", &[]), json!({"who": [{"roles": ["EMPTY"]}], "nobody": "auto_approve"}));
    let mut world = World::started(json!([nobody, approve("second", &["ann", "bob"])]));
    let task = world.task("bob");
    let note = Note { opinion: Some("fine".into()), signature: None };
    world.give("bob", Command::Approve { task, note, chosen: Chosen::new() }).unwrap();
    let told: Vec<String> = world
        .log
        .iter()
        .filter_map(Event::line)
        .map(|line| {
            let who = line.who.map_or("-", name);
            let step = line.step.unwrap_or_default();
            let status = line.status.map_or("", Status::key);
            format!("{who} {} {step} {} {status}", line.action.key(), line.note.opinion.unwrap_or_default())
        })
        .collect();
    assert_eq!(
        told,
        [
            "sam start start  running",
            "- approve first  ",
            "bob approve second fine ",
            "- cancel second  ",
            "- end   approved",
        ]
    );
}

#[test]
fn the_simulator_shows_what_comes_next_with_names() {
    let block = branch("size", &[(100, json!([approve("director", &["bob"])]))], json!([]));
    let mut world = World::new(json!([
        approve("first", &["ann"]),
        block,
        with(
            approve("last", &[]),
            json!({"who": [{"roles": ["EMPTY"]}], "nobody": "hold", "opinion": "required"})
        )
    ]))
    .amount(500);
    world.start().unwrap();
    let setting = Setting {
        now: Timestamp::from_second(world.now).unwrap(),
        people: &world.directory,
        record: &world.record,
        calendar: &world.calendar,
    };
    let next = what_comes_next(&world.flow, &world.state, &setting).unwrap();
    let told: Vec<(&str, Vec<&str>)> = next
        .iter()
        .map(|stop| (stop.step.as_str(), stop.people.iter().map(|asked| name(asked.member)).collect()))
        .collect();
    assert_eq!(told, [("first", vec!["ann"]), ("size", vec![]), ("director", vec!["bob"]), ("last", vec![])]);
    assert_eq!(world.open(), ["first:ann"], "nothing has happened");
}

#[test]
fn the_votes_of_a_step_are_told_while_it_waits() {
    let told = |world: &World| -> Vec<String> {
        let ballots = ballots(&world.flow, &world.state);
        let line = |ballot: &Ballot| {
            let voter = |voter: &Voter| match (voter.vote, voter.is_asked) {
                (Some(vote), _) => format!("{} {vote:?}", name(voter.asked.member)),
                (None, true) => format!("{} now", name(voter.asked.member)),
                (None, false) => format!("{} later", name(voter.asked.member)),
            };
            let voters: Vec<String> = ballot.voters.iter().map(voter).collect();
            format!("{} {}/{}: {}", ballot.step, ballot.agreed, ballot.needed, voters.join(", "))
        };
        ballots.iter().map(line).collect()
    };
    let step = |policy: Json| with(approve("all", &["ann", "bob", "cid"]), json!({ "policy": policy }));
    let mut world = World::started(json!([step(json!("all")), approve("alone", &["eve"])]));
    assert_eq!(told(&world), ["all 0/3: ann now, bob now, cid now"]);
    world.approve("bob").unwrap();
    assert_eq!(told(&world), ["all 1/3: ann now, bob Approved, cid now"]);
    world.approve("ann").unwrap();
    world.approve("cid").unwrap();
    assert_eq!(told(&world), Vec::<String>::new(), "one alone casts no vote among others");

    let mut world = World::started(json!([step(json!("sequential"))]));
    world.approve("ann").unwrap();
    assert_eq!(told(&world), ["all 1/3: ann Approved, bob now, cid later"]);
    let world = World::started(json!([step(json!({"ratio": {"percent": 60}}))]));
    assert_eq!(told(&world), ["all 0/2: ann now, bob now, cid now"]);
}

#[test]
fn a_step_can_name_its_actions() {
    let actions = json!({"actions": {"return": {"label": "打回"}, "transfer": false}});
    let world = World::new(json!([with(approve("first", &["ann"]), actions)]));
    let named = |action| world.flow.action_label("first", action).cloned();
    assert_eq!(named(document::Action::Return), Some(crate::text::Label::Plain("打回".into())));
    assert_eq!((named(document::Action::Transfer), named(document::Action::Reject)), (None, None));
}

#[test]
fn a_flow_tells_what_its_steps_are_and_want() {
    let cc = json!({"kind": "cc", "key": "copy", "label": "copy", "who": [{"submitter": true}]});
    let step = with(
        approve("a", &["ann"]),
        json!({"opinion": "required", "actions": {"return": {"label": "Back"}}}),
    );
    let block = parallel("p", &[json!([step]), json!([fill("f", &["bob"]), cc])]);
    let world = World::new(json!([block, branch("b", &[(1, json!([]))], json!([]))]));
    let kinds = ["start", "a", "f", "copy", "p", "b", "nil"].map(|step| world.flow.kind(step));
    assert_eq!(kinds[..3], [Some(StepKind::Start), Some(StepKind::Approve), Some(StepKind::Fill)]);
    assert_eq!(kinds[3..], [Some(StepKind::Cc), Some(StepKind::Parallel), Some(StepKind::Branch), None]);
    assert_eq!(world.flow.demands("a"), (document::Demand::Required, document::Demand::Optional));
    let label = world.flow.action_label("a", document::Action::Return).unwrap();
    assert_eq!(label.get(crate::text::Language::En), "Back");
}
