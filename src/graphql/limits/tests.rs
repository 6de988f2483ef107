//! Tests of the limits of documents.
use super::*;
use crate::platform::config::Config;

fn checked(query: &str) -> Result<()> {
    check(query, &Config::defaults().unwrap().graphql)
}

#[test]
fn a_chain_of_doubling_fragments_is_refused_at_once() {
    use std::fmt::Write;
    let mut query = String::from("{ ...f0 }");
    for n in 0..40 {
        write!(query, " fragment f{n} on Query {{ ...f{m} ...f{m} }}", m = n + 1).unwrap();
    }
    query.push_str(" fragment f40 on Query { __typename }");
    assert_eq!(checked(&query).unwrap_err().code(), Code::GraphqlTooComplex);
}

#[test]
fn cycles_depth_aliases_and_brackets_are_bounded() {
    assert_eq!(checked("{ ...a } fragment a on Query { ...a }").unwrap_err().code(), Code::GraphqlInvalid);
    let deep = format!("{}{}", "{ a ".repeat(20), "}".repeat(20));
    assert_eq!(checked(&deep).unwrap_err().code(), Code::GraphqlTooComplex);
    let aliases: String = (0..100).map(|n| format!("a{n}: __typename ")).collect();
    assert_eq!(checked(&format!("{{ {aliases} }}")).unwrap_err().code(), Code::GraphqlTooComplex);
    assert_eq!(checked(&"[{(".repeat(30_000)).unwrap_err().code(), Code::GraphqlTooComplex);
    let after_comment = format!("{{ a #\r{} ", "{a".repeat(20_000));
    assert_eq!(checked(&after_comment).unwrap_err().code(), Code::GraphqlTooComplex);
    let after_block = format!("{{ a(b: \"\"\" \" \"\"\") {} ", "{a".repeat(20_000));
    assert_eq!(checked(&after_block).unwrap_err().code(), Code::GraphqlTooComplex);
    let after_string = format!("{{ a(b: \"\\\\\") {} ", "{a".repeat(20_000));
    assert_eq!(checked(&after_string).unwrap_err().code(), Code::GraphqlTooComplex);
    let chain: String = (0..4000).map(|n| format!("fragment f{n} on Q {{ ...f{} }} ", n + 1)).collect();
    assert_eq!(checked(&format!("{{ ...f0 }} {chain}")).unwrap_err().code(), Code::GraphqlTooComplex);
    assert!(checked("{ a(b: \"{{{{\\\"[[[\") # ((((\n { c } }").is_ok());
}

#[test]
fn a_field_that_is_repeated_counts_like_an_alias_wherever_it_is_written() {
    let too_complex =
        |query: &str| assert_eq!(checked(query).unwrap_err().code(), Code::GraphqlTooComplex, "{query:.80}");
    too_complex(&format!("{{ {} }}", "variant(sku: \"X\") { id } ".repeat(3_300)));
    too_complex(&format!("{{ a {{ {} }} }}", "b { c } ".repeat(60)));
    too_complex(&format!("{{ a {{ {} }} }}", "... { b { c } } ".repeat(60)));
    too_complex(&format!("{{ a {{ {} }} }} fragment F on T {{ b {{ c }} }}", "...F ".repeat(60)));
    too_complex(&format!("{{ {} }}", (0..40).map(|n| format!("f{n} ")).collect::<String>()));
    too_complex(&format!("query({}) {{ a }}", (0..6_000).map(|n| format!("$v{n}: Int ")).collect::<String>()));
    assert!(checked("{ a { b b ...F } } fragment F on T { b }").is_ok());
    assert!(checked(&format!("{{ a {{ {} }} }}", (0..60).map(|n| format!("f{n} ")).collect::<String>())).is_ok());
}
