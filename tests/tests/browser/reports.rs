//! Reports and dashboards as people read them: figures, what is behind them, what was chosen kept in the address.

use serde_json::json;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// The table of the years as spreadsheets read it.
const YEARLY: &str = "\u{feff}\
Year,Cost (CNY),Gross profit gained (CNY),Net ROI (%),Return multiple (×),Marginal ROI (%)\r
2022,1000000.00,3500000.00,250.00,3.5000,\r
2023,1500000.00,5100000.00,240.00,3.4000,220.00\r
2024,1800000.00,6400000.00,255.56,3.5556,333.33\r
Total,4300000.00,15000000.00,248.84,3.4884,\r
";

/// The figure that has the focus.
const FOCUSED_FIGURE: &str = "return document.activeElement.closest('[data-figure]')?.dataset.figure ?? null";

async fn install(admin: &Client, template: &str) {
    let input = json!({"locale": "en", "demo": true});
    let job = admin.job(admin.post(&format!("/templates/{template}/install"), input).await).await;
    assert_eq!(job["state"], "done", "{job}");
}

/// A cost in spring 2025, after three months without entries.
async fn book_a_late_cost(admin: &Client) {
    let forms = admin.get("/apps/roi/forms").await.ok();
    let path = |key: &str| {
        let form = forms["items"].as_array().unwrap().iter().find(|form| form["key"] == key).unwrap();
        format!("/forms/{}/records", form["id"].as_str().unwrap())
    };
    let program = admin.get(&path("program")).await.ok()["items"][0]["id"].clone();
    let fields = json!({"program": program, "month": "2025-04", "category": "people", "item": "salary", "amount": "100"});
    admin.post(&path("cost_entry"), json!({"fields": fields})).await.created();
}

#[tokio::test]
async fn a_report_tells_its_figures_and_the_records_behind_them() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    install(&admin, "roi").await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/apps/roi").await;
    browser.click("Yearly ROI").await;
    browser.sees("248.84").await;
    for figure in ["250.00", "240.00", "255.56", "220.00", "333.33", "3.4884"] {
        browser.sees(figure).await;
    }
    // Three figures fill their row; what was put in is grey beside what came of it.
    let figures = "return document.querySelectorAll('.dash > .figure.w8').length";
    browser.gives(figures, json!(3)).await;
    browser.find(".chart rect.f5").await;
    browser.find(".chart rect.f1").await;
    // Where the pointer rests on a figure it says what it is and what was put in, without a press, until the pointer goes.
    let note = browser.part("[data-figure=M01] .definition:popover-open");
    browser.rest_on("[data-figure=M01]").await;
    note.sees("(gross profit gained − cost) ÷ cost × 100").await;
    for (input, amount) in [("gain", "15,000,000"), ("cost", "4,300,000")] {
        note.find(&format!("[data-input={input}]")).await;
        note.sees(amount).await;
    }
    browser.rest_on("h1").await;
    browser.gone("[data-figure=M01] .definition:popover-open").await;
    // A press keeps it open; from there the records of an input.
    browser.click_at("[data-figure=M01] .name").await;
    browser.sees("(gross profit gained − cost) ÷ cost × 100").await;
    browser.part("[data-figure=M01] .definition").sees("248.84 %").await;
    browser.click_at("[data-figure=M01] [data-input=gain]").await;
    browser.sees("Records behind this number").await;
    browser.sees("15,000,000.00").await;
    browser.find(".behind-line").await;
    browser.click("Close").await;
    // The browser's way back closes what was opened over the report, and leaves it where it is.
    browser.click_at("[data-figure=M01] .number").await;
    browser.find(".behind-drawer .behind-line").await;
    browser.script("history.back()").await;
    browser.gone(".behind-drawer").await;
    assert_eq!(browser.script("return location.pathname").await, "/apps/roi/reports/roi.yearly");
    browser.sees("248.84").await;
    // The number itself leads there too, by keyboard as well, and from one input to the other.
    browser.type_at("[data-figure=M01] .number", Key::Enter + "").await;
    let drawer = browser.part(".behind-drawer");
    drawer.sees("248.84").await;
    drawer.find("[data-part=cost][aria-pressed=true]").await;
    drawer.find(".behind-line .amount").await;
    // An entry in another currency has its own amount in its name: what counts of it is said.
    drawer.sees("At the right stands what counts of each record: Amount in CNY").await;
    drawer.click_at("[data-part=gain]").await;
    drawer.find("[data-part=gain][aria-pressed=true]").await;
    drawer.find(".behind-line").await;
    browser.click("Close").await;
    // A year in the chart, and the total.
    browser.click_at(".chart .slot").await;
    drawer.sees("2022").await;
    drawer.find("[data-part=gain]").await;
    browser.click("Close").await;
    browser.click_at("[data-table=yearly] tr.total .cell-link").await;
    drawer.sees("Total Cost").await;
    drawer.find(".behind-line").await;
    browser.click("Close").await;
    // A cell of the table.
    browser.click_at("[data-table=yearly] tbody tr:nth-child(2) .cell-link").await;
    browser.sees("2023 Cost").await;
    browser.click("Close").await;
    // Escape closes the drawer, and the figure that asked has the focus back.
    browser.type_at("[data-figure=M01] .number", Key::Enter + "").await;
    drawer.find(".behind-line").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".behind-drawer").await;
    browser.gives(FOCUSED_FIGURE, "M01").await;
    // So it does where the focus is on the page meanwhile, and from the note of a figure.
    browser.click_at("[data-figure=M02] .name").await;
    browser.click_at("[data-figure=M02] [data-input=gain]").await;
    drawer.find(".behind-line").await;
    browser.click_at(".dash .card-head h2").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".behind-drawer").await;
    browser.gives(FOCUSED_FIGURE, "M02").await;
    // Another period has other numbers: the drawer goes.
    browser.type_at("[data-figure=M01] .number", Key::Enter + "").await;
    drawer.find(".behind-line").await;
    browser.click("All time").await;
    browser.click("This year").await;
    browser.gone(".behind-drawer").await;
    browser.go("/apps/roi/reports/roi.yearly").await;
    browser.sees("248.84").await;
    // The table as a file.
    browser.part("[data-table=yearly]").click("Download csv").await;
    let (name, csv) = browser.downloaded().await;
    assert_eq!(name, "ROI by year.csv");
    // Below the numbers it says how they come about.
    assert!(csv.starts_with(YEARLY) && csv.contains("\r\nNet ROI: (gross profit gained"), "{csv}");
    // All of the report, with what it is of.
    browser.part(".top").click("Export").await;
    browser.part(".menu:popover-open").click("CSV").await;
    let (name, csv) = browser.downloaded().await;
    assert_eq!(name, "Yearly ROI.csv");
    assert!(csv.starts_with("\u{feff}Report\r\nReport,Yearly ROI\r\nAs of,"), "{csv}");
    // The overview says when the money was back, and how that is counted. Nothing was booked in the months before a late cost,
    // where its lines run along each other: their dashes are explained.
    book_a_late_cost(&admin).await;
    browser.go("/apps/roi/reports/roi.overview").await;
    browser.find(".chart .line.over").await;
    browser.part(".legend.dashed").sees("Dashed: Cash cost, which runs along another line in part").await;
    browser.part("[data-figure=M05]").sees("1.52").await;
    browser.click_at("[data-figure=M05] .name").await;
    browser.sees("the first month with an entry is month 0").await;
    // What is not defined is told with its reason: on its card, in its note, and above the records.
    browser.go("/apps/roi/reports/roi.overview?period=2022-01..2022-02").await;
    let not_yet = "— Not paid back within the period";
    browser.part("[data-figure=M05]").sees(not_yet).await;
    browser.click_at("[data-figure=M05] .name").await;
    browser.part("[data-figure=M05] .definition").sees(not_yet).await;
    browser.click_at("[data-figure=M05] [data-input=gain]").await;
    drawer.sees(not_yet).await;
    drawer.find(".behind-line").await;
    browser.click("Close").await;
    // A period is kept in the address.
    browser.go("/apps/roi/reports/roi.yearly?period=2023-01..2023-12").await;
    browser.sees("240.00").await;
    browser.gone("[data-table=yearly] tbody tr:nth-child(3)").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_dashboard_is_narrowed_on_top_and_opens_its_records() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    install(&admin, "crm").await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/apps/crm").await;
    browser.click("Sales").await;
    browser.sees("Net revenue by channel").await;
    browser.click_at("[data-tile=by_channel] .bar-line").await;
    browser.sees("Records behind this number").await;
    browser.find(".behind-line").await;
    browser.click("Close").await;
    // The drawer goes with the period that it was asked in.
    browser.click_at("[data-tile=by_channel] .bar-line").await;
    browser.find(".behind-drawer .behind-line").await;
    browser.click_at(".filters button").await;
    browser.click("This year").await;
    browser.gone(".behind-drawer").await;
    let address = browser.script("return location.search").await;
    assert_eq!(address, "?period=this_year");
    browser.find("[data-tile=by_channel] .bar-line").await;
    // The palette finds it by its name.
    browser
        .script(
            "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true, bubbles: true}))",
        )
        .await;
    browser.type_at(".palette input", "Sales").await;
    browser.sees("Sales").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// How many figures of the tables on a dashboard run over the edge of their tile.
const CUT_OFF: &str = "const over = cell => {\
     const text = document.createRange();\
     text.selectNodeContents(cell);\
     return text.getBoundingClientRect().right > cell.closest('.tile-table').getBoundingClientRect().right;\
     };\
     return [...document.querySelectorAll('[data-tile] td.num')].filter(over).length";

/// Scrolls the stock list: how far it went, how far its head then is from the top, and what is seen there.
const HEAD_OF_SCROLLED: &str = "const list = document.querySelector('[data-tile=stock_list] .tile-table');\
     list.scrollIntoView({block: 'center'});\
     list.scrollTop = 300;\
     const head = list.querySelector('th').getBoundingClientRect();\
     const seen = document.elementFromPoint(head.left + 20, head.top + head.height / 2);\
     return [list.scrollTop, head.top - list.getBoundingClientRect().top, seen?.closest('th, td')?.tagName]";

#[tokio::test]
async fn a_long_list_of_figures_is_read_whole() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    install(&admin, "inventory").await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/apps/inventory").await;
    browser.part("nav.nav").click("Stock").await;
    browser.find("[data-tile=stock_list] td.num").await;
    // The head stays where it is while the rows go by.
    let scrolled = browser.script(HEAD_OF_SCROLLED).await;
    assert!(scrolled[0].as_f64().unwrap() > 0.0, "there is something to scroll: {scrolled}");
    assert!(scrolled[1].as_f64().unwrap().abs() <= 1.0, "the head is on top: {scrolled}");
    assert_eq!(scrolled[2], json!("TH"), "no row covers the head");
    // On a phone the names are broken into lines, and no figure is cut off.
    browser.resize(390, 844).await;
    browser.find("[data-tile=low_stock] td.num").await;
    browser.find("[data-tile=stock_list] td.num").await;
    browser.gives(CUT_OFF, json!(0)).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A dashboard with a tile over an aggregate table by a text, and a filter of its values.
async fn bins(admin: &Client) {
    admin.post("/apps", json!({"key": "store", "label": "Store"})).await.created();
    let receipt = json!({"key": "receipt", "label": "Receipt", "fields": [
        {"key": "bin", "label": "Bin", "kind": "text"},
        {"key": "qty", "label": "Pieces", "kind": "number"}]});
    let receipt = admin.post("/apps/store/forms", receipt).await.created();
    let stock = json!({"format": 1, "key": "stock", "label": "Stock",
        "dimensions": [{"key": "bin", "label": "Shelf"}],
        "sources": [{"form": "receipt", "group": {"bin": "bin"}, "measures": {"received": {"fn": "sum", "field": "qty"}}}]});
    admin.post("/apps/store/aggregates", stock).await.created();
    for (bin, qty) in [("A, 1", 2), ("B~2", 3), ("100 %", 4)] {
        let records = format!("/forms/{}/records", receipt["id"].as_str().unwrap());
        admin.post(&records, json!({"fields": {"bin": bin, "qty": qty}})).await.created();
    }
    let page = json!({"format": 1, "key": "bins", "label": "Bins",
        "filters": [{"key": "bin", "kind": "values", "binds": {"pieces": "bin"}}],
        "tiles": [{"key": "pieces", "label": "Pieces", "at": [0, 0, 24, 8], "kind": "table",
            "source": {"aggregate": "stock"}, "group": [{"field": "bin"}],
            "measures": [{"key": "pieces", "fn": "sum", "field": "received"}]}]});
    admin.post("/apps/store/dashboards", page).await.created();
}

#[tokio::test]
async fn a_dashboard_over_an_aggregate_table_is_narrowed_to_values_that_are_there() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    bins(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/apps/store/dashboards/bins").await;
    let (filters, tile) = (browser.part(".filters"), browser.part("[data-tile=pieces]"));
    tile.sees("B~2").await;
    // Each value that is there is offered, and narrows the tile.
    filters.sees("Shelf").await;
    filters.click_at("button").await;
    for value in ["100 %", "B~2"] {
        browser.part(":popover-open:not(.toasts)").sees(value).await;
    }
    browser.pick("A, 1").await;
    tile.sees_no_more("B~2").await;
    tile.sees("A, 1").await;
    filters.sees("A, 1").await;
    // It is found by a part of its name, and kept in the address with whatever marks it has.
    filters.click_at("button").await;
    browser.type_at(":popover-open input", "b~").await;
    browser.part(":popover-open:not(.toasts)").sees_no_more("100 %").await;
    browser.pick("B~2").await;
    tile.sees_no_more("A, 1").await;
    tile.sees("B~2").await;
    let address = browser.script("return location.pathname + location.search").await;
    browser.go(address.as_str().unwrap()).await;
    tile.sees("B~2").await;
    tile.sees_no_more("A, 1").await;
    filters.sees("B~2").await;
    filters.click_at("button").await;
    browser.click("All").await;
    tile.sees("100 %").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// The app of members as its readers in China and in Taiwan have it: a page, and what its programmes came to.
#[tokio::test]
async fn the_figures_of_loyalty_are_read_in_chinese() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let job = admin.post("/templates/loyalty/install", json!({"locale": "zh-CN", "demo": true})).await;
    let job = admin.job(job).await;
    assert_eq!(job["state"], "done", "{job}");
    let active =
        json!({"filter": {"field": "status", "op": "eq", "value": "active"}, "limit": 1, "count": "exact"});
    let member = format!("/forms/{}/records/query", job["result"]["forms"]["member"].as_str().unwrap());
    let active = admin.post(&member, active).await.ok()["count"]["value"].clone();
    assert!(active.as_u64().unwrap() > 50, "{active}");
    for (language, members, roi, cost) in
        [("zh-CN", "正常会员", "净投资回报率", "投入"), ("zh-TW", "正常會員", "淨投資報酬率", "投入")]
    {
        admin.patch("/me", 1, json!({"language": language})).await.ok();
        let browser = Browser::open_in(&server, language).await;
        browser.sign_in().await;
        browser.go("/apps/loyalty/dashboards/loyalty").await;
        let tile = browser.part("[data-tile=members]");
        tile.sees(members).await;
        tile.sees(&active.to_string()).await;
        browser.go("/apps/loyalty/reports/loyalty.roi").await;
        let figure = browser.part("[data-figure=M01]");
        figure.sees(roi).await;
        // 1,800,000 gained and 632,000 spent.
        figure.sees("184.81").await;
        browser.part("[data-figure=M02]").sees("2.8481").await;
        let yearly = browser.part("[data-table=yearly]");
        yearly.sees(cost).await;
        yearly.sees("632,000").await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        browser.close().await;
    }
    server.close().await;
}
