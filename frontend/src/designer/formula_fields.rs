//! The fields that a formula can read, as a tree: the form's own, those behind its links and in its rows, the system's, and
//! those of the forms whose records it can count.

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
    // Put together once, and not at every key.
    let all = Memo::new(move |_| tree.all());
    let found = Memo::new(move |_| query.with(|query| sought(all.get(), query.trim(), browser::initials)));
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
                <Fold name=t!("designer-formula-this-form") open=RwSignal::new(true)>{tree.level(Level::designed(Vec::new()))}</Fold>
                <Fold name=t!("designer-formula-system") open=RwSignal::new(false)>{tree.level(Level::of_system())}</Fold>
                <Fold name=t!("designer-formula-forms") open=RwSignal::new(false)>{tree.forms()}</Fold>
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

/// Fields that lie beside each other in the tree.
#[derive(Clone)]
struct Level {
    /// The form whose records are counted, as documents name it; none where this record is read.
    counted: Option<String>,
    /// The keys that lead there.
    path: Vec<String>,
    /// Whether those that were designed are shown, and whether those that every record has.
    shows: [bool; 2],
}

impl Level {
    fn designed(path: Vec<String>) -> Level {
        Level { counted: None, path, shows: [true, false] }
    }

    fn of_system() -> Level {
        Level { counted: None, path: Vec::new(), shows: [false, true] }
    }

    /// What the records of a form hold. Which of them count often depends on what every record has, such as its approval.
    fn counted(form: &str) -> Level {
        Level { counted: Some(form.to_string()), path: Vec::new(), shows: [true, true] }
    }

    /// What lies behind one of its fields.
    fn behind(&self, field: &Readable) -> Level {
        Level { counted: self.counted.clone(), path: field.path.clone(), shows: [true, false] }
    }

    fn has(&self, field: &Readable) -> bool {
        let [designed, of_system] = self.shows;
        if field.is_of_system() { of_system } else { designed }
    }
}

impl Tree {
    fn readable(self, level: &Level) -> Vec<Readable> {
        ask(self.designer, self.of, |input| match &level.counted {
            Some(form) => input.counted(form, &level.path),
            None => input.readable(&level.path),
        })
    }

    fn countable(self) -> Vec<Readable> {
        ask(self.designer, self.of, |input| input.countable())
    }

    /// What can be read by itself, each field with what lies just behind it; then each form that can be counted, with its
    /// fields.
    fn all(self) -> Vec<Readable> {
        let top = self.readable(&Level { shows: [true, true], ..Level::of_system() });
        // What every record has is found at the form itself.
        let designed = |level: &Level| -> Vec<Readable> {
            self.readable(level).into_iter().filter(|inner| !inner.is_of_system()).collect()
        };
        let with_inner = top.into_iter().flat_map(|field| {
            let inner = if field.opens { designed(&Level::designed(field.path.clone())) } else { Vec::new() };
            std::iter::once(field).chain(inner).collect::<Vec<_>>()
        });
        let with_fields = self.countable().into_iter().enumerate().flat_map(|(place, form)| {
            // The first one is the form itself, whose fields are found already.
            let key = form.path.first().filter(|_| place > 0).cloned();
            let fields = key.map(|key| designed(&Level::counted(&key))).unwrap_or_default();
            std::iter::once(form).chain(fields).collect::<Vec<_>>()
        });
        with_inner.chain(with_fields).collect()
    }

    /// The fields of a level.
    fn level(self, level: Level) -> AnyView {
        let level = StoredValue::new(level);
        let fields = Memo::new(move |_| {
            level.with_value(|level| {
                let all = self.readable(level).into_iter();
                all.filter(|field| level.has(field)).collect::<Vec<_>>()
            })
        });
        let line = move |field: Readable| {
            let behind = level.with_value(|level| level.behind(&field));
            self.line(field, behind, None)
        };
        let lines = move || fields.get().into_iter().map(line).collect_view();
        view! { <ul>{lines}</ul> }.into_any()
    }

    /// The forms whose records can be counted, with what a form of another app is in.
    fn forms(self) -> AnyView {
        let forms = Memo::new(move |_| self.countable());
        let line = move |form: Readable| {
            let key = form.path.first().cloned().unwrap_or_default();
            let app = key.split_once('/').map(|(app, _)| app.to_string());
            self.line(form, Level::counted(&key), app)
        };
        let lines = move || forms.get().into_iter().map(line).collect_view();
        view! {
            <p class="note muted">{t!("designer-formula-forms-text")}</p>
            <ul data-forms="">{lines}</ul>
        }
        .into_any()
    }

    fn line(self, field: Readable, behind: Level, note: Option<String>) -> AnyView {
        if !field.opens {
            let name = field.label.clone();
            return view! { <li><div class="tree-item">{self.button(name, field)}{note_of(note)}</div></li> }
                .into_any();
        }
        let open = RwSignal::new(false);
        let name = field.label.clone();
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
                    {note_of(note)}
                </div>
                {move || open.get().then(|| self.level(behind.clone()))}
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

/// What stands behind a name.
fn note_of(note: Option<String>) -> impl IntoView {
    note.map(|note| view! { <span class="end note muted">{note}</span> })
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
