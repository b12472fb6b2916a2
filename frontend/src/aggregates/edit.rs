//! Designing an aggregate table: what it is called, what tells its groups apart, what is counted, what is computed from
//! that, which limits hold, and who reads it.

use engine::aggregate::{AggregateDocument, ConstraintRule, Dimension, MeasureFormula};
use engine::condition::{Condition, Operand, Operator, Test};
use engine::text::Label;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use serde_json::Value as Json;
use wire::FormState;

use super::fields::{Editor, RemoveButton, TextField, free_key, read_key, with_text, with_text_or_none};
use super::readers::Readers;
use super::sources::Sources;
use super::{document_of, measures_of, name_of, table_param};
use crate::api::{Problem, aggregates, forms};
use crate::conditions::operator_name;
use crate::i18n;
use crate::records::app_param;
use crate::recycle_bin::{DeleteQuestion, Doomed};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Banner, Button, ButtonKind, Choice, ControlSize, Crumb, Field, Loaded, ProblemCode, Select, Together,
    Tone,
};
use crate::{t, text};

/// Comparisons of a limit.
const COMPARISONS: [Operator; 5] = [Operator::Gte, Operator::Gt, Operator::Lte, Operator::Lt, Operator::Eq];

/// What is in the address for a table that is not there yet.
const NEW: &str = "";

#[component]
pub fn AggregateEditPage() -> impl IntoView {
    let id = table_param();
    let answer = LocalResource::new(move || {
        let id = id.get();
        async move {
            match id.as_str() {
                NEW => Ok(None),
                id => aggregates::get(id).await.map(Some),
            }
        }
    });
    let body = move |table: Option<wire::Aggregate>| view! { <Design table=table/> };
    view! { <Loaded answer=answer view=body/> }
}

/// A table with one dimension and nothing to count yet.
fn blank() -> AggregateDocument {
    AggregateDocument {
        format: 1,
        key: "table_1".to_string(),
        label: Label::Plain(text!("aggregate-new-name")),
        dimensions: vec![Dimension { key: "dimension_1".to_string(), label: Label::default() }],
        sources: Vec::new(),
        measures: Vec::new(),
        constraints: Vec::new(),
        read: None,
        rows: None,
    }
}

#[component]
fn Design(table: Option<wire::Aggregate>) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let is_new = table.is_none();
    let document = table.as_ref().and_then(document_of);
    let editor = Editor::of(untrack(|| document.unwrap_or_else(blank)));
    // Another language on the screen must not begin the design anew.
    let name = untrack(|| table.as_ref().map(name_of));
    let kept = StoredValue::new(table.map(|table| (table.id.to_string(), table.version)));
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let go = StoredValue::new(use_navigate());
    let leave = move |rest: String| {
        shell.aggregates.refetch();
        let path = format!("/apps/{}/aggregates{rest}", app.get_untracked());
        go.try_with_value(|go| go(&path, Default::default()));
    };
    let save = move |_| {
        busy.set(true);
        problem.set(None);
        let (app, document, kept) = (app.get_untracked(), editor.document.get_untracked(), kept.get_value());
        spawn_local(async move {
            let answer = match kept {
                None => aggregates::create(&app, &document).await,
                Some((id, version)) => aggregates::replace(&id, version, &document).await.map(|()| id),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(id) => leave(format!("/{id}")),
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    let removing = RwSignal::new(false);
    let doomed = Signal::derive(move || {
        let (id, _) = kept.get_value()?;
        let name = name.clone().unwrap_or_default();
        Some(Doomed { name, path: format!("/aggregates/{id}"), app: None })
    });
    let removed = move |()| leave(String::new());
    let crumbs = Signal::derive(move || {
        let here = editor.document.with(|document| document.label.get(i18n::language()).to_string());
        let here = if here.trim().is_empty() { text!("aggregates-new") } else { here };
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(text!("aggregates-title"), format!("/apps/{}/aggregates", app.get())),
            Crumb::here(here),
        ]
    });
    let known = move || {
        let forms = shell.forms.get().and_then(Result::ok).unwrap_or_default();
        forms.into_iter().filter(|form| form.state == FormState::Published)
    };
    let choices = Signal::derive(move || {
        let choice = |form: wire::Form| Choice::new(form.key, form.label.get(i18n::language()).to_string());
        known().map(choice).collect::<Vec<_>>()
    });
    // The forms that sources name are opened once each: their fields are what is chosen from.
    Effect::new(move || {
        // Which of them are the app's own is known then.
        if shell.forms.get().is_none() {
            return;
        }
        let wanted: Vec<String> = editor
            .document
            .with(|document| document.sources.iter().map(|source| source.form.clone()).collect());
        for key in wanted {
            if editor.forms.with_untracked(|forms| forms.contains_key(&key)) {
                continue;
            }
            // A form of another app is named by both keys.
            let own = known().find(|form| form.key == key).map(|form| form.id.to_string());
            let name = own.unwrap_or_else(|| key.replace('/', "."));
            spawn_local(async move {
                let found = forms::open(&name).await.ok().map(|open| open.form);
                let _ = editor.forms.try_update(|forms| forms.insert(key, found));
            });
        }
    });
    view! {
        <Top crumbs=crumbs>
            {(!is_new).then(|| view! {
                <Button kind=ButtonKind::DangerQuiet icon="trash" on_press=move |_| removing.set(true)>{t!("aggregate-remove")}</Button>
            })}
            <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("aggregate-save")}</Button>
        </Top>
        <main class="page">
            <div class="page-in stack g6">
                {move || problem.get().map(|problem| view! { <Faults problem=problem/> })}
                <Together lines=12>
                    <General editor=editor is_new=is_new/>
                    <section class="stack g3">
                        <h2>{t!("aggregate-dimensions")}</h2>
                        <Dimensions editor=editor/>
                    </section>
                    <section class="stack g3">
                        <h2>{t!("aggregate-sources")}</h2>
                        <Sources editor=editor forms=choices/>
                    </section>
                    <section class="stack g3">
                        <h2>{t!("aggregate-computed")}</h2>
                        <p class="note muted">{t!("aggregate-computed-text")}</p>
                        <Computed editor=editor/>
                    </section>
                    <section class="stack g3">
                        <h2>{t!("aggregate-limits")}</h2>
                        <p class="note muted">{t!("aggregate-limits-text")}</p>
                        <Limits editor=editor/>
                    </section>
                    <section class="stack g3">
                        <h2>{t!("aggregate-readers")}</h2>
                        <Readers editor=editor/>
                    </section>
                </Together>
            </div>
        </main>
        <DeleteQuestion open=removing thing=doomed on_deleted=removed/>
    }
}

/// What is wrong with the document, and where.
#[component]
fn Faults(problem: Problem) -> impl IntoView {
    let (told, failed) = (problem.sentence(), problem.clone());
    let faults: Vec<(String, String)> = problem
        .errors
        .into_iter()
        .map(|error| (error.path.trim_start_matches('/').replace('/', " › "), error.message))
        .collect();
    let lines = faults.into_iter().map(|(place, message)| {
        view! { <li><span class="muted">{place}</span>" "{message}</li> }
    });
    view! {
        <Banner tone=Tone::Danger>
            <div class="stack g2"><span>{told}</span><ul>{lines.collect_view()}</ul><ProblemCode problem=failed/></div>
        </Banner>
    }
}

#[component]
fn General(editor: Editor, is_new: bool) -> impl IntoView {
    let (label, key) = editor.document.with_untracked(|document| {
        (document.label.get(i18n::language_now()).to_string(), document.key.clone())
    });
    let set_label =
        move |text: String| editor.set(|document| document.label = with_text(&document.label, &text));
    let set_key = move |text: String| {
        if let Some(key) = read_key(&text) {
            editor.set(|document| document.key = key);
        }
    };
    view! {
        <div class="row wrap">
            <TextField label=t!("aggregate-label") value=label on_change=set_label name="label"/>
            {is_new.then(|| view! { <TextField label=t!("aggregate-key") value=key on_change=set_key name="key"/> })}
        </div>
    }
}

#[component]
fn Dimensions(editor: Editor) -> impl IntoView {
    let line = move |(place, dimension): (usize, Dimension)| {
        let set_label = move |text: String| {
            editor.set(|document| {
                if let Some(dimension) = document.dimensions.get_mut(place) {
                    dimension.label = with_text(&dimension.label, &text);
                }
            });
        };
        let set_key = move |text: String| {
            let Some(new) = read_key(&text) else { return };
            // What gives it in each source goes with it.
            editor.reshape(|document| {
                let Some(dimension) = document.dimensions.get_mut(place) else { return };
                let old = std::mem::replace(&mut dimension.key, new.clone());
                for source in &mut document.sources {
                    if let Some(by) = source.group.remove(&old) {
                        source.group.insert(new.clone(), by);
                    }
                }
            });
        };
        let remove = move |()| {
            editor.reshape(|document| {
                if place < document.dimensions.len() {
                    let gone = document.dimensions.remove(place);
                    document.sources.iter_mut().for_each(|source| drop(source.group.remove(&gone.key)));
                }
            });
        };
        let label = dimension.label.get(i18n::language_now()).to_string();
        view! {
            <div class="row">
                <TextField label=t!("aggregate-label") value=label on_change=set_label name="dimension_label"/>
                <TextField label=t!("aggregate-key") value=dimension.key on_change=set_key name="dimension_key"/>
                <RemoveButton on_remove=remove/>
            </div>
        }
    };
    let lines = move || {
        editor.parts.track();
        let all = editor.document.with_untracked(|document| document.dimensions.clone());
        all.into_iter().enumerate().map(line).collect_view()
    };
    let add = move |_| {
        editor.reshape(|document| {
            let taken = document.dimensions.iter().map(|known| known.key.as_str());
            let key = free_key("dimension", taken);
            document.dimensions.push(Dimension { key, label: Label::default() });
        });
    };
    view! {
        <div class="stack g2">
            {lines}
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("aggregate-add-dimension")}</Button></div>
        </div>
    }
}

#[component]
fn Computed(editor: Editor) -> impl IntoView {
    let line = move |(place, measure): (usize, MeasureFormula)| {
        let change = move |change: &dyn Fn(&mut MeasureFormula)| {
            editor.set(|document| document.measures.get_mut(place).into_iter().for_each(change));
        };
        let set_label = move |text: String| {
            change(&|measure| measure.label = with_text_or_none(measure.label.as_ref(), &text));
        };
        let set_key = move |text: String| {
            if let Some(key) = read_key(&text) {
                change(&|measure| measure.key.clone_from(&key));
            }
        };
        let set_formula = move |text: String| change(&|measure| measure.formula.clone_from(&text));
        let set_scale = move |text: String| {
            if let Ok(scale) = text.trim().parse::<u32>() {
                change(&|measure| measure.scale = scale);
            }
        };
        let remove = move |()| {
            editor.reshape(|document| {
                if place < document.measures.len() {
                    document.measures.remove(place);
                }
            });
        };
        let label =
            measure.label.map(|label| label.get(i18n::language_now()).to_string()).unwrap_or_default();
        view! {
            <div class="row wrap">
                <TextField label=t!("aggregate-label") value=label on_change=set_label name="computed_label"/>
                <TextField label=t!("aggregate-key") value=measure.key on_change=set_key name="computed_key"/>
                <TextField label=t!("aggregate-formula") value=measure.formula on_change=set_formula name="computed_formula"/>
                <TextField label=t!("aggregate-scale") value=measure.scale.to_string() on_change=set_scale name="computed_scale"/>
                <RemoveButton on_remove=remove/>
            </div>
        }
    };
    let lines = move || {
        editor.parts.track();
        let all = editor.document.with_untracked(|document| document.measures.clone());
        all.into_iter().enumerate().map(line).collect_view()
    };
    let add = move |_| {
        editor.reshape(|document| {
            let kept = document.sources.iter().flat_map(|source| source.measures.keys());
            let taken: Vec<String> =
                kept.cloned().chain(document.measures.iter().map(|known| known.key.clone())).collect();
            let key = free_key("computed", taken.iter().map(String::as_str));
            document.measures.push(MeasureFormula { key, label: None, formula: String::new(), scale: 2 });
        });
    };
    view! {
        <div class="stack g2">
            {lines}
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("aggregate-add-computed")}</Button></div>
        </div>
    }
}

/// The one comparison that a limit is, with what the measure is compared with; nothing for limits of several.
fn comparison(check: &Condition) -> Option<(String, Operator, String)> {
    let Condition::Test(test) = check else { return None };
    let value = match test.value.as_ref()? {
        Operand::Literal(Json::String(text)) => text.clone(),
        Operand::Literal(Json::Number(number)) => number.to_string(),
        _ => return None,
    };
    COMPARISONS.contains(&test.op).then(|| (test.field.clone(), test.op, value))
}

#[component]
fn Limits(editor: Editor) -> impl IntoView {
    let measures = Signal::derive(move || {
        let all = editor.document.with(measures_of);
        all.into_iter().map(|(key, name)| Choice::new(key, name)).collect::<Vec<_>>()
    });
    let operators = Signal::derive(|| {
        let choice = |op: &Operator| Choice::new(op.name(), operator_name(*op));
        COMPARISONS.iter().map(choice).collect::<Vec<_>>()
    });
    let line = move |(place, limit): (usize, ConstraintRule)| {
        let change = move |change: &dyn Fn(&mut ConstraintRule)| {
            editor.set(|document| document.constraints.get_mut(place).into_iter().for_each(change));
        };
        let test = move |edit: &dyn Fn(&mut Test)| {
            change(&|limit| {
                if let Condition::Test(test) = &mut limit.check {
                    edit(test);
                }
            });
        };
        let now = Memo::new(move |_| {
            let limit = editor.document.with(|document| document.constraints.get(place).cloned());
            comparison(&limit?.check)
        });
        let choose_measure = move |key: Option<String>| {
            if let Some(key) = key {
                test(&|test| test.field.clone_from(&key));
            }
        };
        let choose_operator = move |name: Option<String>| {
            let chosen = COMPARISONS.into_iter().find(|op| Some(op.name()) == name.as_deref());
            if let Some(op) = chosen {
                test(&|test| test.op = op);
            }
        };
        let set_value = move |text: String| {
            test(&|test| test.value = Some(Operand::Literal(Json::String(text.trim().to_string()))));
        };
        let set_message =
            move |text: String| change(&|limit| limit.message = with_text(&limit.message, &text));
        let remove = move |()| {
            editor.reshape(|document| {
                if place < document.constraints.len() {
                    document.constraints.remove(place);
                }
            });
        };
        let message = limit.message.get(i18n::language_now()).to_string();
        let compares = comparison(&limit.check).map(|(_, _, value)| {
            view! {
                <Field label=t!("aggregate-measure") class="grow">
                    <Select
                        choices=measures
                        value=Signal::derive(move || now.get().map(|(key, _, _)| key))
                        on_change=choose_measure
                    />
                </Field>
                <Field label=t!("aggregate-compares") class="grow">
                    <Select
                        choices=operators
                        value=Signal::derive(move || now.get().map(|(_, op, _)| op.name().to_string()))
                        on_change=choose_operator
                    />
                </Field>
                <TextField label=t!("aggregate-value") value=value on_change=set_value name="limit_value"/>
            }
        });
        let is_kept = compares.is_none();
        view! {
            <div class="row wrap">
                {compares}
                {is_kept.then(|| view! { <span class="note muted grow">{t!("aggregate-limit-kept", code = limit.key)}</span> })}
                <TextField label=t!("aggregate-message") value=message on_change=set_message name="limit_message"/>
                <RemoveButton on_remove=remove/>
            </div>
        }
    };
    let lines = move || {
        editor.parts.track();
        let all = editor.document.with_untracked(|document| document.constraints.clone());
        all.into_iter().enumerate().map(line).collect_view()
    };
    let add = move |_| {
        let first = measures.with_untracked(|all| all.last().map(|measure| measure.key.clone()));
        editor.reshape(|document| {
            let key = free_key("limit", document.constraints.iter().map(|known| known.key.as_str()));
            let check = Condition::test(&first.unwrap_or_default(), Operator::Gte, "0");
            let message = Label::Plain(text!("aggregate-limit-message"));
            document.constraints.push(ConstraintRule { key, check, message });
        });
    };
    view! {
        <div class="stack g2">
            {lines}
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("aggregate-add-limit")}</Button></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_one_comparison_is_shown_as_one() {
        let simple = Condition::test("on_hand", Operator::Gte, "0");
        assert_eq!(comparison(&simple), Some(("on_hand".to_string(), Operator::Gte, "0".to_string())));
        assert_eq!(comparison(&Condition::All(vec![simple])), None);
        assert_eq!(comparison(&Condition::test("a", Operator::Ne, "0")), None);
    }
}
