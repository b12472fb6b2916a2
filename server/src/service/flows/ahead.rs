//! Who will decide about a record, for whoever is about to submit it. Nothing is stored.
//!
//! It is told with the rights of the caller: names of people, and of fields those that they see. Where the way goes by what
//! they may not see, no more is told of it.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{FieldRight, Operation};
use engine::condition::Reach;
use engine::flow::document::{Policy, START, Step};
use engine::flow::who::{Chooser, Nobody, Who};
use engine::flow::{Answers, Chosen, Flow, StepFields, Stop, VisitId, Walk};
use engine::formula;
use engine::record::{ReadPolicy, Sent, read_new_fields};
use engine::text::Label;
use engine::value::Id;
use serde_json::Map;
use wire::flow_ahead::{Ahead, AheadInput, AheadStep};
use wire::flows::AskedPerson;

use super::drawing::reasons;
use super::simulate::{draft_of, nobody_name, walk};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal, flows};

/// # Errors
/// Not found for a form that the caller may not use or that has no flow; forbidden for who may not submit to it; people named for
/// steps that do not leave it to the submitter.
pub async fn ahead(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: AheadInput,
) -> Result<Ahead, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if !order.access.may(Operation::Create) {
        return Err(Refusal::forbidden("forbidden"));
    }
    let (_, flow) = order.design()?.flow.clone().ok_or_else(Refusal::missing)?;
    let sight = Sight { order: &order, start: flow.fields(START) };
    let sent = sight.sent(&input);
    let mut db = order.reader().await?;
    let reads = flows::link_reads(&order, &flow);
    let mut draft = draft_of(&mut db, &order, &reads, None, sent).await?;
    let mut found = formula::Answers::default();
    order.answer(&mut db, &mut draft, &mut found).await?;
    if order.answer_defaults(&mut db, &mut draft).await? {
        order.answer(&mut db, &mut draft, &mut found).await?;
    }
    let people = flows::directory(&order, order.design()?);
    let chosen = (input.chosen.clone(), Answers::new());
    let walk = walk(&order, (&flow, &people), &draft, caller.id(), chosen)?;
    Ok(Telling::new(&sight, &flow, &input.chosen).of(walk))
}

/// What the caller sees of a record that they fill in.
struct Sight<'s> {
    order: &'s Order,
    start: Option<StepFields<'s>>,
}

impl Sight<'_> {
    /// By their groups: what the flow leaves out of the record for who submits it closes nothing that these open.
    fn is_visible(&self, path: &str) -> bool {
        path.starts_with('$') || self.order.access.right(path) >= FieldRight::Read
    }

    /// Whether all that a path leads to may be read.
    fn reaches(&self, reach: &Reach) -> bool {
        self.is_visible(&reach.own_path())
            && self.order.designs.may_read_behind(&self.order.caller, std::slice::from_ref(reach)).is_ok()
    }

    fn finds(&self, path: &str) -> bool {
        // A path that no longer fits the form leads to nothing.
        let found = self.order.compiled.form.find(path, &*self.order.designs);
        found.map_or(true, |(reach, _)| self.reaches(&reach))
    }

    /// What was entered, as far as it is values that the caller may set; the rest is told of at its fields.
    fn sent(&self, input: &AheadInput) -> Sent {
        let readable = |path: &str| self.is_visible(path);
        let writable = |path: &str| {
            self.order.access.right(path) >= FieldRight::Edit
                && self.start.as_ref().is_none_or(|start| start.is_editable(path))
        };
        let policy = ReadPolicy { readable: &readable, writable: &writable, serials: false, scripts: false };
        let mut sent = Sent::default();
        for (key, json) in &input.record {
            let one = Map::from_iter([(key.clone(), json.clone())]);
            if let Ok(read) = read_new_fields(&self.order.compiled.form, &one, &policy) {
                sent.extend(read);
            }
        }
        sent
    }

    /// What the field is called that a path begins with.
    fn label(&self, path: &str) -> Option<Label> {
        let (reach, _) = self.order.compiled.form.find(path, &*self.order.designs).ok()?;
        Some(self.order.compiled.form.column(&reach.own_path())?.field.label.clone())
    }
}

/// Tells of a walk, step after step.
struct Telling<'t> {
    sight: &'t Sight<'t>,
    flow: &'t Flow,
    chosen: &'t Chosen,
    because: BTreeMap<String, Label>,
    /// The branches for which values are missing: what is in them is not known.
    unknown: BTreeSet<VisitId>,
    /// People that come from what the caller may not see were left out: those who are found by them are, too.
    has_closed: bool,
}

impl<'t> Telling<'t> {
    fn new(sight: &'t Sight<'t>, flow: &'t Flow, chosen: &'t Chosen) -> Telling<'t> {
        let because = reasons(flow.document());
        Telling { sight, flow, chosen, because, unknown: BTreeSet::new(), has_closed: false }
    }

    fn of(mut self, walk: Walk) -> Ahead {
        let mut ahead = Ahead::default();
        for stop in &walk.stops {
            let reads = stop.asked.iter().filter_map(|arm| {
                let form = &self.sight.order.compiled.form;
                form.check(&arm.when, &*self.sight.order.designs).ok()
            });
            if !reads.flat_map(|checked| checked.reaches()).all(|reach| self.sight.reaches(&reach)) {
                ahead.rest_is_closed = true;
                break;
            }
            if self.is_unknown(&walk, stop.visit) {
                continue;
            }
            if let Some(step) = self.flow.step(&stop.step) {
                ahead.steps.extend(self.step(step, stop));
            }
        }
        let mentioned = ahead.steps.iter().flat_map(|step| &step.people);
        let mentioned = mentioned.flat_map(|person| [person.member].into_iter().chain(person.on_behalf_of));
        let people = &self.sight.order.caller.people;
        let names = mentioned.map(|id: Id| (id.to_string(), people.name(id).to_string())).collect();
        Ahead { names, ..ahead }
    }

    /// Whether a stay lies in a branch for which values are missing.
    fn is_unknown(&self, walk: &Walk, visit: VisitId) -> bool {
        let around = |visit: VisitId| Some(walk.state.visit(visit)?.within.as_ref()?.block);
        std::iter::successors(around(visit), |block| around(*block))
            .any(|block| self.unknown.contains(&block))
    }

    fn step(&mut self, step: &Step, stop: &Stop) -> Option<AheadStep> {
        let depends_on: Vec<Label> = stop.unset.iter().filter_map(|path| self.sight.label(path)).collect();
        let told = AheadStep {
            step: stop.step.clone(),
            label: step.label().clone(),
            kind: step.kind().to_string(),
            people: Vec::new(),
            policy: None,
            because: self.because.get(&stop.step).cloned(),
            depends_on,
            chosen_by: None,
            instead: None,
            own_manager: false,
            is_closed: false,
        };
        match step {
            Step::Branch(_) if !told.depends_on.is_empty() => {
                self.unknown.insert(stop.visit);
                Some(told)
            }
            Step::Approve(_) | Step::Fill(_) | Step::Cc(_) => Some(self.with_people(told, step, stop)),
            Step::Branch(_) | Step::Parallel(_) | Step::Subflow(_) | Step::Action(_) | Step::Delay(_) => None,
        }
    }

    /// The same with whoever is asked there, or with why that can't be said.
    fn with_people(&mut self, told: AheadStep, step: &Step, stop: &Stop) -> AheadStep {
        let is_closed = step.who().iter().any(|who| match who {
            Who::Field(path) | Who::HeadOfField(path) => !self.sight.finds(path),
            Who::HeadOfPrevious => self.has_closed,
            Who::Members(_)
            | Who::Departments { .. }
            | Who::Roles(_)
            | Who::Submitter
            | Who::Manager(_)
            | Who::ManagersUpTo(_)
            | Who::ChosenBy(_) => false,
        });
        if is_closed {
            self.has_closed = true;
            return AheadStep { is_closed, depends_on: Vec::new(), ..told };
        }
        let chosen_by = self.still_chosen_by(step);
        let instead = stop.fallback.instead;
        // Whoever would be asked because nobody is named yet will not be asked once somebody is.
        if instead.is_some() && (chosen_by.is_some() || !told.depends_on.is_empty()) {
            return AheadStep { chosen_by, ..told };
        }
        let person = |asked: &engine::flow::Asked| AskedPerson {
            member: asked.member,
            on_behalf_of: asked.on_behalf_of,
        };
        let people: Vec<AskedPerson> = stop.people.iter().map(person).collect();
        AheadStep {
            policy: policy_of(step).filter(|_| people.len() > 1).map(str::to_string),
            people,
            chosen_by,
            instead: instead.map(|instead: Nobody| nobody_name(instead).to_string()),
            own_manager: stop.fallback.own_manager,
            ..told
        }
    }

    /// Who is still to name the people of a step.
    fn still_chosen_by(&self, step: &Step) -> Option<String> {
        let is_named = self.chosen.get(step.key()).is_some_and(|named| !named.is_empty());
        let chooser = step.who().iter().find_map(|who| match who {
            Who::ChosenBy(Chooser::Submitter) if !is_named => Some("submitter"),
            Who::ChosenBy(Chooser::Previous) if !is_named => Some("previous"),
            _ => None,
        });
        chooser.map(str::to_string)
    }
}

/// How many of several have to agree at a step.
fn policy_of(step: &Step) -> Option<&'static str> {
    let policy = match step {
        Step::Approve(step) => step.policy,
        Step::Fill(step) => step.policy,
        Step::Cc(_)
        | Step::Branch(_)
        | Step::Parallel(_)
        | Step::Subflow(_)
        | Step::Action(_)
        | Step::Delay(_) => return None,
    };
    Some(match policy {
        Policy::Any => "any",
        Policy::All => "all",
        Policy::Sequential => "sequential",
        Policy::Ratio(_) => "ratio",
    })
}
