//! The name that somebody most likely meant.

/// How alike two names have to be before one is asked about, from 0 to 1.
const LEAST: f64 = 0.6;

/// Of some names the one that is most like what was said, the first among equals; `None` when none is like enough to ask
/// about. Alike are names that a few strokes turn into each other, and names that share most pairs of characters, so that
/// an office is found by the name of its street.
pub fn nearest<'a>(said: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let alike = |name: &'a str| {
        let alike = strsim::normalized_damerau_levenshtein(said, name).max(strsim::sorensen_dice(said, name));
        (alike >= LEAST).then_some((alike, name))
    };
    let best = names.into_iter().filter_map(alike).reduce(|best, it| if it.0 > best.0 { it } else { best });
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_and_a_part_of_a_name_are_understood_and_other_names_are_not() {
        let names = ["清河桥街道办事处", "春晖里社区", "秋实路社区", "长青医院"];
        for (said, meant) in [
            ("清河桥街道", Some("清河桥街道办事处")),
            ("春辉里社区", Some("春晖里社区")),
            ("春晖社区", Some("春晖里社区")),
            ("长青医院", Some("长青医院")),
            ("和平小区", None),
            ("", None),
        ] {
            assert_eq!(nearest(said, names), meant, "{said}");
        }
        assert_eq!(nearest("长青医院", []), None);
    }
}
