package dev.glissade.arena.data;

/** What shares a mean and a deviation: each column for itself, or the whole table. */
enum Standardization {
  COLUMNS,
  WHOLE
}
