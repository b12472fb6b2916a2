//! From source to tree.
//!
//! Our own parser, because rhai's can't be bent to the precedence of spreadsheets (`&`, `^`, `not`), and because
//! faults need places and names in the words of the person who wrote the formula.

use super::fault::{FormulaFault, Span};
use super::lex::{Sign, Token, Word, opening, tokens, word};
use super::syntax::{Level, Node, NodeKind, Operator, Segment};
use crate::value::half_width;

/// Parentheses, calls and unary signs inside each other.
const MAX_DEPTH: usize = 32;

/// Reads a formula.
///
/// # Errors
/// The first thing that can't be understood, with its place.
pub fn parse(source: &str) -> Result<Node, FormulaFault> {
    let tokens = tokens(source)?;
    let at = usize::from(opening(source).is_some());
    let mut parser = Parser { source, tokens, at, depth: 0 };
    let node = parser.expression()?;
    if parser.at < parser.tokens.len() { Err(parser.unexpected()) } else { Ok(node) }
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn next_is(&self, sign: Sign) -> bool {
        self.peek() == Some(&Token::Sign(sign))
    }

    /// Steps over a sign if it comes next.
    fn take(&mut self, sign: Sign) -> bool {
        let there = self.next_is(sign);
        self.at += usize::from(there);
        there
    }

    /// The place of the next token; at the end, the place behind the last one.
    fn here(&self) -> Span {
        match self.tokens.get(self.at) {
            Some((_, span)) => *span,
            None => {
                let end = self.source.chars().count();
                Span::new(end, end)
            }
        }
    }

    /// Where the last token ended.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |(_, span)| span.end())
    }

    fn unexpected(&self) -> FormulaFault {
        let span = self.here();
        if self.at >= self.tokens.len() {
            return FormulaFault::new("formula_unfinished", span);
        }
        FormulaFault::new("formula_unexpected", span).arg("text", span.of(self.source))
    }

    /// The word that comes next, if it is one.
    fn next_word(&self) -> Option<Word> {
        match self.peek() {
            Some(Token::Name { text, bracketed: false }) => word(text),
            _ => None,
        }
    }

    fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, FormulaFault>,
    ) -> Result<T, FormulaFault> {
        if self.depth == MAX_DEPTH {
            return Err(FormulaFault::new("formula_too_deep", self.here()).arg("max", MAX_DEPTH));
        }
        self.depth += 1;
        let found = inner(self);
        self.depth -= 1;
        found
    }

    fn expression(&mut self) -> Result<Node, FormulaFault> {
        self.deeper(Self::either)
    }

    fn either(&mut self) -> Result<Node, FormulaFault> {
        self.joined_by(Word::Or, "OR", Self::both)
    }

    fn both(&mut self) -> Result<Node, FormulaFault> {
        self.joined_by(Word::And, "AND", Self::negation)
    }

    /// `a and b and c` as one call.
    fn joined_by(
        &mut self,
        joint: Word,
        function: &str,
        part: fn(&mut Self) -> Result<Node, FormulaFault>,
    ) -> Result<Node, FormulaFault> {
        let first = part(self)?;
        if self.next_word() != Some(joint) {
            return Ok(first);
        }
        let start = first.span.at;
        let mut arguments = vec![first];
        while self.next_word() == Some(joint) {
            self.at += 1;
            arguments.push(part(self)?);
        }
        Ok(Node::new(NodeKind::Call(function.into(), arguments), Span::new(start, self.end())))
    }

    fn negation(&mut self) -> Result<Node, FormulaFault> {
        if self.next_word() != Some(Word::Not) || self.is_call() {
            return self.chain(Level::Comparison);
        }
        let start = self.here().at;
        self.at += 1;
        let inner = self.deeper(Self::negation)?;
        Ok(Node::new(NodeKind::Call("NOT".into(), vec![inner]), Span::new(start, self.end())))
    }

    /// Whether a name comes next with its opening parenthesis right behind it. `not (a) = b` with a space is the
    /// operator, `NOT(a) = b` the function.
    fn is_call(&self) -> bool {
        let open = self.tokens.get(self.at + 1);
        matches!(open, Some((Token::Sign(Sign::Open), span)) if span.at == self.here().end())
    }

    fn chain(&mut self, level: Level) -> Result<Node, FormulaFault> {
        let first = self.operand(level)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.operator().filter(|operator| operator.level() == level) {
            self.at += 1;
            rest.push((operator, self.operand(level)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let span = Span::new(first.span.at, self.end());
        Ok(Node::new(NodeKind::Chain(Box::new(first), rest), span))
    }

    fn operand(&mut self, level: Level) -> Result<Node, FormulaFault> {
        match level.next() {
            Some(tighter) => self.chain(tighter),
            None => self.signed(),
        }
    }

    fn operator(&self) -> Option<Operator> {
        let Some(Token::Sign(sign)) = self.peek() else { return None };
        let operator = match sign {
            Sign::Plus => Operator::Add,
            Sign::Minus => Operator::Subtract,
            Sign::Times => Operator::Multiply,
            Sign::Over => Operator::Divide,
            Sign::Power => Operator::Power,
            Sign::Join => Operator::Join,
            Sign::Equal => Operator::Equal,
            Sign::NotEqual => Operator::NotEqual,
            Sign::Less => Operator::Less,
            Sign::LessOrEqual => Operator::LessOrEqual,
            Sign::Greater => Operator::Greater,
            Sign::GreaterOrEqual => Operator::GreaterOrEqual,
            Sign::Open | Sign::Close | Sign::Comma | Sign::Dot => return None,
        };
        Some(operator)
    }

    fn signed(&mut self) -> Result<Node, FormulaFault> {
        let start = self.here().at;
        if self.take(Sign::Minus) {
            let inner = self.deeper(Self::signed)?;
            return Ok(Node::new(NodeKind::Negative(Box::new(inner)), Span::new(start, self.end())));
        }
        if self.take(Sign::Plus) {
            return self.deeper(Self::signed);
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Node, FormulaFault> {
        let span = self.here();
        let Some(token) = self.peek().cloned() else { return Err(self.unexpected()) };
        let kind = match token {
            Token::Number(number) => NodeKind::Number(number),
            Token::Text(text) => NodeKind::Text(text),
            Token::Name { text, bracketed } => return self.name(text, bracketed),
            Token::Sign(Sign::Open) => {
                self.at += 1;
                let inner = self.expression()?;
                self.close(span)?;
                return Ok(inner);
            }
            Token::Sign(_) => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(Node::new(kind, span))
    }

    /// Steps over the parenthesis that closes the one at `open`.
    fn close(&mut self, open: Span) -> Result<(), FormulaFault> {
        if self.take(Sign::Close) {
            return Ok(());
        }
        if self.at >= self.tokens.len() {
            return Err(FormulaFault::new("formula_unclosed_parenthesis", open));
        }
        Err(self.unexpected())
    }

    /// A call, a word that stands for a value, or a path.
    fn name(&mut self, text: String, bracketed: bool) -> Result<Node, FormulaFault> {
        let span = self.here();
        let opens = matches!(self.tokens.get(self.at + 1), Some((Token::Sign(Sign::Open), _)));
        if opens && !bracketed {
            return self.call(&text);
        }
        let literal = match word(&text).filter(|_| !bracketed) {
            None => return self.path(),
            Some(Word::True) => NodeKind::Bool(true),
            Some(Word::False) => NodeKind::Bool(false),
            Some(Word::Empty) => NodeKind::Empty,
            Some(Word::And | Word::Or | Word::Not) => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(Node::new(literal, span))
    }

    fn call(&mut self, name: &str) -> Result<Node, FormulaFault> {
        let start = self.here().at;
        self.at += 1;
        let open = self.here();
        self.at += 1;
        let mut arguments = Vec::new();
        if !self.next_is(Sign::Close) {
            arguments.push(self.expression()?);
            while self.take(Sign::Comma) {
                arguments.push(self.expression()?);
            }
        }
        self.close(open)?;
        let name = half_width(name).to_ascii_uppercase();
        Ok(Node::new(NodeKind::Call(name, arguments), Span::new(start, self.end())))
    }

    fn path(&mut self) -> Result<Node, FormulaFault> {
        let start = self.here().at;
        let mut segments = Vec::new();
        loop {
            let span = self.here();
            let Some(Token::Name { text, .. }) = self.peek().cloned() else { return Err(self.unexpected()) };
            self.at += 1;
            segments.push(Segment { name: text, span });
            if !self.take(Sign::Dot) {
                break;
            }
        }
        Ok(Node::new(NodeKind::Path(segments), Span::new(start, self.end())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree with every operation in parentheses.
    fn shape(source: &str) -> String {
        fn write(node: &Node) -> String {
            match &node.kind {
                NodeKind::Chain(first, rest) => rest.iter().fold(write(first), |left, (operator, right)| {
                    format!("({left}{}{})", operator.sign(), write(right))
                }),
                NodeKind::Negative(inner) => format!("(-{})", write(inner)),
                NodeKind::Call(name, arguments) => {
                    format!("{name}({})", arguments.iter().map(write).collect::<Vec<_>>().join(","))
                }
                _ => node.to_string(),
            }
        }
        write(&parse(source).unwrap_or_else(|fault| panic!("{source}: {fault:?}")))
    }

    #[test]
    fn precedence_is_that_of_spreadsheets() {
        for (source, expected) in [
            ("-2 ^ 2", "((-2)^2)"),
            ("2 ^ -1", "(2^(-1))"),
            ("2 ^ 3 ^ 2", "((2^3)^2)"),
            ("2 * 3 ^ 2", "(2*(3^2))"),
            ("6 / 3 * 2", "((6/3)*2)"),
            ("1 + 2 * 3", "(1+(2*3))"),
            ("1 - 2 - 3", "((1-2)-3)"),
            ("(1 + 2) * 3", "((1+2)*3)"),
            ("1 + 2 & 3 + 4", "((1+2)&(3+4))"),
            ("a & b = c & d", "((a&b)=(c&d))"),
            ("a = b & c", "(a=(b&c))"),
            ("not a = b", "NOT((a=b))"),
            ("not a and b", "AND(NOT(a),b)"),
            ("not (a) = b", "NOT((a=b))"),
            ("NOT(a) = b", "(NOT(a)=b)"),
            ("a or b and c", "OR(a,AND(b,c))"),
            ("a and b or c and d", "OR(AND(a,b),AND(c,d))"),
            ("a or b or c", "OR(a,b,c)"),
            ("a < b and c >= d", "AND((a<b),(c>=d))"),
            ("a AND NOT b", "AND(a,NOT(b))"),
            ("- - 2", "(-(-2))"),
            ("+a", "a"),
            ("-SUM(a) * 2", "((-SUM(a))*2)"),
        ] {
            assert_eq!(shape(source), expected, "{source}");
        }
    }

    #[test]
    fn signs_and_their_other_spellings_are_the_same() {
        for (source, plain) in [
            ("a == b", "a = b"),
            ("a != b", "a <> b"),
            ("a ≠ b", "a <> b"),
            ("a ≤ b", "a <= b"),
            ("（a＋b）＊２．５", "(a+b)*2.5"),
            ("ＳＵＭ（a，b）", "SUM(a,b)"),
            ("sum(a, b)", "SUM(a,b)"),
            ("a − b × c ÷ d", "a - b * c / d"),
            ("“文本” & ‘x’", "\"文本\" & 'x'"),
            ("【金额(元)】 + 1", "[金额(元)] + 1"),
            (".5 + 1.", "0.5 + 1"),
            ("a and TRUE", "a and 真"),
        ] {
            assert_eq!(parse(source).unwrap(), parse(plain).unwrap(), "{source}");
        }
    }

    #[test]
    fn text_in_quotes_is_never_rewritten() {
        for (source, text) in [
            (r#""a = b <> c，（d）""#, "a = b <> c，（d）"),
            (r#""say ""yes""""#, "say \"yes\""),
            (r#"'it''s'"#, "it's"),
            (r#""a\"b\\c\nd\we""#, "a\"b\\c\nd\\we"),
            ("「引」", "引"),
        ] {
            assert_eq!(parse(source).unwrap().kind, NodeKind::Text(text.into()), "{source}");
        }
    }

    #[test]
    fn names_are_words_of_any_script_or_stand_in_brackets() {
        for (source, names) in [
            ("明细.数量", vec!["明细", "数量"]),
            ("[金额(元)]", vec!["金额(元)"]),
            ("lines.[1.5倍]", vec!["lines", "1.5倍"]),
            ("[a]]b]", vec!["a]b"]),
            ("$owner", vec!["$owner"]),
            ("record.new", vec!["record", "new"]),
            ("[and]", vec!["and"]),
        ] {
            let NodeKind::Path(segments) = parse(source).unwrap().kind else { panic!("{source}") };
            assert_eq!(segments.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), names, "{source}");
        }
    }

    #[test]
    fn faults_have_their_place() {
        for (source, code, at, length) in [
            ("1 +", "formula_unfinished", 3, 0),
            ("", "formula_unfinished", 0, 0),
            ("(1 + 2", "formula_unclosed_parenthesis", 0, 1),
            ("SUM(1, 2", "formula_unclosed_parenthesis", 3, 1),
            ("1 2", "formula_unexpected", 2, 1),
            ("金额 # 2", "formula_unexpected", 3, 1),
            ("\"abc", "formula_unclosed_text", 0, 4),
            ("[abc", "formula_unclosed_bracket", 0, 4),
            ("1 + 2x", "formula_number", 4, 1),
            ("12345678901234567890123456789", "formula_number", 0, 29),
            ("a and", "formula_unfinished", 5, 0),
            ("a.", "formula_unfinished", 2, 0),
            ("a; b", "formula_unexpected", 1, 1),
            ("SUM(,)", "formula_unexpected", 4, 1),
        ] {
            let fault = parse(source).unwrap_err();
            assert_eq!((fault.code, fault.span.at, fault.span.length), (code, at, length), "{source}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_long_sums_are_not() {
        let nested = format!("{}1{}", "(".repeat(40), ")".repeat(40));
        assert_eq!(parse(&nested).unwrap_err().code, "formula_too_deep");
        assert_eq!(parse(&format!("{}1", "-".repeat(40))).unwrap_err().code, "formula_too_deep");
        assert_eq!(parse(&format!("{}a", "not ".repeat(40))).unwrap_err().code, "formula_too_deep");
        assert!(parse(&vec!["1"; 4000].join("+")).is_ok());
        assert_eq!(parse(&"1+".repeat(5000)).unwrap_err().code, "formula_too_long");
    }
}
