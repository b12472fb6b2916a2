//! What can be done with the rows of a sub-form: each by its number, several together once they are chosen.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::sheet_keys::{add_id, focus_later, number_id};
use super::state::FormState;
use crate::ui::{Button, ButtonKind, ControlSize, Menu, MenuItem, toast};
use crate::{t, text};

/// The places of the rows that were chosen.
pub type Chosen = RwSignal<BTreeSet<usize>>;

/// The number of a row, and what can be done with the row. Without a keyboard there is no other way to move it. A press with
/// Ctrl chooses the row, one with Shift all up to it.
#[component]
pub fn RowMenu(
    state: FormState,
    subform: StoredValue<String>,
    row: usize,
    count: Memo<usize>,
    chosen: Chosen,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    // A table has many rows and few menus are opened: each is made when it is first asked for.
    let made = RwSignal::new(false);
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.contains(&row)));
    let turn = move |event: leptos::ev::MouseEvent| {
        if event.shift_key() {
            chosen.update(|chosen| choose_up_to(chosen, row));
        } else if event.ctrl_key() || event.meta_key() {
            choose(chosen, row);
        } else {
            made.set(true);
            open.update(|open| *open = !*open);
        }
    };
    let copy = move || {
        chosen.set(BTreeSet::new());
        subform.with_value(|subform| {
            if state.copy_rows(subform, &[row]) {
                focus_later(number_id(subform, row + 1));
            }
        });
    };
    let move_to = move |to: usize| {
        chosen.set(BTreeSet::new());
        subform.with_value(|subform| {
            state.move_row(subform, row, to);
            focus_later(number_id(subform, to));
        });
    };
    let menu = move || {
        view! {
            <Menu open=open>
                {row.checked_sub(1).map(|above| view! {
                    <MenuItem icon="arrow-up" key="Alt ↑" on_choose=move |()| move_to(above)>{t!("fill-row-up")}</MenuItem>
                })}
                {move || (row + 1 < count.get()).then(|| view! {
                    <MenuItem icon="arrow-down" key="Alt ↓" on_choose=move |()| move_to(row + 1)>{t!("fill-row-down")}</MenuItem>
                })}
                <MenuItem icon="copy" key="Ctrl D" on_choose=move |()| copy()>{t!("fill-row-copy")}</MenuItem>
                <MenuItem icon="check" checked=is_chosen on_choose=move |()| choose(chosen, row)>{t!("fill-row-choose")}</MenuItem>
                <MenuItem icon="trash" on_choose=on_remove>{t!("fill-remove-row")}</MenuItem>
            </Menu>
        }
    };
    view! {
        <button
            type="button"
            class="row-number"
            tabindex="-1"
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-pressed=move || is_chosen.get().to_string()
            aria-label=t!("fill-row-menu", row = row + 1)
            data-tip=t!("fill-row-menu", row = row + 1)
            on:click=turn
        >
            {row + 1}
        </button>
        {move || made.get().then(menu)}
    }
}

/// Chooses a row, or no longer.
fn choose(chosen: Chosen, row: usize) {
    chosen.update(|chosen| {
        if !chosen.remove(&row) {
            chosen.insert(row);
        }
    });
}

/// Chooses the rows between the nearest one that is chosen and this one, with both.
fn choose_up_to(chosen: &mut BTreeSet<usize>, row: usize) {
    let nearest = chosen.iter().copied().min_by_key(|known| known.abs_diff(row)).unwrap_or(row);
    chosen.extend(nearest.min(row)..=nearest.max(row));
}

/// What can be done with the rows that are chosen; nothing while none is.
#[component]
pub fn ChosenRows(
    state: FormState,
    subform: StoredValue<String>,
    count: Memo<usize>,
    chosen: Chosen,
) -> impl IntoView {
    let many = Memo::new(move |_| chosen.with(BTreeSet::len));
    let clear = move || chosen.set(BTreeSet::new());
    let remove = move |_| {
        let (name, places) = (subform.get_value(), chosen.get_untracked());
        clear();
        let taken = state.remove_rows(&name, &places);
        focus_later(add_id(&name));
        let words = text!("fill-rows-removed", count = taken.len());
        let put_back = move || state.restore_rows(&name, taken.clone());
        state.offers(toast::show_with(words, text!("ui-undo"), put_back));
    };
    let copy = move |_| {
        let places: Vec<usize> = chosen.get_untracked().into_iter().collect();
        clear();
        subform.with_value(|subform| state.copy_rows(subform, &places));
    };
    let all = move |_| chosen.set((0..count.get_untracked()).collect());
    move || {
        (many.get() > 0).then(|| {
            view! {
                <div class="row wrap chosen-rows" role="group" aria-label=t!("fill-rows-chosen", count = many.get())>
                    <span class="strong nowrap">{t!("fill-rows-chosen", count = many.get())}</span>
                    <Button size=ControlSize::Small icon="copy" on_press=copy>{t!("fill-rows-copy")}</Button>
                    <Button size=ControlSize::Small icon="trash" on_press=remove>{t!("fill-rows-remove")}</Button>
                    <Button size=ControlSize::Small kind=ButtonKind::Ghost on_press=all>{t!("fill-rows-all")}</Button>
                    <Button size=ControlSize::Small kind=ButtonKind::Ghost on_press=move |_| clear()>{t!("fill-rows-none")}</Button>
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_shift_all_up_to_the_row_are_chosen() {
        let after = |chosen: &[usize], row: usize| {
            let mut chosen: BTreeSet<usize> = chosen.iter().copied().collect();
            choose_up_to(&mut chosen, row);
            chosen.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(after(&[], 3), [3]);
        assert_eq!(after(&[1], 3), [1, 2, 3]);
        assert_eq!(after(&[5, 9], 3), [3, 4, 5, 9]);
    }
}
