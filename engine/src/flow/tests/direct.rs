//! Returning so that the request comes straight back.

use super::*;

fn three() -> World {
    let mut world = World::started(json!([
        approve("first", &["ann"]),
        approve("second", &["bob"]),
        approve("third", &["cid"])
    ]));
    world.approve("ann").unwrap();
    world.approve("bob").unwrap();
    world
}

#[test]
fn it_comes_straight_back_to_the_step_that_returned_it() {
    let mut world = three();
    world.send_back_direct("cid", "first").unwrap();
    assert_eq!(world.open(), ["first:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["third:cid"]);
    world.approve("cid").unwrap();
    assert_eq!(world.state.status, Status::Approved);
}

#[test]
fn from_the_start_too() {
    let mut world = three();
    world.send_back_direct("cid", "start").unwrap();
    world.submit("sam").unwrap();
    assert_eq!(world.open(), ["third:cid"]);
    // What was passed before can still be returned to.
    world.send_back("cid", "second").unwrap();
    assert_eq!(world.open(), ["second:bob"]);
}

#[test]
fn everything_runs_again_where_something_has_changed_that_a_branch_reads() {
    let block = branch("size", &[(100, json!([approve("large", &["bob"])]))], json!([]));
    for (amount, expected) in [(500, "last:cid"), (600, "large:bob")] {
        let mut world = World::new(json!([block, approve("last", &["cid"])])).amount(500);
        world.start().unwrap();
        world.approve("bob").unwrap();
        world.send_back_direct("cid", "start").unwrap();
        world.record.0.insert("amount".into(), Value::number(amount));
        world.submit("sam").unwrap();
        assert_eq!(world.open(), [expected]);
    }
}

fn around_a_block() -> World {
    let arms = [
        json!([approve("a1", &["ann"]), approve("a2", &["bob"])]),
        json!([approve("b1", &["cid"]), approve("b2", &["dan"])]),
        json!([delay("wait", "P9D")]),
    ];
    World::started(json!([approve("before", &["eve"]), parallel("both", &arms), approve("after", &["fay"])]))
}

#[test]
fn into_a_block_the_arms_are_as_they_were() {
    let mut world = around_a_block();
    world.approve("eve").unwrap();
    world.approve("cid").unwrap();
    let due = world.timer("wait").1;
    world.send_back_direct("ann", "before").unwrap();
    assert_eq!(world.open(), ["before:eve"]);
    world.approve("eve").unwrap();
    assert_eq!(world.open(), ["b2:dan", "a1:ann"]);
    assert_eq!(world.timer("wait").1, due);
    for who in ["ann", "bob", "dan"] {
        world.approve(who).unwrap();
    }
    world.fire("wait").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
}

#[test]
fn out_of_a_finished_block_it_comes_back_behind_it() {
    let mut world = around_a_block();
    for who in ["eve", "ann", "bob", "cid", "dan"] {
        world.approve(who).unwrap();
    }
    world.fire("wait").unwrap();
    world.send_back_direct("fay", "a1").unwrap();
    assert_eq!(world.open(), ["a1:ann"]);
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["after:fay"]);
    world.send_back("fay", "a2").unwrap();
    assert_eq!(world.open(), ["a2:bob"], "the step that was gone past is still one that was passed");
}

#[test]
fn a_restored_task_of_somebody_who_has_left_goes_to_who_took_over() {
    let mut world = around_a_block();
    world.approve("eve").unwrap();
    world.send_back_direct("ann", "before").unwrap();
    let cid = world.directory.members.get_mut(&id("cid")).unwrap();
    cid.is_active = false;
    cid.hand_over = Some(id("uma"));
    world.approve("eve").unwrap();
    assert_eq!(world.open(), ["b1:uma", "a1:ann"]);
}

#[test]
fn decisions_from_before_stay() {
    let mut world = three();
    world.send_back_direct("cid", "first").unwrap();
    world.approve("ann").unwrap();
    assert_eq!(world.take_back("ann"), Err(RefusalCode::TooLate));
}

#[test]
fn who_is_away_by_then_has_somebody_else_asked_straight_back() {
    let mut world = three();
    world.send_back_direct("cid", "first").unwrap();
    world.directory.members.get_mut(&id("cid")).unwrap().delegate = Some(id("fay"));
    world.approve("ann").unwrap();
    assert_eq!(world.open(), ["third:fay"]);
    let task = world.state.task(world.task("fay")).unwrap();
    assert_eq!(task.on_behalf_of, Some(id("cid")));
}
