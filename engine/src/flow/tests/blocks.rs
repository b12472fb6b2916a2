//! What goes back or ends across blocks: a parallel one, and a branch that takes several arms, do the same.

use super::*;

/// `before:eve`, two arms of two steps each side by side, `after:fay`; once as a parallel block, once as an inclusive
/// branch both of whose arms match. `members` come to the second step of the first arm.
fn both(members: &Json) -> [World; 2] {
    let arms = || {
        [
            json!([approve("a1", &["ann"]), with(approve("a2", &["bob"]), members.clone())]),
            json!([approve("b1", &["cid"]), approve("b2", &["dan"])]),
        ]
    };
    let [first, second] = arms();
    let inclusive =
        with(branch("both", &[(10, first), (100, second)], json!([])), json!({"mode": "inclusive"}));
    [parallel("both", &arms()), inclusive].map(|block| {
        let steps = json!([approve("before", &["eve"]), block, approve("after", &["fay"])]);
        let mut world = World::new(steps).amount(500);
        world.start().unwrap();
        world.approve("eve").unwrap();
        assert_eq!(world.open(), ["a1:ann", "b1:cid"]);
        world
    })
}

fn plain() -> [World; 2] {
    both(&json!({}))
}

fn all_approve(world: &mut World, who: &[&str]) {
    who.iter().for_each(|who| world.approve(who).unwrap());
}

#[test]
fn a_rejection_that_leaves_a_block_cancels_all_its_arms() {
    for (reject_to, open) in [("start", vec!["start:sam"]), ("before", vec!["before:eve"]), ("end", vec![])] {
        for mut world in both(&json!({"reject_to": reject_to})) {
            all_approve(&mut world, &["ann"]);
            world.reject("bob").unwrap();
            assert_eq!(world.open(), open, "{reject_to}");
            assert_eq!(world.approve("cid"), Err(RefusalCode::TaskClosed));
        }
    }
}

#[test]
fn a_rejection_inside_its_arm_leaves_the_other_arms_alone() {
    for mut world in both(&json!({"reject_to": "a1"})) {
        all_approve(&mut world, &["ann"]);
        world.reject("bob").unwrap();
        assert_eq!(world.open(), ["b1:cid", "a1:ann"]);
        all_approve(&mut world, &["cid", "dan", "ann", "bob"]);
        assert_eq!(world.open(), ["after:fay"]);
    }
}

#[test]
fn a_return_out_of_a_block_cancels_the_open_tasks_of_all_its_arms() {
    for mut world in plain() {
        all_approve(&mut world, &["ann"]);
        assert_eq!(world.send_back("bob", "b1"), Err(RefusalCode::TargetNotPassed), "a sibling arm");
        world.send_back("bob", "before").unwrap();
        assert_eq!(world.open(), ["before:eve"]);
        all_approve(&mut world, &["eve"]);
        assert_eq!(world.open(), ["a1:ann", "b1:cid"]);
    }
}

#[test]
fn a_return_into_a_finished_block_runs_that_arm_again_and_keeps_the_others() {
    for mut world in plain() {
        all_approve(&mut world, &["ann", "bob", "cid", "dan"]);
        world.send_back("fay", "b1").unwrap();
        assert_eq!(world.open(), ["b1:cid"]);
        all_approve(&mut world, &["cid", "dan"]);
        assert_eq!(world.open(), ["after:fay"]);
    }
}

#[test]
fn straight_back_into_a_block_the_arms_are_as_they_were() {
    for mut world in plain() {
        all_approve(&mut world, &["cid"]);
        world.send_back_direct("ann", "before").unwrap();
        assert_eq!(world.open(), ["before:eve"]);
        all_approve(&mut world, &["eve"]);
        assert_eq!(world.open(), ["b2:dan", "a1:ann"]);
        all_approve(&mut world, &["dan", "ann", "bob", "fay"]);
        assert_eq!(world.state.status, Status::Approved);
    }
}

#[test]
fn the_decision_that_joined_the_arms_is_taken_back() {
    for mut world in plain() {
        all_approve(&mut world, &["ann", "bob", "cid", "dan"]);
        world.take_back("dan").unwrap();
        assert_eq!(world.open(), ["b2:dan"]);
        all_approve(&mut world, &["dan"]);
        assert_eq!(world.open(), ["after:fay"]);
    }
}

#[test]
fn a_return_out_of_a_block_that_is_taken_back_leaves_the_arms_as_they_were() {
    for mut world in plain() {
        all_approve(&mut world, &["ann", "cid"]);
        world.send_back("bob", "before").unwrap();
        world.take_back("bob").unwrap();
        let mut open = world.open();
        open.sort();
        assert_eq!(open, ["a2:bob", "b2:dan"]);
        all_approve(&mut world, &["bob", "dan", "fay"]);
        assert_eq!(world.state.status, Status::Approved);
    }
}

#[test]
fn an_ended_request_is_opened_again_in_one_arm() {
    for mut world in plain() {
        all_approve(&mut world, &["ann", "bob", "cid", "dan", "fay"]);
        world.powers.reactivate = true;
        world.give("gus", Command::Reactivate { step: "b2".into() }).unwrap();
        assert_eq!(world.open(), ["b2:dan"]);
        all_approve(&mut world, &["dan", "fay"]);
        assert_eq!(world.state.status, Status::Approved);
    }
}

/// Three are asked side by side, and whoever rejects goes another way than who approves: in
/// <https://github.com/ProcessMaker/processmaker/issues/3242> the process then waits for the other two.
#[test]
fn processmaker_3242_one_rejection_ends_its_siblings() {
    let arm = |key: &str, who: &str| json!([approve(key, &[who])]);
    let steps = || {
        let arms = [arm("a", "ann"), arm("b", "bob"), arm("c", "cid")];
        json!([parallel("three", &arms), approve("last", &["dan"])])
    };
    for first in ["ann", "bob", "cid"] {
        let mut world = World::started(steps());
        world.reject(first).unwrap();
        assert_eq!((world.state.status, world.open()), (Status::Rejected, vec![]));
        for other in ["ann", "bob", "cid"] {
            assert_eq!(world.approve(other), Err(RefusalCode::TaskClosed), "{other} after {first}");
        }
    }
    // After somebody has approved already, too.
    let mut world = World::started(steps());
    world.approve("ann").unwrap();
    world.reject("cid").unwrap();
    assert_eq!((world.state.status, world.open()), (Status::Rejected, vec![]));
}

/// <https://github.com/flowable/flowable-engine/issues/1641>: after a return across a parallel gateway its join never passes
/// again. Here the arms run again as often as it goes back, from within and from behind, and join.
#[test]
fn flowable_1641_a_return_across_a_parallel_block_does_not_stick() {
    for mut world in plain() {
        // Out of one arm while the other is through.
        all_approve(&mut world, &["cid", "dan", "ann"]);
        world.send_back("bob", "before").unwrap();
        all_approve(&mut world, &["eve"]);
        assert_eq!(world.open(), ["a1:ann", "b1:cid"], "the arm that was through runs again, too");
        all_approve(&mut world, &["ann", "bob", "cid", "dan"]);
        // From behind the block, to before it and into it.
        world.send_back("fay", "before").unwrap();
        all_approve(&mut world, &["eve", "ann", "bob", "cid", "dan"]);
        world.send_back("fay", "a2").unwrap();
        all_approve(&mut world, &["bob"]);
        world.send_back("fay", "start").unwrap();
        world.submit("sam").unwrap();
        all_approve(&mut world, &["eve", "ann", "bob", "cid", "dan", "fay"]);
        assert_eq!(world.state.status, Status::Approved);
    }
}
