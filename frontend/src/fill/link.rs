//! Links and members: a picker with search over what the server offers.

use engine::value::Value;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::making::{Making, MakingPlace};
use super::offered::nothing_words;
use super::reading::NoAccess;
use super::references::icon_of;
use super::state::FormState;
use crate::api::Problem;
use crate::t;
use crate::ui::{Avatar, FieldContext, Found, Icon, IconSize, Picker, Popover};

type Answer = std::pin::Pin<Box<dyn Future<Output = Result<Vec<Found>, Problem>>>>;

/// The control of a field that holds one record or member.
#[component]
pub fn LinkInput(state: FormState, path: String, column: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let value = state.value(path.clone());
    let typed = state.typed(path.clone());
    let at = StoredValue::new(path);
    let column = StoredValue::new(column);
    let icon = state.draft.with_untracked(|draft| {
        let form = draft.form();
        icon_of(form.column(&column.get_value()).and_then(|column| column.field.kind.reference()))
    });
    let person = icon == "member";
    let pick = move |found: Found| {
        open.set(false);
        if let Ok(id) = found.id.parse() {
            state.titles.learn_one(id, found.title.clone());
        }
        column.with_value(|column| state.note_chosen(column, &found.id));
        at.with_value(|path| state.enter(path, Json::String(found.id)));
    };
    let making = Making::of(state, &column.get_value(), Callback::new(pick));
    let on_new = making.map(|making| {
        Callback::new(move |typed: String| {
            open.set(false);
            making.begin(typed);
        })
    });
    let nothing = nothing_words(state.why_nothing(&column.get_value()));
    let clear = move |_| {
        open.set(false);
        at.with_value(|path| state.enter(path, Json::Null));
    };
    let sought = RwSignal::new(String::new());
    let show = move |text: String| {
        sought.set(text);
        open.set(true);
    };
    let typed_name = move || typed.get_untracked().unwrap_or_default();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "ArrowDown" {
            event.prevent_default();
            show(typed_name());
        } else if let Some(sign) = sign_of(&event) {
            // It is text: what hears single keys elsewhere shall not hear it. More of it may come before the list has the focus.
            event.stop_propagation();
            // What an input method is at work on stays with it.
            if !sign.is_empty() {
                event.prevent_default();
            }
            let before = if open.get_untracked() { sought.get_untracked() } else { String::new() };
            show(before + sign.as_str());
        }
    };
    let search = Callback::new(move |query: String| -> Answer {
        let is_open = query.trim().is_empty();
        let answer = state.loaders.options.run(at.with_value(|path| state.sought(path, query)));
        let column = column.get_value();
        Box::pin(async move {
            let found = answer.await?;
            Ok(if is_open { state.recent_first(&column, found) } else { found })
        })
    });
    let shown = move || match (typed.get(), value.get()) {
        // A name for which there is no record yet: the list opens with it.
        (Some(name), _) => view! { <span class="clip" title=name.clone()>{name.clone()}</span> }.into_any(),
        // What came later than the record is asked for, and on its way.
        (None, Value::Ref(id)) if state.titles.is_closed(id) => view! { <NoAccess/> }.into_any(),
        (None, Value::Ref(id)) => {
            let title = state.titles.of(id);
            let mark = if person {
                view! { <Avatar name=title.clone()/> }.into_any()
            } else {
                view! { <Icon name=icon size=IconSize::Small/> }.into_any()
            };
            view! { {mark}<span class="clip" title=title.clone()>{title.clone()}</span> }.into_any()
        }
        _ => view! { <span class="placeholder">{t!("ui-choose")}</span> }.into_any(),
    };
    view! {
        <button
            type="button"
            class="input"
            id=FieldContext::id()
            aria-haspopup="listbox"
            aria-expanded=move || open.get().to_string()
            aria-invalid=FieldContext::invalid(Signal::stored(false))
            on:click=move |_| if open.get_untracked() { open.set(false) } else { show(typed_name()) }
            on:keydown=on_key
        >
            {shown}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group">
            <Picker
                search=search
                on_pick=pick
                placeholder=t!("ui-search")
                start=sought
                on_new=on_new
                nothing=nothing
                picked=Signal::derive(move || value.get().as_ref_id().map(|id| id.to_string()).into_iter().collect::<Vec<_>>())
            />
            {move || (typed.get().is_some() || !value.get().is_empty()).then(|| view! {
                <div class="menu-line"></div>
                <button type="button" class="menu-item" on:click=clear><Icon name="close"/>{t!("ui-clear")}</button>
            })}
        </Popover>
        {making.map(|making| view! { <MakingPlace state=state making=making/> })}
    }
}

/// The letter, digit or sign that a key types; nothing for a key that does something.
fn sign_of(event: &leptos::ev::KeyboardEvent) -> Option<String> {
    let acts = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    if acts { None } else { sign_of_key(event.key()) }
}

/// What a key types by its name: none yet where an input method makes a sign of several keys.
fn sign_of_key(key: String) -> Option<String> {
    if key == "Process" {
        return Some(String::new());
    }
    let is_sign = key.chars().count() == 1 && key != " ";
    is_sign.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::sign_of_key;

    #[test]
    fn a_key_types_its_sign_and_one_of_an_input_method_none_yet() {
        let sign = |key: &str| sign_of_key(key.to_string());
        assert_eq!((sign("a").as_deref(), sign("椅").as_deref()), (Some("a"), Some("椅")));
        assert_eq!(sign("Process").as_deref(), Some(""));
        assert_eq!((sign("Enter"), sign(" "), sign("F2")), (None, None, None));
    }
}
