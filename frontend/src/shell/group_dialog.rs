//! The dialog that names a group of an app's navigation.

use engine::text::Label;
use leptos::prelude::*;
use wire::{TreeEntry, TreeKind};

use super::app_tree::Tree;
use super::order::name_of;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, Field, TextInput};
use crate::{browser, i18n, t, text};

/// The group that is named: one that is there, or a new one.
#[derive(Clone, PartialEq)]
pub(super) struct Naming {
    group: TreeEntry,
    is_new: bool,
}

impl Naming {
    /// A group that is to be made.
    pub(super) fn new() -> Naming {
        let key: String = browser::random_key().chars().take(8).collect();
        let id = format!("group_{key}");
        Naming { group: TreeEntry { kind: TreeKind::Group, id, label: None, within: None }, is_new: true }
    }

    /// A group that gets another name.
    pub(super) fn of(group: &TreeEntry) -> Naming {
        Naming { group: group.clone(), is_new: false }
    }

    /// The tree with the group under this name.
    fn named(self, mut entries: Vec<TreeEntry>, name: &str) -> Vec<TreeEntry> {
        let language = i18n::language_now();
        let label = match self.group.label.clone() {
            // What it is called in other languages stays.
            Some(Label::Translated(mut texts)) => {
                texts.insert(language, name.to_string());
                Label::Translated(texts)
            }
            Some(Label::Plain(_)) | None => Label::Plain(name.to_string()),
        };
        let group = TreeEntry { label: Some(label), ..self.group };
        match entries.iter_mut().find(|entry| name_of(entry) == name_of(&group)) {
            Some(known) => *known = group,
            None => entries.push(group),
        }
        entries
    }
}

/// The dialog; it is open while a group is named.
#[component]
pub(super) fn GroupDialog(tree: Tree, naming: RwSignal<Option<Naming>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<String>);
    Effect::new(move || {
        let now = naming.get();
        if let Some(naming) = &now {
            let label = naming.group.label.as_ref();
            name.set(label.map(|label| label.get(i18n::language_now()).to_string()).unwrap_or_default());
            fault.set(None);
        }
        open.set(now.is_some());
    });
    // Closed by its cross or by Escape.
    Effect::new(move || {
        if !open.get() && naming.with_untracked(Option::is_some) {
            naming.set(None);
        }
    });
    let is_new = Memo::new(move |_| naming.with(|naming| naming.as_ref().is_none_or(|naming| naming.is_new)));
    let title = move || if is_new.get() { text!("tree-new-group") } else { text!("tree-rename-group") };
    let finish = move || {
        let wanted = name.get_untracked().trim().to_string();
        if wanted.is_empty() {
            return fault.set(Some(text!("tree-group-name-needed")));
        }
        if let Some(naming) = naming.get_untracked() {
            tree.arrange(naming.named(tree.entries(), &wanted));
        }
        open.set(false);
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary on_press=move |_| finish()>{t!("ui-save")}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(title) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    finish();
                }
            >
                <Field label=t!("tree-group-name") required=true error=fault>
                    <TextInput value=name on_input=move |text| name.set(text) autofocus=true name="group-name"/>
                </Field>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_group_stands_at_the_end_and_a_known_one_keeps_its_other_names() {
        i18n::set_language(i18n::Language::En);
        let group = TreeEntry { kind: TreeKind::Group, id: "group_1".to_string(), label: None, within: None };
        let new = Naming { group, is_new: true };
        let all = new.named(Vec::new(), "Sales");
        assert_eq!(
            all.iter().map(|group| group.label.clone()).collect::<Vec<_>>(),
            [Some(Label::from("Sales"))]
        );
        let texts = [(i18n::Language::ZhCn, "销售".to_string())].into_iter().collect();
        let known = TreeEntry { label: Some(Label::Translated(texts)), ..all[0].clone() };
        let all = Naming::of(&known).named(vec![known], "Sales and more");
        let label = all[0].label.clone().unwrap();
        assert_eq!(label.get(i18n::Language::ZhCn), "销售");
        assert_eq!(label.get(i18n::Language::En), "Sales and more");
    }
}
