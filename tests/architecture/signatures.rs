//! Signatures that read like a sentence: no pattern among the parameters, and at most five of them, those of tuples
//! counted one by one. What belongs together is a struct with names.
use super::{Sources, files, planted, require_none};

const MOST: usize = 5;

/// The parameters between a function's parentheses.
fn parameters(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found, mut before) = (0, 0, vec![], ' ');
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' || before == '=' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    found.push(text[start..].trim());
    found.retain(|parameter| !parameter.is_empty());
    found
}

/// The text up to the parenthesis that closes the one just opened.
fn enclosed(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// The values that a parameter stands for: those of a tuple one by one.
fn flattened(kind: &str) -> usize {
    let kind = kind.trim_start_matches(['&', ' ']).trim_start_matches("mut ");
    match kind.strip_prefix('(') {
        Some(rest) if enclosed(rest).len() + 1 == rest.len() => parameters(enclosed(rest)).len(),
        _ => 1,
    }
}

fn hard_to_call(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources.iter().filter(|(file, _)| !file.ends_with("tests.rs")) {
        let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (at, _) in source.match_indices("fn ") {
            let line = source[..at].rsplit('\n').next().unwrap_or_default();
            let is_definition = line.split_whitespace().all(|word| {
                ["pub", "async", "const", "unsafe", "extern"].contains(&word)
                    || word.starts_with("pub(")
                    || word == "in"
                    || word.starts_with("crate::")
            });
            let rest = &source[at + "fn ".len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(open) = rest.find('(').filter(|_| is_definition && !name.is_empty()) else { continue };
            let all = parameters(enclosed(&rest[open + 1..]));
            let all = all.iter().filter(|one| !["self", "&self", "&mut self", "mut self"].contains(one));
            let pairs: Vec<_> = all.filter_map(|one| one.split_once(": ")).collect();
            let place = format!("src/{}:{}", file.display(), source[..at].lines().count());
            if pairs.iter().any(|(name, _)| name.starts_with('(') || name.contains('{')) {
                faults.push(format!("{place}: {name} takes a pattern"));
            }
            let count: usize = pairs.iter().map(|(_, kind)| flattened(kind)).sum();
            if count > MOST {
                faults.push(format!("{place}: {name} takes {count} values"));
            }
        }
    }
    faults
}

#[test]
fn functions_take_at_most_five_values_and_no_patterns() {
    require_none(&hard_to_call(&files("src", "rs")));
    let faults = |source: &str| hard_to_call(&planted("orders/edit.rs", source)).len();
    assert_eq!(faults("pub async fn a(&self, (b, c): (B, C)) {}"), 1);
    assert_eq!(faults("fn a(Pair { b, c }: Pair) {}"), 1);
    assert_eq!(faults("fn a(b: B, c: C, d: (D, E), f: impl Fn(G, H) -> I, j: J) {}"), 1);
    assert_eq!(faults("fn a<T>(&mut self, b: B, c: HashMap<C, D>, d: &[(D, E)], f: F, j: J) {}"), 0);
    assert_eq!(faults("let a = |(b, c): (B, C)| d;"), 0);
}
