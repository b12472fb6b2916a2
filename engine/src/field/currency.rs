//! Currencies by their codes of ISO 4217.

/// The codes in use, sorted; without those of metals, funds and tests.
#[rustfmt::skip]
const CODES: [&str; 155] = [
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP",
    "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR",
    "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF",
    "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW",
    "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD",
    "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK",
    "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
    "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC",
    "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD",
    "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW",
    "ZWG",
];

/// Whether a text is the code of a currency (ISO 4217).
pub fn is_currency(code: &str) -> bool {
    CODES.binary_search(&code).is_ok()
}

/// Currencies that people write with `$`.
const DOLLARS: [&str; 33] = [
    "ARS", "AUD", "BBD", "BMD", "BND", "BRL", "BSD", "BZD", "CAD", "CLP", "COP", "CUP", "CVE", "DOP", "FJD",
    "GYD", "HKD", "JMD", "KYD", "LRD", "MOP", "MXN", "NAD", "NIO", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD",
    "USD", "UYU", "XCD",
];
/// Currencies that people write with `£`.
const POUNDS: [&str; 8] = ["EGP", "FKP", "GBP", "GIP", "LBP", "SDG", "SSP", "SYP"];
/// Currencies that people who write Chinese call 元.
const YUAN: [&str; 5] = ["CNY", "HKD", "MOP", "SGD", "TWD"];

/// Whether what people write beside an amount, a sign or a code, may mean the currency with this code.
pub(crate) fn may_mean(written: &str, code: &str) -> bool {
    match written {
        "¥" | "￥" => matches!(code, "CNY" | "JPY"),
        "$" => DOLLARS.contains(&code),
        "€" => code == "EUR",
        "£" => POUNDS.contains(&code),
        "元" => YUAN.contains(&code),
        "RMB" => code == "CNY",
        other => other == code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_of_three_letters() {
        assert!(CODES.is_sorted());
        assert!(
            CODES.iter().all(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        );
        let written: Vec<&str> = DOLLARS.into_iter().chain(POUNDS).chain(YUAN).collect();
        assert!(written.iter().all(|code| is_currency(code)), "{written:?}");
        assert!(is_currency("CNY") && is_currency("AED") && is_currency("ZWG") && !is_currency("cny"));
    }
}
