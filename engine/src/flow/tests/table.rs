//! What is published of every action (docs/guide/approval-actions.md), held against what it does: under every policy, and in
//! every place.

use super::*;

const PAGE: &str = include_str!("../../../../docs/guide/approval-actions.md");

/// The rows of the table under a heading: what is done, and what stands in the cells behind its words.
fn rows(heading: &str) -> Vec<(&'static str, Vec<&'static str>)> {
    let (_, part) = PAGE.split_once(&format!("## {heading}\n")).unwrap();
    let part = part.split("\n## ").next().unwrap();
    let rows = part.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"));
    rows.map(|row| {
        let (deed, cells) = row.split_once("` | ").unwrap();
        (deed, cells.split(" | ").skip(1).collect())
    })
    .collect()
}

/// Whether each cell of a table says what comes of it.
fn compare(heading: &str, count: usize, does: impl Fn(usize, &str) -> Result<World, RefusalCode>) {
    let rows = rows(heading);
    assert_eq!(rows.len(), count, "{heading}");
    let mut wrong = Vec::new();
    for (deed, cells) in rows {
        assert_eq!(cells.len(), 4, "{heading}: {deed}");
        for (column, cell) in cells.into_iter().enumerate() {
            let came = match does(column, deed) {
                Ok(world) => stands(&world),
                Err(refused) => format!("refused {}", refused.key()),
            };
            if came != cell {
                wrong.push(format!("{deed}, {column}: {came}, and not {cell}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{heading}: {wrong:#?}");
}

/// How a request ended, or who is asked at which step.
fn stands(world: &World) -> String {
    let open = world.open().join(" ");
    match world.state.status {
        Status::Withdrawn => format!("withdrawn {open}"),
        status if status.is_ended() => status.key().to_string(),
        _ => open,
    }
}

/// What a step says for a deed to be possible there.
fn members(deed: &str) -> Json {
    let late = |what: Json| json!({"deadlines": [{"after": "PT24H", "do": what}]});
    match deed {
        "reject (to start)" => json!({"reject_to": "start"}),
        "reject (to before)" => json!({"reject_to": "before"}),
        "reject (exhausted)" | "reject twice (exhausted)" => json!({"on_reject": "exhausted"}),
        "deadline: transfer" => late(json!({"transfer": {"members": ids(&["uma"])}})),
        _ => match deed.strip_prefix("deadline: ") {
            Some(what) => late(json!(what)),
            None => json!({}),
        },
    }
}

/// A request that waits at `here`, where `first` has approved `before`.
fn waiting(deed: &str, first: &str, steps: Json) -> World {
    let settings = match deed {
        "withdraw" => json!({"start": {"withdraw": "while_running"}}),
        "approved before" => json!({"auto_pass": "any_earlier"}),
        _ => json!({}),
    };
    let document = with(json!({"format": 1, "label": "Test", "steps": steps}), settings);
    let mut world = World::of(document).amount(500);
    world.start().unwrap();
    world.approve(first).unwrap();
    world
}

/// What Ann does with her task, and what comes of that where a deed goes on.
fn decide_as(world: &mut World, deed: &str) -> Outcome {
    match deed {
        "approve" => world.approve("ann"),
        "reject" | "reject (to start)" | "reject (to before)" | "reject (exhausted)" => world.reject("ann"),
        "reject twice (exhausted)" => {
            world.reject("ann")?;
            let is_asked = world.open().iter().any(|task| task == "here:dan");
            if is_asked { world.reject("dan") } else { Ok(()) }
        }
        "return" => world.send_back("ann", "before"),
        "return, approve" => {
            world.send_back("ann", "before")?;
            world.approve("cid")
        }
        "return (direct), approve" => {
            world.send_back_direct("ann", "before")?;
            world.approve("cid")
        }
        "return (not passed)" => world.send_back("ann", "after"),
        "return (other arm)" => world.send_back("ann", "other"),
        "transfer" => world.transfer("ann", "uma"),
        "approve, take back" => {
            world.approve("ann")?;
            world.take_back("ann")
        }
        _ => add(world, deed),
    }
}

/// Adds Uma to Ann's task.
fn add(world: &mut World, deed: &str) -> Outcome {
    let mode = match deed.split(',').next() {
        Some("add before") => AddMode::Before,
        Some("add after") => AddMode::After,
        Some("add beside") => AddMode::Parallel,
        _ => return meanwhile(world, deed),
    };
    world.add_sign("ann", mode, &["uma"])?;
    for then in deed.split(", ").skip(1) {
        match then {
            "approve" => world.approve("ann")?,
            "Uma approves" => world.approve("uma")?,
            "Uma rejects" => world.reject("uma")?,
            _ => panic!("{deed} is not known here"),
        }
    }
    Ok(())
}

/// What others do while Ann is asked, and what happens by itself.
fn meanwhile(world: &mut World, deed: &str) -> Outcome {
    world.powers = Powers { terminate: true, reassign: true, ..Powers::default() };
    let (ann, uma) = (id("ann"), id("uma"));
    match deed {
        "withdraw" | "withdraw (until decided)" => world.withdraw("sam"),
        "urge" => world.give("sam", Command::Urge),
        "reassign" => {
            let task = world.task("ann");
            world.give("gus", Command::Reassign { task, to: uma })
        }
        "terminate" => world.give("gus", Command::Terminate { note: Note::default() }),
        "leave" => {
            let person = world.directory.members.get_mut(&ann).unwrap();
            (person.is_active, person.hand_over) = (false, Some(uma));
            world.give_as(Actor::System, Command::HandOver { member: ann, to: None })
        }
        "delegate" => {
            world.directory.members.get_mut(&ann).unwrap().delegate = Some(uma);
            world.give("ann", Command::PassOn { member: ann })
        }
        "approved before" => Ok(()),
        _ if deed.starts_with("deadline: ") => world.fire("here"),
        _ => panic!("{deed} is not known here"),
    }
}

#[test]
fn every_action_does_what_is_published_under_every_policy() {
    let policies = [json!("any"), json!("all"), json!({"ratio": {"n": 2}}), json!("sequential")];
    compare("Under every policy", 32, |column, deed| {
        let first = if deed == "approved before" { "ann" } else { "cid" };
        let three = with(approve("here", &["ann", "dan", "eve"]), json!({"policy": policies[column]}));
        let (before, between) = (approve("before", &[first]), approve("between", &["gus"]));
        let steps = json!([before, between, with(three, members(deed)), approve("after", &["fay"])]);
        let mut world = waiting(deed, first, steps);
        world.approve("gus").unwrap();
        decide_as(&mut world, deed)?;
        Ok(world)
    });
}

#[test]
fn every_action_does_what_is_published_in_every_place() {
    compare("In every place", 15, |column, deed| {
        let here = || with(approve("here", &["ann"]), members(deed));
        let arms = || [json!([here()]), json!([approve("other", &["dan"])])];
        let place = match column {
            0 => here(),
            1 => parallel("both", &arms()),
            2 => with(parallel("both", &arms()), json!({"join": "any"})),
            _ => {
                let [one, other] = arms();
                let both = branch("both", &[(10, one), (100, other)], json!([]));
                with(both, json!({"mode": "inclusive"}))
            }
        };
        let steps = json!([approve("before", &["cid"]), place, approve("after", &["fay"])]);
        let mut world = waiting(deed, "cid", steps);
        decide_as(&mut world, deed)?;
        Ok(world)
    });
}
