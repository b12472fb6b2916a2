//! The state of a flow that is being designed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use engine::flow::document::{ArmName, Edit, Part, START, Step};
use engine::flow::{DEFAULT_ARM, Flow, FlowDocument, InForm};
use engine::form::{Catalogue, Form};
use engine::text::Label;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use wire::flow_design::FlowCoverage;

use super::directory::Workspace;
use super::half_written::{HalfWritten, with_half_written};
use super::outline::{Outline, Seat};
use crate::api::Problem;
use crate::api::flows::{self, FlowDraft};
use crate::api::forms::{self, Related};
use crate::draft_editor::{DraftEditor, Editing, Saved};
use crate::fill::sentence;
use crate::ui::toast;
use crate::{i18n, text};

/// Something that is wrong, at its place in the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer into the document.
    pub path: String,
    /// What is wrong, as problems call it.
    pub code: String,
    pub message: String,
}

/// The form that the flow is for.
#[derive(Clone)]
pub struct OfForm {
    pub id: Id,
    pub form: Arc<Form>,
    /// The forms that are known when the page opens.
    pub catalogue: Arc<Related>,
    /// The forms of the app, whose flows can be started and whose records can be made.
    pub others: Vec<wire::Form>,
}

/// A flow being designed. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct FlowDesigner {
    pub document: RwSignal<FlowDocument>,
    /// The document as it is drawn.
    pub outline: Memo<Arc<Outline>>,
    pub form: StoredValue<OfForm>,
    /// The forms that are known by now.
    pub catalogue: RwSignal<Arc<Related>>,
    pub people: StoredValue<Workspace>,
    /// What is chosen; the flow itself where nothing is.
    pub selected: RwSignal<Part>,
    /// Everything that stands in the way of publishing.
    pub faults: Memo<Vec<Fault>>,
    /// The same by the elements of their parts in the drawing.
    by_element: Memo<Arc<HashMap<String, Vec<Fault>>>>,
    /// Which settings of what is chosen are shown.
    pub tab: RwSignal<&'static str>,
    /// Whether the versions are looked at.
    pub comparing: RwSignal<bool>,
    /// Which arms the newest records take, until something is changed.
    pub coverage: RwSignal<Option<FlowCoverage>>,
    /// What the server found when it refused to publish, until something is changed.
    pub refused: RwSignal<Vec<Fault>>,
    /// What is written of conditions and not whole.
    pub(super) half: RwSignal<HalfWritten>,
    /// The published version; none before the first.
    pub active: RwSignal<Option<i64>>,
    /// The way of the last trial: the steps with the arms that were taken.
    pub way: RwSignal<Option<BTreeMap<String, Vec<String>>>>,
    /// The step or arm that is being dragged.
    pub dragged: RwSignal<Option<Part>>,
    /// The element to focus once the tree is drawn again.
    pub focus: StoredValue<Option<String>>,
    editing: Editing<FlowDocument>,
    /// The version of the draft on the server that the next one replaces.
    version: StoredValue<u64>,
    /// The document that was sent last and was not taken, as far as is known.
    tried: StoredValue<Option<FlowDocument>>,
}

impl FlowDesigner {
    pub fn new(draft: FlowDraft, form: OfForm, people: Workspace, active: Option<i64>) -> FlowDesigner {
        let editing = Editing::new(draft.document, draft.changed);
        let document = editing.document;
        let form = StoredValue::new(form);
        let people = StoredValue::new(people);
        let catalogue = RwSignal::new(form.with_value(|form| form.catalogue.clone()));
        let refused = RwSignal::new(Vec::<Fault>::new());
        let half = RwSignal::new(HalfWritten::new());
        let found = Memo::new(move |_| {
            let refused = refused.get();
            document.with(|document| {
                let wrong = match refused.is_empty() {
                    true => catalogue.with(|catalogue| wrong(document, form, catalogue, people)),
                    false => refused,
                };
                half.with(|half| with_half_written(document, wrong, half))
            })
        });
        let by_element = Memo::new_with_compare(
            move |_| {
                let mut all: HashMap<String, Vec<Fault>> = HashMap::new();
                document.with(|document| {
                    for fault in found.get() {
                        all.entry(element_of(&document.part_at(&fault.path))).or_default().push(fault);
                    }
                });
                Arc::new(all)
            },
            |_, _| true,
        );
        let outline = Memo::new_with_compare(
            move |_| document.with(|document| Arc::new(Outline::of(document))),
            |_, _| true,
        );
        let designer = FlowDesigner {
            document,
            outline,
            form,
            catalogue,
            people,
            selected: RwSignal::new(Part::Flow),
            faults: found,
            by_element,
            tab: RwSignal::new("basic"),
            comparing: RwSignal::new(false),
            coverage: RwSignal::new(None),
            refused,
            half,
            active: RwSignal::new(active),
            way: RwSignal::new(None),
            dragged: RwSignal::new(None),
            focus: StoredValue::new(None),
            editing,
            version: StoredValue::new(draft.version),
            tried: StoredValue::new(None),
        };
        designer.know_named_forms();
        designer
    }

    pub fn form_id(self) -> Id {
        self.form.with_value(|form| form.id)
    }

    /// The version of the draft on the server.
    pub fn draft_version(self) -> u64 {
        self.version.get_value()
    }

    /// Goes on with a draft that the server has made.
    pub fn take(self, draft: FlowDraft) {
        self.version.set_value(draft.version);
        self.editing.replace(draft.document);
        self.editing.changed.set(draft.changed);
        self.changed();
    }

    /// The form's definition, for what is chosen from its fields.
    pub fn published_form(self) -> Arc<Form> {
        self.form.with_value(|form| form.form.clone())
    }

    /// Learns of the forms whose flows the document starts, and whose records it changes.
    fn know_named_forms(self) {
        let mut named = Vec::new();
        self.document.with_untracked(|document| forms_named(&document.steps, &mut named));
        named.into_iter().for_each(|form| self.know(form));
    }

    /// Learns what fields a form has. One that can't be read here is judged by the server alone.
    pub fn know(self, form: String) {
        let app = self.form.with_value(|of| of.form.sketch.app.clone());
        if form.is_empty() || self.catalogue.with_untracked(|known| known.form(&app, &form).is_some()) {
            return;
        }
        let others = self.form.with_value(|of| of.others.clone());
        let id = others.iter().find(|known| known.key == form).map(|known| known.id.to_string());
        spawn_local(async move {
            let Ok((_, more)) = forms::sketches(&id.unwrap_or(form)).await else { return };
            if self.editing.is_over() {
                return;
            }
            self.catalogue.update(|known| {
                let mut all = known.forms();
                all.extend(
                    more.into_iter().filter(|new| known.form(&new.app, &new.id.to_string()).is_none()),
                );
                *known = Arc::new(Related::of(all));
            });
        });
    }

    /// The step of a card, without what is in its arms.
    pub fn card(self, key: &str) -> Memo<Option<Arc<Step>>> {
        let key = key.to_string();
        Memo::new(move |_| self.outline.with(|outline| outline.card(&key)))
    }

    /// The steps of an arm, or of the main line.
    pub fn line(self, within: Option<ArmName>) -> Memo<Vec<Seat>> {
        Memo::new(move |_| self.outline.with(|outline| outline.line(within.as_ref())))
    }

    /// What is chosen may be gone.
    fn keep_selection(self) {
        let gone = self.document.with_untracked(|document| match self.selected.get_untracked() {
            Part::Flow | Part::Start => false,
            Part::Step(key) => document.step(&key).is_none(),
            Part::Arm(arm) => document.sequence(Some(&arm)).is_none(),
        });
        if gone {
            self.selected.set(Part::Flow);
        }
    }

    /// Settles a conflict: with one's own draft, or with what somebody else has saved.
    pub fn settle(self, keep_own: bool) {
        spawn_local(async move {
            let answer = flows::draft(&self.form_id().to_string()).await;
            if self.editing.is_over() {
                return;
            }
            match answer {
                Ok(draft) => {
                    if keep_own {
                        self.version.set_value(draft.version);
                        self.editing.saved.set(Saved::Waiting);
                        self.save();
                    } else {
                        self.take(draft);
                    }
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    }

    /// What a step or arm is called on the screen.
    pub fn name_of(self, part: &Part) -> String {
        let language = i18n::language();
        let label = |label: &Label| label.get(language).to_string();
        self.document.with(|document| match part {
            Part::Flow => text!("flows-settings"),
            Part::Start => text!("flows-start"),
            Part::Step(key) => document.step(key).map(|step| label(step.label())).unwrap_or_default(),
            Part::Arm(arm) => {
                let own = arm_label(document, arm).map(|own| label(&own)).unwrap_or_default();
                if own.is_empty() && arm.arm == DEFAULT_ARM { text!("flows-otherwise") } else { own }
            }
        })
    }

    /// The step as a document member, for panels that show and replace it; `null` where it is not given.
    pub fn member(self, key: &str, member: &'static str) -> Memo<Json> {
        let key = key.to_string();
        Memo::new(move |_| {
            let json = self.document.with(|document| match key.as_str() {
                START => serde_json::to_value(&document.start).ok(),
                key => document.step(key).and_then(|step| serde_json::to_value(step).ok()),
            });
            json.and_then(|json| json.get(member).cloned()).unwrap_or_default()
        })
    }

    /// A member of the flow itself.
    pub fn flow_member(self, member: &'static str) -> Memo<Json> {
        Memo::new(move |_| {
            let json = self.document.with(|document| {
                serde_json::to_value(FlowDocument { steps: Vec::new(), ..document.clone() }).ok()
            });
            json.and_then(|json| json.get(member).cloned()).unwrap_or_default()
        })
    }

    pub fn choose(self, part: Part) {
        self.selected.set(part);
    }

    /// The faults of one part of the drawing. What is about the flow itself is shown at its start.
    pub fn faults_of(self, part: &Part) -> Memo<Vec<Fault>> {
        let element = element_of(part);
        Memo::new(move |_| self.by_element.with(|all| all.get(&element).cloned().unwrap_or_default()))
    }

    /// The steps that a request can be sent back to from this one, with their names.
    pub fn earlier(self, key: &str) -> Vec<(String, String)> {
        let language = i18n::language();
        self.document.with(|document| {
            let name = |step: &Step| (step.key().to_string(), step.label().get(language).to_string());
            document.passed_before(key).into_iter().map(name).collect()
        })
    }

    /// The approve and fill steps that some request has passed before it comes to this one, with their names.
    pub fn possibly_earlier(self, key: &str) -> Vec<(String, String)> {
        fn collect(steps: &[Step], key: &str, found: &mut Vec<(String, String)>) -> bool {
            for step in steps {
                if step.key() == key {
                    return true;
                }
                let before = found.len();
                for (_, inside) in step.arms() {
                    let mut own = found.get(..before).unwrap_or_default().to_vec();
                    if collect(inside, key, &mut own) {
                        // What lies in the other arms is not on its way.
                        *found = own;
                        return true;
                    }
                    found.extend(own.into_iter().skip(before));
                }
                if matches!(step, Step::Approve(_) | Step::Fill(_)) {
                    found.push((step.key().to_string(), step.label().get(i18n::language()).to_string()));
                }
            }
            false
        }
        let mut found = Vec::new();
        self.document.with(|document| collect(&document.steps, key, &mut found));
        found
    }

    /// The subflows that are waited for, with their names: how they ended can be asked.
    pub fn waited_for(self) -> Vec<(String, String)> {
        fn collect(steps: &[Step], found: &mut Vec<(String, String)>) {
            for step in steps {
                if let Step::Subflow(subflow) = step
                    && subflow.wait
                {
                    found.push((subflow.key.clone(), subflow.label.get(i18n::language()).to_string()));
                }
                step.arms().into_iter().for_each(|(_, inside)| collect(inside, found));
            }
        }
        let mut found = Vec::new();
        self.document.with(|document| collect(&document.steps, &mut found));
        found
    }
}

impl DraftEditor for FlowDesigner {
    type Document = FlowDocument;
    type Answer = FlowDraft;

    fn editing(self) -> Editing<FlowDocument> {
        self.editing
    }

    fn changed(self) {
        if self.refused.with_untracked(|refused| !refused.is_empty()) {
            self.refused.update(Vec::clear);
        }
        if self.way.with_untracked(Option::is_some) {
            self.way.set(None);
        }
        if self.coverage.with_untracked(Option::is_some) {
            self.coverage.set(None);
        }
        self.keep_selection();
    }

    async fn send(self, _edits: Vec<Edit>, _key: &str) -> Result<FlowDraft, Problem> {
        // The draft is replaced as a whole, if nobody else has changed it.
        let (version, document) = (self.version.get_value(), self.document.get_untracked());
        let before = self.tried.get_value();
        self.tried.set_value(Some(document.clone()));
        let form = self.form_id().to_string();
        let answer = flows::replace(&form, version, &document).await;
        if answer.is_ok() {
            let _ = self.tried.try_set_value(None);
        }
        match answer {
            Err(problem) if problem.code == "stale" => {
                // A try whose answer was lost may have changed it.
                let found = flows::draft(&form).await?;
                let is_own =
                    found.document == document || before.is_some_and(|tried| found.document == tried);
                if is_own && found.version == version + 1 { Ok(found) } else { Err(problem) }
            }
            answer => answer,
        }
    }

    fn sent(self, draft: FlowDraft) {
        self.version.set_value(draft.version);
        self.editing.hear_changed(draft.changed);
    }

    fn unfinished(self) -> Vec<String> {
        self.half_written()
    }

    fn refused(self, problem: &Problem) -> Saved {
        match problem.code.as_str() {
            "stale" => Saved::Conflict,
            _ => Saved::Failed(Box::new(problem.clone())),
        }
    }
}

/// The same checks as on the server, so that faults show while one works. The server has the last word, also on forms
/// that are not known here.
fn wrong(
    document: &FlowDocument,
    form: StoredValue<OfForm>,
    catalogue: &Related,
    people: StoredValue<Workspace>,
) -> Vec<Fault> {
    let faults = form.with_value(|form| {
        people.with_value(|people| {
            let about = InForm { form: &form.form, catalogue };
            Flow::publish(document.clone(), &about, &people.directory).err().unwrap_or_default()
        })
    });
    let is_known = |fault: &&engine::text::Fault| {
        fault.code != "unknown_form" || fault.args.get("form").is_none_or(String::is_empty)
    };
    let told = |fault: &engine::text::Fault| Fault {
        path: fault.path.clone(),
        code: fault.code.to_string(),
        message: sentence(fault),
    };
    faults.iter().filter(is_known).map(told).collect()
}

/// The forms whose flows a document starts, and whose records it changes.
fn forms_named(steps: &[Step], found: &mut Vec<String>) {
    for step in steps {
        match step {
            Step::Subflow(step) => found.push(step.form.clone()),
            Step::Action(step) => {
                found.extend(step.action.get("form").and_then(Json::as_str).map(str::to_string));
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Branch(_)
            | Step::Parallel(_)
            | Step::Delay(_) => {}
        }
        step.arms().into_iter().for_each(|(_, inside)| forms_named(inside, found));
    }
}

/// The label of an arm; the default arm may have none.
pub fn arm_label(document: &FlowDocument, name: &ArmName) -> Option<Label> {
    match document.step(&name.step)? {
        Step::Branch(branch) if name.arm == DEFAULT_ARM => branch.default.as_ref()?.label.clone(),
        Step::Branch(branch) => {
            branch.arms.iter().find(|arm| arm.key == name.arm).map(|arm| arm.label.clone())
        }
        Step::Parallel(parallel) => {
            parallel.arms.iter().find(|arm| arm.key == name.arm).map(|arm| arm.label.clone())
        }
        _ => None,
    }
}

/// The id of a part's element in the drawing.
pub fn element_of(part: &Part) -> String {
    match part {
        Part::Flow | Part::Start => "flow-start".to_string(),
        Part::Step(key) => format!("flow-step-{key}"),
        Part::Arm(arm) => format!("flow-arm-{}-{}", arm.step, arm.arm),
    }
}

/// Whether the last trial came by a step.
pub fn is_passed(designer: FlowDesigner, step: &str) -> bool {
    designer.way.with(|way| way.as_ref().is_some_and(|way| way.contains_key(step)))
}

/// Whether the last trial took an arm.
pub fn is_taken(designer: FlowDesigner, arm: &ArmName) -> bool {
    designer.way.with(|way| {
        way.as_ref().and_then(|way| way.get(&arm.step)).is_some_and(|arms| arms.contains(&arm.arm))
    })
}
