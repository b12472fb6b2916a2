//! Who is told of what happened.

use super::*;

/// What the last command led to, as `kind member`.
fn told(world: &World) -> Vec<String> {
    let turn = world.state.turn;
    let last: Vec<Event> = world.log.iter().filter(|event| event.turn == turn).cloned().collect();
    let text = |notice: Notice| format!("{} {}", notice.kind.key(), name(notice.member));
    let mut told: Vec<String> = notices(&last, &world.state, &[]).into_iter().map(text).collect();
    told.sort();
    told
}

#[test]
fn whoever_is_asked_is_told_and_the_submitter_of_the_end() {
    let mut world = World::started(json!([approve("a", &["ann", "bob"]), approve("b", &["cid"])]));
    assert_eq!(told(&world), ["task ann", "task bob"]);
    world.approve("ann").unwrap();
    assert_eq!(told(&world), ["task cid"]);
    let closed = settled(&world.log, &world.state);
    assert_eq!(closed.len(), 2, "ann's and bob's");
    assert!(closed.iter().all(|(_, still)| still.is_none()));
    world.transfer("cid", "dan").unwrap();
    assert_eq!(told(&world), ["task dan"]);
    let task = world.task("dan");
    assert!(settled(&world.log, &world.state).contains(&(task, Some(id("dan")))), "it still concerns dan");
    world.approve("dan").unwrap();
    assert_eq!(told(&world), ["outcome sam"]);
}

#[test]
fn a_request_that_comes_back_is_told_of_and_one_taken_back_is_not() {
    let mut world = World::started(json!([approve("a", &["ann"])]));
    world.send_back("ann", "start").unwrap();
    assert_eq!(told(&world), ["returned sam"]);
    world.submit("sam").unwrap();
    assert_eq!(told(&world), ["task ann"]);
    world.withdraw("sam").unwrap();
    assert!(told(&world).is_empty(), "sam did it");
}

#[test]
fn copies_reminders_and_words_are_told_of() {
    let late = with(approve("a", &["ann"]), json!({"deadlines": [{"after": "PT24H", "do": "remind"}]}));
    let mut world = World::started(json!([late]));
    world.give("sam", Command::Urge).unwrap();
    assert_eq!(told(&world), ["reminder ann"]);
    let reminder =
        notices(&world.log, &world.state, &[]).into_iter().find(|told| told.kind == NoticeKind::Reminder);
    assert_eq!(
        reminder.map(|told| (told.task, told.step)),
        Some((Some(world.task("ann")), Some("a".to_string())))
    );
    let task = world.task("ann");
    world.give("ann", Command::Inform { task, members: ids(&["fay"]) }).unwrap();
    assert_eq!(told(&world), ["copy fay"]);
    world.give("ann", Command::Comment { text: "why?".to_string(), mentions: ids(&["bob"]) }).unwrap();
    assert_eq!(told(&world), ["comment sam", "mention bob"]);
    world.give("sam", Command::Comment { text: "so".to_string(), mentions: Vec::new() }).unwrap();
    assert_eq!(told(&world), ["comment ann"]);
    world.fire("a").unwrap();
    assert_eq!(told(&world), ["reminder ann"]);
}

#[test]
fn who_would_be_told_late_is_not_told_of_what_is_over() {
    let mut world = World::started(json!([approve("a", &["ann"])]));
    let begun = world.log.clone();
    world.approve("ann").unwrap();
    assert!(notices(&begun, &world.state, &[]).is_empty());
}

#[test]
fn kinds_are_known_by_their_words() {
    for kind in NoticeKind::ALL {
        assert_eq!(NoticeKind::from_key(kind.key()), Some(kind));
    }
    assert_eq!(NoticeKind::from_key("letter"), None);
}

#[test]
fn what_waits_for_nobody_is_told_to_the_administrators_until_somebody_has_it() {
    let mut world = World::started(json!([with(
        approve("first", &[]),
        json!({"who": [{"roles": ["EMPTY"]}], "nobody": "hold"})
    )]));
    let told = |world: &World| -> Vec<(Id, Option<Id>)> {
        assert_eq!(
            concerns_admins(&world.log, &world.state),
            !notices(&world.log, &world.state, &ids(&["gus"])).is_empty()
        );
        let told = notices(&world.log, &world.state, &ids(&["gus"])).into_iter();
        told.map(|told| (told.member, told.task)).collect()
    };
    let task = world.state.open_tasks().next().unwrap().id;
    assert_eq!(told(&world), [(id("gus"), Some(task))]);
    world.powers.reassign = true;
    world.give("gus", Command::Reassign { task, to: id("ann") }).unwrap();
    let now: Vec<Id> =
        notices(&world.log, &world.state, &ids(&["gus"])).iter().map(|told| told.member).collect();
    assert_eq!(now, [id("ann")]);
}

#[test]
fn administrators_are_told_once_of_what_cannot_go_on_by_itself() {
    let mut world = World::started(json!([delay("wait", "PT1H"), approve("a", &["ann"])]));
    let (timer, _) = world.timer("wait");
    let fail = |world: &mut World| {
        let what = Waiting::Timer(timer);
        world.give_as(Actor::System, Command::Failed { what, reason: "no account".into() }).unwrap();
        let turn = world.state.turn;
        world.log.iter().filter(|event| event.turn == turn).cloned().collect::<Vec<Event>>()
    };
    let told = |events: &[Event], world: &World| -> Vec<String> {
        assert_eq!(
            concerns_admins(events, &world.state),
            !notices(events, &world.state, &ids(&["gus"])).is_empty()
        );
        let told = notices(events, &world.state, &ids(&["gus"])).into_iter();
        told.map(|told| {
            format!("{} {} {}", told.kind.key(), name(told.member), told.step.unwrap_or_default())
        })
        .collect()
    };
    let first = fail(&mut world);
    assert_eq!(told(&first, &world), ["failed gus wait"]);
    let second = fail(&mut world);
    assert_eq!(told(&second, &world), [""; 0], "it is tried again, and they know");
    world.fire("wait").unwrap();
    assert_eq!(told(&first, &world), [""; 0], "it has gone on");
}
