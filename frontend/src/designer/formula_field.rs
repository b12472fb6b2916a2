//! A formula where it is one property among others, and the dialog that gives it room: the fields that can be read at the
//! left, the functions at the right.

use engine::formula::Type;
use leptos::prelude::*;

use super::formula_editor::{FormulaEditor, Written};
use super::formula_fields::FieldTree;
use super::formula_functions::FunctionList;
use super::state::Designer;
use crate::ui::{Button, ButtonKind, ControlSize, Dialog, DialogSize};
use crate::{i18n, t, text};

/// The formula of the field at `path`. It goes on with what is unfinished there.
#[component]
pub fn FormulaField(
    designer: Designer,
    path: String,
    /// The member of the field that it is written for.
    member: &'static str,
    /// What the formula has to give.
    wanted: Type,
    /// The formula as it is stored.
    #[prop(into)]
    value: Signal<String>,
    /// Whether it gives what the canvas shows in the field.
    #[prop(optional)]
    tried: bool,
    #[prop(into)] on_change: Callback<Written>,
) -> impl IntoView {
    // What is typed goes on in the dialog and back.
    let typed = RwSignal::new(designer.unfinished_at(&(path.clone(), member)));
    let open = RwSignal::new(false);
    let of = StoredValue::new((path, wanted));
    let editor = move |inserts: Option<RwSignal<Option<String>>>| {
        let (path, wanted) = of.get_value();
        view! {
            <FormulaEditor
                designer=designer
                path=path
                member=member
                wanted=wanted
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
        let label = of.with_value(|(path, _)| {
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
            <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("designer-formula-done")}</Button>
        }
    };
    let desk = move || {
        let inserts = RwSignal::new(None::<String>);
        let insert = Callback::new(move |written: String| inserts.set(Some(written)));
        let path = of.with_value(|(path, _)| path.clone());
        let in_row = path.contains('.');
        view! {
            <div class="formula-cols">
                <FieldTree designer=designer path=path on_choose=insert/>
                <div class="formula-middle">{editor(Some(inserts))}</div>
                <FunctionList in_row=in_row on_choose=insert/>
            </div>
        }
    };
    view! {
        // Above the input: what is said of the formula comes below it when it is left, and would move what is pressed.
        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="formula" class="formula-open" on_press=move |_| open.set(true)>
            {t!("designer-formula-open")}
        </Button>
        {move || (!open.get()).then(|| editor(None))}
        <Dialog open=open title=title size=DialogSize::Large foot=Some(ViewFn::from(foot))>{desk()}</Dialog>
    }
}
