//! Return on investment, and the records that it is made of.

use tests::server::ADMIN_PASSWORD;
use tests::{Browser, browser::Part};

use super::FIN;

pub async fn what_it_earned(browser: &Browser) {
    browser.sign_in_as(FIN, ADMIN_PASSWORD).await;
    browser.go("/apps/roi").await;
    browser.part("nav.nav").click("Yearly ROI").await;
    let table = browser.part("[data-table=yearly]");
    for figure in ["250.00", "240.00", "255.56", "248.84"] {
        table.sees(figure).await;
    }
    // The figure is made of two sums, and each of them of its records.
    browser.click_at("[data-figure=M01] .number").await;
    let drawer = browser.part(".behind-drawer");
    drawer.sees("248.84").await;
    let mut sums = Vec::new();
    for (part, sum) in [("cost", "4,300,000.00"), ("gain", "15,000,000.00")] {
        drawer.part(&format!("[data-part={part}]")).sees(sum).await;
        drawer.click_at(&format!("[data-part={part}]")).await;
        drawer.find(&format!("[data-part={part}][aria-pressed=true]")).await;
        sums.push(sum_of_records(&drawer).await);
        assert_eq!(sums.last(), Some(&hundredths(sum)), "{part}");
    }
    let (cost, gain) = (sums[0], sums[1]);
    assert_eq!(((gain - cost) * 100_000 / cost + 5) / 10, 24_884);
    // One of the records, opened.
    let amount = drawer.part(".behind-line .amount").text().await;
    drawer.click_at(".behind-line").await;
    browser.part("#at-base_amount").sees(&amount).await;
    // A year of the table is made of its own.
    browser.go("/apps/roi/reports/roi.yearly").await;
    table.click("5,100,000.00").await;
    drawer.sees("2023").await;
    assert_eq!(sum_of_records(&drawer).await, hundredths("5,100,000.00"));
    drawer.click("Close").await;
}

/// Adds up the amounts of the records in the drawer, of all its pages.
async fn sum_of_records(drawer: &Part) -> i64 {
    drawer.find(".behind-line .amount").await;
    loop {
        let shown = amounts(drawer).await;
        if !drawer.shows("Show more").await {
            return shown.iter().sum();
        }
        drawer.click("Show more").await;
        let came = drawer.until(async || amounts(drawer).await.len() > shown.len()).await;
        assert!(came, "no more records come after {}", shown.len());
    }
}

async fn amounts(drawer: &Part) -> Vec<i64> {
    let texts =
        "return [...document.querySelectorAll('.behind-line .amount')].map(amount => amount.innerText)";
    let texts = drawer.script(texts).await;
    texts.as_array().unwrap().iter().map(|text| hundredths(text.as_str().unwrap())).collect()
}

/// `1,234.50` as 123450.
fn hundredths(text: &str) -> i64 {
    text.replace([',', '.'], "").parse().unwrap_or_else(|_| panic!("no amount: {text}"))
}
