//! Names with whatever addresses a test wants, and other addresses when they are asked for again.

use std::future;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use crate::origins::{Addresses, NameResolver};

/// A name's answers, one after the other; the last one is repeated.
type Answers = Vec<Vec<IpAddr>>;

pub(super) struct Names {
    known: Vec<(String, Answers)>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    pub(super) fn none() -> Arc<Self> {
        Self::new(&[])
    }

    /// Each name with its answers; an answer is a list of addresses with spaces between.
    pub(super) fn new(known: &[(&str, &[&str])]) -> Arc<Self> {
        let addresses = |answer: &&str| {
            answer
                .split_whitespace()
                .map(|address| address.parse().unwrap())
                .collect()
        };
        let known = known
            .iter()
            .map(|(name, answers)| ((*name).to_owned(), answers.iter().map(addresses).collect()));
        Arc::new(Self {
            known: known.collect(),
            asked: Mutex::default(),
        })
    }

    /// The names that were asked for, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl NameResolver for Names {
    fn resolve(&self, name: String) -> Addresses {
        let mut asked = self.asked.lock().unwrap();
        let before = asked.iter().filter(|earlier| **earlier == name).count();
        let answers = self
            .known
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, answers)| answers);
        let answer = answers
            .and_then(|answers| answers.get(before).or(answers.last()))
            .cloned();
        asked.push(name);
        Box::pin(future::ready(
            answer.ok_or_else(|| io::ErrorKind::NotFound.into()),
        ))
    }
}

/// A resolver that never answers.
pub(super) struct Silent;

impl NameResolver for Silent {
    fn resolve(&self, _: String) -> Addresses {
        Box::pin(future::pending())
    }
}
