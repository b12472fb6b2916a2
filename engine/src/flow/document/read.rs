//! Reading a document so that every part that can't be read is named by its place.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::{FlowDocument, Step};
use crate::text::{Fault, Faults};

/// How a part of a document is read. What is wrong with it has its place in it, as a JSON pointer.
pub trait ReadPart {
    /// # Errors
    /// What can't be read.
    fn read<T: DeserializeOwned>(&self, json: Json) -> Result<T, Faults>;
}

/// Says of a part that can't be read no more than that.
struct Whole;

impl ReadPart for Whole {
    fn read<T: DeserializeOwned>(&self, json: Json) -> Result<T, Faults> {
        serde_json::from_value(json).map_err(|error| vec![Fault::new("", "malformed").arg("detail", error)])
    }
}

impl FlowDocument {
    /// Reads a document from JSON.
    ///
    /// # Errors
    /// A fault `malformed` for every step that can't be read, and for the rest of the document; paths are JSON
    /// pointers.
    pub fn read(json: Json) -> Result<FlowDocument, Faults> {
        FlowDocument::read_by(json, &Whole)
    }

    /// Reads a document from JSON, each step by itself.
    ///
    /// # Errors
    /// What `parts` says of every step and of the rest of the document, with its place in the whole.
    pub fn read_by(mut json: Json, parts: &impl ReadPart) -> Result<FlowDocument, Faults> {
        let mut reader = Reader { parts, faults: Faults::new() };
        let steps = reader.steps("/steps", json.get_mut("steps"));
        match reader.part::<FlowDocument>("", json) {
            Some(document) if reader.faults.is_empty() => Ok(FlowDocument { steps, ..document }),
            Some(_) | None => Err(reader.faults),
        }
    }
}

/// The kinds of steps, as documents name them.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Approve,
    Fill,
    Cc,
    Branch,
    Parallel,
    Subflow,
    Action,
    Delay,
}

struct Reader<'p, P> {
    parts: &'p P,
    faults: Faults,
}

impl<P: ReadPart> Reader<'_, P> {
    fn part<T: DeserializeOwned>(&mut self, path: &str, json: Json) -> Option<T> {
        match self.parts.read(json) {
            Ok(part) => Some(part),
            Err(faults) => {
                let placed = |fault: Fault| Fault { path: format!("{path}{}", fault.path), ..fault };
                self.faults.extend(faults.into_iter().map(placed));
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

    /// A step by its kind: read as one of any kind, all that is wrong in it would be wrong with the step.
    fn step(&mut self, path: &str, json: Json) -> Option<Step> {
        let mut members = match json {
            Json::Object(members) if members.contains_key("kind") => members,
            other => return self.part::<Step>(path, other),
        };
        let (arms, default) = self.inside(path, &mut members);
        let kind = members.remove("kind").unwrap_or_default();
        let kind = self.part::<Kind>(&format!("{path}/kind"), kind)?;
        let members = Json::Object(members);
        let mut step = match kind {
            Kind::Approve => self.part(path, members).map(Step::Approve),
            Kind::Fill => self.part(path, members).map(Step::Fill),
            Kind::Cc => self.part(path, members).map(Step::Cc),
            Kind::Branch => self.part(path, members).map(Step::Branch),
            Kind::Parallel => self.part(path, members).map(Step::Parallel),
            Kind::Subflow => self.part(path, members).map(Step::Subflow),
            Kind::Action => self.part(path, members).map(Step::Action),
            Kind::Delay => self.part(path, members).map(Step::Delay),
        }?;
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
