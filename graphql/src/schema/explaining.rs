//! A plan that is explained: solved once for a request, and asked as often as its fields need. The planner that is
//! kept ready solves it, and is free again before the first question.
//!
//! Explanations borrow the state they are about, so they live on a blocking thread of their own and the
//! questions come to them. The thread ends with the request. What is asked takes its turn with the other
//! matchings, because a question may solve the street many times over.

use super::{
    fault::{FaultCode, fault},
    matching::{failed, live, turn},
    scope::Scope,
};
use async_graphql::{Error, Result};
use engine::matching::{Explanations, Knowledge};
use std::sync::{Arc, mpsc};
use tokio::sync::oneshot;

type Question = Box<dyn FnOnce(&Explanations<'_>) + Send>;

/// A solved plan that waits for questions.
pub struct Explaining {
    questions: mpsc::Sender<Question>,
}

impl Explaining {
    async fn begin(scope: &Scope) -> Result<Self> {
        let room = Arc::clone(&scope.shared().explaining).try_acquire_owned().map_err(|_| {
            fault(FaultCode::Overloaded, "too many plans are being explained; try again later")
        })?;
        let turn = turn(scope).await?;
        let (at, now, planner) = (Arc::clone(&scope.state), scope.now(), live(scope));
        let (ask, questions) = mpsc::channel::<Question>();
        let (ready, begun) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let _room = room;
            let solved = match planner {
                Some(planner) => planner.explain(&at, now),
                None => Explanations::of(&at, Knowledge::builtin(), now),
            };
            drop(turn);
            // Nobody waiting means that the request is over, and then no question comes.
            match solved {
                Ok(explanations) => {
                    let _ = ready.send(Ok(()));
                    questions.into_iter().for_each(|question| question(&explanations));
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            }
        });
        begun.await.map_err(unfinished)?.map_err(|error| failed(&error))?;
        Ok(Self { questions: ask })
    }
}

/// Reads something off the explanations of a scope's plan, which is made at the first question.
///
/// # Errors
/// When the plan cannot be made, or there is no room for one more; both say so.
pub async fn ask<T: Send + 'static>(
    scope: &Scope,
    read: impl FnOnce(&Explanations<'_>) -> T + Send + 'static,
) -> Result<T> {
    let explaining = scope.explained.get_or_try_init(|| Explaining::begin(scope)).await?;
    let turn = turn(scope).await?;
    let (answer, answered) = oneshot::channel();
    let question: Question = Box::new(move |explanations| {
        let _turn = turn;
        // Nobody waiting means that the request is over.
        let _ = answer.send(read(explanations));
    });
    explaining.questions.send(question).map_err(unfinished)?;
    answered.await.map_err(unfinished)
}

fn unfinished<E>(_: E) -> Error {
    fault(FaultCode::Internal, "the explanation ended unfinished")
}
