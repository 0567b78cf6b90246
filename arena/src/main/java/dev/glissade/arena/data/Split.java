package dev.glissade.arena.data;

/** Examples to learn from and examples to be judged by, scaled by the statistics of the first. */
public record Split(Dataset train, Dataset test) {}
