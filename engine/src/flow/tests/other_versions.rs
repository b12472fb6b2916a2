//! Other versions of a random flow, for a request to be moved to.

use super::properties::Tape;
use super::*;

/// Moves to another version: the same tree in which every step passes by one voice and nothing is late, or one in which a
/// step is new, gone, or called otherwise.
pub(super) fn move_on(world: &mut World, tape: &mut Tape<'_>) {
    let mut document = serde_json::to_value(world.flow.document()).unwrap();
    let steps = document["steps"].as_array().map_or(0, Vec::len);
    let mut renamed = BTreeMap::new();
    match tape.pick(4) {
        0 => loosen(&mut document),
        1 => {
            let place = tape.pick(steps + 1);
            let key = format!("n{}", world.state.turn);
            // What comes after it may reject to it, and has never passed it.
            let later = document["steps"].as_array_mut().unwrap();
            for step in later.iter_mut().skip(place).filter(|step| step["kind"] == "approve") {
                if tape.pick(2) == 0 {
                    step["reject_to"] = json!(key);
                }
            }
            later.insert(place, approve(&key, &["eve", "dan"]));
        }
        2 if steps > 0 => {
            let place = tape.pick(steps);
            let gone = document["steps"].as_array_mut().unwrap().remove(place);
            if let Some(gone) = gone["key"].as_str() {
                replace(&mut document, &|word| (word == gone).then(|| document::START.to_string()));
            }
        }
        _ if steps > 0 => {
            let place = tape.pick(steps);
            let old = document["steps"][place]["key"].as_str().unwrap().to_string();
            let new = format!("n{}", world.state.turn);
            replace(&mut document, &|word| (word == old).then(|| new.clone()));
            renamed.insert(old, new);
        }
        _ => {}
    }
    let new = Flow::publish(FlowDocument::read(document).unwrap(), &TestForm, &directory()).unwrap();
    let command = Command::migrate(&world.flow, 2, renamed);
    let old = std::mem::replace(&mut world.flow, new);
    if world.give_as(Actor::System, command).is_err() {
        world.flow = old;
    }
}

/// Gives the steps of a document, and what names them, other keys.
fn replace(part: &mut Json, with: &dyn Fn(&str) -> Option<String>) {
    match part {
        Json::Object(members) => {
            for (name, member) in members.iter_mut() {
                let is_key = matches!(name.as_str(), "key" | "reject_to");
                match member.as_str().filter(|_| is_key).and_then(with) {
                    Some(new) => *member = json!(new),
                    None => replace(member, with),
                }
            }
        }
        Json::Array(parts) => parts.iter_mut().for_each(|part| replace(part, with)),
        _ => {}
    }
}

fn loosen(part: &mut Json) {
    match part {
        Json::Object(members) => {
            members.remove("policy");
            members.remove("join");
            members.remove("deadlines");
            members.values_mut().for_each(loosen);
        }
        Json::Array(parts) => parts.iter_mut().for_each(loosen),
        _ => {}
    }
}
