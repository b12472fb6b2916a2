//! The state of a flow that is being designed.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::flow::document::{ArmName, Edit, Part, START, Step};
use engine::flow::{DEFAULT_ARM, Flow, FlowDocument, InForm};
use engine::form::Form;
use engine::text::Label;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;

use super::directory::Workspace;
use crate::api::Problem;
use crate::api::flows::{self, FlowDraft};
use crate::api::forms::Related;
use crate::draft_editor::{DraftEditor, Editing, Saved};
use crate::fill::sentence;
use crate::ui::toast;
use crate::{i18n, text};

/// Something that is wrong, at its place in the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer into the document.
    pub path: String,
    pub message: String,
}

/// The form that the flow is for.
#[derive(Clone)]
pub struct OfForm {
    pub id: Id,
    pub form: Arc<Form>,
    pub catalogue: Arc<Related>,
}

/// A flow being designed. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct FlowDesigner {
    pub document: RwSignal<FlowDocument>,
    pub form: StoredValue<OfForm>,
    pub people: StoredValue<Workspace>,
    /// What is chosen; the flow itself where nothing is.
    pub selected: RwSignal<Part>,
    /// Everything that stands in the way of publishing.
    pub faults: Memo<Vec<Fault>>,
    /// What the server found when it refused to publish, until something is changed.
    pub refused: RwSignal<Vec<Fault>>,
    /// The published version; none before the first.
    pub active: RwSignal<Option<i64>>,
    /// The way of the last trial: the steps with the arms that were taken.
    pub way: RwSignal<Option<BTreeMap<String, Vec<String>>>>,
    /// The step that is being dragged.
    pub dragged: RwSignal<Option<String>>,
    /// The element to focus once the tree is drawn again.
    pub focus: StoredValue<Option<String>>,
    editing: Editing<FlowDocument>,
    /// The version of the draft on the server that the next one replaces.
    version: StoredValue<u64>,
}

impl FlowDesigner {
    pub fn new(draft: FlowDraft, form: OfForm, people: Workspace, active: Option<i64>) -> FlowDesigner {
        let editing = Editing::new(draft.document, draft.changed);
        let document = editing.document;
        let form = StoredValue::new(form);
        let people = StoredValue::new(people);
        let refused = RwSignal::new(Vec::<Fault>::new());
        let found = Memo::new(move |_| {
            let refused = refused.get();
            if refused.is_empty() { wrong(&document.get(), form, people) } else { refused }
        });
        FlowDesigner {
            document,
            form,
            people,
            selected: RwSignal::new(Part::Flow),
            faults: found,
            refused,
            active: RwSignal::new(active),
            way: RwSignal::new(None),
            dragged: RwSignal::new(None),
            focus: StoredValue::new(None),
            editing,
            version: StoredValue::new(draft.version),
        }
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
                Err(problem) => toast::show(problem.sentence()),
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
    pub fn faults_of(self, part: Part) -> Memo<Vec<Fault>> {
        Memo::new(move |_| {
            let faults = self.faults.get();
            self.document.with(|document| {
                let at = |fault: &Fault| document.part_at(&fault.path);
                faults.into_iter().filter(|fault| at(fault) == part).collect()
            })
        })
    }

    /// The steps that a request can be sent back to from this one, with their names.
    pub fn earlier(self, key: &str) -> Vec<(String, String)> {
        let language = i18n::language();
        self.document.with(|document| {
            let name = |step: &Step| (step.key().to_string(), step.label().get(language).to_string());
            document.passed_before(key).into_iter().map(name).collect()
        })
    }
}

impl DraftEditor for FlowDesigner {
    type Document = FlowDocument;
    type Answer = FlowDraft;

    fn editing(self) -> Editing<FlowDocument> {
        self.editing
    }

    fn changed(self) {
        self.refused.update(Vec::clear);
        self.way.set(None);
        self.keep_selection();
    }

    async fn send(self, _edits: Vec<Edit>) -> Result<FlowDraft, Problem> {
        // The draft is replaced as a whole, if nobody else has changed it.
        let (version, document) = (self.version.get_value(), self.document.get_untracked());
        flows::replace(&self.form_id().to_string(), version, &document).await
    }

    fn sent(self, draft: FlowDraft) {
        self.version.set_value(draft.version);
        self.editing.hear_changed(draft.changed);
    }

    fn refused(self, problem: &Problem) -> Saved {
        match problem.code.as_str() {
            "stale" => Saved::Conflict,
            _ => Saved::Failed(problem.sentence()),
        }
    }
}

/// The same checks as on the server, so that faults show while one works. The server has the last word.
fn wrong(document: &FlowDocument, form: StoredValue<OfForm>, people: StoredValue<Workspace>) -> Vec<Fault> {
    let faults = form.with_value(|form| {
        people.with_value(|people| {
            let about = InForm { form: &form.form, catalogue: &*form.catalogue };
            Flow::publish(document.clone(), &about, &people.directory).err().unwrap_or_default()
        })
    });
    faults.iter().map(|fault| Fault { path: fault.path.clone(), message: sentence(fault) }).collect()
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
