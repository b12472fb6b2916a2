//! An expense claim is built by mouse alone, with values typed and nothing else: an app, a form of customers with one of them, and
//! the claim with rows with a formula each, a sum, a rule, a serial number and a linked customer. It is published, filled and found
//! again by the search, all of it in at most ninety actions.

use std::sync::atomic::{AtomicU32, Ordering};

use tests::{Browser, Database, Server};

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const PROPERTIES: &str = ".pane.right";
/// What is open over the page and no note.
const MENU: &str = ":popover-open:not(.toasts)";
const MOST_ACTIONS: u32 = 90;

/// A person whose presses and entries are counted.
struct Person {
    browser: Browser,
    actions: AtomicU32,
}

impl Person {
    fn acts(&self) {
        self.actions.fetch_add(1, Ordering::Relaxed);
    }

    async fn press(&self, within: &str, says: &str) {
        self.acts();
        self.browser.part(within).click(says).await;
    }

    async fn press_at(&self, css: &str) {
        self.acts();
        self.browser.click_at(css).await;
    }

    async fn enter(&self, within: &str, label: &str, text: &str) {
        self.acts();
        self.browser.part(within).enter(label, text).await;
    }

    /// Types where the last press has put the focus.
    async fn types(&self, text: &str) {
        self.acts();
        self.browser.keys(text).await;
    }

    /// Opens a list and presses what is chosen of it.
    async fn choose(&self, within: &str, label: &str, option: &str) {
        self.acts();
        self.acts();
        self.browser.part(within).choose(label, option).await;
    }

    /// A field of a kind from the palette, with its name.
    async fn field(&self, kind: &str, label: &str) {
        self.press(PALETTE, kind).await;
        self.browser.part(".slot[aria-current=true]").sees(kind).await;
        self.enter(PROPERTIES, "Label", label).await;
        self.browser.part(CANVAS).sees(label).await;
    }

    /// A column of the sub-form that is selected, with its name.
    async fn column(&self, kind: &str, label: &str) {
        self.press(".canvas .add-column", "Add a column").await;
        self.press(MENU, kind).await;
        self.enter(PROPERTIES, "Label", label).await;
        self.browser.part(&format!("{CANVAS} table")).sees(label).await;
    }
}

#[tokio::test]
async fn an_expense_claim_is_built_filled_and_found_in_ninety_actions() {
    let server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let person = Person { browser, actions: AtomicU32::new(0) };
    has_customers(&person).await;
    builds(&person).await;
    person.browser.sees("Saved").await;
    publishes(&person, "“Total” added").await;
    fills(&person).await;
    finds_it_again(&person).await;
    let actions = person.actions.load(Ordering::Relaxed);
    assert!(actions <= MOST_ACTIONS, "{actions} actions");
    assert_eq!(person.browser.complaints().await, Vec::<String>::new());
    person.browser.close().await;
    server.close().await;
}

/// An app with a form of customers, and one of them.
async fn has_customers(person: &Person) {
    person.press("body", "New app").await;
    person.enter("dialog[open]", "Name", "Office").await;
    person.press("dialog[open]", "Create").await;
    person.browser.sees("This app has no forms yet").await;
    person.press("body", "New form").await;
    person.enter("dialog[open]", "Form name", "Customer").await;
    person.press("dialog[open]", "Create and design").await;
    person.browser.part(CANVAS).sees("Customer").await;
    // The form begins with a name, and needs no more.
    publishes(person, "“Name” added").await;
    person.press("body", "New").await;
    person.enter(".record-body", "Name", "Acme").await;
    person.press("body", "Save").await;
    person.browser.part("aside.side").sees("History").await;
}

async fn builds(person: &Person) {
    person.press("nav.nav", "Add to this app").await;
    person.press(MENU, "New form").await;
    person.enter("dialog[open]", "Form name", "Expense claim").await;
    person.press("dialog[open]", "Create and design").await;
    person.browser.part(CANVAS).sees("Expense claim").await;
    person.press_at(".canvas .slot").await;
    person.enter(PROPERTIES, "Label", "Purpose").await;
    person.field("Serial no.", "Claim no.").await;
    // What the number is made of is shown with what it gives.
    person.press(PROPERTIES, "Add a part").await;
    person.press(MENU, "Fixed text").await;
    person.browser.part(PROPERTIES).find("[data-sample]").await;
    person.browser.part(PROPERTIES).sees("0001-").await;
    person.field("Link", "For customer").await;
    person.choose(PROPERTIES, "Linked form", "Customer").await;
    person.field("Sub-form", "Lines").await;
    person.column("Number", "Pieces").await;
    person.column("Money", "Price").await;
    person.column("Money", "Amount").await;
    person.press(PROPERTIES, "Computed when saved").await;
    person.enter(PROPERTIES, "Formula", "=Pieces * Price").await;
    person.browser.part(PROPERTIES).sees("Gives a number").await;
    // Whoever makes a computed field writes its formula first.
    person.press(PALETTE, "Formula").await;
    person.enter("dialog[open]", "Formula", "SUM(Lines.Amount)").await;
    person.press("dialog[open]", "Done").await;
    person.browser.gone("dialog[open]").await;
    person.enter(PROPERTIES, "Label", "Total").await;
    person.browser.part(CANVAS).sees("Total").await;
    person.browser.part(PROPERTIES).find(".formula-marks [data-name]").await;
    person.field("Long text", "Reason for the height").await;
    person.press(PROPERTIES, "Shown when").await;
    let rule = format!("{PROPERTIES} details[open]");
    person.choose(&rule, "Field", "Total").await;
    person.choose(&rule, "Comparison", "is above").await;
    person.enter(&rule, "Value", "1000").await;
    person.browser.part(CANVAS).sees("Not shown now").await;
}

async fn publishes(person: &Person, change: &str) {
    person.press(".top", "Publish").await;
    person.browser.dialog().sees(change).await;
    person.press("dialog[open]", "Publish").await;
    person.browser.gone("dialog[open]").await;
    person.press(".toasts", "Open the form").await;
    person.browser.gone(CANVAS).await;
}

async fn fills(person: &Person) {
    person.press("body", "New").await;
    person.enter(".record-body", "Purpose", "Trip to Hangzhou").await;
    person.choose(".record-body", "For customer", "Acme").await;
    person.press(".record-body", "Add a row").await;
    for (cell, value) in
        [("td.edit", "Taxi"), ("td[data-label=Pieces]", "3"), ("td[data-label=Price]", "450")]
    {
        person.press_at(&format!(".sub tbody {cell} input")).await;
        person.types(value).await;
    }
    person.browser.part(".record-body").sees("1,350.00").await;
    person.browser.part(".record-body").sees("Reason for the height").await;
    person.enter(".record-body", "Reason for the height", "Snow").await;
    person.press("body", "Save").await;
    person.browser.part("aside.side").sees("History").await;
    person.browser.part(".record-body").sees("0001-").await;
}

/// From the home page, by a word of what it is called.
async fn finds_it_again(person: &Person) {
    person.press("nav.nav", "Home").await;
    person.browser.gone(".record-body").await;
    person.press("nav.nav", "Search or jump to").await;
    let palette = person.browser.part(".palette");
    palette.find("input:focus").await;
    person.types("hangzhou").await;
    // What was visited last is offered only as long as nothing is typed.
    palette.sees_no_more("Recent").await;
    person.press(".palette", "Trip to Hangzhou").await;
    person.browser.gone(".palette").await;
    person.browser.part(".record-body").sees("0001-").await;
    person.browser.part(".record-body").sees("1,350.00").await;
}
