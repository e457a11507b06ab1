//! What a source file says, without its comments, texts and test code: the names it uses and the modules it
//! declares. A token scan: it needs no compiler and is not fooled by `use a::{b, c}`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::path::{Path, PathBuf};

/// A name as written, with the parts of a path: `std::fs::File`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its parts, outermost first.
    pub parts: Vec<String>,
    /// The line it stands in, from 1.
    pub line: usize,
}

/// The names that product code uses, every path of a `use` in full.
pub fn names(source: &str) -> Vec<Name> {
    let mut names = Vec::new();
    collect(product(source), &[], &mut names);
    names
}

/// The modules that product code declares in files of their own.
pub fn modules(source: &str) -> Vec<String> {
    let tokens: Vec<String> = product(source).into_iter().map(|token| token.to_string()).collect();
    tokens
        .windows(3)
        .filter(|three| three[0] == "mod" && three[2] == ";")
        .map(|three| three[1].clone())
        .collect()
}

/// The files of a crate that are product code: what its root reaches without `#[cfg(test)]`.
pub fn product_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(file) = open.pop() {
        let source =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let below = if file == root { file.parent().unwrap().to_owned() } else { file.with_extension("") };
        open.extend(modules(&source).iter().map(|module| below.join(module).with_extension("rs")));
        files.push(file);
    }
    files.sort();
    files
}

/// The tokens of a file but those of items under `#[cfg(test)]`.
fn product(source: &str) -> TokenStream {
    without_tests(source.parse().unwrap_or_else(|error| panic!("not Rust: {error}")))
}

fn without_tests(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let attribute = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        let for_tests =
            attribute && matches!(rest.peek(), Some(TokenTree::Group(group)) if is_cfg_test(&group.stream()));
        if !for_tests {
            kept.push(token);
            continue;
        }
        // The item ends with its block or with a semicolon; its other attributes stand in brackets.
        for skipped in rest.by_ref() {
            match skipped {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
                TokenTree::Punct(punct) if punct.as_char() == ';' => break,
                _ => {}
            }
        }
    }
    kept.into_iter().collect()
}

fn is_cfg_test(attribute: &TokenStream) -> bool {
    attribute.to_string().replace(' ', "") == "cfg(test)"
}

/// Collects paths; a brace that follows `::` continues the path before it, as in a `use`.
fn collect(tokens: TokenStream, before: &[String], names: &mut Vec<Name>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let colons = |at: usize| {
        let colon =
            |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        colon(at) && colon(at + 1)
    };
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(first) => {
                let line = first.span().start().line;
                let mut parts = before.to_vec();
                parts.push(first.to_string());
                at += 1;
                let mut in_full = false;
                while colons(at) {
                    match tokens.get(at + 2) {
                        Some(TokenTree::Ident(part)) => parts.push(part.to_string()),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            collect(group.stream(), &parts, names);
                            in_full = true;
                        }
                        _ => break,
                    }
                    at += 3;
                }
                if !in_full {
                    names.push(Name { parts, line });
                }
            }
            TokenTree::Group(group) => {
                // A block inside a use group belongs to its prefix, any other group begins anew.
                collect(group.stream(), &[], names);
                at += 1;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str) -> Vec<String> {
        names(source).into_iter().map(|name| name.parts.join("::")).collect()
    }

    #[test]
    fn a_use_group_is_read_in_full_and_comments_texts_and_tests_are_not_read() {
        let source = "
            //! std::fs in a comment
            use std::{fmt, collections::{BTreeMap, HashMap as Map}};
            const TEXT: &str = \"std::fs\";
            #[cfg(test)] mod evaluation;
            #[cfg(test)] #[allow(dead_code)] mod tests { use std::env; }
            mod kept;
        ";
        let read = paths(source);
        assert!(read.contains(&"std::collections::HashMap".to_owned()), "{read:?}");
        assert!(read.contains(&"std::fmt".to_owned()), "{read:?}");
        assert!(!read.iter().any(|path| path.contains("fs") || path.contains("env")), "{read:?}");
        assert_eq!(modules(source), ["kept"]);
    }
}
