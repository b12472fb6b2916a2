//! Stock by product and warehouse, as two keepers see it who ship the same goods at the same moment.

use tests::Browser;
use tests::server::ADMIN_PASSWORD;

use super::{KEEPERS, cell, enter_app, is_saved, one_of_two, product};

const REFUSAL: &str = "Not enough stock: the warehouse does not hold what this document takes out";

/// A line of the stock list, as it is shown.
struct Line {
    product: String,
    warehouse: String,
    on_hand: String,
}

pub async fn two_ship_the_same(one: &Browser, other: &Browser) {
    one.sign_in_as(KEEPERS[0], ADMIN_PASSWORD).await;
    other.sign_in_as(KEEPERS[1], ADMIN_PASSWORD).await;
    let list = stock_list(one).await;
    let line = list.into_iter().find(|line| line.pieces().is_some_and(|pieces| (3..1000).contains(&pieces)));
    let line = line.expect("something is in stock");
    numbers_need_their_decimals(one).await;
    let all = line.pieces().unwrap();
    // There is enough for one of them.
    for browser in [one, other] {
        a_shipment(browser, &line, all - 1).await;
    }
    let (served, refused) = one_of_two([one, other], "Save", REFUSAL).await;
    refused.sees(&short(&line, 1, 2 - all)).await;
    // The list of faults leads to the cell that takes too much, and the cell is marked.
    refused.gives("return document.querySelector('#at-lines-0-qty').matches('.bad')", true).await;
    refused.script("document.activeElement.blur()").await;
    refused.part(".banner.danger").click("Lines 1 · Quantity").await;
    let focused = "return document.activeElement.closest('td[id]')?.id ?? ''";
    assert!(refused.until(async || refused.script(focused).await == "at-lines-0-qty").await);
    assert_eq!(on_hand(served, &line).await, Some(1));
    // Who was refused takes what is left.
    cell(refused, "qty", "1").await;
    refused.sees_no_more(REFUSAL).await;
    refused.click("Save").await;
    assert!(is_saved(refused, REFUSAL).await, "the last piece can be shipped");
    assert_eq!(on_hand(refused, &line).await, Some(0));
    // Nobody gets below nothing.
    a_shipment(served, &line, 1).await;
    served.click("Save").await;
    assert!(!is_saved(served, REFUSAL).await, "nothing is left to ship");
    served.sees(&short(&line, 0, -1)).await;
    served.script("localStorage.clear()").await;
    assert_eq!(on_hand(served, &line).await, Some(0));
}

impl Line {
    /// How many there are; nothing where it is no whole number.
    fn pieces(&self) -> Option<i64> {
        let digits = self.on_hand.replace(',', "");
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits.as_str(), ""));
        whole.parse().ok().filter(|_| fraction.bytes().all(|digit| digit == b'0'))
    }
}

/// What a refusal says of what, where, how much there is and how much would be.
fn short(line: &Line, on_hand: i64, would_be: i64) -> String {
    format!("{} · {}: On hand is {on_hand} and would be {would_be})", line.product, line.warehouse)
}

/// No column of the list ends in zeros all the way down, and the list begins where its title does.
async fn numbers_need_their_decimals(browser: &Browser) {
    let needless = "return [...document.querySelectorAll('[data-tile=stock_list] tbody td.num')]\
        .every(cell => /[.]\\d*0$/.test(cell.innerText.trim()))";
    browser.gives(needless, false).await;
    let shift = "const tile = document.querySelector('[data-tile=stock_list]'); \
        const start = part => part.getBoundingClientRect().left + parseFloat(getComputedStyle(part).paddingLeft); \
        return Math.round(start(tile.querySelector('th')) - start(tile.querySelector('h2')))";
    assert_eq!(browser.script(shift).await, 0);
}

/// The stock as the dashboard shows it.
async fn stock_list(browser: &Browser) -> Vec<Line> {
    browser.go("/apps/inventory").await;
    browser.part("nav.nav").click("Stock").await;
    browser.find("[data-tile=stock_list] tbody tr").await;
    let rows = "return [...document.querySelectorAll('[data-tile=stock_list] tbody tr')]\
        .map(row => [...row.cells].map(cell => cell.innerText.trim()))";
    let rows = browser.script(rows).await;
    let lines = rows.as_array().unwrap().iter().map(|row| {
        let text = |place: usize| row[place].as_str().unwrap().to_owned();
        Line { product: text(0), warehouse: text(1), on_hand: text(2) }
    });
    lines.collect()
}

/// The pieces that the dashboard shows of this product in this warehouse.
async fn on_hand(browser: &Browser, line: &Line) -> Option<i64> {
    let list = stock_list(browser).await;
    let same = |other: &&Line| other.product == line.product && other.warehouse == line.warehouse;
    list.iter().find(same).expect("the line stays in the list").pieces()
}

/// Fills a shipment, up to the button.
async fn a_shipment(browser: &Browser, line: &Line, pieces: i64) {
    enter_app(browser, "Inventory", "Shipment").await;
    browser.click("New").await;
    browser.choose("Customer", "Qingchuan Care Centre (Fuzhou)").await;
    browser.choose("Warehouse", &line.warehouse).await;
    // The picker searches by name; the number stands behind it.
    let name = line.product.rsplit_once(" (").map_or(line.product.as_str(), |(name, _)| name);
    product(browser, name).await;
    cell(browser, "qty", &pieces.to_string()).await;
}
