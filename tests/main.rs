//! One binary for all behaviour that can be seen through HTTP or the command line, one file for each.

#![expect(clippy::unwrap_used, reason = "helpers beside the tests are tests too")]

mod component;
mod config;
mod routes;
mod form;
mod flags;
mod prefix;
mod gate;
mod cors;
mod tls;
mod answers;
mod placeholder;
mod lambda_edge;
mod signature;
mod signing_programs;
mod sizes;
mod smartcrop;
mod watermark;
mod watermark_image;
mod pipeline;
mod info;
mod absurd;
mod formats;
mod colour;
mod orientation;
mod hit_and_miss;
mod tiers;
mod conditional;
mod eviction;
mod admin;
mod bad_input;
mod mount;
mod post;
mod origins;
mod origin_failure;
mod limits;
mod overload;
mod restart;
mod disk_faults;
mod cli;
mod corpus;
mod samples;
mod cluster;
