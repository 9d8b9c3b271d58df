//! What holds where several darkrooms stand side by side: how they start and stop, what they tell, what
//! they share.

mod bad_start;
mod drain;
mod rolling;
mod metrics;
mod identity;
mod traces;
mod strict;
mod deploy;
mod simulation;
