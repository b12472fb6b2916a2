//! What pages show once somebody presses something: dialogs, menus, boxes, faults, notes, empty lists. How a page looks and
//! what it says is asked of these as of the pages at rest ([`crate::pages`]): one more dialog is one more line here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What somebody does on the way to a state.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Presses what says the text with this key, in the language of the reader.
    Press(&'static str),
    /// Presses the first element for a CSS selector.
    At(&'static str),
    /// Types into the first element for a CSS selector.
    Type(&'static str, &'static str),
    /// Types where the focus is.
    Keys(&'static str),
    /// Chooses a file where a dialog asks for one: its name, and what it holds.
    Give(&'static str, &'static str),
    /// Runs JavaScript on the page: from then on something goes wrong, until the next page is loaded.
    Run(&'static str),
}

/// On which screens a state is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Both,
    Desk,
    Phone,
}

/// A state of a page.
#[derive(Clone, Copy, Debug)]
pub struct State {
    pub name: &'static str,
    /// The name of the page, as in [`crate::pages`].
    pub page: &'static str,
    /// What the address says more.
    pub query: &'static str,
    pub screen: Screen,
    pub steps: &'static [Step],
    /// What is on the screen then.
    pub shows: &'static str,
}

impl State {
    const fn of(
        page: &'static str,
        name: &'static str,
        steps: &'static [Step],
        shows: &'static str,
    ) -> State {
        State { name, page, query: "", screen: Screen::Both, steps, shows }
    }

    const fn asking(self, query: &'static str) -> State {
        State { query, ..self }
    }

    const fn at_a_desk(self) -> State {
        State { screen: Screen::Desk, ..self }
    }

    const fn on_a_phone(self) -> State {
        State { screen: Screen::Phone, ..self }
    }

    /// Whether it is there on a phone, or else at a desk.
    pub fn is_on(&self, phone: bool) -> bool {
        self.screen == Screen::Both || (self.screen == Screen::Phone) == phone
    }
}

/// A dialog.
const DIALOG: &str = "dialog[open]";
/// A menu of actions.
const MENU: &str = "[role=menu]:popover-open";
/// A list of options.
const OPTIONS: &str = ":popover-open [role=listbox], :popover-open [role=tree]";
/// A box with more in it than a list.
const BOX: &str = "[role=dialog]:popover-open";
/// A fault at an input.
const FAULT: &str = "[aria-invalid=true]";

/// A table of wishes, of which one has a fault.
const WISHES: (&str, &str) = (
    "chairs.csv",
    "Wished thing,Its worth,Its mood\nStool 9,12.50,Fresh wish\nBench 9,very much,Fine wish\n",
);
/// No answer comes any more.
const NO_ANSWER: &str = "window.fetch = async () => { throw new TypeError('gone'); }";
/// Whoever asks for something is not signed in any more.
const NO_SESSION: &str = "window.fetch = async () => new Response('{}', {status: 401})";
/// The record is deleted: no change of it is taken.
const NO_RECORD: &str = "const real = window.fetch; \
    window.fetch = async (...asked) => asked[0].method === 'PATCH' ? new Response('{}', {status: 404}) : real.apply(window, asked)";
/// Somebody else has changed its text meanwhile.
const CHANGED: &str = "const real = window.fetch; \
    window.fetch = async (...asked) => { \
        if (asked[0].method === 'PATCH') return new Response('{}', {status: 412}); \
        const answer = await real.apply(window, asked); \
        const is_record = asked[0].method === 'GET' && /\\/records\\/[^/]+$/.test(new URL(asked[0].url).pathname); \
        if (!is_record) return answer; \
        const record = await answer.json(); \
        record.fields.text = 'A chair of ash'; \
        record.version += 1; \
        return new Response(JSON.stringify(record), {status: 200, headers: {'content-type': 'application/json'}}); \
    }";
/// The browser stores nothing.
const NO_STORAGE: &str = "Storage.prototype.setItem = () => { throw new Error('full'); }";

use Step::{At, Give, Keys, Press, Run, Type};

/// The states of the pages of [`crate::lived_in`], of [`crate::every_kind`] and of what everybody has.
pub const STATES: &[State] = &[
    // The shell.
    State::of("home", "palette", &[Press("nav-search")], "dialog.palette-dialog[open]").at_a_desk(),
    State::of("home", "who one is", &[At(".nav-foot button[aria-haspopup=menu]")], MENU).at_a_desk(),
    State::of("home", "new app", &[Press("nav-new-app")], DIALOG).at_a_desk(),
    State::of("home", "new app without a name", &[Press("nav-new-app"), Press("new-app-create")], FAULT)
        .at_a_desk(),
    State::of("home", "what is new", &[Press("nav-new-record")], DIALOG).on_a_phone(),
    State::of("home", "keys", &[Keys("?")], DIALOG).at_a_desk(),
    State::of("app-wishes", "what to add", &[Press("nav-add")], MENU).at_a_desk(),
    State::of("app-wishes", "new form", &[Press("nav-add"), Press("app-new-form")], DIALOG).at_a_desk(),
    State::of("app-wishes", "form from a sheet", &[Press("app-form-from-sheet")], DIALOG).at_a_desk(),
    State::of(
        "app-wishes",
        "fields of a sheet",
        &[Press("app-form-from-sheet"), Give(WISHES.0, WISHES.1)],
        "dialog[open] .sheet-table",
    )
    .at_a_desk(),
    State::of("app-settings-wishes", "delete app", &[Press("app-delete")], DIALOG),
    State::of("inbox", "nothing to read", &[], ".empty").asking("?box=cc"),
    // A list.
    State::of("grid-wish", "filter", &[Press("grid-filter")], BOX),
    State::of(
        "grid-wish",
        "field of a filter",
        &[Press("grid-filter"), At(":popover-open [aria-haspopup=listbox]")],
        OPTIONS,
    ),
    State::of("grid-wish", "sort", &[Press("grid-sort")], BOX).at_a_desk(),
    State::of("grid-wish", "columns", &[Press("grid-columns")], BOX).at_a_desk(),
    State::of("grid-wish", "groups", &[Press("grid-by")], BOX).at_a_desk(),
    State::of("grid-wish", "row height", &[Press("grid-height")], MENU).at_a_desk(),
    State::of("grid-wish", "total", &[At("button.total")], MENU).at_a_desk(),
    State::of("grid-wish", "tools", &[Press("grid-more")], MENU),
    State::of("grid-wish", "choosing", &[Press("grid-more"), Press("grid-choose")], ".choice-bar"),
    State::of(
        "grid-wish",
        "another owner of several",
        &[At("td.pick.choosable"), Press("record-change-owner")],
        DIALOG,
    )
    .at_a_desk(),
    State::of("grid-wish", "export", &[Press("grid-more"), Press("grid-export")], DIALOG),
    State::of(
        "grid-wish",
        "file of an export",
        &[Press("grid-more"), Press("grid-export"), At("dialog[open] .dialog-foot .btn.primary")],
        "dialog[open] a[download]",
    ),
    State::of("grid-wish", "import", &[Press("grid-import")], DIALOG),
    State::of(
        "grid-wish",
        "columns of an import",
        &[Press("grid-import"), Give(WISHES.0, WISHES.1)],
        "dialog[open] .sheet-table",
    ),
    State::of(
        "grid-wish",
        "check of an import",
        &[Press("grid-import"), Give(WISHES.0, WISHES.1), At("dialog[open] .dialog-foot .btn.primary")],
        "dialog[open] .fault-table",
    ),
    State::of(
        "grid-wish",
        "result of an import",
        &[
            Press("grid-import"),
            Give(WISHES.0, WISHES.1),
            At("dialog[open] .dialog-foot .btn.primary"),
            At("dialog[open]:has(.fault-table) .dialog-foot .btn.primary"),
        ],
        "dialog[open] .facts",
    ),
    State::of(
        "grid-wish",
        "import taken back",
        &[
            Press("grid-import"),
            Give(WISHES.0, WISHES.1),
            At("dialog[open] .dialog-foot .btn.primary"),
            At("dialog[open]:has(.fault-table) .dialog-foot .btn.primary"),
            Press("import-undo"),
        ],
        "dialog[open] .facts",
    ),
    State::of("grid-wish", "change of all", &[Press("grid-more"), Press("grid-bulk-edit")], DIALOG),
    State::of("grid-wish", "drafts", &[Press("grid-more"), Press("grid-drafts")], DIALOG),
    State::of("grid-wish", "bin", &[Press("grid-more"), Press("grid-bin")], DIALOG),
    State::of("grid-wish", "views", &[At(".view-open")], MENU),
    State::of("grid-wish", "new view", &[Press("view-new")], DIALOG).at_a_desk(),
    State::of("grid-wish", "drawer", &[At("tr[role=row] td.title")], ".drawer").at_a_desk(),
    State::of("grid-wish", "of the drawer", &[At("tr[role=row] td.title"), Press("record-more")], MENU)
        .at_a_desk(),
    // A record.
    State::of("record-wish", "actions", &[Press("record-more")], MENU),
    State::of("record-wish", "deletion", &[Press("record-more"), Press("record-delete")], DIALOG),
    State::of("record-wish", "another owner", &[Press("record-more"), Press("record-change-owner")], DIALOG),
    State::of("record-wish", "who may what", &[Press("record-more"), Press("record-explain")], DIALOG),
    State::of("record-wish", "history", &[Press("record-history")], "[role=tab][aria-selected=true]")
        .at_a_desk(),
    State::of("new-wish", "faults", &[At(".save-bar .btn.primary")], FAULT),
    State::of("new-wish", "choices", &[At("#at-stage [role=combobox]")], OPTIONS),
    State::of("new-wish", "calendar", &[Press("ui-open-calendar")], BOX).at_a_desk(),
    State::of(
        "new-wish",
        "leaving",
        &[Type("#at-thing input", "Chairs"), At(".nav a[href='/inbox']")],
        DIALOG,
    )
    .at_a_desk(),
    // Trouble.
    State::of(
        "app-wishes",
        "no server",
        &[Run(NO_ANSWER), At(".top [aria-pressed=false]")],
        ".offline .banner",
    ),
    State::of(
        "app-wishes",
        "no session",
        &[Run(NO_SESSION), At(".top [aria-pressed=false]")],
        "dialog[open] input[type=password]",
    ),
    State::of(
        "record-everything",
        "deleted meanwhile",
        &[Run(NO_RECORD), Type("#at-text input", " bench of oak"), At(".save-bar .btn.primary")],
        ".banner.warning",
    ),
    State::of(
        "record-everything",
        "changed meanwhile",
        &[Run(CHANGED), Type("#at-text input", " bench of oak"), At(".save-bar .btn.primary")],
        "dialog[open] tbody tr",
    ),
    State::of(
        "new-wish",
        "nothing is kept",
        &[Run(NO_STORAGE), Type("#at-thing input", "Chairs")],
        ".note.bad-text",
    )
    .at_a_desk(),
    // Each kind of list that a field opens.
    State::of("new-everything", "several choices", &[At("#at-multi_select [role=combobox]")], OPTIONS),
    State::of("new-everything", "tree", &[At("#at-cascader [role=combobox]")], OPTIONS),
    State::of("new-everything", "record", &[At("#at-link [aria-haspopup=listbox]")], OPTIONS),
    State::of("new-everything", "records", &[At("#at-links [role=combobox]")], OPTIONS),
    State::of("new-everything", "member", &[At("#at-member [aria-haspopup=listbox]")], OPTIONS),
    State::of("new-everything", "regions", &[At("#at-address [role=combobox]")], OPTIONS).at_a_desk(),
    State::of("new-everything", "month", &[At("#at-month button[aria-expanded]")], BOX).at_a_desk(),
    State::of("new-everything", "times", &[At("#at-time button[aria-expanded]")], OPTIONS).at_a_desk(),
    State::of(
        "new-everything",
        "no such number",
        &[Type("#at-id_card input", "12"), At(".save-bar .btn.primary")],
        FAULT,
    ),
    // The designer of forms.
    State::of("designer-wish", "a field", &[At(".canvas .slot")], ".pane.right [name=field-label]")
        .at_a_desk(),
    State::of("designer-wish", "translations", &[Press("designer-translations")], DIALOG).at_a_desk(),
    State::of("designer-wish", "versions", &[Press("designer-versions")], DIALOG).at_a_desk(),
    State::of("designer-wish", "keys", &[Press("shortcuts")], DIALOG).at_a_desk(),
    State::of("designer-wish", "deletion", &[Press("designer-delete-form")], DIALOG).at_a_desk(),
    State::of("designer-wish", "trying out", &[Press("designer-try-out")], DIALOG).at_a_desk(),
    State::of("designer-wish", "as on a phone", &[Press("designer-on-phone")], ".canvas .slot").at_a_desk(),
    State::of("designer-wish", "no such kind", &[Type(".pane.left [role=searchbox]", "qqq")], ".pane.left")
        .at_a_desk(),
    State::of(
        "designer-quotation",
        "a formula",
        &[At(".canvas .slot:has(.rule-badge.fx)")],
        ".pane.right .formula",
    )
    .at_a_desk(),
    State::of(
        "designer-quotation",
        "editor of a formula",
        &[At(".canvas .slot:has(.rule-badge.fx)"), At(".pane.right .formula-open")],
        "dialog[open] .formula-cols",
    )
    .at_a_desk(),
    State::of("designer-quotation", "kinds of columns", &[At(".canvas .add-column button")], OPTIONS)
        .at_a_desk(),
    State::of(
        "designer-everything",
        "publishing",
        &[At(".canvas .slot"), Type(".pane.right [name=field-label]", "7"), Press("designer-publish")],
        DIALOG,
    )
    .at_a_desk(),
    // Flows and rights.
    State::of("flow-wish", "next step", &[Press("flows-add-step")], BOX).at_a_desk(),
    State::of("permissions-wish", "new group", &[Press("permissions-new")], MENU),
    State::of("permissions-wish", "as a member", &[Press("permissions-see-as")], DIALOG).at_a_desk(),
    State::of("permissions-wish", "who may what", &[Press("record-explain")], DIALOG),
    State::of("permissions-wish", "administrators", &[Press("permissions-admins")], DIALOG),
    State::of("print-wish_sheet-wish", "new block", &[Press("prints-add")], MENU),
    State::of("print-wish_sheet-wish", "a text", &[At("[data-place='0']")], ".print-properties textarea"),
    State::of("print-wish_sheet-wish", "fields", &[At("[data-place='1']")], ".print-properties .chips"),
    State::of("print-wish_sheet-wish", "deletion", &[Press("prints-delete")], DIALOG),
    State::of("record-wish", "print", &[Press("record-more"), Press("record-print")], DIALOG),
    // Public links.
    State::of("links-wish", "new link", &[Press("links-new")], DIALOG),
    State::of(
        "links-wish",
        "new link without a name",
        &[Press("links-new"), At("dialog[open] .dialog-foot .btn.primary")],
        FAULT,
    ),
    State::of("links-wish", "address", &[Press("links-code")], "dialog[open] img.qr"),
    State::of("links-wish", "actions", &[At("[data-link] .anchor button")], MENU),
    // Inbound hooks.
    State::of("links-wish", "new hook", &[Press("hooks-new")], DIALOG),
    State::of(
        "links-wish",
        "new hook without a name",
        &[Press("hooks-new"), At("dialog[open] .dialog-foot .btn.primary")],
        FAULT,
    ),
    State::of("links-wish", "what came by a hook", &[Press("hooks-deliveries")], DIALOG),
    State::of("links-wish", "actions of a hook", &[At("[data-hook] .anchor button")], MENU),
    State::of("public-wish", "faults", &[At(".public-go .btn.primary")], FAULT),
    State::of("task", "phrases", &[Press("flow-phrases")], MENU),
    State::of("task", "more decisions", &[Press("flow-more")], MENU),
    State::of("task", "sent back", &[Press("flow-more"), Press("flow-return")], DIALOG),
    State::of("task", "why it is rejected", &[Press("flow-reject")], DIALOG),
    State::of("task", "somebody else", &[Press("flow-more"), Press("flow-transfer")], DIALOG),
    // Templates: one that is here already, and one that is not.
    State::of("templates", "what was installed", &[At("[data-template=crm]")], "dialog[open] [data-inside]"),
    State::of(
        "templates",
        "what can be installed",
        &[At("[data-template=inventory]")],
        "dialog[open] [data-inside]",
    ),
    // Settings.
    State::of("members", "new member", &[Press("member-add")], DIALOG),
    State::of(
        "members",
        "new member given up",
        &[
            Press("member-add"),
            Type("dialog[open] .dialog-body input", "Lin"),
            At("dialog[open] .dialog-head .btn"),
        ],
        "dialog[open] .dialog-foot[role=alert]",
    ),
    State::of(
        "members",
        "new member without a name",
        &[Press("member-add"), At("dialog[open] .dialog-foot .btn.primary")],
        FAULT,
    ),
    State::of("members", "several", &[Press("members-several")], DIALOG),
    State::of("members", "import", &[Press("members-import")], DIALOG),
    State::of("members", "department", &[Press("department-add")], DIALOG),
    State::of("members", "actions", &[Press("member-actions")], MENU),
    State::of(
        "members",
        "somebody is disabled",
        &[At("tr[data-member='mei@example.com'] .btn"), Press("member-disable")],
        DIALOG,
    ),
    State::of(
        "members",
        "link for a new password",
        &[At("tr[data-member='mei@example.com'] .btn"), Press("member-password-link")],
        "dialog[open] [name=member-link]",
    ),
    State::of("workspace", "who would need a second step", &[Press("policy-everybody")], DIALOG),
    State::of("roles", "new role", &[Press("role-add")], DIALOG),
    State::of("roles", "a role", &[Press("role-edit")], DIALOG),
    State::of(
        "roles",
        "a role that is to go",
        &[Press("role-edit"), Press("role-delete")],
        "dialog[open] ~ dialog[open]",
    ),
    State::of("security", "new token", &[Press("token-add")], DIALOG),
    State::of("audit", "export", &[Press("audit-export")], MENU),
    // Figures.
    State::of("report-roi.overview", "what to do with it", &[Press("record-more")], MENU),
    State::of("report-roi.overview", "kinds of files", &[Press("report-export")], MENU).at_a_desk(),
    State::of("report-roi.overview", "a definition", &[At("[data-figure] .name")], BOX),
    // What floats, by itself.
    State::of("gallery", "a menu", &[Press("gallery-menu")], MENU).at_a_desk(),
    State::of("gallery", "a box", &[Press("gallery-popover")], BOX).at_a_desk(),
    State::of("gallery", "a dialog", &[Press("gallery-dialog")], DIALOG).at_a_desk(),
    State::of("gallery", "a note", &[Press("gallery-toast")], ".toast").at_a_desk(),
];

/// The texts of the browser part in a language, by their keys.
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// Reads those of `zh-CN`, `zh-TW` or `en`.
    pub fn of(language: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/texts").join(language);
        let mut words = BTreeMap::new();
        for file in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let lines = text.lines().filter_map(|line| line.split_once(" = "));
            words.extend(lines.map(|(key, said)| (key.to_owned(), said.trim().to_owned())));
        }
        Self(words)
    }

    /// The text with this key.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).unwrap_or_else(|| panic!("no text has the key {key}"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_state_has_a_name_of_its_own_and_what_is_pressed_has_a_text_in_every_language() {
        let names: BTreeSet<_> = STATES.iter().map(|state| (state.page, state.name)).collect();
        assert_eq!(names.len(), STATES.len());
        for language in ["zh-CN", "zh-TW", "en"] {
            let words = Words::of(language);
            for step in STATES.iter().flat_map(|state| state.steps) {
                if let Press(key) = step {
                    assert!(!words.get(key).contains('{'), "{key} says more than itself");
                }
            }
        }
    }
}
