//! The fields that a formula can read, as a tree: the form's own, those behind its links and in its rows, and the system's.

use engine::form::Readable;
use leptos::prelude::*;

use super::formula_editor::ask;
use super::palette::kind_icon;
use super::state::Designer;
use crate::ui::{Icon, IconSize, SearchBox};
use crate::{browser, t, text};

/// The fields; `on_choose` hears what is written for one.
#[component]
pub fn FieldTree(
    designer: Designer,
    path: String,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let tree = Tree { designer, of: StoredValue::new(path), on_choose };
    let query = RwSignal::new(String::new());
    let searches = Memo::new(move |_| query.with(|query| !query.trim().is_empty()));
    let found = Memo::new(move |_| {
        let all = tree.all();
        query.with(|query| sought(all, query.trim(), browser::initials))
    });
    let flat = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="note muted">{t!("designer-formula-no-field")}</p> }.into_any();
        }
        let line = |field: Readable| tree.leaf(field.written.clone(), field);
        view! { <ul class="tree">{found.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    let whole = move || {
        view! {
            <ul class="tree">
                <Fold name=t!("designer-formula-this-form") open=RwSignal::new(true)>{tree.level(Vec::new(), false)}</Fold>
                <Fold name=t!("designer-formula-system") open=RwSignal::new(false)>{tree.level(Vec::new(), true)}</Fold>
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="formula-side" aria-label=t!("designer-formula-fields")>
            <SearchBox value=query on_search=move |text: String| query.set(text) placeholder=t!("designer-formula-find-field")/>
            {move || if searches.get() { flat() } else { whole() }}
        </section>
    }
}

/// A part of a tree that opens and closes.
#[component]
pub fn Fold(#[prop(into)] name: Signal<String>, open: RwSignal<bool>, children: ChildrenFn) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <li>
            <button
                type="button"
                class="tree-item"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name=mark(open) size=IconSize::Small/>
                <b class="medium clip">{name}</b>
            </button>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </li>
    }
}

fn mark(open: RwSignal<bool>) -> Signal<String> {
    Signal::derive(move || if open.get() { "down" } else { "right" }.to_string())
}

/// What every part of the tree knows. Cheap to copy.
#[derive(Clone, Copy)]
struct Tree {
    designer: Designer,
    /// The path of the field that the formula is of.
    of: StoredValue<String>,
    on_choose: Callback<String>,
}

impl Tree {
    fn readable(self, path: &[String]) -> Vec<Readable> {
        ask(self.designer, self.of, |input| input.readable(path))
    }

    /// What can be read by itself, each field with what lies just behind it.
    fn all(self) -> Vec<Readable> {
        let top = self.readable(&[]);
        let with_inner = top.into_iter().flat_map(|field| {
            let inner = if field.opens { self.readable(&field.path) } else { Vec::new() };
            // What every record has is found at the form itself.
            let inner = inner.into_iter().filter(|inner| !inner.is_of_system());
            std::iter::once(field).chain(inner).collect::<Vec<_>>()
        });
        with_inner.collect()
    }

    /// The fields behind a path: those that were designed, or those of the system.
    fn level(self, path: Vec<String>, of_system: bool) -> AnyView {
        let fields = Memo::new(move |_| {
            let all = self.readable(&path).into_iter();
            all.filter(|field| field.is_of_system() == of_system).collect::<Vec<_>>()
        });
        let lines = move || fields.get().into_iter().map(|field| self.line(field)).collect_view();
        view! { <ul>{lines}</ul> }.into_any()
    }

    fn line(self, field: Readable) -> AnyView {
        if !field.opens {
            return self.leaf(field.label.clone(), field);
        }
        let open = RwSignal::new(false);
        let name = field.label.clone();
        let path = field.path.clone();
        view! {
            <li>
                <div class="tree-item">
                    <button
                        type="button"
                        class="tree-mark"
                        aria-expanded=move || open.get().to_string()
                        aria-label=move || text!("designer-formula-behind", name = name.clone())
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        <Icon name=mark(open) size=IconSize::Small/>
                    </button>
                    {self.button(field.label.clone(), field)}
                </div>
                {move || open.get().then(|| self.level(path.clone(), false))}
            </li>
        }
        .into_any()
    }

    fn leaf(self, name: String, field: Readable) -> AnyView {
        view! { <li><div class="tree-item">{self.button(name, field)}</div></li> }.into_any()
    }

    fn button(self, name: String, field: Readable) -> AnyView {
        let icon = field.kind.map_or("form", kind_icon);
        let written = field.written;
        let title = written.clone();
        view! {
            <button type="button" class="tree-name" title=title on:click=move |_| self.on_choose.run(written.clone())>
                <Icon name=icon size=IconSize::Small/>
                <span class="clip">{name}</span>
            </button>
        }
        .into_any()
    }
}

/// The fields that are called so, in the order of the form: by a part of their label or key, or by how the label sounds.
fn sought(all: Vec<Readable>, query: &str, initials: fn(&str) -> Option<String>) -> Vec<Readable> {
    let query = query.to_lowercase();
    let fits = |field: &Readable| {
        let key = field.path.last().is_some_and(|key| key.to_lowercase().contains(&query));
        let sounds = || initials(&field.label).is_some_and(|sound| sound.starts_with(&query));
        field.label.to_lowercase().contains(&query) || key || sounds()
    };
    all.into_iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_label_key_and_sound() {
        fn sounds(name: &str) -> Option<String> {
            (name == "数量").then(|| "sl".to_string())
        }
        let field = |path: &[&str], label: &str| Readable {
            path: path.iter().map(|key| (*key).to_string()).collect(),
            label: label.to_string(),
            kind: Some("number"),
            written: label.to_string(),
            opens: false,
        };
        let all = vec![field(&["total"], "Total"), field(&["lines", "qty"], "数量"), field(&["tax"], "税")];
        let found = |query: &str| -> Vec<String> {
            sought(all.clone(), query, sounds).into_iter().map(|field| field.label).collect()
        };
        assert_eq!(found("TOT"), ["Total"]);
        assert_eq!(found("qt"), ["数量"]);
        assert_eq!(found("sl"), ["数量"]);
        assert_eq!(found("lines"), Vec::<String>::new());
        assert_eq!(found("税"), ["税"]);
    }
}
