//! The library over real, odd and hostile files: the corpus beside the checkout. Where it is not there, each
//! test says so and passes, so that the crate can be tested from its sources alone.

mod mutants;

mod corpus {
    mod colour;
    mod formats;
    mod harness;
    mod hostile;
    mod mutation;
    mod orientation;
}
