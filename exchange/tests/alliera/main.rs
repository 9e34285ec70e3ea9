//! The stand-in for an Alliera, asked as a client would: methods, targets and bodies as text.

mod filters;
mod local_time;
mod made;
mod operations;
mod pages;
mod released;
mod rules;
mod secrets;
