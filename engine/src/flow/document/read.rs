//! Reading a document so that every part that can't be read is named by its place.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::{FlowDocument, Step};
use crate::text::{Fault, Faults};

impl FlowDocument {
    /// Reads a document from JSON.
    ///
    /// # Errors
    /// A fault `malformed` for every step that can't be read, and for the rest of the document; paths are JSON
    /// pointers.
    pub fn read(json: Json) -> Result<FlowDocument, Faults> {
        let mut reader = Reader::default();
        let mut json = json;
        let steps = reader.steps("/steps", json.get_mut("steps"));
        match reader.part::<FlowDocument>("", json) {
            Some(document) if reader.faults.is_empty() => Ok(FlowDocument { steps, ..document }),
            Some(_) | None => Err(reader.faults),
        }
    }
}

#[derive(Default)]
struct Reader {
    faults: Faults,
}

impl Reader {
    fn part<T: DeserializeOwned>(&mut self, path: &str, json: Json) -> Option<T> {
        match serde_json::from_value(json) {
            Ok(part) => Some(part),
            Err(error) => {
                self.faults.push(Fault::new(path, "malformed").arg("detail", error));
                None
            }
        }
    }

    /// Takes the steps out of their place and reads them one by one. What is no list of steps stays there, for
    /// what is around to report.
    fn steps(&mut self, path: &str, steps: Option<&mut Json>) -> Vec<Step> {
        let Some(Json::Array(steps)) = steps else { return Vec::new() };
        let steps = std::mem::take(steps).into_iter().enumerate();
        steps.filter_map(|(place, step)| self.step(&format!("{path}/{place}"), step)).collect()
    }

    fn step(&mut self, path: &str, mut json: Json) -> Option<Step> {
        let members = json.as_object_mut();
        let (arms, default) = members.map(|members| self.inside(path, members)).unwrap_or_default();
        let mut step = self.part::<Step>(path, json)?;
        match &mut step {
            Step::Branch(branch) => {
                branch.arms.iter_mut().zip(arms).for_each(|(arm, steps)| arm.steps = steps);
                if let Some(arm) = &mut branch.default {
                    arm.steps = default;
                }
            }
            Step::Parallel(parallel) => {
                parallel.arms.iter_mut().zip(arms).for_each(|(arm, steps)| arm.steps = steps);
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => {}
        }
        Some(step)
    }

    /// The steps in a block's arms and in its default arm.
    fn inside(&mut self, path: &str, members: &mut Map<String, Json>) -> (Vec<Vec<Step>>, Vec<Step>) {
        let mut found = Vec::new();
        if let Some(Json::Array(arms)) = members.get_mut("arms") {
            for (place, arm) in arms.iter_mut().enumerate() {
                found.push(self.steps(&format!("{path}/arms/{place}/steps"), arm.get_mut("steps")));
            }
        }
        let default = members.get_mut("default").and_then(|default| default.get_mut("steps"));
        (found, self.steps(&format!("{path}/default/steps"), default))
    }
}
