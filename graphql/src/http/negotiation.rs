//! Which media type the client takes, and in which language it wants messages.

use engine::refusal::wording::Language;

/// The media types of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: the status speaks of HTTP only.
    Json,
    /// `application/graphql-response+json`: the status speaks of the GraphQL request too.
    GraphqlResponse,
}

impl Media {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// The media type to answer with; `None` when the client takes neither. What comes first wins among
/// equals; without a header, or with a wildcard, it is JSON.
pub fn media(accept: Option<&str>) -> Option<Media> {
    let Some(accept) = accept else {
        return Some(Media::Json);
    };
    let mut best: Option<(u16, Media)> = None;
    for (name, quality) in ranked(accept) {
        let media = match name.to_ascii_lowercase().as_str() {
            "*/*" | "application/*" | "application/json" => Media::Json,
            "application/graphql-response+json" => Media::GraphqlResponse,
            _ => continue,
        };
        if quality > 0 && best.is_none_or(|(highest, _)| quality > highest) {
            best = Some((quality, media));
        }
    }
    best.map(|(_, media)| media)
}

/// The language of messages: the one the client likes best of Chinese and English, else Chinese.
pub fn language(accept: Option<&str>) -> Language {
    let mut best: Option<(u16, Language)> = None;
    for (name, quality) in ranked(accept.unwrap_or_default()) {
        let primary = name.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let language = match primary.as_str() {
            "zh" => Language::Chinese,
            "en" => Language::English,
            _ => continue,
        };
        if quality > 0 && best.is_none_or(|(highest, _)| quality > highest) {
            best = Some((quality, language));
        }
    }
    best.map_or(Language::Chinese, |(_, language)| language)
}

/// The items of an `Accept…` header with their quality in thousandths.
fn ranked(header: &str) -> impl Iterator<Item = (&str, u16)> {
    header.split(',').map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (name, quality.map_or(1000, thousandths))
    })
}

/// `0.85` as 850; what is no quality counts as none.
fn thousandths(quality: &str) -> u16 {
    let (whole, fraction) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(part)) => part,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_is_what_the_client_likes_best() {
        for (accept, expected) in [
            (None, Some(Media::Json)),
            (Some("*/*"), Some(Media::Json)),
            (Some("application/json"), Some(Media::Json)),
            (Some("application/graphql-response+json"), Some(Media::GraphqlResponse)),
            (Some("application/graphql-response+json, application/json;q=0.9"), Some(Media::GraphqlResponse)),
            (Some("application/graphql-response+json;q=0.5, application/json"), Some(Media::Json)),
            (Some("application/json, application/graphql-response+json"), Some(Media::Json)),
            (Some("Application/JSON; charset=utf-8"), Some(Media::Json)),
            (Some("text/html, */*;q=0.1"), Some(Media::Json)),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
            (Some(""), None),
        ] {
            assert_eq!(media(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn the_language_is_chinese_unless_english_is_liked_better() {
        for (accept, expected) in [
            (None, Language::Chinese),
            (Some("en"), Language::English),
            (Some("en-GB,en;q=0.9,zh;q=0.8"), Language::English),
            (Some("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese),
            (Some("fr,en;q=0.3,zh;q=0.2"), Language::English),
            (Some("de"), Language::Chinese),
        ] {
            assert_eq!(language(accept), expected, "{accept:?}");
        }
    }
}
