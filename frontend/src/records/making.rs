//! The dialog that makes a record for a link, out of the picker that did not find it.

use engine::field::Shape;
use engine::form::Form;
use engine::record::{Draft, title_fields};
use engine::text::Label;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use wire::records::RecordInput;

use super::{ChoosePeople, Choosing, context, loaders, refuse, title_of};
use crate::api::forms::{self, OpenForm};
use crate::api::records;
use crate::fill::{FaultList, FormState, LiveForm, Making, Titles};
use crate::ui::{Button, ButtonKind, Dialog, Found, Loaded};
use crate::{browser, i18n, t, text};

/// The record that is filled.
#[derive(Clone, Copy)]
struct Filling {
    form: StoredValue<OpenForm>,
    state: FormState,
    titles: Titles,
    choosing: Choosing,
}

/// Makes a record of another form, which is then linked.
#[component]
pub fn MakingDialog(making: Making) -> impl IntoView {
    let Making { form, open, name, on_made } = making;
    let opened = LocalResource::new(move || async move { forms::open(&form.to_string()).await });
    let filling = RwSignal::new(None::<Filling>);
    let label = RwSignal::new(None::<Label>);
    let busy = RwSignal::new(false);
    // One key for one submit, so that a repetition is never a second record.
    let key = StoredValue::new(browser::random_key());
    let save = move |_| {
        let Some(Filling { form: opened, state, titles, choosing }) = filling.get_untracked() else { return };
        if busy.get_untracked() || !state.check() {
            return;
        }
        state.drop_blank_rows();
        busy.set(true);
        let input =
            RecordInput { fields: state.changed_fields(), chosen: choosing.ids(), ..RecordInput::default() };
        spawn_local(async move {
            match records::create(form, &input, &key.get_value()).await {
                Ok(record) => {
                    let title = opened.try_with_value(|opened| {
                        title_of(
                            &opened.form,
                            &records::values(opened, &record),
                            titles,
                            i18n::language_now(),
                        )
                    });
                    let title = title.filter(|title| !title.is_empty());
                    let title = title.unwrap_or_else(|| text!("record-untitled"));
                    on_made.try_run(Found { id: record.id.to_string(), title, ..Found::default() });
                    let _ = open.try_set(false);
                }
                Err(problem) => {
                    // Another content is another submit. The dialog may be closed by now.
                    let _ = key.try_set_value(browser::random_key());
                    if busy.try_set(false).is_none() {
                        refuse(state, problem);
                    }
                }
            }
        });
    };
    let title = Signal::derive(move || match label.get() {
        Some(label) => text!("record-new-title", form = label.get(i18n::language())),
        None => text!("ui-new"),
    });
    let body = move |form: OpenForm| {
        label.set(Some(form.info.label.clone()));
        view! { <Filled form=form name=name filling=filling/> }
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("record-save")}</Button>
        }
    };
    view! {
        <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>
            <Loaded answer=opened view=body/>
        </Dialog>
    }
}

/// The fields of the new record.
#[component]
fn Filled(form: OpenForm, name: RwSignal<String>, filling: RwSignal<Option<Filling>>) -> impl IntoView {
    let titles = Titles::default();
    let draft = Draft::new(form.form.clone(), context(form.params()));
    let state = FormState::new(draft, loaders(&form, titles), titles);
    state.editable.set_value(Some(form.editable()));
    state.load_links();
    let typed = name.get_untracked();
    if let Some(path) = called_by(&form.form).filter(|path| !typed.is_empty() && may_set(state, path)) {
        state.enter(&path, json!(typed));
    }
    let choosing = Choosing::of(form.info.choose.clone());
    filling.set(Some(Filling { form: StoredValue::new(form), state, titles, choosing }));
    view! {
        <div class="stack g4">
            <FaultList state=state/>
            <LiveForm state=state/>
            <ChoosePeople choosing=choosing/>
        </div>
    }
}

/// The short text that a record of the form is called by.
fn called_by(form: &Form) -> Option<String> {
    let is_text = |path: &String| {
        form.column(path).is_some_and(|column| column.shape == Shape::Text && column.field.is_input())
    };
    title_fields(form).into_iter().map(|column| column.path.clone()).find(is_text)
}

fn may_set(state: FormState, path: &str) -> bool {
    state.draft.with_untracked(|draft| draft.form().column(path).is_some_and(|column| state.may_edit(column)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::form_of;

    #[test]
    fn what_was_typed_is_the_text_that_the_record_is_called_by() {
        let form = form_of(json!([
            {"key": "day", "label": "Day", "kind": "date"},
            {"key": "name", "label": "Name", "kind": "text"}]));
        assert_eq!(called_by(&form).as_deref(), Some("name"));
        let form = form_of(json!([{"key": "day", "label": "Day", "kind": "date"}]));
        assert_eq!(called_by(&form), None);
    }
}
