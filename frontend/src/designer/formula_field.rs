//! A formula where it is one property among others, and the dialog that gives it room: the fields that can be read at the
//! left, the functions at the right.

use engine::formula::Type;
use leptos::prelude::*;

use super::formula_editor::{FormulaEditor, Written, ask};
use super::formula_fields::FieldTree;
use super::formula_functions::FunctionList;
use super::formula_sample::{FormulaSample, Samples, Tried};
use super::keys::name_it;
use super::other_forms::learn_further;
use super::rule_badge::ShownPane;
use super::state::Designer;
use crate::draft_editor::{DraftEditor, SETTINGS};
use crate::ui::{Button, ButtonKind, ControlSize, Dialog, DialogSize, unique_id};
use crate::{i18n, t, text};

/// The formula of the field at `path`. It goes on with what is unfinished there.
#[component]
pub fn FormulaField(
    designer: Designer,
    path: String,
    /// The member of the field that it is written for.
    member: &'static str,
    /// What the formula has to give.
    wanted: Signal<Type>,
    /// Whether what it gives is found by the formula.
    #[prop(optional)]
    finds: bool,
    /// The formula as it is stored.
    #[prop(into)]
    value: Signal<String>,
    /// Whether it gives what the canvas shows in the field.
    #[prop(optional)]
    tried: bool,
    #[prop(into)] on_change: Callback<Written>,
    /// Hears that somebody is done in the dialog.
    #[prop(default = None)]
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    // Whoever has just made a computed field writes its formula first, and its name then.
    let is_new = designer.is_added(&path, member);
    // What is typed goes on in the dialog and back.
    let typed = RwSignal::new(designer.unfinished_at(&(path.clone(), member)));
    let open = RwSignal::new(false);
    let of = StoredValue::new(path);
    // What was stored and written when the dialog opened: cancelling goes back to it. All that is taken in it is one step.
    let before = StoredValue::new((String::new(), None::<String>));
    let visit = StoredValue::new(String::new());
    let is_cancelled = StoredValue::new(false);
    let show = move || {
        before.set_value((value.get_untracked(), typed.get_untracked()));
        visit.set_value(unique_id("typing"));
        is_cancelled.set_value(false);
        learn_further(designer);
        open.set(true);
    };
    if is_new {
        let pane = use_context::<ShownPane>();
        request_animation_frame(move || {
            // The settings may have been made anew in the meantime: those that are there ask for it.
            let is_there = open.try_get_untracked().is_some();
            if is_there && of.with_value(|path| designer.takes_added(path, member)) {
                if let Some(ShownPane(pane)) = pane {
                    pane.set(SETTINGS);
                }
                show();
            }
        });
    }
    Effect::new(move |was: Option<bool>| {
        let is_open = open.get();
        if was == Some(true) && !is_open {
            if let Some(on_done) = on_done.filter(|_| !is_cancelled.get_value()) {
                on_done.run(());
            }
            if is_new {
                request_animation_frame(name_it);
            }
        }
        is_open
    });
    let take = Callback::new(move |written: Written| {
        on_change.run(Written { typing: visit.get_value(), ..written });
    });
    let cancel = move |_| {
        is_cancelled.set_value(true);
        let (stored, written) = before.get_value();
        if value.get_untracked() != stored {
            // The step can be done again by whoever cancelled too soon.
            designer.undo();
        }
        if value.get_untracked() != stored {
            take.run(Written { formula: stored, typing: String::new(), gives: None });
        }
        typed.set(written);
        open.set(false);
    };
    let editor = move |inserts: Option<RwSignal<Option<String>>>,
                       tried: Signal<bool>,
                       on_change: Callback<Written>| {
        view! {
            <FormulaEditor
                designer=designer
                path=of.get_value()
                member=member
                wanted=wanted
                finds=finds
                value=value
                tried=tried
                typed=typed
                inserts=inserts
                on_change=on_change
            />
        }
        .into_any()
    };
    let title = Signal::derive(move || {
        let label = of.with_value(|path| {
            designer.document.with(|document| {
                document.field(path).map(|field| field.label.get(i18n::language()).to_string())
            })
        });
        match label.filter(|label| !label.is_empty()) {
            Some(name) => text!("designer-formula-of", name = name),
            None => text!("designer-formula"),
        }
    });
    let foot = move || {
        view! {
            <span class="start">{t!("designer-formula-foot")}</span>
            <Button on_press=cancel>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("designer-formula-done")}</Button>
        }
    };
    let desk = move || {
        let inserts = RwSignal::new(None::<String>);
        let insert = Callback::new(move |written: String| inserts.set(Some(written)));
        let path = of.get_value();
        let in_row = path.contains('.');
        let samples = untrack(|| designer.is_published()).then(|| Samples::of(designer));
        // What the canvas shows is said where no record is there to be shown.
        let has_sample = Memo::new(move |_| samples.is_some_and(|samples| samples.count() > 0));
        let on_canvas = Signal::derive(move || tried && !has_sample.get());
        let at = StoredValue::new(path.clone());
        let wrong = Memo::new(move |_| {
            let source = typed.get().filter(|source| !source.trim().is_empty());
            let check = |source: String| {
                let wanted = if finds { Type::Any } else { wanted.get() };
                ask(designer, at, |input| input.check(&source, &wanted)).is_err()
            };
            source.is_some_and(check)
        });
        let sample = move || {
            let samples = samples.filter(|_| has_sample.get())?;
            let tried = Tried { path: of.get_value(), member, wanted: wanted.get(), in_field: tried };
            Some(
                view! { <FormulaSample designer=designer tried=tried value=value samples=samples wrong=wrong/> },
            )
        };
        view! {
            <div class="formula-cols">
                <FieldTree designer=designer path=path on_choose=insert/>
                <div class="formula-middle">{editor(Some(inserts), on_canvas, take)}{sample}</div>
                <FunctionList in_row=in_row on_choose=insert/>
            </div>
        }
    };
    view! {
        // Above the input: what is said of the formula comes below it when it is left, and would move what is pressed.
        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="formula" class="formula-open" on_press=move |_| show()>
            {t!("designer-formula-open")}
        </Button>
        {move || (!open.get()).then(|| editor(None, Signal::stored(tried), on_change))}
        <Dialog open=open title=title size=DialogSize::Large foot=Some(ViewFn::from(foot))>{desk()}</Dialog>
    }
}
