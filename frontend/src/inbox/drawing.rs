//! The flow as it is drawn, with the way that the request has taken.

use std::iter::Peekable;
use std::sync::Arc;
use std::vec::IntoIter;

use leptos::html::Div;
use leptos::prelude::*;

use super::flow_look;
use crate::api::instances::{AskedPerson, DrawnStep, Instance};
use crate::ui::{Icon, IconSize, classes};
use crate::{i18n, t, text};

/// A step with the arms that begin at it.
#[derive(Debug)]
struct Node {
    step: DrawnStep,
    arms: Vec<(DrawnStep, Vec<Node>)>,
}

/// The steps of a drawing as the tree that they are: the server lists them one after another, each with how deep it lies.
fn tree(steps: Vec<DrawnStep>) -> Vec<Node> {
    sequence(&mut steps.into_iter().peekable(), 0)
}

fn sequence(steps: &mut Peekable<IntoIter<DrawnStep>>, depth: u32) -> Vec<Node> {
    let mut nodes = Vec::new();
    while let Some(step) = steps.next_if(|next| next.depth == depth && next.kind != "arm") {
        let mut arms = Vec::new();
        while let Some(arm) = steps.next_if(|next| next.depth == depth + 1 && next.kind == "arm") {
            arms.push((arm, sequence(steps, depth + 2)));
        }
        nodes.push(Node { step, arms });
    }
    nodes
}

/// The tree of steps from top to bottom with its arms side by side: the way that was taken stands out, what it went past is faint.
/// It scrolls in its own frame, and begins where somebody is at it now.
#[component]
pub fn FlowDrawing(instance: Instance) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    Effect::new(move || {
        if frame.get().is_some() {
            request_animation_frame(move || show_current(frame));
        }
    });
    let instance = Arc::new(instance);
    let is_over = instance.is_ended() && instance.state != "withdrawn";
    let submitter = instance.submitter.as_deref().map(|id| instance.member_name(id));
    let steps = line(&instance, tree(instance.drawing.clone()));
    view! {
        <div node_ref=frame class="flow-drawing" role="group" tabindex="0" aria-label=t!("flow-drawing")>
            <ol class="tree">
                <li>
                    <div class="step path" data-state="passed">
                        <div class="step-head"><Icon name="send" class="k-start"/><span class="clip">{t!("flow-start")}</span></div>
                        {submitter.map(|name| view! { <p>{name}</p> })}
                    </div>
                </li>
                {steps}
                <li>
                    <span class="wire" class:path=is_over></span>
                    <span class="end-dot"><Icon name="check" size=IconSize::Tiny/>{t!("flow-did-end")}</span>
                </li>
            </ol>
        </div>
    }
}

/// Moves the drawing in its frame so that the step is in its middle at which somebody is now.
fn show_current(frame: NodeRef<Div>) {
    let Some(frame) = frame.try_get_untracked().flatten() else { return };
    let Some(step) = frame.query_selector(".step[data-state=active]").ok().flatten() else {
        frame.set_scroll_left((frame.scroll_width() - frame.client_width()) / 2);
        return;
    };
    let (around, at) = (frame.get_bounding_client_rect(), step.get_bounding_client_rect());
    let right = at.left() - around.left() - (around.width() - at.width()) / 2.0;
    let down = at.top() - around.top() - (around.height() - at.height()) / 2.0;
    frame.set_scroll_left(frame.scroll_left() + right as i32);
    frame.set_scroll_top(frame.scroll_top() + down as i32);
}

/// Whether the way has come to a step or an arm.
fn is_entered(step: &DrawnStep) -> bool {
    !matches!(step.state.as_str(), "waiting" | "skipped" | "cancelled")
}

/// The steps of an arm, or of the main line.
fn line(instance: &Arc<Instance>, nodes: Vec<Node>) -> AnyView {
    let part = |node: Node| {
        let is_path = is_entered(&node.step);
        let drawn = if node.arms.is_empty() { card(instance, &node.step) } else { block(instance, node) };
        view! { <li><span class="wire" class:path=is_path></span>{drawn}</li> }
    };
    nodes.into_iter().map(part).collect_view().into_any()
}

/// A step that is not drawn with arms.
fn card(instance: &Arc<Instance>, step: &DrawnStep) -> AnyView {
    let (mark, word) = mark_of(step);
    let (icon, colour) = (icon_of(&step.kind), colour_of(&step.kind));
    let name = name_of(step);
    let stands = classes(&["stands", flow_look(&step.state).0.class()]);
    let (of, people) = (instance.clone(), step.people.clone());
    let people = (!people.is_empty()).then(|| {
        let names = move || i18n::listed(people.iter().map(|person| with_behalf(&of, person)));
        view! { <p>{names}</p> }
    });
    let is_now = (step.state == "active").then_some("step");
    view! {
        <div class="step" class:path=is_entered(step) data-state=step.state.clone() aria-current=is_now>
            <div class="step-head"><Icon name=icon class=colour/><span>{name}</span></div>
            {people}
            <p class=stands><Icon name=mark size=IconSize::Small/>{move || i18n::lookup(word, &[])}</p>
        </div>
    }
    .into_any()
}

/// A branch or parallel block with its arms.
fn block(instance: &Arc<Instance>, node: Node) -> AnyView {
    let Node { step, arms } = node;
    let (icon, is_path) = (icon_of(&step.kind), is_entered(&step));
    let name = name_of(&step);
    let arm = |(head, inside): (DrawnStep, Vec<Node>)| {
        let (taken, done) = (is_entered(&head), head.state == "passed");
        let (_, word) = mark_of(&head);
        let name = name_of(&head);
        view! {
            <li class="arm" class:taken=taken class:on=done>
                <span class="wire short" class:path=taken></span>
                <div class="when-box" class:path=taken data-state=head.state.clone()>
                    <b>{name}</b>
                    {move || i18n::lookup(word, &[])}
                </div>
                <ol class="tree">{line(instance, inside)}</ol>
                <span class="wire rest" class:path=done></span>
            </li>
        }
    };
    view! {
        <div class="fork-label" class:path=is_path data-state=step.state.clone()><Icon name=icon/>{name}</div>
        <span class="wire short" class:path=is_path></span>
        <ul class="fork">{arms.into_iter().map(arm).collect_view()}</ul>
    }
    .into_any()
}

/// What a step or an arm is called; the arm that is taken in all other cases often has no name.
fn name_of(step: &DrawnStep) -> impl Fn() -> String + Send + use<> {
    let (label, is_arm) = (step.label.clone(), step.kind == "arm");
    move || match label.get(i18n::language()).to_string() {
        name if name.is_empty() && is_arm => text!("flow-otherwise"),
        name => name,
    }
}

/// Somebody's name, with whom they stand in for.
pub(super) fn with_behalf(instance: &Instance, person: &AskedPerson) -> String {
    let name = instance.member_name(&person.member);
    match &person.on_behalf_of {
        Some(of) => text!("flow-name-for", name = name, of = instance.member_name(of)),
        None => name,
    }
}

/// The icon of a kind of step.
pub fn icon_of(kind: &str) -> &'static str {
    match kind {
        "fill" => "edit",
        "cc" => "email",
        "action" => "bolt",
        "delay" => "clock",
        "subflow" => "flow",
        "branch" => "branch",
        "parallel" => "parallel",
        _ => "stamp",
    }
}

/// The class of its colour.
fn colour_of(kind: &str) -> &'static str {
    match kind {
        "approve" => "k-approve",
        "fill" => "k-fill",
        "cc" => "k-cc",
        _ => "k-act",
    }
}

/// The icon of how a step stands, and the text that says so.
fn mark_of(step: &DrawnStep) -> (&'static str, &'static str) {
    match step.state.as_str() {
        "active" => ("clock", "flow-stands-active"),
        "passed" => ("ok", "flow-stands-passed"),
        "rejected" => ("refused", "flow-stands-rejected"),
        "returned" => ("return", "flow-stands-returned"),
        "cancelled" => ("close", "flow-stands-cancelled"),
        "skipped" => ("minus", "flow-stands-skipped"),
        _waiting => ("circle", "flow-stands-waiting"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(key: &str, kind: &str, state: &str, depth: u32) -> DrawnStep {
        let json = serde_json::json!({"key": key, "kind": kind, "state": state, "depth": depth});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn each_state_has_a_mark_of_its_own() {
        let of = |state: &str| mark_of(&step("boss", "approve", state, 0)).0;
        let states = ["waiting", "active", "passed", "rejected", "returned", "cancelled", "skipped"];
        let marks: std::collections::BTreeSet<&str> = states.into_iter().map(of).collect();
        assert_eq!(marks.len(), states.len());
    }

    #[test]
    fn what_is_listed_line_by_line_becomes_the_tree_that_it_is() {
        fn words(nodes: &[Node]) -> String {
            let word = |node: &Node| {
                let arms = node.arms.iter().map(|(arm, inside)| format!("{}[{}]", arm.key, words(inside)));
                let arms = arms.collect::<Vec<_>>().join("|");
                if arms.is_empty() { node.step.key.clone() } else { format!("{}({arms})", node.step.key) }
            };
            nodes.iter().map(word).collect::<Vec<_>>().join(" ")
        }
        let listed = vec![
            step("first", "approve", "passed", 0),
            step("size", "branch", "active", 0),
            step("size.large", "arm", "active", 1),
            step("both", "parallel", "active", 2),
            step("both.a", "arm", "active", 3),
            step("one", "approve", "active", 4),
            step("both.b", "arm", "active", 3),
            step("two", "fill", "active", 4),
            step("size.default", "arm", "skipped", 1),
            step("last", "approve", "waiting", 0),
        ];
        let drawn = tree(listed);
        assert_eq!(
            words(&drawn),
            "first size(size.large[both(both.a[one]|both.b[two])]|size.default[]) last"
        );
        let entered =
            |key: &str| drawn.iter().find(|node| node.step.key == key).map(|node| is_entered(&node.step));
        assert_eq!((entered("size"), entered("last")), (Some(true), Some(false)));
    }
}
