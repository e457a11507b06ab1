//! Answers that are kept: a wall of screens asks the same question again and again, and until something is written the
//! answer is the same, byte for byte.
//!
//! 1. An answer is found only by whoever asks the same document with the same variables, in the same language, at the
//!    same position of the log, may look at the same, and sees the same rows: two organizations never share one.
//! 2. Only queries are kept, only when all of it went well, and never what depends on the clock or on anything beside
//!    the state: see [`crate::schema::scope::Witness`].
//! 3. All that is kept belongs to one position, and takes no more than [`BYTES_MAX`]. What was not asked for longest
//!    makes room.

use super::{envelope::OperationTag, request::Parameters};
use crate::schema::scope::Audience;
use axum::body::Bytes;
use engine::{identity::Position, refusal::wording::Language};
use lru::LruCache;
use std::sync::{Arc, Mutex, PoisonError};

/// All questions and answers together, in bytes.
pub const BYTES_MAX: usize = 32 << 20;

/// The longest that is kept, question and answer together, in bytes: a page of a hundred with all that hangs on it.
pub const ONE_BYTES_MAX: usize = 1 << 20;

/// About what one takes beside its texts.
const OVERHEAD_BYTES: usize = 512;

/// What somebody asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    query: Option<String>,
    document: Option<String>,
    operation_name: Option<String>,
    /// As JSON. The same values in another order are another question, which costs no more than the time.
    variables: String,
    language: Language,
}

impl Question {
    /// The question of a request. `None` for a document that comes with its name to be registered: that has to go all
    /// the way; and for a mutation.
    pub fn of(parameters: &Parameters, language: Language) -> Option<Self> {
        let Parameters { query, document, operation_name, variables } = parameters;
        if query.is_some() && document.is_some() {
            return None;
        }
        // Of what begins with a mutation no answer is kept: it need not be written down.
        if query.as_ref().is_some_and(|query| query.trim_start().starts_with("mutation")) {
            return None;
        }
        Some(Self {
            query: query.clone(),
            document: document.clone(),
            operation_name: operation_name.clone(),
            variables: serde_json::to_string(variables).ok()?,
            language,
        })
    }

    fn bytes(&self) -> usize {
        let texts = [&self.query, &self.document, &self.operation_name];
        texts.into_iter().flatten().map(String::len).sum::<usize>() + self.variables.len()
    }
}

/// An answer as it went out.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its JSON.
    pub body: Bytes,
    /// What the log says of the operation.
    pub operation: OperationTag,
}

/// The answers that are kept. A clone is another handle.
#[derive(Clone, Debug)]
pub struct Answers(Arc<Mutex<Shelf>>);

/// All answers at one position.
#[derive(Debug)]
struct Shelf {
    position: Position,
    answers: LruCache<(Question, Audience), Kept>,
    bytes: usize,
}

impl Default for Answers {
    /// None yet.
    fn default() -> Self {
        let answers = LruCache::unbounded();
        Self(Arc::new(Mutex::new(Shelf { position: Position::START, answers, bytes: 0 })))
    }
}

impl Answers {
    /// The answer to a question at a position, if one of these audiences got it.
    pub fn find(&self, question: &Question, position: Position, audiences: [Audience; 2]) -> Option<Kept> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.position != position || shelf.answers.is_empty() {
            return None;
        }
        let [widest, narrowest] = audiences;
        let mut key = (question.clone(), widest);
        if let Some(kept) = shelf.answers.get(&key) {
            return Some(kept.clone());
        }
        key.1 = narrowest;
        shelf.answers.get(&key).cloned()
    }

    /// Keeps an answer that was given at a position. One of the past makes no room for itself.
    pub fn keep(&self, question: Question, position: Position, audience: Audience, kept: Kept) {
        let bytes = weight(&question, &kept);
        if bytes > ONE_BYTES_MAX {
            return;
        }
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if position < shelf.position {
            return;
        }
        if position > shelf.position {
            shelf.position = position;
            shelf.answers.clear();
            shelf.bytes = 0;
        }
        shelf.bytes += bytes;
        if let Some((key, old)) = shelf.answers.push((question, audience), kept) {
            shelf.bytes -= weight(&key.0, &old);
        }
        while shelf.bytes > BYTES_MAX {
            let Some((key, old)) = shelf.answers.pop_lru() else { break };
            shelf.bytes -= weight(&key.0, &old);
        }
    }
}

fn weight(question: &Question, kept: &Kept) -> usize {
    question.bytes() + kept.body.len() + OVERHEAD_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{
        identity::{MemberId, OrganizationId},
        member::{Caller, Role},
        permission::{Sight, View},
        state::State,
    };

    fn question(query: &str, language: Language) -> Question {
        let parameters = Parameters { query: Some(query.to_owned()), ..Parameters::default() };
        Question::of(&parameters, language).unwrap()
    }

    fn answer(bytes: usize) -> Kept {
        let operation = OperationTag { kind: "query", name: None, cost: 1 };
        Kept { body: Bytes::from(vec![b'x'; bytes]), operation }
    }

    fn member(number: u64, role: Role) -> Caller {
        Caller::Member { member: MemberId::new(number), organization: OrganizationId::new(1), role }
    }

    /// Who may find what: a caller asks by its sight and by itself.
    fn finds(answers: &Answers, question: &Question, position: u64, caller: Caller) -> bool {
        let state = State::empty();
        let alike = Audience::Alike(Sight::of(&state, &caller), View::of(&state, &caller));
        let audiences = [alike, Audience::Caller(caller)];
        answers.find(question, Position(position), audiences).is_some()
    }

    #[test]
    fn an_answer_is_found_by_the_same_question_at_the_same_position_alone() {
        let (answers, asked) = (Answers::default(), question("{ me { role } }", Language::English));
        answers.keep(
            asked.clone(),
            Position(7),
            Audience::Alike(Sight::Street, View::Everything),
            answer(10),
        );
        let observer = member(1, Role::Observer);
        assert!(finds(&answers, &asked, 7, observer));
        assert!(finds(&answers, &asked, 7, member(2, Role::Observer)), "who may look at the same");
        for position in [6, 8] {
            assert!(!finds(&answers, &asked, position, observer), "{position}");
        }
        assert!(!finds(&answers, &question("{ me { role } }", Language::Chinese), 7, observer));
        assert!(!finds(&answers, &question("{ me {role} }", Language::English), 7, observer));
    }

    #[test]
    fn an_answer_for_one_is_for_nobody_else() {
        let (answers, asked) = (Answers::default(), question("{ me { role } }", Language::English));
        let one = member(1, Role::Observer);
        answers.keep(asked.clone(), Position(7), Audience::Caller(one), answer(10));
        assert!(finds(&answers, &asked, 7, one));
        for other in [member(2, Role::Observer), member(1, Role::Coordinator), Caller::Public, Caller::System]
        {
            assert!(!finds(&answers, &asked, 7, other), "{other:?}");
        }
    }

    #[test]
    fn what_one_organization_sees_is_found_by_its_members_alone() {
        let (answers, asked) =
            (Answers::default(), question("{ pairings { totalCount } }", Language::English));
        let of = |organization| Caller::Member {
            member: MemberId::new(organization),
            organization: OrganizationId::new(organization),
            role: Role::UnitLiaison,
        };
        let alike = Audience::Alike(Sight::Street, View::Organization(OrganizationId::new(1)));
        answers.keep(asked.clone(), Position(7), alike, answer(10));
        assert!(finds(&answers, &asked, 7, of(1)));
        assert!(finds(&answers, &asked, 7, member(9, Role::CommunityOfficer)), "who acts for the same");
        for other in [of(2), member(1, Role::Observer), member(1, Role::Coordinator), Caller::Public] {
            assert!(!finds(&answers, &asked, 7, other), "{other:?}");
        }
    }

    #[test]
    fn variables_and_operation_names_tell_questions_apart() {
        let text = "query A($n: Int) { needs(first: $n) { totalCount } } query B { position }";
        let of = |name: &str, first: u32| {
            let variables = serde_json::json!({ "n": first }).as_object().cloned().unwrap();
            let (query, operation_name) = (Some(text.to_owned()), Some(name.to_owned()));
            Question::of(&Parameters { query, document: None, operation_name, variables }, Language::Chinese)
        };
        assert_eq!(of("A", 1), of("A", 1));
        assert_ne!(of("A", 1), of("A", 2));
        assert_ne!(of("A", 1), of("B", 1));
    }

    #[test]
    fn a_document_that_is_to_be_registered_goes_all_the_way() {
        let (query, document) = (Some("{ position }".to_owned()), Some("hash".to_owned()));
        let parameters = Parameters { query, document, ..Parameters::default() };
        assert_eq!(Question::of(&parameters, Language::Chinese), None);
    }

    #[test]
    fn what_is_written_later_forgets_what_was_answered_before() {
        let (answers, asked) = (Answers::default(), question("{ position }", Language::English));
        let everybody = Audience::Alike(Sight::Notices, View::Notices);
        answers.keep(asked.clone(), Position(8), everybody, answer(10));
        answers.keep(question("{ time }", Language::English), Position(9), everybody, answer(10));
        assert!(!finds(&answers, &asked, 8, Caller::Public));
        answers.keep(asked.clone(), Position(8), everybody, answer(10));
        assert!(!finds(&answers, &asked, 8, Caller::Public), "who was slow to answer does not bring it back");
        assert!(!finds(&answers, &asked, 9, Caller::Public));
    }

    #[test]
    fn bytes_are_bounded_and_the_oldest_makes_room() {
        let answers = Answers::default();
        let everybody = Audience::Alike(Sight::Notices, View::Notices);
        let asked = |number: usize| question(&format!("{{ n{number} }}"), Language::English);
        answers.keep(asked(0), Position(1), everybody, answer(ONE_BYTES_MAX));
        assert!(!finds(&answers, &asked(0), 1, Caller::Public), "too long to keep");
        let half = ONE_BYTES_MAX / 2;
        let fit = BYTES_MAX / half;
        for number in 0..=fit {
            answers.keep(asked(number), Position(1), everybody, answer(half));
            // The first one is asked for again and again.
            assert!(finds(&answers, &asked(0), 1, Caller::Public));
        }
        let shelf = answers.0.lock().unwrap();
        let sum: usize = shelf.answers.iter().map(|(key, kept)| weight(&key.0, kept)).sum();
        assert_eq!(shelf.bytes, sum);
        assert!(sum <= BYTES_MAX && sum > BYTES_MAX - 2 * ONE_BYTES_MAX, "{sum}");
        drop(shelf);
        assert!(!finds(&answers, &asked(1), 1, Caller::Public), "the oldest made room");
        // The same question again takes the place of its former answer.
        answers.keep(asked(fit), Position(1), everybody, answer(1));
        assert!(answers.0.lock().unwrap().bytes < sum);
    }
}
