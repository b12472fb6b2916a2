//! What a list of the inbox is narrowed to: one app, one form, only what is late, what came back …

use leptos::prelude::*;
use wire::flows::TaskCounts;

use crate::api::tasks::{Only, TaskBox, TaskFilter};
use crate::i18n;
use crate::shell::ShellContext;
use crate::t;
use crate::ui::{Button, Chip, Choice, ControlSize, Select};

/// The filters above a list. `on_change` hears what is chosen.
#[component]
pub fn Filters(
    of: Memo<TaskBox>,
    filter: Memo<TaskFilter>,
    /// How much there is, once it is known.
    counts: Signal<Option<TaskCounts>>,
    #[prop(into)] on_change: Callback<TaskFilter>,
) -> impl IntoView {
    let forms = Signal::derive(move || {
        let counts = counts.get().unwrap_or_default();
        let choice = |form: &wire::flows::FormTasks| {
            let label = form.label.get(i18n::language()).to_string();
            Choice::new(form.form.to_string(), label).note(i18n::whole(form.todo))
        };
        counts.forms.iter().map(choice).collect::<Vec<_>>()
    });
    let form = Signal::derive(move || filter.get().form);
    let choose_form = move |form: Option<String>| {
        on_change.run(TaskFilter { form, ..filter.get_untracked() });
    };
    // Only what waits is counted by form; a form that is chosen can be let go everywhere.
    let has_forms = Memo::new(move |_| {
        let several = of.get() == TaskBox::ToDo && forms.with(|forms| forms.len() > 1);
        several || form.with(Option::is_some)
    });
    let chip = move |only: Only| {
        let is_on = Signal::derive(move || filter.with(|filter| filter.only == Some(only)));
        let count = move || {
            let counts = counts.get()?;
            let count = match only {
                Only::Overdue => counts.overdue,
                Only::Returned => counts.returned,
                Only::Running => counts.running,
                Only::Unseen => counts.unseen,
            };
            (count > 0).then(|| format!(" {}", i18n::whole(count)))
        };
        let name = move || match only {
            Only::Overdue => t!("inbox-only-overdue")(),
            Only::Returned => t!("inbox-only-returned")(),
            Only::Running => t!("inbox-only-running")(),
            Only::Unseen => t!("inbox-only-unseen")(),
        };
        let turn = move |_| {
            let chosen = (!is_on.get_untracked()).then_some(only);
            on_change.run(TaskFilter { only: chosen, ..filter.get_untracked() });
        };
        view! {
            <Button size=ControlSize::Small pressed=is_on on=is_on on_press=turn>{name}{count}</Button>
        }
    };
    let app = Memo::new(move |_| filter.with(|filter| filter.app.clone()));
    let shell = ShellContext::expect();
    // Who decides something of an app need not see the app: its key stands for its name.
    let app_chip = move || {
        let key = app.get()?;
        let label = shell.app(&key).map(|app| app.label.get(i18n::language()).to_string());
        let all = move |()| {
            on_change.run(TaskFilter { only: filter.get_untracked().only, ..TaskFilter::default() })
        };
        Some(view! { <Chip colour=1 on_remove=all>{label.unwrap_or(key)}</Chip> })
    };
    let chips = move || Only::of(of.get()).iter().copied().map(chip).collect_view();
    let is_empty = move || Only::of(of.get()).is_empty() && !has_forms.get() && app.with(Option::is_none);
    view! {
        <div class="row wrap inbox-filters" hidden=is_empty>
            {app_chip}
            <Show when=move || has_forms.get()>
                <span class="grow">
                    <Select
                        choices=forms
                        value=form
                        on_change=choose_form
                        placeholder=Signal::derive(t!("inbox-every-form"))
                        clearable=true
                        label=Signal::derive(t!("inbox-of-form"))
                        size=ControlSize::Small
                    />
                </span>
            </Show>
            {chips}
        </div>
    }
}
