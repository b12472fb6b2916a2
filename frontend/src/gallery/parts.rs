//! Buttons, marks, floating things, notes, waiting.

use leptos::prelude::*;

use super::{Cell, Section};
use crate::ui::{
    Avatar, AvatarSize, Badge, Banner, Breadcrumb, Button, ButtonKind, Chip, ConfirmDialog, ControlSize,
    Count, CountTone, Crumb, Dialog, DialogSize, Drawer, Empty, ExpectedPerson, ICON_NAMES, Icon, IconButton,
    MenuButton, MenuItem, MenuLine, Person, Popover, Progress, Segment, Segmented, Skeleton, Split, SplitBar,
    Steps, Tab, Tabs, Tile, Tone, toast,
};
use crate::{t, text};

#[component]
pub fn Buttons() -> impl IntoView {
    let kinds = [
        ButtonKind::Primary,
        ButtonKind::Plain,
        ButtonKind::Ghost,
        ButtonKind::Danger,
        ButtonKind::DangerQuiet,
    ];
    let row = |kind: ButtonKind| {
        view! {
            <div class="demo">
                <Cell name=t!("gallery-rest")><Button kind=kind>{t!("ui-save")}</Button></Cell>
                <Cell name=t!("gallery-hover")><Button kind=kind class="is-hover">{t!("ui-save")}</Button></Cell>
                <Cell name=t!("gallery-focus")><Button kind=kind class="is-focus">{t!("ui-save")}</Button></Cell>
                <Cell name=t!("gallery-active")><Button kind=kind class="is-active">{t!("ui-save")}</Button></Cell>
                <Cell name=t!("gallery-disabled")>
                    <Button kind=kind disabled_reason=Signal::derive(|| Some(text!("gallery-reason")))>{t!("ui-save")}</Button>
                </Cell>
                <Cell name=t!("gallery-busy")><Button kind=kind busy=true>{t!("ui-save")}</Button></Cell>
            </div>
        }
    };
    let device = RwSignal::new("desktop".to_string());
    view! {
        <Section title=t!("gallery-buttons")>
            {kinds.map(row).collect_view()}
            <div class="demo">
                <Cell name=t!("gallery-small")><Button size=ControlSize::Small icon="plus">{t!("ui-save")}</Button></Cell>
                <Cell name=t!("gallery-large")><Button kind=ButtonKind::Primary size=ControlSize::Large>{t!("ui-save")}</Button></Cell>
                <Cell name=t!("gallery-icon")><IconButton icon="filter" label=t!("ui-search") kind=ButtonKind::Plain/></Cell>
                <Cell name=t!("gallery-icon")><IconButton icon="more" label=t!("ui-search")/></Cell>
                <Cell name=t!("gallery-on")>
                    <Button icon="filter" on=true>{t!("ui-search")}<Count value=2 tone=CountTone::Accent/></Button>
                </Cell>
                <Cell name=t!("gallery-segmented")>
                    <Segmented
                        segments=vec![
                            Segment::new("desktop", t!("theme-light")).icon("desktop"),
                            Segment::new("mobile", t!("theme-dark")).icon("mobile"),
                        ]
                        selected=device
                        on_select=move |key: &'static str| device.set(key.to_string())
                        label=t!("gallery-segmented")
                    />
                </Cell>
            </div>
        </Section>
    }
}

#[component]
pub fn Marks() -> impl IntoView {
    let names = ["Nia Okafor", "Bruno Costa", "Chen Wei", "Ada Lovelace"];
    view! {
        <Section title=t!("gallery-marks")>
            <div class="demo">
                {(1..=12).map(|colour| view! { <Chip colour=colour>{t!("gallery-option", number = colour as u32)}</Chip> }).collect_view()}
                <Chip colour=9 on_remove=|()| toast::show(text!("ui-remove"))>{t!("gallery-option", number = 9)}</Chip>
            </div>
            <div class="demo">
                {[Tone::Neutral, Tone::Accent, Tone::Success, Tone::Warning, Tone::Danger, Tone::Info]
                    .map(|tone| view! { <Badge tone=tone icon="clock">{t!("gallery-state")}</Badge> })
                    .collect_view()}
                <Count value=18/>
                <Count value=6 tone=CountTone::Hot/>
                <Count value=2 tone=CountTone::Accent/>
            </div>
            <div class="demo">
                {[AvatarSize::Small, AvatarSize::Normal, AvatarSize::Large, AvatarSize::Huge]
                    .into_iter()
                    .zip(names)
                    .map(|(size, name)| view! { <Avatar name=name size=size/> })
                    .collect_view()}
                <Person name="Nia Okafor"/>
                <ExpectedPerson name="Nia Okafor"/>
                <Tile icon="members" colour=9 size="l"/>
                <Tile icon="box" colour=7/>
                <Tile icon="gift" colour=12 size="s"/>
            </div>
        </Section>
    }
}

#[component]
pub fn Floating() -> impl IntoView {
    let dialog = RwSignal::new(false);
    let confirm = RwSignal::new(false);
    let popover = RwSignal::new(false);
    let drawer = RwSignal::new(true);
    view! {
        <Section title=t!("gallery-floating")>
            <div class="demo">
                <MenuButton icon="more" label=t!("gallery-menu") text=Signal::derive(t!("gallery-menu")) kind=ButtonKind::Plain>
                    <MenuItem icon="edit" end=Signal::derive(|| "F2".to_string()) on_choose=|()| toast::show(text!("ui-save"))>{t!("ui-save")}</MenuItem>
                    <MenuItem icon="lock" disabled_reason=Signal::derive(|| Some(text!("gallery-reason"))) on_choose=|()| ()>{t!("ui-search")}</MenuItem>
                    <MenuLine/>
                    <MenuItem icon="trash" danger=true on_choose=move |()| confirm.set(true)>{t!("ui-remove")}</MenuItem>
                </MenuButton>
                <Button expanded=popover on_press=move |_| popover.update(|open| *open = !*open)>{t!("gallery-popover")}</Button>
                <Popover open=popover label=Signal::derive(t!("gallery-popover"))><div class="definition">{t!("gallery-sentence")}</div></Popover>
                <Button on_press=move |_| dialog.set(true)>{t!("gallery-dialog")}</Button>
                <Button on_press=move |_| { toast::show_with(text!("gallery-sentence"), text!("gallery-undo"), || toast::show(text!("gallery-undo"))); }>
                    {t!("gallery-toast")}
                </Button>
                <Button on_press=move |_| drawer.set(true)>{t!("gallery-drawer")}</Button>
                <Cell name=t!("gallery-tooltip")><IconButton icon="info" label=t!("gallery-sentence")/></Cell>
                <Cell name=t!("gallery-tooltip")><span class="tooltip">{t!("gallery-sentence")}</span></Cell>
            </div>
            <div class="demo">
                {move || drawer.get().then(|| view! {
                    <Drawer title=t!("gallery-drawer") class="boxed-drawer" on_close=move |()| drawer.set(false)>{t!("gallery-sentence")}</Drawer>
                })}
            </div>
            <Dialog open=dialog title=t!("gallery-dialog") size=DialogSize::Large>{t!("gallery-sentence")}</Dialog>
            <ConfirmDialog open=confirm title=t!("gallery-dialog") action=t!("ui-remove") on_confirm=move |()| confirm.set(false)>
                {t!("gallery-sentence")}
            </ConfirmDialog>
        </Section>
    }
}

#[component]
pub fn Places() -> impl IntoView {
    let split = Split::new("formwork.gallery-split", (80, 140, 220));
    let tab = RwSignal::new("one".to_string());
    let crumbs = || {
        let crumb = text!("gallery-option", number = 1);
        vec![Crumb::link(crumb, "/_/gallery"), Crumb::here(text!("gallery-title"))]
    };
    view! {
        <Section title=t!("gallery-places")>
            <div class="demo">
                <div class="w-full">
                    <Tabs
                        tabs=vec![
                            Tab::new("one", t!("gallery-option", number = 1)),
                            Tab::new("two", t!("gallery-option", number = 2)).count(Some(2)),
                            Tab::new("three", t!("gallery-option", number = 3)).icon("history"),
                        ]
                        selected=tab
                        on_select=move |key: &'static str| tab.set(key.to_string())
                    />
                </div>
            </div>
            <div class="demo"><Breadcrumb crumbs=Signal::derive(crumbs)/></div>
            <div class="demo">
                <Cell name=t!("gallery-split")>
                    <div class="split w-280" style=("--w-split", move || split.css())>
                        <div>{t!("gallery-option", number = 1)}<SplitBar split=split label=t!("gallery-split")/></div>
                        <span>{t!("gallery-option", number = 2)}</span>
                    </div>
                </Cell>
            </div>
        </Section>
    }
}

#[component]
pub fn Notes() -> impl IntoView {
    view! {
        <Section title=t!("gallery-notes")>
            {[Tone::Info, Tone::Success, Tone::Warning, Tone::Danger]
                .map(|tone| view! { <div class="demo"><div class="w-full"><Banner tone=tone>{t!("gallery-sentence")}</Banner></div></div> })
                .collect_view()}
        </Section>
    }
}

#[component]
pub fn Waiting() -> impl IntoView {
    view! {
        <Section title=t!("gallery-waiting")>
            <div class="demo">
                <div class="card w-280">
                    <Empty icon="inbox" title=t!("home-all-done") text=Signal::derive(t!("home-all-done-text"))>
                        <Button>{t!("ui-retry")}</Button>
                    </Empty>
                </div>
                <div class="card w-280"><div class="card-body"><Skeleton lines=5/></div></div>
            </div>
            <div class="demo">
                {[Tone::Neutral, Tone::Success, Tone::Warning, Tone::Danger]
                    .map(|tone| view! { <div class="w-200"><Progress value=68 max=100 tone=tone label=t!("gallery-waiting")/></div> })
                    .collect_view()}
            </div>
            <div class="demo">
                <Steps
                    labels=vec![
                        Signal::derive(t!("import-step-file")),
                        Signal::derive(t!("import-step-columns")),
                        Signal::derive(t!("import-step-check")),
                    ]
                    at=2
                />
            </div>
        </Section>
    }
}

#[component]
pub fn Icons() -> impl IntoView {
    view! {
        <Section title=t!("gallery-icons")>
            <div class="demo icon-sheet">
                {ICON_NAMES.map(|name| view! { <span><Icon name=name/><small translate="no">{name}</small></span> }).collect_view()}
            </div>
        </Section>
    }
}
